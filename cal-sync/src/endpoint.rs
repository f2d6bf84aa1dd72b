//! What the engine asks of a side.

mod caldav;
mod capabilities;
mod invitations;
mod listing;
mod naming;
mod store;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use self::caldav::CalDavCalendar;
pub use self::capabilities::{Access, Capabilities};
pub use self::invitations::Invitations;
pub use self::listing::{Completeness, Entry, Fetched, Listing};
pub use self::store::StoreCalendar;
use crate::{Body, Error, Identity, ItemId, Uid, Version};

/// A collection of calendar objects that can be one side of a mapping.
///
/// An implementation makes nobody mail anybody unless it is asked to: writing
/// an object with attendees sends no invitation.
#[async_trait]
pub trait Endpoint: Send + Sync {
    /// Which collection this is and what it can carry.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthorized`], [`Error::Unreachable`], or [`Error::Failed`] if
    /// what is there is not a calendar collection.
    async fn describe(&self) -> Result<Description, Error>;

    /// Everything that is in the collection.
    ///
    /// # Errors
    ///
    /// As [`describe`](Self::describe). An answer that is not known to be whole
    /// is no error but [`Completeness::Partial`].
    async fn list(&self) -> Result<Listing, Error>;

    /// The objects with these ids; those that are gone are left out.
    ///
    /// # Errors
    ///
    /// As [`describe`](Self::describe).
    async fn fetch(&self, ids: &[ItemId]) -> Result<Vec<Fetched>, Error>;

    /// Adds an object under an id of the endpoint's own choice, which is the
    /// same whenever it is asked to create this UID.
    ///
    /// # Errors
    ///
    /// [`Error::Occupied`] if there is one already; nothing is overwritten.
    async fn create(&self, uid: &Uid, body: &Body, run: &Run) -> Result<Written, Error>;

    /// Replaces the object if it still has this version.
    ///
    /// # Errors
    ///
    /// [`Error::Raced`] if it has another, [`Error::Gone`] if it is not there.
    async fn update(&self, place: &Place, body: &Body, run: &Run) -> Result<Written, Error>;

    /// Deletes the object if it still has this version.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update).
    async fn delete(&self, place: &Place, run: &Run) -> Result<(), Error>;
}

/// What an endpoint says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Which collection it is. Two endpoints of one collection, in any run,
    /// have the same.
    pub identity: Identity,
    /// What a person calls it.
    pub name: String,
    /// What can be put there.
    pub capabilities: Capabilities,
}

/// An object in one of its versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Where it is.
    pub id: ItemId,
    /// In which version.
    pub version: Version,
}

/// What an endpoint says after a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where the object is.
    pub id: ItemId,
    /// Its version, if what was written is what is there byte for byte.
    /// `None` makes the engine fetch what the endpoint made of it.
    pub version: Option<Version>,
}

/// The run on whose behalf something is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// A name for it, kept where the endpoint keeps reasons.
    pub id: String,
    /// When it began, as the caller's clock has it.
    pub at: DateTime<Utc>,
}

impl Run {
    /// A run of this name that begins now, whenever that is.
    pub fn new(id: impl Into<String>, at: DateTime<Utc>) -> Self {
        Self { id: id.into(), at }
    }
}
