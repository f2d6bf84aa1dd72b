//! A calendar on a CalDAV server.

use async_trait::async_trait;
use bytes::Bytes;
use cal_caldav_client::operation::WriteCondition;
use cal_caldav_client::{self as client, ETag, Precondition, RemoteCalendar, RemoteObject};

use super::invitations::{Invitations, undelivered};
use super::naming::object_names;
use super::{
    Access, Capabilities, Completeness, Description, Endpoint, Entry, Fetched, Listing, Place, Run,
    Written,
};
use crate::{Body, Error, Identity, ItemId, Object, Uid, Version};

/// A calendar on a CalDAV server: ids are hrefs, versions are ETags.
///
/// For a server that gives no ETags, versions are digests of the text, and a
/// write is made right after looking that it is still the same.
#[derive(Clone, Debug)]
pub struct CalDavCalendar {
    calendar: RemoteCalendar,
    invitations: Invitations,
}

/// What tells a digest from an ETag, which starts with a quote or `W/`.
const DIGEST: &str = "sha256:";

impl CalDavCalendar {
    /// The calendar, as a client found it.
    #[must_use]
    pub fn new(calendar: RemoteCalendar) -> Self {
        Self {
            calendar,
            invitations: Invitations::Suppressed,
        }
    }

    /// Lets the server deliver invitations, or not.
    #[must_use]
    pub fn with_invitations(mut self, invitations: Invitations) -> Self {
        self.invitations = invitations;
        self
    }

    /// Writes an object, silently if so set.
    async fn put(
        &self,
        id: ItemId,
        body: &Body,
        condition: WriteCondition,
    ) -> Result<Written, client::Error> {
        let quiet = match self.invitations {
            Invitations::Suppressed => undelivered(body),
            Invitations::Delivered => None,
        };
        let is_changed = quiet.is_some();
        let bytes = quiet.unwrap_or_else(|| Bytes::copy_from_slice(body.as_bytes()));
        let href = id
            .as_str()
            .parse()
            .map_err(|_| client::Error::Url(id.to_string()))?;
        let stored = self.calendar.put(&href, bytes, condition).await?;
        // A server that names no version may have changed the text (RFC 4791
        // section 5.3.4); if we have, it is not what was asked for either.
        let version = stored.etag.filter(|_| !is_changed);
        Ok(Written {
            id,
            version: version.map(|etag| Version::new(etag.as_str())),
        })
    }

    async fn object(&self, id: &ItemId) -> Result<RemoteObject, Error> {
        let href = id.as_str().parse().map_err(|_| Error::Gone)?;
        self.calendar.get(&href).await.map_err(about_object)
    }

    /// The condition under which an object of this version may be written.
    async fn condition(&self, place: &Place) -> Result<WriteCondition, Error> {
        if !place.version.as_str().starts_with(DIGEST) {
            let etag = place.version.as_str().parse().map_err(|_| Error::Raced)?;
            return Ok(WriteCondition::Version(etag));
        }
        if version(self.object(&place.id).await?.version()) == place.version {
            Ok(WriteCondition::Unconditional)
        } else {
            Err(Error::Raced)
        }
    }
}

#[async_trait]
impl Endpoint for CalDavCalendar {
    async fn describe(&self) -> Result<Description, Error> {
        let mut calendar = self.calendar.clone();
        calendar.refresh().await.map_err(about_collection)?;
        let mut capabilities = Capabilities::all();
        if calendar.access() == client::Access::Read {
            capabilities = capabilities.with_access(Access::ReadOnly);
        }
        if let Some(components) = &calendar.properties().components {
            let names = components.components().iter();
            capabilities = capabilities.with_components(names.map(ToString::to_string));
        }
        Ok(Description {
            identity: Identity::new(format!("caldav:{}", calendar.url())),
            name: calendar.name(),
            capabilities,
        })
    }

    async fn list(&self) -> Result<Listing, Error> {
        let listing = self.calendar.list().await.map_err(about_collection)?;
        let entries = listing.objects.into_iter().map(|object| Entry {
            place: Place {
                id: ItemId::new(object.href.as_str()),
                // Without a version it counts as changed, and is fetched.
                version: Version::new(object.etag.as_ref().map_or("", ETag::as_str)),
            },
            uid: None,
        });
        Ok(Listing {
            entries: entries.collect(),
            completeness: match listing.problems.first() {
                None => Completeness::Complete,
                Some(problem) => Completeness::Partial(problem.to_string()),
            },
        })
    }

