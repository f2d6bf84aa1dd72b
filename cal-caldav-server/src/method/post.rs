//! `POST` to a calendar adds a member whose name the server chooses (RFC 5995).

use cal_store::{ETag, ObjectName};
use http::{Response, StatusCode, header};

use super::put::{Submission, insert, insert_location};
use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::headers::conditional::etag_header;
use crate::incoming::Incoming;
use crate::refusal::Refusal;

pub(crate) async fn post(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let Target::Collection(calendar) = target else {
        return Err(Refusal::NotFound);
    };
    let submission = Submission::read(&exchange, &calendar, body).await?;
    // The same object posted twice meets its own UID, never another's name.
    let name = ObjectName::new(format!("{}.ics", ETag::of(submission.body())))?;
    let href = exchange.collection_href(&exchange.resource);
    let stored = submission
        .store(&exchange, (&calendar, &href), &name)
        .await?;
    let href = href.member(name.as_str());
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::CREATED;
    insert_location(response.headers_mut(), &href);
    insert(
        response.headers_mut(),
        header::ETAG,
        &etag_header(stored.etag),
    );
    Ok(response)
}
