//! What a calendar holds, by href and version.

use cal_dav::header::Depth;
use cal_dav::name::dav;
use cal_dav::property::ResourceType;
use cal_dav::response::Response;
use cal_dav::{ETag, Element, Href, XmlElement};

use super::RemoteCalendar;
use crate::Error;
use crate::operation::{Answer, Propfind, same_resource};

/// An object, by where it is and in which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Where it is.
    pub href: Href,
    /// Its version; absent where the server does not say.
    pub etag: Option<ETag>,
}

/// The objects of a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The objects.
    pub objects: Vec<Listed>,
    /// What the server said that could not be understood. What is not listed
    /// need not be gone if there is any.
    pub problems: Vec<cal_dav::Error>,
}

impl RemoteCalendar {
    /// All its objects.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] where the server cuts the list short, or what kept
    /// it from being asked.
    pub async fn list(&self) -> Result<Listing, Error> {
        let question = Propfind {
            url: self.url.clone(),
            depth: Depth::One,
            properties: vec![dav::GETETAG.clone(), dav::RESOURCETYPE.clone()],
        };
        let answer = self.connection.run(&question).await?;
        if answer.truncated {
            return Err(Error::malformed(&self.url, "the listing was cut short"));
        }
        Ok(self.listing(answer))
    }

    /// The objects among the members of an answer: neither the calendar itself
    /// nor collections in it.
    pub(super) fn listing(&self, answer: Answer) -> Listing {
        let mut listing = Listing {
            objects: Vec::new(),
            problems: answer.problems,
        };
        for member in answer.members {
            let response = &member.response;
            if same_resource(&member.url, &self.url) || is_collection(response) {
                continue;
            }
            if let Some(status) = response.failure() {
                listing
                    .problems
                    .push(problem(&response.href, status.as_str()));
                continue;
            }
            listing.objects.push(Listed {
                href: response.href.clone(),
                etag: etag(response),
            });
        }
        listing
    }
}

/// The version that a response states.
pub(super) fn etag(response: &Response) -> Option<ETag> {
    response
        .property(&dav::GETETAG)
        .map(Element::text)
        .and_then(|text| text.parse().ok())
}

pub(super) fn is_collection(response: &Response) -> bool {
    response
        .property(&dav::RESOURCETYPE)
        .and_then(|value| ResourceType::read(value).ok())
        .is_some_and(|kind| kind.is_collection())
}

pub(super) fn problem(href: &Href, status: &str) -> cal_dav::Error {
    cal_dav::Error::Value {
        place: href.to_string(),
        reason: "the server answers for this member with a failure",
        found: status.to_owned(),
    }
}
