//! A wall-clock time as a day number and a second of the day.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Day numbers count from 1970-01-01; chrono counts from 0001-01-01.
const EPOCH_FROM_CE: i32 = 719_163;
pub(crate) const SECONDS_PER_DAY: u32 = 86_400;

/// A wall-clock time to the second. The second may be 86400 where a time is
/// only a bound.
///
/// Day and second share one word, the day above the second, so that times
/// compare and move as a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Wall(i64);

impl std::fmt::Debug for Wall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wall({}, {})", self.day(), self.second())
    }
}

impl Wall {
    pub(crate) const MIN: Self = Self::new(i32::MIN, 0);

    /// No limit at all, not even that of the calendar.
    pub(crate) const MAX: Self = Self::new(i32::MAX, 0);

    /// The midnight after 9999-12-31, where iCalendar ends.
    pub(crate) const END: Self = Self::new(2_932_897, 0);

    #[inline]
    pub(crate) const fn new(day: i32, second: u32) -> Self {
        Self((day as i64) << 32 | second as i64)
    }

    #[inline]
    pub(crate) const fn day(self) -> i32 {
        (self.0 >> 32) as i32
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the lower half is wanted"
    )]
    pub(crate) const fn second(self) -> u32 {
        self.0 as u32
    }

    pub(crate) const fn midnight(day: i32) -> Self {
        Self::new(day, 0)
    }

    pub(crate) fn of(time: NaiveDateTime) -> Self {
        Self::new(
            time.num_days_from_ce() - EPOCH_FROM_CE,
            time.num_seconds_from_midnight(),
        )
    }

    #[inline]
    pub(crate) const fn to_seconds(self) -> i64 {
        self.day() as i64 * SECONDS_PER_DAY as i64 + self.second() as i64
    }

    /// The wall-clock time of seconds since the epoch, held within what a day
    /// number can hold.
    pub(crate) fn from_seconds(seconds: i64) -> Self {
        let day = seconds.div_euclid(i64::from(SECONDS_PER_DAY));
        let second = seconds.rem_euclid(i64::from(SECONDS_PER_DAY));
        Self::new(
            i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX }),
            u32::try_from(second).unwrap_or(0),
        )
    }

    /// One second later, as a bound: the second may be 86400.
    #[inline]
    pub(crate) const fn after(self) -> Self {
        Self::new(self.day(), self.second() + 1)
    }

    /// One second earlier.
    pub(crate) const fn before(self) -> Self {
        match self.second().checked_sub(1) {
            Some(second) => Self::new(self.day(), second),
            None => Self::new(self.day().saturating_sub(1), SECONDS_PER_DAY - 1),
        }
    }

    pub(crate) fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.day().saturating_add(EPOCH_FROM_CE))
            .unwrap_or(NaiveDate::MAX)
    }

    pub(crate) fn time(self) -> NaiveTime {
        NaiveTime::from_num_seconds_from_midnight_opt(self.second(), 0).unwrap_or(NaiveTime::MIN)
    }

    pub(crate) fn date_time(self) -> NaiveDateTime {
        NaiveDateTime::new(self.date(), self.time())
    }
}
