//! `If` (RFC 4918 section 10.4): states that resources must be in for a request to be done.
//!
//! A token holds where it is that of a lock of the resource, or the sync token of a collection
//! (RFC 6578 section 5). That it is in the field at all submits it (section 6.5): what may be
//! written over which lock is decided in the store. What is demanded of the object that a request is about is
//! compared once before the request is done, and again in the transaction of a write; the states
//! of other resources and of collections are compared before it alone.

use cal_dav::header::{ConditionList, IfHeader, State};
use cal_dav::{ETag, Href};
use cal_store::{LockToken, Precondition};

use crate::exchange::{Exchange, Target};
use crate::property::node;
use crate::refusal::Refusal;
use crate::resource::Resource;

/// What an `If` header leaves to those who write.
#[derive(Debug, Default)]
pub(crate) struct States {
    /// What must still hold of the object that the request is about.
    pub(crate) demanded: Precondition,
    /// The locks whose tokens it submits.
    pub(crate) lock_tokens: Vec<LockToken>,
}

/// Refuses a request whose `If` header does not hold.
pub(crate) async fn check(exchange: &Exchange, target: &Target) -> Result<States, Refusal> {
    let Some(field) = exchange.read_header::<IfHeader>("if")? else {
        return Ok(States::default());
    };
    let states = Found::of(exchange, target, &field).await?;
    if !field.holds(|href, state| states.has(href, state)) {
        return Err(Refusal::PreconditionFailed);
    }
    let demanded = match target {
        Target::Member { .. } => {
            let lists = field.lists.iter().map(|list| states.demanded(list));
            Precondition::Any(lists.collect())
        }
        _ => Precondition::None,
    };
    let tokens = field.tokens();
    let lock_tokens = tokens.filter_map(|(_, token)| token.as_str().parse().ok());
    Ok(States {
        demanded,
        lock_tokens: lock_tokens.collect(),
    })
}

/// The states of all resources that a field is about.
struct Found<'f> {
    own: Held,
    others: Vec<(&'f Href, Held)>,
}

impl<'f> Found<'f> {
    async fn of(
        exchange: &Exchange,
        target: &Target,
        field: &'f IfHeader,
    ) -> Result<Self, Refusal> {
        let own = Held::own(exchange, target).await?;
        let mut others: Vec<(&Href, Held)> = Vec::new();
        for href in field.lists.iter().filter_map(|list| list.resource.as_ref()) {
            if !others.iter().any(|(known, _)| *known == href) {
                others.push((href, Held::at(exchange, href).await?));
            }
        }
        Ok(Self { own, others })
    }

    fn has(&self, href: Option<&Href>, state: &State) -> bool {
        self.held(href).is_some_and(|held| held.has(state))
    }

    fn held(&self, href: Option<&Href>) -> Option<&Held> {
        let Some(href) = href else {
            return Some(&self.own);
        };
        let known = self.others.iter().find(|(known, _)| *known == href);
        known.map(|(_, held)| held)
    }

    /// What a list demands of the object, where all else in it is as it was found.
    fn demanded(&self, list: &ConditionList) -> Precondition {
        let href = list.resource.as_ref();
        let is_own = self.held(href).is_some_and(|held| held.is_target);
        let demands = list.conditions.iter().map(|condition| {
            let demand = match &condition.state {
                State::ETag(tag) if is_own => {
                    Precondition::Matches(tag.quoted().meant().parse().into_iter().collect())
                }
                state if self.has(href, state) => Precondition::None,
                _ => Precondition::Matches(Vec::new()),
            };
            match condition.negated {
                true => Precondition::Not(Box::new(demand)),
                false => demand,
            }
        });
        Precondition::All(demands.collect())
    }
}

/// The states of a resource; none where it does not exist or may not be seen.
#[derive(Default)]
struct Held {
    /// Whether it is the resource that the request is about.
    is_target: bool,
    etag: Option<ETag>,
    token: Option<String>,
    /// The tokens of the locks that it is under.
    locks: Vec<String>,
}

impl Held {
    async fn at(exchange: &Exchange, href: &Href) -> Result<Self, Refusal> {
        match exchange.locate_href(href).await {
            Ok((resource, target)) => Ok(Self {
                is_target: resource == exchange.resource,
                locks: Self::locks(exchange, &resource).await?,
                ..Self::of(exchange, &target).await?
            }),
            Err(Refusal::NotFound | Refusal::Path(_)) => Ok(Self::default()),
            Err(refusal) => Err(refusal),
        }
    }

    /// What the target of the request has.
    async fn own(exchange: &Exchange, target: &Target) -> Result<Self, Refusal> {
        Ok(Self {
            is_target: true,
            locks: Self::locks(exchange, &exchange.resource).await?,
            ..Self::of(exchange, target).await?
        })
    }

    async fn locks(exchange: &Exchange, resource: &Resource) -> Result<Vec<String>, Refusal> {
        let locks = exchange.locks().await?.covering(resource);
        Ok(locks.map(|placed| placed.lock.token.to_string()).collect())
    }

    async fn of(exchange: &Exchange, target: &Target) -> Result<Self, Refusal> {
        Ok(match target {
            Target::Member { parent, name } => {
                let object = exchange.site.store.object(parent.id, name).await?;
                let etag = object.map(|object| object.entry.etag.to_string());
                Self {
                    etag: etag.map(|etag| ETag::strong(&etag)).transpose()?,
                    ..Self::default()
                }
            }
            Target::Collection(collection) => Self {
                etag: Some(ETag::strong(&collection.token.to_string())?),
                token: Some(node::sync_token(collection.token).as_str().to_owned()),
                ..Self::default()
            },
            Target::Root
            | Target::Principals
            | Target::Principal
            | Target::Homes
            | Target::Missing => Self::default(),
        })
    }

    fn has(&self, state: &State) -> bool {
        match state {
            State::ETag(sent) => self
                .etag
                .as_ref()
                .is_some_and(|etag| etag.is_meant_by(sent)),
            State::Token(sent) => {
                let is_lock = |token: &String| token.eq_ignore_ascii_case(sent.as_str());
                self.token.as_deref() == Some(sent.as_str()) || self.locks.iter().any(is_lock)
            }
        }
    }
}
