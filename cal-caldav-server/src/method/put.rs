//! `PUT` (RFC 4791 section 5.3.2, RFC 9110 section 9.3.4).

use bytes::Bytes;
use cal_dav::Href;
use cal_dav::response::Precondition as Condition;
use cal_store::{
    Collection, CollectionKind, ContentType, Effect, ObjectName, Precondition, Put, Stored,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::unmodified;
use crate::admission::{self, Unfit};
use crate::attachment::known;
use crate::body::Body;
use crate::conditional::{Conditional, etag_header};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::{Incoming, Unreadable};
use crate::refusal::Refusal;
use crate::{attachment, status};

pub(crate) async fn put(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let Target::Member { parent, name } = target else {
        return Err(Refusal::NotFound);
    };
    if exchange.names_collection {
        return Err(Refusal::Forbidden(
            "a path that ends with a slash is that of a collection, and nothing is stored there",
        ));
    }
    attachment::check_name(&parent, name.as_str())?;
    if exchange.headers.contains_key(header::CONTENT_RANGE) {
        return Err(Refusal::malformed("a part of a body cannot be stored"));
    }
    let submission = Submission::read(&exchange, &parent, body).await?;
    match conditionally(&exchange, &submission, &parent, &name).await {
        Ok(stored) => Ok(submission.answer(&exchange, stored)),
        Err(refusal) => stale(&exchange, &parent, &name, refusal).await,
    }
}

/// A body that is to be stored.
pub(crate) struct Submission {
    content_type: ContentType,
    body: Bytes,
}

impl Submission {
    /// Reads the body of a request, within the limit of what may be in the collection.
    pub(crate) async fn read(
        exchange: &Exchange,
        parent: &Collection,
        body: &mut Incoming,
    ) -> Result<Self, Refusal> {
        exchange.check_content_encoding()?;
        let in_calendar = matches!(parent.kind, CollectionKind::Calendar(_));
        let sent = exchange.header(header::CONTENT_TYPE.as_str());
        let content_type = if in_calendar {
            calendar_type(sent)?
        } else {
            ContentType::new(sent.unwrap_or_default())
        };
        let body = body
            .read(exchange.site.limits.resource_size)
            .await
            .map_err(|error| match error {
                Unreadable::TooLarge { .. } if in_calendar => Unfit {
                    condition: Condition::MaxResourceSize,
                    reason: error.to_string(),
                }
                .into(),
                other => Refusal::Body(other),
            })?;
        if in_calendar {
            judge(exchange, &body).await?;
        }
        Ok(Self { content_type, body })
    }

    /// Stores it under a name in the collection at an href, if what is there allows.
    pub(crate) async fn store(
        &self,
        exchange: &Exchange,
        (parent, href): (&Collection, &Href),
        name: &ObjectName,
        precondition: Precondition,
    ) -> Result<Stored, Refusal> {
        known::check(exchange, (parent, name), &self.body).await?;
        let put = Put::new(parent.id, name.clone(), self.body.clone())
            .with_content_type(self.content_type.clone())
            .with_precondition(precondition);
        let stored = exchange.site.store.put(put, &exchange.cause()).await;
        stored.map_err(Refusal::within(href, &href.member(name.as_str())))
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// What was stored is what was sent, so the client is told its tag.
    pub(crate) fn answer(self, exchange: &Exchange, stored: Stored) -> Response<Body> {
        let created = stored.effect == Effect::Created;
        let represented = exchange.prefer().is_representation();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = match (created, represented) {
            (true, _) => StatusCode::CREATED,
            (false, true) => StatusCode::OK,
            (false, false) => StatusCode::NO_CONTENT,
        };
        if represented {
            represent(&mut response, self.content_type.as_str(), self.body);
        }
        let etag = etag_header(stored.etag);
        insert(response.headers_mut(), header::ETAG, &etag);
        response
    }
}

/// Judges what is to be stored in a calendar; what may take long where it keeps nobody waiting.
pub(crate) async fn judge(exchange: &Exchange, body: &Bytes) -> Result<(), Refusal> {
    let attendees = exchange.site.limits.attendees;
    if cal_store::is_light(body) {
        return Ok(admission::check(body, attendees)?);
    }
    let body = body.clone();
    let workers = &exchange.site.workers;
    let judged = workers.run(move |_| admission::check(&body, attendees));
    Ok(judged.await??)
}

/// Stores a body if the headers of the request allow.
async fn conditionally(
    exchange: &Exchange,
    submission: &Submission,
    parent: &Collection,
    name: &ObjectName,
) -> Result<Stored, Refusal> {
    let conditional = Conditional::of(&exchange.headers);
    unmodified::check(exchange, &conditional, parent, name).await?;
    let href = exchange.collection_href(&exchange.resource.parent());
    let precondition = exchange.precondition(&conditional);
    submission
        .store(exchange, (parent, &href), name, precondition)
        .await
}

/// A calendar takes iCalendar text; clients that do not say what they send mean that too.
pub(crate) fn calendar_type(sent: Option<&str>) -> Result<ContentType, Refusal> {
    let Some(sent) = sent.map(str::trim).filter(|sent| !sent.is_empty()) else {
        return Ok(ContentType::calendar());
    };
    let essence = sent.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("text/calendar") {
        Ok(ContentType::new(sent))
    } else {
        Err(Condition::SupportedCalendarData.into())
    }
}

/// RFC 8144 section 3.2: a client that prefers a representation gets the current one with 412.
async fn stale(
    exchange: &Exchange,
    parent: &Collection,
    name: &ObjectName,
    refusal: Refusal,
) -> Reply {
    let failed = status::Status::from(&refusal).code == StatusCode::PRECONDITION_FAILED;
    if !failed || !exchange.prefer().is_representation() {
        return Err(refusal);
    }
    let Some(object) = exchange.site.store.object(parent.id, name).await? else {
        return Err(refusal);
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PRECONDITION_FAILED;
    represent(
        &mut response,
        object.entry.content_type.as_str(),
        object.body,
    );
    insert(
        response.headers_mut(),
        header::ETAG,
        &etag_header(object.entry.etag),
    );
    Ok(response)
}

/// Makes the content of an object the body of an answer to a write.
pub(crate) fn represent(response: &mut Response<Body>, content_type: &str, body: Bytes) {
    *response.body_mut() = Body::from(body);
    insert(response.headers_mut(), header::CONTENT_TYPE, content_type);
    response.headers_mut().insert(
        "preference-applied",
        HeaderValue::from_static("return=representation"),
    );
}

/// Adds a field whose value is text; one that cannot be in a header is left out.
pub(crate) fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The `Location` of what a request has made.
pub(crate) fn insert_location(headers: &mut HeaderMap, href: &Href) {
    insert(headers, header::LOCATION, href.as_str());
}
