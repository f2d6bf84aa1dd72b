//! Reports that are answered with a multistatus.

use cal_dav::header::{self, Depth};
use cal_dav::report::Report;
use http::HeaderName;
use url::Url;

use super::propfind::method;
use super::{Answer, Operation};
use crate::{Error, Reply, Request};

/// A REPORT such as calendar-query, calendar-multiget or sync-collection.
#[derive(Clone, Debug)]
pub struct QueryReport {
    /// The resource.
    pub url: Url,
    /// How deep below it.
    pub depth: Depth,
    /// What is asked.
    pub report: Report,
}

impl Operation for QueryReport {
    type Output = Answer;

    fn request(&self) -> Request {
        Request::new(method("REPORT"), self.url.clone())
            .with_header(HeaderName::from_static(header::DEPTH), self.depth.as_str())
            .with_xml(&self.report)
    }

    fn read(&self, reply: Reply) -> Result<Answer, Error> {
        Answer::read(&reply)
    }
}
