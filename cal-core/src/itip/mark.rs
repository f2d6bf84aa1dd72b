//! What is remembered of answers, and which of two revisions is the later.

use chrono::NaiveDateTime;

use crate::{Component, Moment, NewProperty, Person};

/// Parameter of an ATTENDEE: the last answer that counted.
pub(super) const REPLY: &str = "X-CAL-REPLY";

/// Parameter of an EXDATE: the attendee took the instance out, which was then.
pub(super) const DECLINED: &str = "X-CAL-DECLINED";

/// What orders messages about one component (RFC 5546 2.1.5): SEQUENCE, then
/// DTSTAMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Revision {
    pub(super) sequence: i32,
    pub(super) stamp: Option<NaiveDateTime>,
}

impl Revision {
    pub(super) fn of(component: Component<'_>) -> Self {
        Self {
            sequence: component.sequence(),
            stamp: stamp(component),
        }
    }

    /// The mark of an attendee; without one anything is later.
    pub(super) fn marked(person: &Person<'_>) -> Self {
        let mark = person.property().parameter(REPLY);
        let parsed = mark.as_deref().and_then(|mark| {
            let (sequence, stamp) = mark.split_once('/')?;
            Some(Self {
                sequence: sequence.parse().ok()?,
                stamp: Moment::parse(stamp, None).ok().map(|stamp| stamp.local()),
            })
        });
        parsed.unwrap_or(Self {
            sequence: i32::MIN,
            stamp: None,
        })
    }

    /// The attendee with this mark.
    pub(super) fn mark(self, attendee: NewProperty) -> NewProperty {
        let stamp = self.stamp.map(|stamp| Moment::Utc(stamp).to_value());
        let value = format!("{}/{}", self.sequence, stamp.unwrap_or_default());
        attendee.with_parameter(REPLY, &value)
    }
}

/// DTSTAMP, in UTC.
pub(super) fn stamp(component: Component<'_>) -> Option<NaiveDateTime> {
    let stamp = component.stamp().ok().flatten();
    stamp.map(|stamp| stamp.local())
}

/// An instance that an attendee took out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declined {
    /// DTSTAMP of what the organizer had said of it.
    pub(super) stamp: Option<NaiveDateTime>,
    /// When it was to be.
    pub(super) timing: String,
}

impl Declined {
    /// The value of the parameter.
    pub(super) fn to_value(&self) -> String {
        let stamp = self.stamp.map(|stamp| Moment::Utc(stamp).to_value());
        format!("{}/{}", stamp.unwrap_or_default(), self.timing)
    }

    pub(super) fn parse(value: &str) -> Self {
        let (stamp, timing) = value.split_once('/').unwrap_or_default();
        Self {
            stamp: Moment::parse(stamp, None).ok().map(|stamp| stamp.local()),
            timing: timing.to_owned(),
        }
    }
}
