//! Objects: bytes exactly as received, and what is known about them.

use bytes::Bytes;

use crate::{
    Category, CollectionId, ComponentKind, ContentType, CurrentVersion, ETag, Error, ObjectName,
    ReminderMark, ScheduleTag, Span, Timestamp, Uid, Words,
};

/// What a listing tells about an object, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its name in its collection.
    pub name: ObjectName,
    /// The version of its bytes.
    pub etag: ETag,
    /// The version that scheduling cares about, of scheduling objects.
    pub schedule_tag: Option<ScheduleTag>,
    /// The media type it was stored with.
    pub content_type: ContentType,
    /// The number of its bytes.
    pub size: u64,
    /// When it was first stored under this name.
    pub created: Timestamp,
    /// When its bytes last changed.
    pub modified: Timestamp,
    /// The sequence of its last change in the log of its collection.
    pub sequence: u64,
    /// What kind of calendar object it is; `None` for any other file.
    pub component: Option<ComponentKind>,
}

impl Entry {
    /// An entry of this name and version, with nothing else known yet: for
    /// backends, which fill in the rest.
    #[must_use]
    pub const fn new(name: ObjectName, etag: ETag) -> Self {
        Self {
            name,
            etag,
            schedule_tag: None,
            content_type: ContentType::calendar(),
            size: 0,
            created: Timestamp::from_millis(0),
            modified: Timestamp::from_millis(0),
            sequence: 0,
            component: None,
        }
    }

    /// What a [precondition](crate::Precondition) is held against.
    #[must_use]
    pub const fn version(&self) -> CurrentVersion {
        CurrentVersion {
            etag: self.etag,
            schedule_tag: self.schedule_tag,
        }
    }
}

/// An object: its entry and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What is known about it.
    pub entry: Entry,
    /// The bytes, exactly as received.
    pub body: Bytes,
}

/// What a backend indexes of a calendar object; derived from its bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct IndexRow {
    /// The UID that all its components share.
    pub uid: Uid,
    /// The kind that all its components share.
    pub component: ComponentKind,
    /// Where its occurrences lie.
    pub span: Span,
    /// Whether there is a rule or a list of dates.
    pub recurrence: Recurrence,
    /// The words that it is found by.
    pub words: Words,
    /// Its categories, each once, in order.
    pub categories: Vec<Category>,
    /// When it reminds people, each time once, in order.
    pub reminders: Vec<ReminderMark>,
}

impl IndexRow {
    /// The row of an object with this UID and kind, somewhere in time, once.
    #[must_use]
    pub fn new(uid: Uid, component: ComponentKind) -> Self {
        Self {
            uid,
            component,
            span: Span::ALWAYS,
            recurrence: Recurrence::Once,
            words: Words::default(),
            categories: Vec::new(),
            reminders: Vec::new(),
        }
    }

    /// Whether an object of this row may replace one with the UID `held`: the
    /// check that every backend makes. Nothing, and what has no UID, may
    /// always be replaced.
    ///
    /// # Errors
    ///
    /// [`Error::OtherUid`] for another UID (RFC 4791 5.3.2.1).
    pub fn replaces(&self, held: Option<&Uid>) -> Result<(), Error> {
        match held.filter(|held| **held != self.uid) {
            Some(held) => Err(Error::OtherUid { held: held.clone() }),
            None => Ok(()),
        }
    }

    /// With occurrences only within this span.
    #[must_use]
    pub const fn with_span(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// Recurring or not.
    #[must_use]
    pub const fn with_recurrence(mut self, recurrence: Recurrence) -> Self {
        self.recurrence = recurrence;
        self
    }
}

/// Whether an object happens once or is a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Recurrence {
    /// Once.
    Once,
    /// By a rule, by listed dates, or with overridden instances.
    Series,
}

/// A question for the objects of a calendar that may have something in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpanQuery {
    /// The calendar.
    pub collection: CollectionId,
    /// The window.
    pub window: Span,
    /// Only this kind, or any.
    pub component: Option<ComponentKind>,
}

impl SpanQuery {
    /// All kinds of objects of `collection` that may have something in `window`.
    #[must_use]
    pub fn new(collection: CollectionId, window: impl Into<Span>) -> Self {
        Self {
            collection,
            window: window.into(),
            component: None,
        }
    }

    /// Only objects of this kind.
    #[must_use]
    pub const fn with_component(mut self, component: ComponentKind) -> Self {
        self.component = Some(component);
        self
    }
}
