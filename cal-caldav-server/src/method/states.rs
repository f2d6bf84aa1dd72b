//! `If` (RFC 4918 section 10.4): states that resources must be in for a request to be done.
//!
//! No resource is ever locked here, so that a token holds only where it is the sync token of a
//! collection (RFC 6578 section 5). What is demanded of the object that a request is about is
//! compared once before the request is done, and again in the transaction of a write; the states
//! of other resources and of collections are compared before it alone.

use cal_dav::header::{ConditionList, IfHeader, State};
use cal_dav::{ETag, Href};
use cal_store::Precondition;

use crate::exchange::{Exchange, Target};
use crate::property::node;
use crate::refusal::Refusal;

/// Refuses a request whose `If` header does not hold; answers what must still hold of the object
/// that it is about when it is written.
pub(crate) async fn check(exchange: &Exchange, target: &Target) -> Result<Precondition, Refusal> {
    let Some(field) = exchange.read_header::<IfHeader>("if")? else {
        return Ok(Precondition::None);
    };
    let states = States::of(exchange, target, &field).await?;
    if !field.holds(|href, state| states.has(href, state)) {
        return Err(Refusal::PreconditionFailed);
    }
    Ok(match target {
        Target::Member { .. } => {
            let lists = field.lists.iter().map(|list| states.demanded(list));
            Precondition::Any(lists.collect())
        }
        _ => Precondition::None,
    })
}

/// The states of all resources that a field is about.
struct States<'f> {
    own: Held,
    others: Vec<(&'f Href, Held)>,
}

impl<'f> States<'f> {
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
}

impl Held {
    async fn at(exchange: &Exchange, href: &Href) -> Result<Self, Refusal> {
        match exchange.locate_href(href).await {
            Ok((resource, target)) => Ok(Self {
                is_target: resource == exchange.resource,
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
            ..Self::of(exchange, target).await?
        })
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
            State::Token(sent) => self.token.as_deref() == Some(sent.as_str()),
        }
    }
}
