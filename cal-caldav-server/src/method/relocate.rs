//! `COPY` and `MOVE` (RFC 4918 sections 9.8 and 9.9).

use cal_dav::Href;
use cal_store::{
    CollectionKind, CurrentVersion, Delete, Edit, Effect, Error, Overwrite, Place, Precondition,
    Put, Relocate, Relocation, Written,
};
use http::{Response, StatusCode};

use super::destination::{Destination, overwrite};
use super::put::{calendar_type, insert_location, judge};
use super::unmodified;
use crate::body::Body;
use crate::conditional::Conditional;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::refusal::Refusal;
use cal_dav::header::Depth;

pub(crate) async fn copy(exchange: Exchange, target: Target) -> Reply {
    let how = match exchange.depth()? {
        Some(Depth::Zero) => Relocation::CopyShallow,
        None | Some(Depth::Infinity) => Relocation::Copy,
        Some(Depth::One) => return Err(Refusal::malformed("a copy has Depth 0 or infinity")),
    };
    perform(exchange, target, how).await
}

pub(crate) async fn relocate(exchange: Exchange, target: Target) -> Reply {
    let whole = matches!(exchange.depth()?, None | Some(Depth::Infinity));
    if !whole && matches!(target, Target::Collection(_)) {
        return Err(Refusal::malformed(
            "a collection is moved with all that is in it",
        ));
    }
    perform(exchange, target, Relocation::Move).await
}

async fn perform(exchange: Exchange, target: Target, how: Relocation) -> Reply {
    let conditional = Conditional::of(&exchange.headers);
    let (from, source) = match target {
        Target::Member { parent, name } => {
            unmodified::check(&exchange, &conditional, &parent, &name).await?;
            let collection = parent.id;
            (Place { collection, name }, Some(parent.kind))
        }
        Target::Collection(there) if there.kind != CollectionKind::Home => {
            let collection = there.parent.ok_or(Refusal::NotFound)?;
            let name = (&there.name).into();
            (Place { collection, name }, None)
        }
        _ => return Err(Refusal::NotFound),
    };
    let overwrite = overwrite(&exchange)?;
    let destination = Destination::of(&exchange).await?;
    if destination.place == from {
        return Err(Refusal::Forbidden("source and destination are one"));
    }
    let href = exchange.site.base.object(&destination.resource);
    let holder = exchange.collection_href(&destination.resource.parent());
    let is_calendar = |kind| matches!(kind, CollectionKind::Calendar(_));
    let enters = is_calendar(destination.holder) && source.is_some_and(|kind| !is_calendar(kind));
    let precondition = exchange.precondition(&conditional);
    let relocate = Relocate::new(how, from, destination.place)
        .with_overwrite(overwrite)
        .with_precondition(precondition);
    let relocated = match enters {
        true => admit(&exchange, relocate).await,
        false => {
            let store = &exchange.site.store;
            let relocated = store.relocate(&relocate, &exchange.cause()).await;
            relocated.map_err(Refusal::from)
        }
    };
    let effect = relocated.map_err(|refusal| refused(refusal, &holder, &href))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = match effect {
        Effect::Created => StatusCode::CREATED,
        _ => StatusCode::NO_CONTENT,
    };
    insert_location(response.headers_mut(), &href);
    Ok(response)
}

/// A file that enters a calendar is judged as one that a client stores there.
async fn admit(exchange: &Exchange, relocate: Relocate) -> Result<Effect, Refusal> {
    let Relocate { from, to, .. } = relocate;
    let store = &exchange.site.store;
    let found = store.object(from.collection, &from.name).await?;
    let object = found.ok_or(Refusal::NotFound)?;
    let content_type = calendar_type(Some(object.entry.content_type.as_str()))?;
    judge(exchange, &object.body).await?;
    let held = Precondition::Matches(vec![object.entry.etag]);
    let held = Precondition::All(vec![held, relocate.precondition]);
    let properties = store.properties(from.collection, &from.name).await?;
    let mut put = Put::new(to.collection, to.name, object.body)
        .with_content_type(content_type)
        .with_properties(properties);
    if relocate.overwrite == Overwrite::Refuse {
        put = put.with_precondition(Precondition::Absent);
    }
    let mut edits = vec![Edit::from(put)];
    match relocate.how {
        Relocation::Move => {
            let delete = Delete::new(from.collection, from.name).with_precondition(held);
            edits.push(delete.into());
        }
        _ => held.check(Some(CurrentVersion {
            etag: object.entry.etag,
            schedule_tag: object.entry.schedule_tag,
        }))?,
    }
    let written = store.write_all(edits, &exchange.cause()).await?;
    Ok(match written.first() {
        Some(Written::Stored(stored)) => stored.effect,
        _ => Effect::Unchanged,
    })
}

/// What is there and must stay is a condition of the client's; all else is of the destination.
fn refused(refusal: Refusal, holder: &Href, own: &Href) -> Refusal {
    match refusal {
        Refusal::Store {
            source: Error::Exists,
            ..
        } => Refusal::PreconditionFailed,
        Refusal::Store { source, .. } => Refusal::within(holder, own)(source),
        other => other,
    }
}
