//! When someone, or several people together, are busy and free.

use std::ops::{BitAnd, BitOr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{BusyTimes, Interval, Schedule, SlotSet};

/// Exact busy and free time within one window.
///
/// `a | b` is busy when either is: the free time that both have. `a & b` is
/// busy when both are: the time in which nobody is free. Either way nothing is
/// known outside of the time that the two windows share, which becomes the new
/// window.
///
/// ```
/// use cal_core::Calendar;
/// use cal_freebusy::{Availability, Schedule};
/// use chrono::Duration;
/// use chrono_tz::Europe::{Berlin, London};
///
/// let standup: Calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n\
///     BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nRRULE:FREQ=DAILY\r\n\
///     DTSTART;TZID=Europe/Berlin:20260105T093000\r\nDURATION:PT30M\r\n\
///     END:VEVENT\r\nEND:VCALENDAR\r\n".parse()?;
/// let ada = Schedule::new(Berlin).with_calendar(&standup);
/// let bob = Schedule::new(London);
/// let morning = "20260302T080000Z/PT4H".parse()?;
/// let busy = Availability::of(&ada, &morning) | Availability::of(&bob, &morning);
/// let slot = busy.free_slots(Duration::hours(1)).next().unwrap();
/// assert_eq!(slot.to_string(), "20260302T090000Z/20260302T120000Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    window: Interval,
    busy: BusyTimes,
    faults: Vec<cal_core::Error>,
}

impl Availability {
    /// When the owner of these calendars is busy within `window`.
    ///
    /// An event that cannot be expanded takes no time and is named in
    /// [`faults`](Self::faults); all others count.
    #[must_use]
    pub fn of(schedule: &Schedule<'_>, window: &Interval) -> Self {
        let (times, faults) = schedule.busy_times(window);
        let busy: BusyTimes = times.into_iter().collect();
        Self {
            window: *window,
            busy: busy.within(window),
            faults,
        }
    }

    /// The window that it is about.
    #[must_use]
    pub fn window(&self) -> &Interval {
        &self.window
    }

    /// The busy times, cut at the borders of the window.
    #[must_use]
    pub fn busy(&self) -> &BusyTimes {
        &self.busy
    }

    /// What could not be made sense of and so takes no time. For the owner of
    /// the calendars only: these name events and quote them.
    #[must_use]
    pub fn faults(&self) -> &[cal_core::Error] {
        &self.faults
    }

    /// The free times of at least `length`, each as long as it is. Use
    /// [`Interval::pieces`] to cut them into slots of one length.
    pub fn free_slots(&self, length: TimeDelta) -> impl Iterator<Item = Interval> {
        self.busy.free(self.window, length)
    }

    /// The quarter hours that are busy at least in part.
    #[must_use]
    pub fn slots(&self) -> SlotSet {
        self.busy.slots()
    }

    /// The busy times as a calendar with one VFREEBUSY that was made at
    /// `stamp`; no text of any event is in it.
    #[must_use]
    pub fn to_vfreebusy(&self, stamp: DateTime<Utc>) -> String {
        self.busy.to_vfreebusy(&self.window, stamp)
    }

    fn joined(
        mut self,
        mut other: Self,
        combine: impl FnOnce(BusyTimes, BusyTimes) -> BusyTimes,
    ) -> Self {
        let nowhere = Interval::new(self.window.start(), self.window.start());
        let window = self.window.intersection(&other.window).unwrap_or(nowhere);
        self.faults.append(&mut other.faults);
        Self {
            busy: combine(self.busy.within(&window), other.busy.within(&window)),
            window,
            faults: self.faults,
        }
    }
}

/// Busy when either is.
impl BitOr for Availability {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.joined(other, |mut ours, theirs| {
            ours.extend(theirs);
            ours
        })
    }
}

/// Busy when both are.
impl BitAnd for Availability {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.joined(other, |ours, theirs| ours.intersection(&theirs))
    }
}
