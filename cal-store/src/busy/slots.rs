//! What some calendars take together.

use cal_freebusy::{BusyTime, BusyTimes, BusyType, Interval, SlotSet};

use super::CalendarBusy;
use crate::Timestamp;

/// When some calendars, such as all of one principal, take time within a window.
///
/// Holds that are in force are among it, as tentative times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusySlots {
    known: Interval,
    times: BusyTimes,
    held: BusyTimes,
    is_rough: bool,
    has_usual_hours: bool,
}

impl BusySlots {
    /// Joins what is kept of some calendars.
    pub(crate) fn of<'c>(
        calendars: impl IntoIterator<Item = &'c CalendarBusy>,
        window: &Interval,
        at: Timestamp,
    ) -> Self {
        let mut known = *window;
        let (mut times, mut held) = (Vec::new(), Vec::new());
        let (mut is_rough, mut has_usual_hours) = (false, false);
        for calendar in calendars {
            let nowhere = Interval::new(known.start(), known.start());
            let horizon = calendar.basis.map(|basis| basis.horizon.window());
            known = horizon
                .and_then(|horizon| known.intersection(&horizon))
                .unwrap_or(nowhere);
            for kept in calendar.times.iter().filter(|kept| kept.touches(window)) {
                times.extend(kept.busy_times());
                has_usual_hours |= kept.has_usual_hours(window);
                is_rough |= kept.is_rough();
            }
            let holds = calendar.holds.iter().filter(|hold| hold.is_in_force(at));
            held.extend(holds.map(|hold| BusyTime::new(hold.interval, BusyType::Tentative)));
        }
        times.extend(held.iter().copied());
        let held: BusyTimes = held.into_iter().collect();
        let times: BusyTimes = times.into_iter().collect();
        Self {
            times: times.within(&known),
            held: held.within(window),
            known,
            is_rough,
            has_usual_hours,
        }
    }

    /// The part of the window of which everything is known; see
    /// [`BusyHorizon`](crate::BusyHorizon).
    #[must_use]
    pub const fn known(&self) -> &Interval {
        &self.known
    }

    /// The exact times.
    #[must_use]
    pub const fn times(&self) -> &BusyTimes {
        &self.times
    }

    /// What of them is held, and taken by nothing else yet.
    #[must_use]
    pub const fn held(&self) -> &BusyTimes {
        &self.held
    }

    /// The exact times, if everything is known of the window: all of it lies
    /// within the [`BusyHorizon`](crate::BusyHorizon), there are no
    /// [usual hours](Self::has_usual_hours), and nothing has more occurrences than
    /// are counted or times that cannot be read. Otherwise the objects tell more.
    #[must_use]
    pub fn exact(&self, window: &Interval) -> Option<&BusyTimes> {
        let is_exact = self.known == *window && !self.has_usual_hours && !self.is_rough;
        is_exact.then_some(&self.times)
    }

    /// The quarter hours that are taken at least in part.
    #[must_use]
    pub fn slots(&self) -> SlotSet {
        self.times.slots()
    }

    /// Whether usual hours (VAVAILABILITY, RFC 7953) have something to say in
    /// the window. It is not among the times: those of all calendars tell it
    /// together.
    #[must_use]
    pub const fn has_usual_hours(&self) -> bool {
        self.has_usual_hours
    }

    /// Whether nothing at all takes time in `window`, for all that is known.
    #[must_use]
    pub fn is_free(&self, window: &Interval) -> bool {
        self.known == *window && self.times.is_empty() && !self.has_usual_hours
    }
}
