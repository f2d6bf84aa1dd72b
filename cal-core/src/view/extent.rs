//! From when to when: the end that DTEND, DUE, DURATION or the defaults of RFC 5545 3.6.1 give.

use crate::{Component, Duration, Error, Moment, PropertyKind, Rule};

/// Start and length of an event or to-do, after the rules for missing and contradicting ends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extent {
    /// When it begins.
    pub start: Moment,
    /// How long it lasts.
    pub length: Length,
    /// The rule that the text breaks and that was mended here, if any.
    pub mended: Option<Rule>,
}

/// The length of an [`Extent`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length {
    /// Until a moment, exclusively.
    Until(Moment),
    /// For a time from the start.
    For(Duration),
}

impl Extent {
    /// When it ends, exclusively. A duration is added on the wall clock, which
    /// for a zoned start is exact unless the clock changes in its last hours.
    #[must_use]
    pub fn end(&self) -> Moment {
        match &self.length {
            Length::Until(end) => end.clone(),
            Length::For(length) => self
                .start
                .shifted(length.to_time_delta())
                .unwrap_or_else(|| self.start.clone()),
        }
    }

    /// The extent of a component whose end is in `end_kind` (DTEND or DUE).
    pub(crate) fn of(component: &Component<'_>, end_kind: PropertyKind) -> Result<Extent, Error> {
        let start = component.required(PropertyKind::DtStart)?.moment()?;
        let end = component.first(end_kind);
        let duration = component.first(PropertyKind::Duration);
        let both = (end.is_some() && duration.is_some()).then_some(Rule::EndAndDuration);
        let default = Length::For(default_length(&start));
        let (length, mended) = if let Some(end) = end {
            match end.moment() {
                Ok(end) => until(&start, end),
                Err(_) => (default, Some(Rule::BadDateTime)),
            }
        } else if let Some(duration) = duration {
            match duration.duration() {
                Ok(length) => lasting(&start, length),
                Err(_) => (default, Some(Rule::BadDuration)),
            }
        } else {
            (default, None)
        };
        Ok(Extent {
            start,
            length,
            mended: both.or(mended),
        })
    }
}

/// RFC 5545 3.6.1: a day for a date, no time at all for a date-time.
fn default_length(start: &Moment) -> Duration {
    if start.is_date() {
        Duration::from_days(1)
    } else {
        Duration::ZERO
    }
}

fn until(start: &Moment, end: Moment) -> (Length, Option<Rule>) {
    if start.is_date() {
        let length = end.date().signed_duration_since(start.date()).num_days();
        let mended = if length < 1 {
            Some(Rule::EndBeforeStart)
        } else {
            (!end.is_date()).then_some(Rule::EndTypeDiffers)
        };
        return (Length::For(Duration::from_days(length.max(1))), mended);
    }
    if end.is_date() {
        // A date as the end of a timed event: up to the beginning of that day.
        let end = start.at_local(end.local());
        if end.local() <= start.local() {
            return (Length::For(Duration::ZERO), Some(Rule::EndTypeDiffers));
        }
        return (Length::Until(end), Some(Rule::EndTypeDiffers));
    }
    // Clocks of different zones say nothing about which is earlier.
    if start.tzid() == end.tzid() && start.is_utc() == end.is_utc() && end.local() < start.local() {
        return (Length::For(Duration::ZERO), Some(Rule::EndBeforeStart));
    }
    (Length::Until(end), None)
}

fn lasting(start: &Moment, length: Duration) -> (Length, Option<Rule>) {
    if length.is_negative() {
        return (
            Length::For(default_length(start)),
            Some(Rule::EndBeforeStart),
        );
    }
    if !start.is_date() {
        return (Length::For(length), None);
    }
    let days = length.days() + (length.seconds() + 86_399) / 86_400;
    let mended = if days < 1 {
        Some(Rule::EndBeforeStart)
    } else {
        (length.seconds() != 0).then_some(Rule::EndTypeDiffers)
    };
    (Length::For(Duration::from_days(days.max(1))), mended)
}
