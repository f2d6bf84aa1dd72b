//! VALARM (RFC 5545 3.6.6) with the additions of RFC 9074.

use std::borrow::Cow;

use super::fields::capitals;
use crate::{Component, Duration, Error, Moment, PropertyKind, ValueType};

super::view! {
    /// An alarm: one VALARM inside an event or to-do.
    Alarm
}

/// When an alarm goes off.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// So long after the start (before it, if negative).
    FromStart(Duration),
    /// So long after the end (before it, if negative).
    FromEnd(Duration),
    /// At a moment.
    At(Moment),
}

impl<'a> Alarm<'a> {
    /// The view of a component, if it is a VALARM.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == crate::ComponentKind::Alarm).then(|| Alarm::new(component))
    }

    /// `ACTION` in capitals; DISPLAY where there is none.
    #[must_use]
    pub fn action(&self) -> Cow<'a, str> {
        self.text(PropertyKind::Action)
            .map_or(Cow::Borrowed("DISPLAY"), capitals)
    }

    /// `TRIGGER`.
    ///
    /// # Errors
    /// If there is none or it is neither duration nor date-time.
    pub fn trigger(&self) -> Result<Trigger, Error> {
        let property = self.required(PropertyKind::Trigger)?;
        if property.value_type() == ValueType::DateTime {
            return property.moment().map(Trigger::At);
        }
        match property.duration() {
            Ok(duration) => {
                let related = property.parameter("RELATED");
                let from_end = related.is_some_and(|edge| edge.eq_ignore_ascii_case("END"));
                Ok(if from_end {
                    Trigger::FromEnd(duration)
                } else {
                    Trigger::FromStart(duration)
                })
            }
            Err(error) => property.moment().map(Trigger::At).map_err(|_| error),
        }
    }

    /// `REPEAT`: how often it goes off again.
    #[must_use]
    pub fn repeat(&self) -> u32 {
        let count = self
            .first(PropertyKind::Repeat)
            .and_then(|found| found.integer().ok());
        count
            .and_then(|count| u32::try_from(count).ok())
            .unwrap_or(0)
    }

    /// `DURATION`: how long it waits before it goes off again.
    ///
    /// # Errors
    /// If it is not a duration.
    pub fn repeat_after(&self) -> Result<Option<Duration>, Error> {
        self.first(PropertyKind::Duration)
            .map(|property| property.duration())
            .transpose()
    }

    /// `ACKNOWLEDGED` (RFC 9074): when it was last dismissed.
    ///
    /// # Errors
    /// If it is not a date-time.
    pub fn acknowledged(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::Acknowledged)
    }

    /// `PROXIMITY` (RFC 9074) in capitals: ARRIVE, DEPART, CONNECT or
    /// DISCONNECT, where the alarm waits for a place rather than a time. The
    /// places are its [`Component::places`].
    #[must_use]
    pub fn proximity(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Proximity).map(capitals)
    }

    /// The UID of the alarm that this one postpones (`RELATED-TO` with
    /// `RELTYPE=SNOOZE`, RFC 9074 8.1).
    #[must_use]
    pub fn snoozes(&self) -> Option<Cow<'a, str>> {
        self.relations()
            .find(|relation| relation.kind() == "SNOOZE")
            .map(|relation| relation.target())
    }
}
