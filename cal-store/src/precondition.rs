//! Conditions on what is there before a write, checked inside its transaction.

use crate::{ETag, Error, ScheduleTag};

/// What must be true of an object at the moment it is written.
///
/// ```
/// use cal_store::{ETag, Precondition};
///
/// let held = ETag::of(b"the version I edited");
/// let unchanged = Precondition::Matches(vec![held]);
/// # let _ = unchanged;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Precondition {
    /// Whatever is there.
    #[default]
    None,
    /// Nothing has this name (`If-None-Match: *`).
    Absent,
    /// Something has this name (`If-Match: *`).
    Present,
    /// The object is there in one of these versions (`If-Match: "a", "b"`).
    ///
    /// An empty list, for example of tags that none of our objects can have,
    /// is never met.
    Matches(Vec<ETag>),
    /// The object is in none of these versions, or not there (`If-None-Match: "a"`).
    Differs(Vec<ETag>),
    /// The object is there with this schedule tag (`If-Schedule-Tag-Match`).
    ScheduleTag(ScheduleTag),
    /// All of these.
    All(Vec<Precondition>),
    /// At least one of these; never met by none.
    Any(Vec<Precondition>),
    /// Not this.
    Not(Box<Precondition>),
}

/// The version of an object that a [`Precondition`] is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentVersion {
    /// The entity tag.
    pub etag: ETag,
    /// The schedule tag, of scheduling objects.
    pub schedule_tag: Option<ScheduleTag>,
}

impl Precondition {
    /// Holds the condition against what is there: the check that every backend makes.
    ///
    /// # Errors
    ///
    /// [`Error::PreconditionFailed`] with the current ETag.
    pub fn check(&self, current: Option<CurrentVersion>) -> Result<(), Error> {
        if self.is_met(current) {
            Ok(())
        } else {
            Err(Error::PreconditionFailed {
                current: current.map(|version| version.etag),
            })
        }
    }

    /// Met where this and another are.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, one) | (one, Self::None) => one,
            (one, other) => Self::All(vec![one, other]),
        }
    }

    fn is_met(&self, current: Option<CurrentVersion>) -> bool {
        match self {
            Self::None => true,
            Self::Absent => current.is_none(),
            Self::Present => current.is_some(),
            Self::Matches(etags) => current.is_some_and(|now| etags.contains(&now.etag)),
            Self::Differs(etags) => current.is_none_or(|now| !etags.contains(&now.etag)),
            Self::ScheduleTag(tag) => current.is_some_and(|now| now.schedule_tag == Some(*tag)),
            Self::All(conditions) => conditions.iter().all(|each| each.is_met(current)),
            Self::Any(conditions) => conditions.iter().any(|each| each.is_met(current)),
            Self::Not(condition) => !condition.is_met(current),
        }
    }
}
