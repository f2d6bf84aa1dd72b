//! Exact spans of time (RFC 5545 section 3.3.9, in UTC).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

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
        let fault = || Error::Period {
            text: Error::excerpt(text),
        };
        let (start, rest) = text.split_once('/').ok_or_else(fault)?;
        let start = utc(start).ok_or_else(fault)?;
        let end = if rest.contains(['P', 'p']) {
            let length = duration(rest).ok_or_else(fault)?;
            start.checked_add_signed(length).ok_or_else(fault)?
        } else {
            utc(rest).ok_or_else(fault)?
        };
        // RFC 5545: the start MUST be before the end, and the duration positive.
        if end <= start {
            return Err(fault());
        }
        Ok(Self { start, end })
    }
}

fn utc(text: &str) -> Option<DateTime<Utc>> {
    if text.len() != 16 {
        return None;
    }
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ")
        .ok()
        .map(|time| time.and_utc())
}

/// A positive duration of RFC 5545 section 3.3.6: weeks alone, or days and time.
fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let body = text.strip_prefix('P')?;
    let (days, time) = match body.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (body, ""),
    };
    let mut seconds: i64 = 0;
    for (part, units) in [
        (days, &[('W', 604_800), ('D', 86_400)][..]),
        (time, &[('H', 3600), ('M', 60), ('S', 1)][..]),
    ] {
        seconds = seconds.checked_add(counted(part, units)?)?;
    }
    (!body.is_empty()).then(|| TimeDelta::try_seconds(seconds))?
}

/// Sums `12H30M` and the like; units must come in the order given.
fn counted(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum: i64 = 0;
    let mut units = units.iter();
    while !text.is_empty() {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, rest) = text.split_at_checked(digits)?;
        let mut after = rest.chars();
        let unit = after.next()?;
        let (_, weight) = units.find(|(name, _)| *name == unit)?;
        sum = number
            .parse::<i64>()
            .ok()?
            .checked_mul(*weight)?
            .checked_add(sum)?;
        text = after.as_str();
    }
    Some(sum)
}
