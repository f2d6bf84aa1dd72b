//! Asking for properties.

use cal_dav::header::{self, Depth};
use cal_dav::name::Name;
use cal_dav::request::Selection;
use http::{HeaderName, Method};
use url::Url;

use super::{Answer, Operation};
use crate::{Error, Reply, Request};

/// PROPFIND (RFC 4918 section 9.1).
#[derive(Clone, Debug)]
pub struct Propfind {
    /// The resource.
    pub url: Url,
    /// How deep below it.
    pub depth: Depth,
    /// The properties asked for.
    pub properties: Vec<Name>,
}

impl Operation for Propfind {
    type Output = Answer;

    fn request(&self) -> Request {
        let body = cal_dav::request::Propfind {
            selection: Selection::of(self.properties.iter().cloned()),
        };
        Request::new(method("PROPFIND"), self.url.clone())
            .with_header(HeaderName::from_static(header::DEPTH), self.depth.as_str())
            .with_xml(&body)
    }

    fn read(&self, reply: Reply) -> Result<Answer, Error> {
        Answer::read(&reply)
    }
}

/// A method that HTTP itself does not define.
pub(super) fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap_or_default()
}
