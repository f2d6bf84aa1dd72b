//! What a caller asks to be written, and what it is told.

use bytes::Bytes;

use crate::{
    CollectionId, ContentType, ETag, Effect, HoldToken, JobOutcome, Lease, NewJob, ObjectName,
    Precondition, Properties, ScheduleTag, SyncToken,
};

/// An object to store, as bytes.
///
/// ```
/// # use cal_store::{CollectionId, ObjectName, Precondition, Put};
/// # fn example(calendar: CollectionId, body: String) -> Result<Put, cal_store::Error> {
/// let put = Put::new(calendar, ObjectName::new("standup.ics")?, body)
///     .with_precondition(Precondition::Absent);
/// # Ok(put) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Put {
    /// Where.
    pub collection: CollectionId,
    /// Under which name.
    pub name: ObjectName,
    /// The bytes, which are kept as they are.
    pub body: Bytes,
    /// The media type.
    pub content_type: ContentType,
    /// What must be true of what is there.
    pub precondition: Precondition,
    /// The schedule tag, of scheduling objects.
    pub schedule_tag: Option<ScheduleTag>,
    /// Properties in place of those that the object has; `None` keeps them.
    pub properties: Option<Properties>,
    /// A hold of the calendar of which the object makes use.
    pub hold: Option<HoldToken>,
}

impl Put {
    /// Whatever is there, store iCalendar text under this name.
    #[must_use]
    pub fn new(collection: CollectionId, name: ObjectName, body: impl Into<Bytes>) -> Self {
        Self {
            collection,
            name,
            body: body.into(),
            content_type: ContentType::calendar(),
            precondition: Precondition::None,
            schedule_tag: None,
            properties: None,
            hold: None,
        }
    }

    /// Only if this is true of what is there.
    #[must_use]
    pub fn with_precondition(mut self, precondition: Precondition) -> Self {
        self.precondition = precondition;
        self
    }

    /// Of this media type.
    #[must_use]
    pub fn with_content_type(mut self, content_type: ContentType) -> Self {
        self.content_type = content_type;
        self
    }

    /// With this schedule tag.
    #[must_use]
    pub const fn with_schedule_tag(mut self, tag: ScheduleTag) -> Self {
        self.schedule_tag = Some(tag);
        self
    }

    /// With these properties in place of those that the object has.
    #[must_use]
    pub fn with_properties(mut self, properties: Properties) -> Self {
        self.properties = Some(properties);
        self
    }

    /// In the time that this hold has kept free, which ends with it.
    #[must_use]
    pub const fn with_hold(mut self, token: HoldToken) -> Self {
        self.hold = Some(token);
        self
    }
}

/// An object to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delete {
    /// Where.
    pub collection: CollectionId,
    /// Under which name.
    pub name: ObjectName,
    /// What must be true of it, besides being there.
    pub precondition: Precondition,
}

impl Delete {
    /// Delete the object of this name in whatever version it is.
    #[must_use]
    pub const fn new(collection: CollectionId, name: ObjectName) -> Self {
        Self {
            collection,
            name,
            precondition: Precondition::None,
        }
    }

    /// Only if this is true of it.
    #[must_use]
    pub fn with_precondition(mut self, precondition: Precondition) -> Self {
        self.precondition = precondition;
        self
    }
}

/// One of several changes that happen together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Store an object.
    Put(Put),
    /// Delete an object.
    Delete(Delete),
    /// Enqueue a job, which is there if, and as soon as, the rest has happened.
    Enqueue(NewJob),
    /// End an attempt at a job, whose work is the rest: it is done once, and
    /// not at all by a worker that has lost its lease.
    Settle(Lease, JobOutcome),
}

impl From<Put> for Edit {
    fn from(put: Put) -> Self {
        Self::Put(put)
    }
}

impl From<NewJob> for Edit {
    fn from(job: NewJob) -> Self {
        Self::Enqueue(job)
    }
}

impl From<Delete> for Edit {
    fn from(delete: Delete) -> Self {
        Self::Delete(delete)
    }
}

/// What storing an object did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Whether the object is new, changed, or was already so.
    pub effect: Effect,
    /// The version of its bytes.
    pub etag: ETag,
    /// Where the log of its collection stood right after.
    pub token: SyncToken,
}

/// What one [`Edit`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The object was stored.
    Stored(Stored),
    /// The object was deleted; the log of its collection stood here right after.
    Deleted(SyncToken),
    /// The queue of jobs was changed, or already so.
    Job(Effect),
}
