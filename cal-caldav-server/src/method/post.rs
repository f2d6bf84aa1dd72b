//! `POST` to a calendar adds a member whose name the server chooses (RFC 5995); to an object it
//! changes its attachments (RFC 8607).

use cal_dav::response::Precondition as Condition;
use cal_store::{ETag, Effect, Error, ObjectName, Precondition, Stored};
use http::StatusCode;

use super::attach;
use super::put::{Submission, insert_location};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;
use crate::refusal::Refusal;

pub(crate) async fn post(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let calendar = match target {
        Target::Collection(calendar) => calendar,
        Target::Member { parent, name } => {
            return attach::attach(&exchange, &parent, &name, body).await;
        }
        _ => return Err(Refusal::NotFound),
    };
    let submission = Submission::read(&exchange, &calendar, body).await?;
    let etag = ETag::of(submission.body());
    let name = ObjectName::new(format!("{etag}.ics"))?;
    let href = exchange.collection_href(&exchange.resource);
    let member = href.member(name.as_str());
    let place = (&*calendar, &href);
    let stored = match submission
        .store(&exchange, place, &name, Precondition::Absent)
        .await
    {
        // The same request came before, and its answer was lost.
        Err(Refusal::Store {
            source: Error::PreconditionFailed { current },
            ..
        }) if current == Some(etag) => Stored {
            effect: Effect::Created,
            etag,
            token: calendar.token,
        },
        // What it brought then was changed since.
        Err(Refusal::Store {
            source: Error::PreconditionFailed { .. },
            ..
        }) => return Err(Condition::NoUidConflict(Some(member)).into()),
        other => other?,
    };
    let mut response = submission.answer(&exchange, stored);
    *response.status_mut() = StatusCode::CREATED;
    insert_location(response.headers_mut(), &member);
    Ok(response)
}
