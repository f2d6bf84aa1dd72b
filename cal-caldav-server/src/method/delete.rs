//! `DELETE` (RFC 4918 section 9.6).

use cal_store::{CollectionKind, Delete, Error};
use http::{Response, StatusCode};

use super::unmodified;
use crate::body::Body;
use crate::conditional::{Conditional, Version};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::refusal::Refusal;
use cal_dav::header::Depth;

pub(crate) async fn delete(exchange: Exchange, target: Target) -> Reply {
    let store = &exchange.site.store;
    let cause = exchange.cause();
    let conditional = Conditional::of(&exchange.headers);
    match target {
        Target::Member { parent, name } => {
            unmodified::check(&exchange, &conditional, &parent, &name).await?;
            let precondition = exchange.precondition(&conditional);
            let delete = Delete::new(parent.id, name).with_precondition(precondition);
            match store.delete(delete, &cause).await {
                // What is not there is not found, whatever version of it was
                // meant (RFC 9110 section 13.2.1): then it is deleted already,
                // and no conflict to ask somebody about.
                Err(Error::PreconditionFailed { current: None }) => {
                    return Err(Refusal::NotFound);
                }
                deleted => deleted?,
            };
        }
        Target::Collection(collection) if collection.kind != CollectionKind::Home => {
            if !matches!(exchange.depth()?, None | Some(Depth::Infinity)) {
                return Err(Refusal::malformed(
                    "a collection is deleted with all that is in it",
                ));
            }
            let etag = collection.token.to_string();
            let version = Version {
                etag: &etag,
                modified: collection.modified.to_date_time(),
            };
            if !conditional.allows_write(Some(version)) {
                return Err(Refusal::PreconditionFailed);
            }
            store.delete_collection(collection.id, &cause).await?;
        }
        _ => return Err(Refusal::NotFound),
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}
