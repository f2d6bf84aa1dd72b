//! Asking when there is something, not what.

use bytes::Bytes;
use cal_dav::header::{self, Depth};
use cal_dav::report::{FreeBusyQuery, TimeRange};
use http::HeaderName;
use url::Url;

use super::Operation;
use super::propfind::method;
use crate::{Error, Reply, Request};

/// The free-busy-query report (RFC 4791 section 7.10).
#[derive(Clone, Debug)]
pub struct FreeBusy {
    /// The calendar, or a collection of calendars.
    pub url: Url,
    /// The span asked about.
    pub range: TimeRange,
}

impl Operation for FreeBusy {
    /// An iCalendar text with a VFREEBUSY.
    type Output = Bytes;

    fn request(&self) -> Request {
        let body = FreeBusyQuery { range: self.range };
        Request::new(method("REPORT"), self.url.clone())
            .with_header(HeaderName::from_static(header::DEPTH), Depth::One.as_str())
            .with_xml(&body)
    }

    fn read(&self, reply: Reply) -> Result<Bytes, Error> {
        Ok(reply.checked()?.body)
    }
}
