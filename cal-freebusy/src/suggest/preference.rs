//! What people like.

use chrono::{TimeDelta, Weekday};

use crate::disjoint::joined;
use crate::wall_clock::{WallClock, later, utc};
use crate::working_hours::days_of;
use crate::{Interval, TimeOfDay};

/// A time that someone likes for a meeting or would rather avoid, in their own
/// zone.
///
/// ```
/// use cal_freebusy::Preference;
/// use chrono::Weekday;
///
/// let morning = Preference::liking("morning", "08:00-12:00".parse()?);
/// let friday = Preference::avoiding("Friday meetings are often cancelled", "00:00-24:00".parse()?)
///     .on(&[Weekday::Fri])
///     .with_strength(0.8);
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Preference {
    note: String,
    time: TimeOfDay,
    /// Empty for all of them.
    weekdays: Vec<Weekday>,
    /// From -1, to be avoided, to 1.
    strength: f64,
}

impl Preference {
    /// Likes meetings that lie wholly in a time of the day. The note is what
    /// reasons say.
    #[must_use]
    pub fn liking(note: impl Into<String>, time: TimeOfDay) -> Self {
        Self {
            note: note.into(),
            time,
            weekdays: Vec::new(),
            strength: 1.0,
        }
    }

    /// Would rather not meet at a time of the day, not even in part.
    #[must_use]
    pub fn avoiding(note: impl Into<String>, time: TimeOfDay) -> Self {
        Self {
            strength: -1.0,
            ..Self::liking(note, time)
        }
    }

    /// Limits it to some days of the week.
    #[must_use]
    pub fn on(mut self, weekdays: &[Weekday]) -> Self {
        self.weekdays = weekdays.to_vec();
        self
    }

    /// Sets how strong it is, between 0 and 1; it is 1 if not said. What is not
    /// a number counts as 0.
    #[must_use]
    pub fn with_strength(mut self, strength: f64) -> Self {
        let strength = if strength.is_nan() { 0.0 } else { strength };
        self.strength = self.strength.signum() * strength.clamp(0.0, 1.0);
        self
    }

    /// When it applies within a window.
    pub(super) fn within(&self, clock: &WallClock, window: &Interval) -> Liking<'_> {
        // What reaches over the border of the window is not to be cut there.
        let margin = TimeDelta::days(1);
        let around = Interval::new(later(window.start(), -margin), later(window.end(), margin));
        let days = days_of(clock, &around)
            .filter(|(weekday, _)| self.weekdays.is_empty() || self.weekdays.contains(weekday));
        let (from, to) = self.time.seconds();
        let times = days.map(|(_, midnight)| {
            let instant = |local| utc(clock.to_utc(midnight + local));
            Interval::new(instant(from), instant(to))
        });
        Liking {
            note: &self.note,
            strength: self.strength,
            times: joined(times.collect(), &around),
        }
    }
}

/// A preference put on the time line.
#[derive(Clone, Debug)]
pub(super) struct Liking<'r> {
    pub(super) note: &'r str,
    pub(super) strength: f64,
    times: Vec<Interval>,
}

impl Liking<'_> {
    /// Whether it is about this slot: one that is liked lies wholly in it, one
    /// that is avoided touches it.
    pub(super) fn is_about(&self, slot: &Interval) -> bool {
        let next = self
            .times
            .partition_point(|time| time.end() <= slot.start());
        self.times.get(next).is_some_and(|time| {
            if self.strength > 0.0 {
                time.start() <= slot.start() && slot.end() <= time.end()
            } else {
                time.overlaps(slot)
            }
        })
    }
}
