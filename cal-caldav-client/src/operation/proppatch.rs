//! Setting and removing properties.

use cal_dav::request::PropertyUpdate;
use url::Url;

use super::propfind::method;
use super::{Answer, Operation, RefusedProperty};
use crate::{Error, Reply, Request};

/// PROPPATCH (RFC 4918 section 9.2).
#[derive(Clone, Debug)]
pub struct Proppatch {
    /// The resource.
    pub url: Url,
    /// The changes.
    pub update: PropertyUpdate,
}

impl Operation for Proppatch {
    /// The properties that were refused; none where all is done.
    type Output = Vec<RefusedProperty>;

    fn request(&self) -> Request {
        Request::new(method("PROPPATCH"), self.url.clone()).with_xml(&self.update)
    }

    fn read(&self, reply: Reply) -> Result<Vec<RefusedProperty>, Error> {
        let reply = reply.checked()?;
        if reply.body.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        let answer = Answer::read(&reply)?;
        let propstats = answer
            .members
            .iter()
            .flat_map(|member| member.response.propstats());
        Ok(RefusedProperty::among(propstats))
    }
}
