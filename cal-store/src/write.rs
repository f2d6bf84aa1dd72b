//! What a backend is asked to write: prepared, validated, all or nothing.

use std::sync::Arc;

use bytes::Bytes;

use crate::{
    AppToken, Cause, CollectionChanges, CollectionId, CollectionName, ContentType, ETag, Effect,
    Error, HoldToken, IndexRow, JobWrite, LockWrite, NewCollection, NewPrincipal, ObjectBusy,
    ObjectName, PasswordHash, Precondition, PrincipalChanges, PrincipalId, Properties,
    PropertyChanges, ScheduleTag, SecretWrite, Submitted, TokenId,
};

/// Writes that happen together or not at all, in order.
///
/// A write sees what those before it in the transaction did.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Transaction {
    /// Who asks for them, how and when: kept with every version they make.
    pub cause: Arc<Cause>,
    /// The most levels of collections that there may be below a home after them.
    pub depth: usize,
    /// The writes.
    pub writes: Vec<Write>,
    /// What is written in spite of locks. No part of the serialised form: what has been done
    /// was allowed.
    #[serde(skip)]
    pub submitted: Submitted,
    /// Where the logs of calendars stood when something was decided about the
    /// writes from what is in them. No part of the serialised form.
    #[serde(skip)]
    pub unmoved: Vec<(CollectionId, u64)>,
}

impl Transaction {
    /// Whether a log stands where it did, before the first of the writes: the check
    /// that every backend makes of each that is named, under the lock that keeps
    /// others from moving it.
    ///
    /// # Errors
    ///
    /// [`Error::BusyOutdated`] if it does not, or is gone (`None`).
    pub fn check_unmoved(
        (collection, sequence): (CollectionId, u64),
        stands: Option<u64>,
    ) -> Result<(), Error> {
        match stands == Some(sequence) {
            true => Ok(()),
            false => Err(Error::BusyOutdated { collection }),
        }
    }

    /// Whether there may be this many levels of collections below a home: the
    /// check that every backend makes of what is made, moved and restored.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`].
    pub fn check_depth(&self, levels: usize) -> Result<(), Error> {
        check_depth(levels, self.depth)
    }

    /// The same without changes of locks, which end with the process in some backends.
    pub(crate) fn without_locks(&self) -> Self {
        let mut kept = self.clone();
        kept.writes.retain(|write| !matches!(write, Write::Lock(_)));
        kept
    }
}

/// Whether there may be so many levels of collections below a home.
pub(crate) fn check_depth(levels: usize, limit: usize) -> Result<(), Error> {
    if levels <= limit {
        return Ok(());
    }
    Err(Error::Limit {
        what: "levels of collections",
        limit: u64::try_from(limit).unwrap_or(u64::MAX),
    })
}

/// One write, with everything that can be prepared without the store already prepared.
///
/// The list is exhaustive on purpose: a backend that is built against a new
/// release is told by the compiler what it has to learn.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum Write {
    /// Makes a principal with a home. [`Exists`](crate::Error::Exists) if the
    /// name or an e-mail address is taken.
    CreatePrincipal(NewPrincipal, CollectionId),
    /// Changes a principal.
    UpdatePrincipal(PrincipalId, PrincipalChanges),
    /// Removes a principal with its credentials, collections and history.
    RemovePrincipal(PrincipalId),
    /// Sets or removes the password.
    SetPassword(PrincipalId, Option<PasswordHash>),
    /// Adds an app token.
    AddToken(AppToken),
    /// Revokes an app token.
    RevokeToken(PrincipalId, TokenId),
    /// Makes a collection.
    CreateCollection(NewCollection),
    /// Changes the details and properties of a collection.
    UpdateCollection(CollectionId, CollectionChanges),
    /// Gives a collection another parent, another name or both.
    MoveCollection(MoveCollection),
    /// Puts a collection with all that is in it into the trash.
    DeleteCollection(CollectionId),
    /// Takes a collection back from the trash to this place.
    RestoreCollection(MoveCollection),
    /// Stores an object.
    PutObject(Box<PutObject>),
    /// Deletes an object.
    DeleteObject(DeleteObject),
    /// Changes the properties of an object.
    UpdateObject(CollectionId, ObjectName, PropertyChanges),
    /// Changes the queue of jobs.
    Job(JobWrite),
    /// Changes the secrets of sources.
    Secret(SecretWrite),
    /// Changes the locks. No part of the serialised form, which tells of nothing that passes.
    #[serde(skip)]
    Lock(LockWrite),
}

/// A collection and the place it goes to.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct MoveCollection {
    /// The collection.
    pub id: CollectionId,
    /// Its new parent.
    pub parent: CollectionId,
    /// Its new name there.
    pub name: CollectionName,
}

/// An object to store, with its index.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PutObject {
    /// Where.
    pub collection: CollectionId,
    /// Under which name.
    pub name: ObjectName,
    /// What must be true of what is there. No part of the serialised form,
    /// which tells what was done.
    #[serde(skip)]
    pub precondition: Precondition,
    /// The media type.
    pub content_type: ContentType,
    /// The bytes.
    #[serde(with = "crate::form::body")]
    pub body: Bytes,
    /// The version of the bytes.
    pub etag: ETag,
    /// The schedule tag, of scheduling objects.
    pub schedule_tag: Option<ScheduleTag>,
    /// The index, of calendar objects. No part of the serialised form: it is
    /// made anew from the bytes.
    #[serde(skip)]
    pub index: Option<IndexRow>,
    /// Properties in place of those that the object has; `None` keeps them.
    pub properties: Option<Properties>,
    /// When it takes its owner's time, where that is known; see
    /// [`Standing::keeping`](crate::Standing::keeping). No part of the
    /// serialised form: it is worked out anew from the bytes.
    #[serde(skip)]
    pub busy: Option<ObjectBusy>,
    /// The hold that it makes use of, which ends.
    pub hold: Option<HoldToken>,
}

/// An object to delete.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct DeleteObject {
    /// Where.
    pub collection: CollectionId,
    /// Under which name.
    pub name: ObjectName,
    /// What must be true of it, besides being there. No part of the
    /// serialised form.
    #[serde(skip)]
    pub precondition: Precondition,
}

/// What one write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// What it did.
    pub effect: Effect,
    /// The sequence that the change has in the log of the collection it
    /// happened in (for collections that of the parent); the current sequence
    /// if it changed nothing; 0 where there is no log.
    pub sequence: u64,
}

impl Receipt {
    /// A write with this effect, logged under `sequence`.
    #[must_use]
    pub const fn new(effect: Effect, sequence: u64) -> Self {
        Self { effect, sequence }
    }
}

impl From<PutObject> for Write {
    fn from(put: PutObject) -> Self {
        Self::PutObject(Box::new(put))
    }
}
