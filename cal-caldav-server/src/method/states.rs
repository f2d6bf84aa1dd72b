//! `If` (RFC 4918 section 10.4): states that resources must be in for a request to be done.
//!
//! No resource is ever locked here, so that a token holds only where it is the sync token of a
//! collection (RFC 6578 section 5). The states are compared before the request is done, not in
//! the transaction of a write: a client that must not lose to another one sends `If-Match`.

use cal_dav::header::{IfHeader, State};
use cal_dav::{ETag, Href};

use crate::exchange::{Exchange, Target};
use crate::property::node;
use crate::refusal::Refusal;

/// Refuses a request whose `If` header does not hold.
pub(crate) async fn check(exchange: &Exchange, target: &Target) -> Result<(), Refusal> {
    let Some(field) = exchange.headers.get("if") else {
        return Ok(());
    };
    let text = field
        .to_str()
        .map_err(|_| Refusal::malformed("the If header is not text"))?;
    let field: IfHeader = text.parse()?;
    let own = Held::of(exchange, target).await?;
    let mut others: Vec<(&Href, Held)> = Vec::new();
    for href in field.lists.iter().filter_map(|list| list.resource.as_ref()) {
        if !others.iter().any(|(known, _)| *known == href) {
            others.push((href, Held::at(exchange, href).await?));
        }
    }
    let holds = field.holds(|href, state| match href {
        None => own.has(state),
        Some(href) => others
            .iter()
            .any(|(known, held)| *known == href && held.has(state)),
    });
    match holds {
        true => Ok(()),
        false => Err(Refusal::PreconditionFailed),
    }
}

/// The states of a resource; none where it does not exist or may not be seen.
#[derive(Default)]
struct Held {
    etag: Option<ETag>,
    token: Option<String>,
}

impl Held {
    async fn at(exchange: &Exchange, href: &Href) -> Result<Self, Refusal> {
        match exchange.locate_href(href).await {
            Ok((_, target)) => Self::of(exchange, &target).await,
            Err(Refusal::NotFound | Refusal::Path(_)) => Ok(Self::default()),
            Err(refusal) => Err(refusal),
        }
    }

    async fn of(exchange: &Exchange, target: &Target) -> Result<Self, Refusal> {
        Ok(match target {
            Target::Member { parent, name } => {
                let object = exchange.site.store.object(parent.id, name).await?;
                let etag = object.map(|object| object.entry.etag.to_string());
                Self {
                    etag: etag.map(|etag| ETag::strong(&etag)).transpose()?,
                    token: None,
                }
            }
            Target::Collection(collection) => Self {
                etag: Some(ETag::strong(&collection.token.to_string())?),
                token: Some(node::sync_token(collection.token).as_str().to_owned()),
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
