//! Slots held while someone makes up their mind.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{BusyTime, BusyTimes, BusyType, Error, Interval, SlotSet};

/// What a hold is known by. No two holds of a [`Holds`] ever share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldId(u64);

impl HoldId {
    /// As a number, to be stored or sent.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// The id of a number that [`number`](Self::number) gave.
    #[must_use]
    pub fn of_number(number: u64) -> Self {
        Self(number)
    }
}

/// A time that is held until it lapses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// What it is known by.
    pub id: HoldId,
    /// The time that is held.
    pub interval: Interval,
    /// The instant from which it no longer is.
    pub lapses: DateTime<Utc>,
}

/// Times of one person, room or booking page that are held for a few minutes,
/// as an overlay over busy times.
///
/// Time is passed in: a hold lapses by itself, whether or not anything is
/// called when it does.
///
/// ```
/// use cal_freebusy::Holds;
/// use chrono::Duration;
///
/// let mut holds = Holds::new();
/// let slot = "20260302T090000Z/PT30M".parse()?;
/// let now = "2026-03-01T12:00:00Z".parse().unwrap();
/// let hold = holds.place(slot, Duration::minutes(10), now)?;
/// assert!(holds.place(slot, Duration::minutes(10), now).is_err()); // the first wins
/// assert_eq!(holds.slots(now).len(), 2);
/// assert!(holds.slots(now + Duration::minutes(10)).is_empty());
/// assert!(holds.confirm(hold, now + Duration::minutes(9)).is_ok());
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Holds {
    holds: Vec<Hold>,
    next: u64,
}

impl Holds {
    /// How many holds there may be at a time.
    pub const MAX: usize = 10_000;
    /// For how long a hold may be placed.
    pub const MAX_MINUTES: i64 = 24 * 60;

    /// No holds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Holds a time from `now` on for as long as `length` says. Whether it is
    /// free otherwise is for the caller to look at.
    ///
    /// # Errors
    ///
    /// [`Error::Held`] if another hold shares time with it; [`Error::TooManyHolds`]
    /// if there are [`MAX`](Self::MAX) already; [`Error::Request`] if the time
    /// is empty, or the length not positive or beyond
    /// [`MAX_MINUTES`](Self::MAX_MINUTES).
    pub fn place(
        &mut self,
        interval: Interval,
        length: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<HoldId, Error> {
        if interval.is_empty() {
            return Err(Error::Request {
                reason: "a time without length cannot be held",
            });
        }
        let reason = "a hold is placed for more than no time and a day at most";
        let lapses = Self::lapse(length, now).ok_or(Error::Request { reason })?;
        self.sweep(now);
        if let Some(held) = self
            .holds
            .iter()
            .find(|hold| hold.interval.overlaps(&interval))
        {
            return Err(Error::Held { until: held.lapses });
        }
        if self.holds.len() >= Self::MAX {
            return Err(Error::TooManyHolds { most: Self::MAX });
        }
        let id = HoldId(self.next);
        self.next += 1;
        self.holds.push(Hold {
            id,
            interval,
            lapses,
        });
        Ok(id)
    }

    /// Ends a hold because its time is booked now; the time that was held.
    ///
    /// # Errors
    ///
    /// [`Error::Lapsed`] if it lapsed or was released before: someone else may
    /// hold the time.
    pub fn confirm(&mut self, id: HoldId, now: DateTime<Utc>) -> Result<Interval, Error> {
        self.sweep(now);
        let place = self.holds.iter().position(|hold| hold.id == id);
        let place = place.ok_or(Error::Lapsed)?;
        Ok(self.holds.swap_remove(place).interval)
    }

    /// Gives a time back; says whether it was held still.
    pub fn release(&mut self, id: HoldId, now: DateTime<Utc>) -> bool {
        self.confirm(id, now).is_ok()
    }

    /// Holds on for `length` from `now` on.
    ///
    /// # Errors
    ///
    /// [`Error::Lapsed`] if it lapsed or was released before;
    /// [`Error::Request`] for a length that [`place`](Self::place) refuses.
    pub fn renew(
        &mut self,
        id: HoldId,
        length: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let reason = "a hold is renewed for more than no time and a day at most";
        let lapses = Self::lapse(length, now).ok_or(Error::Request { reason })?;
        let mut holds = self.holds.iter_mut();
        let hold = holds.find(|hold| hold.id == id && now < hold.lapses);
        hold.ok_or(Error::Lapsed)?.lapses = lapses;
        Ok(())
    }

    /// The holds that are in force.
    pub fn active(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(move |hold| now < hold.lapses)
    }

    /// The slots that are held, to be joined with those that are busy.
    #[must_use]
    pub fn slots(&self, now: DateTime<Utc>) -> SlotSet {
        self.active(now).map(|hold| hold.interval).collect()
    }

    /// What is held as tentative times, to be added to busy times.
    #[must_use]
    pub fn busy_times(&self, now: DateTime<Utc>) -> BusyTimes {
        let active = self.active(now);
        active
            .map(|hold| BusyTime::new(hold.interval, BusyType::Tentative))
            .collect()
    }

    /// Forgets what has lapsed. Placing and confirming do so too.
    pub fn sweep(&mut self, now: DateTime<Utc>) {
        self.holds.retain(|hold| now < hold.lapses);
    }

    fn lapse(length: TimeDelta, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let bounds = TimeDelta::zero()..=TimeDelta::minutes(Self::MAX_MINUTES);
        let fits = bounds.contains(&length) && !length.is_zero();
        fits.then(|| now.checked_add_signed(length)).flatten()
    }
}
