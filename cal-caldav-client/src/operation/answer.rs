//! A multistatus as a client sees it.

use cal_dav::response::{MultistatusItem, Precondition, Response};
use cal_dav::{Href, SyncToken};
use http::StatusCode;
use url::Url;

use crate::exchange::resolve;
use crate::{Error, Reply};

/// The responses of a multistatus, and what else it says.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What is said of each resource.
    pub members: Vec<Member>,
    /// Whether the server left out resources for which there was no room.
    pub truncated: bool,
    /// The state that a sync-collection report brings the client to.
    pub sync_token: Option<SyncToken>,
    /// Responses that could not be understood. What is not among the members
    /// need not be absent from the server if there are any.
    pub problems: Vec<cal_dav::Error>,
}

/// What a multistatus says of a resource.
#[derive(Clone, Debug)]
pub struct Member {
    /// The resource.
    pub url: Url,
    /// What is said of it; its href is as it came.
    pub response: Response,
}

impl Answer {
    pub(crate) fn read(reply: &Reply) -> Result<Self, Error> {
        let mut answer = Self::default();
        for item in reply.multistatus()? {
            match item {
                Ok(MultistatusItem::Response(response)) => answer.take(reply, &response),
                Ok(MultistatusItem::SyncToken(token)) => answer.sync_token = Some(token),
                Ok(_) => {}
                Err(error) if error.is_of_document() => {
                    return Err(Error::malformed(&reply.url, &error));
                }
                Err(error) => answer.problems.push(error),
            }
        }
        Ok(answer)
    }

    fn take(&mut self, reply: &Reply, response: &Response) {
        // Several hrefs with one status are several responses.
        for href in std::iter::once(&response.href).chain(&response.more_hrefs) {
            let Ok(url) = resolve(&reply.url, href) else {
                self.problems.push(cal_dav::Error::Value {
                    place: "href".to_owned(),
                    reason: "names no web resource",
                    found: href.as_str().chars().take(120).collect(),
                });
                continue;
            };
            if is_cut(response) && same_resource(&url, &reply.url) {
                self.truncated = true;
                continue;
            }
            let response = Response {
                href: href.clone(),
                more_hrefs: Vec::new(),
                ..response.clone()
            };
            self.members.push(Member { url, response });
        }
    }
}

/// Whether a response says that not all is listed (RFC 6578 section 3.6).
fn is_cut(response: &Response) -> bool {
    response.failure() == Some(StatusCode::INSUFFICIENT_STORAGE)
        || response
            .conditions
            .contains(&Precondition::NumberOfMatchesWithinLimits)
}

/// Whether two URLs name the same resource, spelling and a final slash apart.
pub(crate) fn same_resource(left: &Url, right: &Url) -> bool {
    let key = |url: &Url| {
        let mut key = resource_key(url);
        if key.ends_with('/') {
            key.pop();
        }
        key
    };
    left == right || key(left) == key(right)
}

/// A text that is the same for all spellings of a resource.
pub(crate) fn resource_key(url: &Url) -> String {
    let href: Result<Href, _> = url.as_str().parse();
    href.map_or_else(|_| url.to_string(), |href| href.normal_form())
}
