//! The one place where an error becomes an HTTP status and a `DAV:error`.
//!
//! RFC 4791 section 5.3.2.1 and its kin want 403 with the one element that names what was not
//! met: clients look for it. Beside it, in a namespace of our own, stands what is wrong and where,
//! for people (RFC 4918 section 16 has clients ignore what they do not know). 412 is kept for what the client itself has
//! set in a header.

use cal_dav::response::{ErrorBody, Precondition};
use cal_dav::{Href, XmlElement};
use http::{HeaderValue, Response, StatusCode, header};

use crate::body::Body;
use crate::conditional::etag_header;
use crate::incoming::Unreadable;
use crate::refusal::Refusal;
use crate::{Error, allow};

/// What HTTP makes of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) code: StatusCode,
    pub(crate) condition: Option<Precondition>,
}

impl Status {
    fn plain(code: StatusCode) -> Self {
        Self {
            code,
            condition: None,
        }
    }

    fn conditional(code: StatusCode, condition: &Precondition) -> Self {
        Self {
            code,
            condition: Some(condition.clone()),
        }
    }

    fn condition(condition: Precondition) -> Self {
        Self {
            code: StatusCode::FORBIDDEN,
            condition: Some(condition),
        }
    }
}

impl From<&Refusal> for Status {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::NotAuthenticated(error) => Self::plain(match error {
                Error::Unauthenticated => StatusCode::UNAUTHORIZED,
                Error::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
                Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            }),
            Refusal::NotFound => Self::plain(StatusCode::NOT_FOUND),
            Refusal::UnknownMethod => Self::plain(StatusCode::NOT_IMPLEMENTED),
            Refusal::MethodNotAllowed { .. } => Self::plain(StatusCode::METHOD_NOT_ALLOWED),
            Refusal::Malformed(_)
            | Refusal::Path(_)
            | Refusal::Header(_)
            | Refusal::HeaderText(_) => Self::plain(StatusCode::BAD_REQUEST),
            Refusal::Condition(condition) => Self::condition(condition.clone()),
            Refusal::Unfit(unfit) => Self::condition(unfit.condition.clone()),
            Refusal::Locked(condition) => Self::conditional(StatusCode::LOCKED, condition),
            Refusal::Unlocked(condition) => {
                Self::conditional(StatusCode::PRECONDITION_FAILED, condition)
            }
            Refusal::OtherLock(condition) => Self::conditional(StatusCode::CONFLICT, condition),
            Refusal::Forbidden(_) => Self::plain(StatusCode::FORBIDDEN),
            Refusal::Conflict => Self::plain(StatusCode::CONFLICT),
            Refusal::PreconditionFailed => Self::plain(StatusCode::PRECONDITION_FAILED),
            Refusal::MediaType(_) => Self::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Refusal::ElsewhereDestination => Self::plain(StatusCode::BAD_GATEWAY),
            Refusal::TooMuch { .. } => Self {
                code: StatusCode::INSUFFICIENT_STORAGE,
                condition: Some(Precondition::NumberOfMatchesWithinLimits),
            },
            Refusal::Body(Unreadable::TooLarge { .. }) => {
                Self::plain(StatusCode::PAYLOAD_TOO_LARGE)
            }
            Refusal::Body(Unreadable::Broken(_)) => Self::plain(StatusCode::BAD_REQUEST),
            Refusal::Work(_) => Self::plain(StatusCode::INTERNAL_SERVER_ERROR),
            Refusal::Xml(error) => of_xml(error),
            Refusal::Store {
                source: cal_store::Error::OtherUid { .. },
                own,
                ..
            } => Self::condition(Precondition::NoUidConflict(own.clone())),
            Refusal::Store {
                source, collection, ..
            } => of_store(source, collection.as_ref()),
        }
    }
}

fn of_xml(error: &cal_dav::Error) -> Status {
    match error.precondition() {
        // A request with a document type is malformed, whatever it declares.
        Some(Precondition::NoExternalEntities) => Status {
            code: StatusCode::BAD_REQUEST,
            condition: Some(Precondition::NoExternalEntities),
        },
        Some(condition) => Status::condition(condition.clone()),
        None => Status::plain(StatusCode::BAD_REQUEST),
    }
}

