//! What can go wrong when a calendar is read strictly, asked or edited.

use crate::{Fault, ValueType};

/// Why a strict reading, a typed value or an edit did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text breaks a rule of the format at a known place.
    #[error("{0}")]
    Fault(Fault),
    /// A text on its own (not read from a calendar) is not a value of this type.
    #[error("not a value of type {value_type}: {text:?}")]
    Value {
        /// The type that was asked for.
        value_type: ValueType,
        /// The offending text, cut to a few dozen bytes.
        text: Box<str>,
    },
    /// A property that the question needs is not there.
    #[error("this {component} has no {property}")]
    Missing {
        /// The component that was asked.
        component: Box<str>,
        /// The property it lacks.
        property: &'static str,
    },
    /// The calendar holds no such component.
    #[error("no component with UID {uid:?}")]
    UnknownUid {
        /// The UID that was looked for.
        uid: Box<str>,
    },
    /// A text is not jCal.
    #[error("at {place}: {reason}")]
    Jcal {
        /// Line and column of what is not JSON, or the path to what is not jCal.
        place: Box<str>,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A text is not xCal.
    #[error("at {place}: {reason}")]
    Xcal {
        /// Line and column of what is not XML or not xCal.
        place: Box<str>,
        /// What is wrong there, cut to a few dozen bytes.
        reason: Box<str>,
    },
    /// A text is not JSCalendar.
    #[error("at {place}: {reason}")]
    JsCalendar {
        /// Line and column of what is not JSON, or the path to what is not JSCalendar.
        place: Box<str>,
        /// What is wrong there.
        reason: &'static str,
    },
    /// Another library refuses the calendar.
    #[error("the {by} crate refuses it: {reason}")]
    Refused {
        /// The library.
        by: &'static str,
        /// What it says, cut to a few dozen bytes.
        reason: Box<str>,
    },
    /// There is no VCALENDAR to add a component to.
    #[error("there is no VCALENDAR")]
    NoCalendar,
    /// A text that is to be added holds no component.
    #[error("the text holds no component")]
    NoComponent,
    /// A name is not made of letters, digits and hyphens.
    #[error("not a name: {name:?}")]
    Name {
        /// The offending name, cut to a few dozen bytes.
        name: Box<str>,
    },
    /// An override for all later instances would need exceptions of its own.
    #[error("an override of {uid:?} holds for all later instances and cannot have exceptions")]
    RangedOverride {
        /// The object's UID.
        uid: Box<str>,
    },
    /// The recurrence of an object cannot be worked out any further.
    #[error("recurrence of {uid:?}: {source}")]
    Recurrence {
        /// The object's UID.
        uid: Box<str>,
        /// What stopped it.
        source: cal_rrule::Error,
    },
    /// A component has more recurrence rules than are worked out.
    #[error("a component of {uid:?} has more than {limit} recurrence rules")]
    RuleLimit {
        /// The object's UID.
        uid: Box<str>,
        /// How many RRULEs, and how many EXRULEs, a component may have.
        limit: usize,
    },
    /// An object has more alarms, at more occurrences, than are looked at.
    #[error("the alarms of {uid:?} may go off at more than {limit} times around the window")]
    AlarmLimit {
        /// The object's UID.
        uid: Box<str>,
        /// How many times were looked at.
        limit: usize,
    },
    /// A calendar with its recurrences written out takes more memory than is allowed.
    #[error("written out the recurrences take more than {limit} bytes")]
    ExpandedLimit {
        /// How many bytes are allowed.
        limit: usize,
    },
    /// An object has more occurrences in the window than were allowed.
    #[error("{uid:?} occurs more than {limit} times in the window")]
    OccurrenceLimit {
        /// The object's UID.
        uid: Box<str>,
        /// How many occurrences were allowed.
        limit: usize,
    },
}

impl Error {
    /// The located fault, if this error has a place in a text.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Error::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    pub(crate) fn value(value_type: ValueType, text: &str) -> Self {
        Error::Value {
            value_type,
            text: crate::fault::quoted(text.as_bytes()),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Fault(fault)
    }
}