    async fn fetch(&self, ids: &[ItemId]) -> Result<Vec<Fetched>, Error> {
        let hrefs = ids.iter().map(|id| id.as_str().parse());
        let hrefs: Result<Vec<_>, _> = hrefs.collect();
        let hrefs = hrefs.map_err(|error| Error::Failed(Box::new(error)))?;
        let fetched = self.calendar.fetch(&hrefs).await;
        let fetched = fetched.map_err(about_collection)?;
        Ok(fetched.objects.iter().map(read).collect())
    }

    async fn create(&self, uid: &Uid, body: &Body, _run: &Run) -> Result<Written, Error> {
        let mut occupied = Error::Occupied { holder: None };
        for name in object_names(uid) {
            let href = self.calendar.href().member(&name);
            let id = ItemId::new(href.as_str());
            match self.put(id.clone(), body, WriteCondition::Absent).await {
                Ok(written) => return Ok(written),
                Err(client::Error::Changed { .. }) => {}
                Err(error) => return Err(about_object(error)),
            }
            // Something else may have the name by chance.
            let there = self.object(&id).await?;
            occupied = Error::Occupied { holder: Some(id) };
            let other = Object::read(Body::from(there.bytes().as_ref()));
            if other.is_ok_and(|other| other.uid() == uid) {
                break;
            }
        }
        Err(occupied)
    }

    async fn update(&self, place: &Place, body: &Body, _run: &Run) -> Result<Written, Error> {
        let condition = self.condition(place).await?;
        let written = self.put(place.id.clone(), body, condition).await;
        written.map_err(about_object)
    }

    async fn delete(&self, place: &Place, _run: &Run) -> Result<(), Error> {
        let href = place.id.as_str().parse().map_err(|_| Error::Gone)?;
        let condition = self.condition(place).await?;
        let version = match &condition {
            WriteCondition::Version(etag) => Some(etag),
            WriteCondition::Unconditional | WriteCondition::Absent => None,
        };
        let deleted = self.calendar.delete(&href, version).await;
        deleted.map_err(about_object)
    }
}

fn read(object: &RemoteObject) -> Fetched {
    Fetched {
        place: Place {
            id: ItemId::new(object.href().as_str()),
            version: version(object.version()),
        },
        body: Body::from(object.bytes().as_ref()),
    }
}

fn version(version: &client::Version) -> Version {
    match version {
        client::Version::ETag(etag) => Version::new(etag.as_str()),
        client::Version::Content(digest) => {
            let hex = digest.iter().map(|byte| format!("{byte:02x}"));
            Version::new(DIGEST.to_owned() + &hex.collect::<String>())
        }
    }
}

/// An error that says something of one object.
fn about_object(error: client::Error) -> Error {
    use client::Error as Client;
    match error {
        Client::NotFound { .. } => Error::Gone,
        Client::Changed { .. } => Error::Raced,
        Client::Refused { ref conditions, .. } => match conditions.iter().find_map(uid_conflict) {
            Some(holder) => Error::Occupied { holder },
            None => refused(&error),
        },
        Client::Forbidden { .. } | Client::TooLarge { .. } => refused(&error),
        Client::Server { .. } | Client::Status { .. } | Client::Malformed { .. } => {
            Error::Failed(error.into())
        }
        _ => about_collection(error),
    }
}

/// An error after which nothing more can be asked.
fn about_collection(error: client::Error) -> Error {
    use client::Error as Client;
    match error {
        Client::Authentication { .. } | Client::CredentialsWithheld { .. } => {
            Error::Unauthorized(error.into())
        }
        Client::Malformed { .. } | Client::Status { .. } => Error::Failed(error.into()),
        _ => Error::Unreachable(error.into()),
    }
}

fn refused(error: &client::Error) -> Error {
    Error::Refused {
        reason: crate::error::chain(error),
    }
}

/// The object that has the UID already, if that is the condition and it says.
fn uid_conflict(condition: &Precondition) -> Option<Option<ItemId>> {
    match condition {
        Precondition::NoUidConflict(holder) => {
            Some(holder.as_ref().map(|href| ItemId::new(href.as_str())))
        }
        _ => None,
    }
}
