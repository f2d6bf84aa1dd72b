//! One quarter of an hour of absolute time.

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use crate::Interval;

/// Fifteen minutes of UTC, numbered from 1970-01-01T00:00Z.
///
/// Slot `n` covers the unix seconds `900 n .. 900 (n + 1)`. Every zone whose
/// offset is a multiple of a quarter of an hour (all that are in use) has its
/// days and hours start on slot borders.
///
/// ```
/// use cal_freebusy::Slot;
/// use chrono::{TimeZone, Utc};
///
/// let slot = Slot::containing(Utc.with_ymd_and_hms(2026, 3, 2, 9, 20, 0).unwrap());
/// assert_eq!(slot.start(), Utc.with_ymd_and_hms(2026, 3, 2, 9, 15, 0).unwrap());
/// assert_eq!(slot.next().start(), slot.end());
/// ```
///
/// Numbers run from [`Slot::MIN`] to [`Slot::MAX`], some 30,000 years either
/// side of 1970; what lies beyond is clamped. The years of iCalendar have four
/// digits, so no calendar reaches that far.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(i32);

impl Slot {
    /// The earliest slot.
    pub const MIN: Self = Self(-(1 << 30));
    /// The latest slot.
    pub const MAX: Self = Self(1 << 30);
    /// How long a slot is, in seconds.
    pub const SECONDS: i64 = 900;

    /// The slot with this number, clamped to `MIN..=MAX`.
    #[must_use]
    #[inline]
    pub fn from_number(number: i64) -> Self {
        let clamped = number.clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0));
        Self(i32::try_from(clamped).unwrap_or(Self::MAX.0))
    }

    /// The slot that `instant` falls into.
    #[must_use]
    #[inline]
    pub fn containing(instant: DateTime<Utc>) -> Self {
        Self::from_number(instant.timestamp().div_euclid(Self::SECONDS))
    }

    /// The slots that `interval` touches: the start rounded down, the end
    /// rounded up, and none at all for an interval without length.
    ///
    /// ```
    /// use cal_freebusy::{Interval, Slot};
    ///
    /// let meeting: Interval = "20260302T091000Z/20260302T093100Z".parse()?;
    /// let touched = Slot::covering(&meeting);
    /// assert_eq!(touched.end.number() - touched.start.number(), 3);
    /// # Ok::<(), cal_freebusy::Error>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn covering(interval: &Interval) -> Range<Self> {
        let start = Self::containing(interval.start());
        if interval.is_empty() {
            return start..start;
        }
        start..Self::at_or_after(interval.end())
    }

    /// The first slot that starts at or after `instant`.
    #[must_use]
    #[inline]
    pub fn at_or_after(instant: DateTime<Utc>) -> Self {
        let seconds = instant.timestamp();
        let part = i64::from(instant.timestamp_subsec_nanos() > 0);
        // Rounded up: a part of a slot or of a second counts as a whole one.
        Self::from_number((seconds + part + Self::SECONDS - 1).div_euclid(Self::SECONDS))
    }

    /// The slots that some whole seconds since 1970 touch, none of which is
    /// before this slot: it costs less to count from a slot that is known.
    #[inline]
    pub(crate) fn covering_later(self, seconds: &Range<i64>) -> Range<Self> {
        const LENGTH: u64 = Slot::SECONDS.unsigned_abs();
        let number = i64::from(self.0);
        let since = |second: i64| (second - number * Self::SECONDS).cast_unsigned();
        let after = |slots: u64| Self::from_number(number + slots.cast_signed());
        let start = since(seconds.start) / LENGTH;
        let end = since(seconds.end + (Self::SECONDS - 1)) / LENGTH;
        after(start)..after(end)
    }

    /// Its number: unix seconds divided by 900, rounded down.
    #[must_use]
    pub fn number(self) -> i32 {
        self.0
    }

    /// The instant at which it starts.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::from(self.0) * Self::SECONDS)
    }

    /// The instant at which it ends and the next one starts.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        self.start() + TimeDelta::seconds(Self::SECONDS)
    }

    /// The fifteen minutes themselves.
    #[must_use]
    pub fn interval(self) -> Interval {
        Interval::new(self.start(), self.end())
    }

    /// The slot after this one; `MAX` stays where it is.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The slot `count` slots later (earlier, if negative), clamped.
    #[must_use]
    pub fn plus(self, count: i64) -> Self {
        Self::from_number(i64::from(self.0).saturating_add(count))
    }

    /// A slot of a number that is known to be in range.
    pub(crate) fn of_number(number: i32) -> Self {
        Self(number)
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({} {})", self.0, self.start().format("%FT%RZ"))
    }
}

impl From<Slot> for Interval {
    fn from(slot: Slot) -> Self {
        slot.interval()
    }
}
