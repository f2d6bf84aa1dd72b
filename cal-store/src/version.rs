//! History: the versions of an object, with who made and who ended them.

use bytes::Bytes;

use crate::{Cause, ContentType, ETag};

/// The number of a version: the sequence of the change that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionId(u64);

impl VersionId {
    /// The version made by the change of this sequence.
    #[must_use]
    pub const fn new(sequence: u64) -> Self {
        Self(sequence)
    }

    /// The sequence of the change that made it.
    #[must_use]
    pub const fn sequence(self) -> u64 {
        self.0
    }
}

/// A version of an object, current or past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number in the history of its name.
    pub id: VersionId,
    /// The version of the bytes.
    pub etag: ETag,
    /// The media type it was stored with.
    pub content_type: ContentType,
    /// The number of its bytes.
    pub size: u64,
    /// Who made it, how and when.
    pub made: Cause,
    /// How it ended; `None` for the current version.
    pub ended: Option<Ending>,
}

/// How a version ceased to be the current one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Ending {
    /// Whether another version took its place or the object was deleted.
    pub kind: EndingKind,
    /// Who ended it, how and when.
    pub cause: Cause,
}

/// Whether a version was replaced or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum EndingKind {
    /// Another version took its place.
    Replaced,
    /// The object was deleted or moved away.
    Deleted,
}

/// A version with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionBody {
    /// The version.
    pub version: Version,
    /// Its bytes, exactly as received.
    pub body: Bytes,
}