fn of_store(error: &cal_store::Error, collection: Option<&Href>) -> Status {
    use cal_store::Error as Store;
    match error {
        Store::PreconditionFailed { .. } => Status::plain(StatusCode::PRECONDITION_FAILED),
        Store::UidConflict { holder } => Status::condition(Precondition::NoUidConflict(
            collection.map(|collection| collection.member(holder.as_str())),
        )),
        Store::InvalidObject(invalid) => Status::condition(match invalid.fault {
            ref fault if fault.is_syntax() => Precondition::ValidCalendarData,
            _ => Precondition::ValidCalendarObjectResource,
        }),
        Store::UnsupportedComponent { .. } => {
            Status::condition(Precondition::SupportedCalendarComponent)
        }
        Store::TooLarge { .. } => Status::condition(Precondition::MaxResourceSize),
        Store::Locked { .. } | Store::LockConflict { .. } => Status::plain(StatusCode::LOCKED),
        Store::NotFound => Status::plain(StatusCode::NOT_FOUND),
        Store::Exists => Status::plain(StatusCode::METHOD_NOT_ALLOWED),
        Store::ParentMissing | Store::DoubleBooking { .. } | Store::HoldLapsed => {
            Status::plain(StatusCode::CONFLICT)
        }
        Store::WrongPlace | Store::ReservedName { .. } => {
            Status::condition(Precondition::CalendarCollectionLocationOk)
        }
        Store::InvalidToken(_) => Status::condition(Precondition::ValidSyncToken),
        Store::InvalidName { .. } => Status::plain(StatusCode::BAD_REQUEST),
        Store::Limit { .. } => Status::plain(StatusCode::INSUFFICIENT_STORAGE),
        Store::Unavailable => Status::plain(StatusCode::SERVICE_UNAVAILABLE),
        _ => Status::plain(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The answer to a request that is not done.
pub(crate) fn refuse(refusal: &Refusal, realm: &str) -> Response<Body> {
    let Status { code, condition } = Status::from(refusal);
    if code.is_server_error() && condition.is_none() {
        tracing::error!(error = ?refusal, "a request failed");
    }
    let mut response = match condition {
        Some(condition) => {
            let reason = reason(refusal);
            xml(ErrorBody::from(condition).with_reason(reason).to_bytes())
        }
        None => text(code, refusal),
    };
    *response.status_mut() = code;
    explain(&mut response, refusal, realm);
    response
}

/// The header fields that go with a status.
fn explain(response: &mut Response<Body>, refusal: &Refusal, realm: &str) {
    let (name, value) = match refusal {
        Refusal::NotAuthenticated(Error::Unauthenticated) => (
            header::WWW_AUTHENTICATE,
            format!("Basic realm=\"{realm}\", charset=\"UTF-8\""),
        ),
        Refusal::NotAuthenticated(Error::Throttled { retry_after }) => (
            header::RETRY_AFTER,
            retry_after.as_secs().max(1).to_string(),
        ),
        Refusal::MethodNotAllowed { allowed } => (header::ALLOW, allow::header_value(allowed)),
        Refusal::Store {
            source:
                cal_store::Error::PreconditionFailed {
                    current: Some(etag),
                },
            ..
        } => (header::ETAG, etag_header(etag)),
        _ => return,
    };
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        response.headers_mut().insert(name, value);
    }
}

/// A reason for people. Faults of our own are not told to strangers.
fn text(code: StatusCode, refusal: &Refusal) -> Response<Body> {
    let reason = if code.is_server_error() {
        code.canonical_reason().unwrap_or_default().to_owned()
    } else {
        reason(refusal)
    };
    let mut response = Response::new(Body::from(reason + "\n"));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

/// The message of an error and of what caused it. That it was the store which refused is no news
/// to a client.
fn reason(refusal: &Refusal) -> String {
    let first: &dyn std::error::Error = match refusal {
        Refusal::Store { source, .. } => source,
        other => other,
    };
    let mut reason = first.to_string();
    let mut cause = first.source();
    while let Some(error) = cause {
        reason.push_str(": ");
        reason.push_str(&error.to_string());
        cause = error.source();
    }
    reason
}

/// An XML document as an answer, with status 200.
pub(crate) fn xml(document: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes::Bytes::from(document)));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(XML));
    response
}

/// The media type of XML answers.
pub(crate) const XML: &str = "application/xml; charset=utf-8";
