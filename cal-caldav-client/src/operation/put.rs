//! Writing an object.

use bytes::Bytes;
use cal_dav::ETag;
use cal_dav::header::SCHEDULE_TAG;
use http::{Method, StatusCode, header};
use url::Url;

use super::Operation;
use super::get::tag;
use crate::{Error, Reply, Request};

/// PUT.
#[derive(Clone, Debug)]
pub struct Put {
    /// The object.
    pub url: Url,
    /// Its new text.
    pub body: Bytes,
    /// What must hold for it to be written.
    pub condition: WriteCondition,
}

/// What must be true of an object before it is written or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteCondition {
    /// Nothing: whatever is there is lost.
    Unconditional,
    /// There is none.
    Absent,
    /// It is this version.
    Version(ETag),
}

/// What came of writing an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its version. Where it is absent the server may have changed the text,
    /// and it must be fetched.
    pub etag: Option<ETag>,
    /// Its version as far as scheduling is concerned.
    pub schedule_tag: Option<ETag>,
    /// Whether there was none before.
    pub created: bool,
}

impl WriteCondition {
    pub(super) fn apply(&self, request: Request) -> Request {
        match self {
            Self::Unconditional => request,
            Self::Absent => request.with_header(header::IF_NONE_MATCH, "*"),
            Self::Version(tag) => request.with_header(header::IF_MATCH, tag.to_strong().as_str()),
        }
    }
}

impl Operation for Put {
    type Output = Stored;

    fn request(&self) -> Request {
        let request = Request::new(Method::PUT, self.url.clone())
            .with_header(header::CONTENT_TYPE, "text/calendar; charset=utf-8");
        let mut request = self.condition.apply(request);
        request.body = self.body.clone();
        request
    }

    fn read(&self, reply: Reply) -> Result<Stored, Error> {
        let reply = reply.checked()?;
        Ok(Stored {
            etag: tag(&reply, header::ETAG.as_str()).filter(|tag| !tag.is_weak()),
            schedule_tag: tag(&reply, SCHEDULE_TAG),
            created: reply.status == StatusCode::CREATED,
        })
    }
}
