//! Requests and replies as values, without a connection.

use bytes::Bytes;
use cal_dav::response::{ErrorBody, MultistatusItem, MultistatusReader};
use cal_dav::{Href, HttpDate, Limits, XmlElement};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::time::Duration;
use url::Url;

use crate::Error;

/// What is sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The resource.
    pub url: Url,
    /// The header fields, credentials apart.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Request {
    /// A request without header fields and body.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// The same with a header field; a value that no header field can hold is
    /// left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same with an XML body.
    #[must_use]
    pub fn with_xml(mut self, body: &impl XmlElement) -> Self {
        self.body = body.to_bytes().into();
        self.with_header(header::CONTENT_TYPE, "application/xml; charset=utf-8")
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The resource that answered, after redirects.
    pub url: Url,
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// The text of a header field.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Refuses a status that is no success.
    ///
    /// # Errors
    ///
    /// The error that the status and body stand for.
    pub fn checked(self) -> Result<Self, Error> {
        if self.status.is_success() {
            return Ok(self);
        }
        Err(self.into_error())
    }

    /// The error that the status and body stand for.
    #[must_use]
    pub fn into_error(self) -> Error {
        let conditions = self.conditions();
        let retry_after = self.retry_after();
        let Self { url, status, .. } = self;
        match status {
            StatusCode::UNAUTHORIZED => Error::Authentication { url },
            StatusCode::NOT_FOUND | StatusCode::GONE => Error::NotFound { url },
            _ if !conditions.is_empty() => Error::Refused {
                url,
                status,
                conditions,
            },
            StatusCode::PRECONDITION_FAILED => Error::Changed { url },
            StatusCode::FORBIDDEN => Error::Forbidden { url },
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Error::Server {
                url,
                status,
                retry_after,
            },
            _ if status.is_server_error() => Error::Server {
                url,
                status,
                retry_after,
            },
            _ => Error::Status { url, status },
        }
    }

    /// The conditions that the body names, if it is an error body at all.
    fn conditions(&self) -> Vec<cal_dav::response::Precondition> {
        ErrorBody::parse(&self.body, &Limits::REQUEST)
            .map(|body| body.conditions)
            .unwrap_or_default()
    }

    /// `Retry-After`, a date being taken relative to the `Date` of the reply.
    fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?;
        if let Ok(seconds) = text.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        let then: HttpDate = text.parse().ok()?;
        let now: HttpDate = self.header("date")?.parse().ok()?;
        (then.0 - now.0).to_std().ok()
    }

    /// The responses of a multistatus, one at a time.
    ///
    /// # Errors
    ///
    /// The error that the status and body stand for.
    pub fn multistatus(
        &self,
    ) -> Result<impl Iterator<Item = Result<MultistatusItem, cal_dav::Error>> + '_, Error> {
        if !self.status.is_success() {
            return Err(self.clone().into_error());
        }
        Ok(MultistatusReader::new(&self.body[..], Limits::RESPONSE))
    }

    /// The resource that an href of the body names.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] where it names none.
    pub fn resolve(&self, href: &Href) -> Result<Url, Error> {
        resolve(&self.url, href)
    }
}

/// The resource that an href names in an answer from `base`.
pub(crate) fn resolve(base: &Url, href: &Href) -> Result<Url, Error> {
    let mut url = base
        .join(href.as_str())
        .map_err(|_| Error::malformed(base, "an href names no resource"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(Error::malformed(base, "an href names no web resource"));
    }
    url.set_fragment(None);
    Ok(url)
}
