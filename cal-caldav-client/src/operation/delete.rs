//! Deleting an object or a calendar.

use http::Method;
use url::Url;

use super::{Operation, WriteCondition};
use crate::{Error, Reply, Request};

/// DELETE.
#[derive(Clone, Debug)]
pub struct Delete {
    /// The resource.
    pub url: Url,
    /// What must hold for it to be deleted.
    pub condition: WriteCondition,
}

impl Operation for Delete {
    type Output = ();

    fn request(&self) -> Request {
        self.condition
            .apply(Request::new(Method::DELETE, self.url.clone()))
    }

    /// A resource that is gone already is [`Error::NotFound`].
    fn read(&self, reply: Reply) -> Result<(), Error> {
        let reply = reply.checked()?;
        if reply.status != http::StatusCode::MULTI_STATUS {
            return Ok(());
        }
        // A multistatus lists what could not be deleted.
        let answer = super::Answer::read(&reply)?;
        let failure = answer
            .members
            .iter()
            .find_map(|member| Some((member.url.clone(), member.response.failure()?)));
        match failure {
            Some((url, status)) => Err(Error::Status { url, status }),
            None => Ok(()),
        }
    }
}
