//! What was odd about the objects that were expanded.

use std::fmt;

use crate::{Component, Rule};

/// Something that was understood although it is odd, in one component.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExpansionWarning {
    /// Line of the component's BEGIN, from 1.
    pub line: u32,
    /// The component's UID, if it has one.
    pub uid: Option<Box<str>>,
    /// What is odd.
    pub oddity: Oddity,
}

/// What can be odd about a component that is expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// Nothing is known of the zone; the caller's zone was used.
    UnknownZone(Box<str>),
    /// The zone was guessed from its name.
    GuessedZone(Box<str>),
    /// The override replaces no instance of its series; it is an additional one.
    OrphanOverride,
    /// The override has a rule or dates of its own, which count for nothing.
    RecurringOverride,
    /// Another component of the same UID, or for the same instance, has a
    /// higher SEQUENCE or the same content; this one counts for nothing.
    Superseded,
    /// A rule of the format is broken and was mended.
    Mended(Rule),
    /// Part of a recurrence rule is invalid and was left out.
    InvalidRule(Box<str>),
}

impl ExpansionWarning {
    pub(super) fn new(component: Component<'_>, oddity: Oddity) -> Self {
        Self {
            line: component.line(),
            uid: component.uid().map(|uid| uid.as_ref().into()),
            oddity,
        }
    }
}

impl fmt::Display for ExpansionWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.oddity {
            Oddity::UnknownZone(tzid) => write!(f, "time zone {tzid:?} is unknown"),
            Oddity::GuessedZone(tzid) => write!(f, "time zone {tzid:?} was guessed by its name"),
            Oddity::OrphanOverride => {
                f.write_str("this override replaces no instance of its series")
            }
            Oddity::RecurringOverride => {
                f.write_str("recurrence properties of an override are ignored")
            }
            Oddity::Superseded => {
                f.write_str("superseded by a component with a higher SEQUENCE or the same content")
            }
            Oddity::Mended(rule) => write!(f, "{rule}"),
            Oddity::InvalidRule(problem) => write!(f, "in a recurrence rule: {problem}"),
        }
    }
}
