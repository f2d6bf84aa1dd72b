//! Reading an object.

use bytes::Bytes;
use cal_dav::ETag;
use cal_dav::header::SCHEDULE_TAG;
use http::{Method, header};
use url::Url;

use super::Operation;
use crate::{Error, Reply, Request};

/// GET.
#[derive(Clone, Debug)]
pub struct Get {
    /// The object.
    pub url: Url,
}

/// An object as the server has it.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its version, where the server says so.
    pub etag: Option<ETag>,
    /// Its version as far as scheduling is concerned.
    pub schedule_tag: Option<ETag>,
    /// Its text.
    pub bytes: Bytes,
}

impl Operation for Get {
    type Output = Body;

    fn request(&self) -> Request {
        Request::new(Method::GET, self.url.clone()).with_header(header::ACCEPT, "text/calendar")
    }

    fn read(&self, reply: Reply) -> Result<Body, Error> {
        let reply = reply.checked()?;
        Ok(Body {
            etag: tag(&reply, header::ETAG.as_str()),
            schedule_tag: tag(&reply, SCHEDULE_TAG),
            bytes: reply.body,
        })
    }
}

/// An entity tag in a header field, where it is there and is one.
pub(super) fn tag(reply: &Reply, header: &str) -> Option<ETag> {
    reply.header(header)?.parse().ok()
}
