//! `COPY` and `MOVE` (RFC 4918 sections 9.8 and 9.9).

use cal_store::{CollectionKind, Effect, Error, Place, Relocate, Relocation};
use http::{Response, StatusCode};

use super::destination::{Destination, overwrite};
use super::put::insert_location;
use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::headers::conditional::Conditional;
use crate::headers::depth::Depth;
use crate::refusal::Refusal;

pub(crate) async fn copy(exchange: Exchange, target: Target) -> Reply {
    let how = match Depth::of(&exchange.headers)? {
        Some(Depth::Zero) => Relocation::CopyShallow,
        None | Some(Depth::Infinity) => Relocation::Copy,
        Some(Depth::One) => return Err(Refusal::malformed("a copy has Depth 0 or infinity")),
    };
    perform(exchange, target, how).await
}

pub(crate) async fn relocate(exchange: Exchange, target: Target) -> Reply {
    let whole = matches!(Depth::of(&exchange.headers)?, None | Some(Depth::Infinity));
    if !whole && matches!(target, Target::Collection(_)) {
        return Err(Refusal::malformed(
            "a collection is moved with all that is in it",
        ));
    }
    perform(exchange, target, Relocation::Move).await
}

async fn perform(exchange: Exchange, target: Target, how: Relocation) -> Reply {
    let from = match target {
        Target::Member { parent, name } => Place {
            collection: parent.id,
            name,
        },
        Target::Collection(collection) if collection.kind != CollectionKind::Home => {
            let parent = collection.parent.ok_or(Refusal::NotFound)?;
            Place {
                collection: parent,
                name: (&collection.name).into(),
            }
        }
        _ => return Err(Refusal::NotFound),
    };
    let overwrite = overwrite(&exchange)?;
    let destination = Destination::of(&exchange).await?;
    if destination.place == from {
        return Err(Refusal::Forbidden("source and destination are one"));
    }
    let relocate = Relocate::new(how, from, destination.place)
        .with_overwrite(overwrite)
        .with_precondition(Conditional::of(&exchange.headers).precondition());
    let holder = exchange.collection_href(&destination.resource.parent());
    let relocated = exchange
        .site
        .store
        .relocate(&relocate, &exchange.cause())
        .await;
    let effect = relocated.map_err(|error| match error {
        Error::Exists => Refusal::PreconditionFailed,
        other => Refusal::within(&holder)(other),
    })?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = match effect {
        Effect::Created => StatusCode::CREATED,
        _ => StatusCode::NO_CONTENT,
    };
    let href = exchange.site.base.object(&destination.resource);
    insert_location(response.headers_mut(), &href);
    Ok(response)
}
