//! Why an edit cannot be made.

use crate::Error;

/// Why a series cannot be edited as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The calendar holds no object, or several.
    #[error("the calendar does not hold exactly one object")]
    NotOneObject,
    /// The series has no such instance.
    #[error("there is no such instance")]
    NoSuchInstance,
    /// The object has more overrides than are edited at once.
    #[error("more than {limit} overrides")]
    TooManyOverrides {
        /// How many may be.
        limit: usize,
    },
    /// Only overrides are there (an invitation to single instances, say): there
    /// is no series to edit.
    #[error("the series itself is not there")]
    NoMaster,
    /// The property has a meaning that this edit keeps up by itself, such as
    /// UID, RECURRENCE-ID or SEQUENCE, or has a method of its own, such as DTSTART.
    #[error("{0} cannot be set as a plain property")]
    ReservedProperty(Box<str>),
    /// One instance cannot have a recurrence rule.
    #[error("one instance cannot have a recurrence rule")]
    RuleOfOneInstance,
    /// A series with several rules, or with rules that exclude, cannot be cut
    /// in two: each counts from the one start.
    #[error("a series with several rules cannot be cut in two")]
    SeveralRules,
    /// The rule cannot say the same at the new times (the second Tuesday as a
    /// Wednesday, say), or an override would lose its instance: a new rule is needed.
    #[error("the recurrence rule cannot follow this move")]
    RuleCannotFollow,
    /// A date became a time or a time a date, and nothing says how long it lasts now.
    #[error("a new kind of start needs a new end")]
    EndNeeded,
    /// The start, or the recurrence, cannot be read or worked out.
    #[error(transparent)]
    Unreadable(#[from] Error),
}
