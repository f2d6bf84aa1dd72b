//! Exact spans of time (RFC 5545 section 3.3.9, in UTC).

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use cal_core::{Moment, Period, PeriodEnd};
use chrono::{DateTime, TimeDelta, Utc};

use crate::Error;

/// A half-open span of UTC: its start belongs to it, its end does not.
///
/// ```
/// use cal_freebusy::Interval;
///
/// let nine_to_ten: Interval = "20260302T090000Z/PT1H".parse()?;
/// let ten_to_noon: Interval = "20260302T100000Z/20260302T120000Z".parse()?;
/// assert!(!nine_to_ten.overlaps(&ten_to_noon)); // touching is not overlapping
/// assert_eq!(nine_to_ten.to_string(), "20260302T090000Z/20260302T100000Z");
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Interval {
    /// The time from `start` up to `end`; empty at `start` if `end` is not later.
    #[must_use]
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// The time from one second since 1970 up to another, as far as there are
    /// instants.
    pub(crate) fn of_seconds(seconds: &Range<i64>) -> Self {
        let instant = |second| DateTime::from_timestamp(second, 0);
        let last = DateTime::<Utc>::MAX_UTC;
        Self::new(
            instant(seconds.start).unwrap_or(last),
            instant(seconds.end).unwrap_or(last),
        )
    }

    /// Its first instant.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.end
    }

    /// How long it is.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        self.end - self.start
    }

    /// Whether it has no length, and so contains no instant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether `instant` lies in it.
    #[must_use]
    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.start <= instant && instant < self.end
    }

    /// Whether the two share any time at all. An interval that is empty shares
    /// none, and neither do two that only touch.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.intersection(other).is_some()
    }

    /// The time that lies in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let start = self.start.max(other.start);
        let end = self.end.min(other.end);
        (start < end).then_some(Self { start, end })
    }

    /// Cuts it into pieces of exactly `length`, from its start on; what is left
    /// at the end and too short is dropped. No pieces if `length` is not
    /// positive.
    ///
    /// ```
    /// use cal_freebusy::Interval;
    /// use chrono::Duration;
    ///
    /// let gap: Interval = "20260302T090000Z/PT1H15M".parse()?;
    /// assert_eq!(gap.pieces(Duration::minutes(30)).count(), 2);
    /// # Ok::<(), cal_freebusy::Error>(())
    /// ```
    pub fn pieces(self, length: TimeDelta) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        std::iter::from_fn(move || {
            let end = start.checked_add_signed(length)?;
            if end <= start || end > self.end {
                return None;
            }
            let piece = Self { start, end };
            start = end;
            Some(piece)
        })
    }
}

/// As a period of RFC 5545 with an explicit end, both in UTC.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = "%Y%m%dT%H%M%SZ";
        write!(f, "{}/{}", self.start.format(form), self.end.format(form))
    }
}

/// Reads a period of RFC 5545 in UTC, with an end or with a duration.
impl FromStr for Interval {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Period::parse(text, None)
            .ok()
            .and_then(|period| Self::of_utc(&period))
            .ok_or_else(|| Error::Period {
                text: text.chars().take(40).collect(),
            })
    }
}

impl Interval {
    /// A period whose start is UTC and before its end, as RFC 5545 demands.
    pub(crate) fn of_utc(period: &Period) -> Option<Self> {
        let utc = |moment: &Moment| match moment {
            Moment::Utc(utc) => Some(utc.and_utc()),
            _ => None,
        };
        let start = utc(&period.start)?;
        let end = match &period.end {
            PeriodEnd::At(end) => utc(end)?,
            PeriodEnd::After(length) => start.checked_add_signed(length.to_time_delta())?,
        };
        (start < end).then_some(Self { start, end })
    }
}
