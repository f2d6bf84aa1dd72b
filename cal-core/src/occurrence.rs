//! Occurrences: what is on when, with rules, overrides and exceptions applied
//! (RFC 5545 3.8.5).

mod availability;
mod base;
mod expanded;
mod expansion;
mod instances;
mod key;
mod merged;
mod overlap;
mod periods;
mod plain;
mod plan;
mod reach;
mod rows;
mod series;
mod times;
mod trigger;
mod walk;
mod warning;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};

pub use expansion::{Expansion, Occurrences};
pub(crate) use instances::{Instance, Instances, Shown};
pub(crate) use key::Key;
pub use merged::Agenda;
pub use times::{OccurrenceRun, OccurrenceTime};
pub use warning::{ExpansionWarning, Oddity};

use crate::{Calendar, Component, Moment, Window, ZoneRules};
use plan::{Placed, Plan};

/// One instance of an event, to-do or journal entry.
///
/// ```
/// use cal_core::{Calendar, Window};
///
/// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:stand-up\n\
///     DTSTART;TZID=Europe/Berlin:20260327T090000\nDURATION:PT15M\n\
///     RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260328\nEND:VEVENT\nEND:VCALENDAR\n";
/// let calendar = Calendar::read(text).calendar;
/// let starts: Vec<String> = calendar
///     .occurrences(&Window::ALL, chrono_tz::Europe::Berlin)
///     .map(|occurrence| Ok(occurrence?.start_utc().to_rfc3339()))
///     .collect::<Result<_, cal_core::Error>>()?;
/// assert_eq!(starts, ["2026-03-27T08:00:00+00:00", "2026-03-29T07:00:00+00:00"]);
/// # Ok::<(), cal_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Occurrence<'a> {
    plan: Arc<Plan<'a>>,
    placed: Placed,
    /// The original start on the clock of the series.
    instance: NaiveDateTime,
}

impl<'a> Occurrence<'a> {
    fn new(plan: &Arc<Plan<'a>>, placed: Placed, instance: NaiveDateTime) -> Self {
        Self {
            plan: Arc::clone(plan),
            placed,
            instance,
        }
    }

    /// The component that says what happens: the series itself, or the
    /// override for this instance.
    #[must_use]
    pub fn component(&self) -> Component<'a> {
        self.plan.component
    }

    /// The UID of its object, as [`Object::uid`](crate::Object::uid) has it.
    #[must_use]
    pub fn uid(&self) -> &str {
        &self.plan.uid
    }

    /// When it begins, in the form and zone in which the component has it. Of
    /// a to-do that only has a DUE, that.
    #[must_use]
    pub fn start(&self) -> Moment {
        self.plan.start.at_local(self.placed.local)
    }

    /// When it ends, exclusively; the start for something without length.
    #[must_use]
    pub fn end(&self) -> Moment {
        self.plan.end_of(&self.placed)
    }

    /// The instant at which it begins. Dates and floating times are taken in
    /// the zone that the caller named.
    #[must_use]
    pub fn start_utc(&self) -> DateTime<Utc> {
        self.placed.start.and_utc()
    }

    /// The instant at which it ends, exclusively; not before the start.
    #[must_use]
    pub fn end_utc(&self) -> DateTime<Utc> {
        self.placed.end.and_utc()
    }

    /// Which instance of its series it is: the original start, in the form
    /// and zone of the series. `None` for what does not recur.
    #[must_use]
    pub fn recurrence_id(&self) -> Option<Moment> {
        let series = self.plan.series.as_ref()?;
        Some(series.at_local(self.instance))
    }

    /// Whether it takes whole days.
    #[must_use]
    pub fn is_all_day(&self) -> bool {
        self.plan.is_all_day()
    }

    /// Whether an override says what happens, and not the series itself.
    #[must_use]
    pub fn is_override(&self) -> bool {
        self.plan.component.is_override()
    }
}

impl fmt::Debug for Occurrence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Occurrence")
            .field("component", &self.plan.component)
            .field("start", &self.start())
            .field("end", &self.end())
            .field("recurrence_id", &self.recurrence_id())
            .finish()
    }
}

impl Calendar {
    /// Everything that is on in the window, UID after UID in the order of the
    /// text, in order of start within a UID.
    ///
    /// Dates and floating times are taken in `zone`, as are times in zones
    /// that nothing is known of. What begins before the window and still runs
    /// belongs to it. See [`Expansion`] for limits and warnings, and
    /// [`Occurrences::by_start`] for one order over all.
    pub fn occurrences(&self, window: &Window, zone: impl Into<ZoneRules>) -> Occurrences<'_> {
        Expansion::of(self).in_zone(zone).into_occurrences(window)
    }
}
