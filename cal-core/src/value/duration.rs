//! Durations (RFC 5545 3.3.6): weeks and days are nominal, hours and less are exact.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

use crate::{Error, ValueType};

/// A length of time with a sign.
///
/// Days are counted on the wall clock (a day in which the clock changes is
/// still one day), seconds on the time line. `P1D` and `PT24H` are different.
///
/// ```
/// use cal_core::Duration;
///
/// let duration: Duration = "-P1DT2H".parse()?;
/// assert_eq!((duration.days(), duration.seconds()), (-1, -7200));
/// assert_eq!(duration.to_string(), "-P1DT2H");
/// # Ok::<(), cal_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Duration {
    days: i64,
    seconds: i64,
}

/// The largest count of one unit, so that sums stay within `i64` and `TimeDelta`.
const MOST: i64 = 999_999_999;

impl Duration {
    /// Nothing.
    pub const ZERO: Duration = Duration {
        days: 0,
        seconds: 0,
    };

    /// So many nominal days; clamped to about 2.7 million years.
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        Duration {
            days: days.clamp(-MOST, MOST),
            seconds: 0,
        }
    }

    /// So many exact seconds; clamped to about 300,000 years.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Duration {
            days: 0,
            seconds: seconds.clamp(-MOST * 10_000, MOST * 10_000),
        }
    }

    /// Nominal days, weeks included; negative for a negative duration.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.days
    }

    /// Exact seconds besides the days; negative for a negative duration.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Whether it goes back in time.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.days < 0 || self.seconds < 0
    }

    /// Whether it is no time at all.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Duration::ZERO
    }

    /// Its length where every day has 24 hours: for dates, floating times and UTC.
    #[must_use]
    pub fn to_time_delta(&self) -> TimeDelta {
        TimeDelta::days(self.days) + TimeDelta::seconds(self.seconds)
    }

    /// Reads it as `FromStr` does, and also with weeks beside other units,
    /// small letters, blanks around, and no `T` before hours.
    pub(crate) fn parse_lenient(text: &str) -> Option<Self> {
        Scan::read(
            text.trim().to_ascii_uppercase().as_bytes(),
            Grammar::Lenient,
        )
    }
}

impl FromStr for Duration {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Scan::read(text.as_bytes(), Grammar::Exact)
            .ok_or_else(|| Error::value(ValueType::Duration, text))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.days.unsigned_abs(), self.seconds.unsigned_abs());
        if self.is_negative() {
            f.write_str("-")?;
        }
        match (days, seconds) {
            (0, 0) => return f.write_str("PT0S"),
            (days, 0) if days % 7 == 0 => return write!(f, "P{}W", days / 7),
            (0, _) => f.write_str("P")?,
            (days, _) => write!(f, "P{days}D")?,
        }
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if seconds > 0 {
            f.write_str("T")?;
        }
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 || (hours > 0 && rest > 0) {
            write!(f, "{minutes}M")?;
        }
        if rest > 0 {
            write!(f, "{rest}S")?;
        }
        Ok(())
    }
}

/// Whether a value is a duration exactly as RFC 5545 writes it.
pub(crate) fn is_exact(text: &[u8]) -> bool {
    Scan::read(text, Grammar::Exact).is_some()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grammar {
    Exact,
    Lenient,
}

/// Reads one unit after the other; each may occur once, in falling order.
struct Scan<'a> {
    rest: &'a [u8],
    grammar: Grammar,
    in_time: bool,
    /// Rank of the last unit read: weeks 1 to seconds 5.
    rank: u8,
    weeks: bool,
    days: i64,
    seconds: i64,
}

impl<'a> Scan<'a> {
    fn read(bytes: &'a [u8], grammar: Grammar) -> Option<Duration> {
        let (sign, rest) = match bytes.split_first()? {
            (b'-', rest) => (-1, rest),
            (b'+', rest) => (1, rest),
            _ => (1, bytes),
        };
        let rest = rest.strip_prefix(b"P")?;
        let mut scan = Scan {
            rest,
            grammar,
            in_time: false,
            rank: 0,
            weeks: false,
            days: 0,
            seconds: 0,
        };
        while !scan.rest.is_empty() {
            scan.unit()?;
        }
        (scan.rank > 0).then_some(Duration {
            days: sign * scan.days,
            seconds: sign * scan.seconds,
        })
    }

    fn unit(&mut self) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix(b"T") {
            // A T must be followed by a time unit.
            if self.in_time || (rest.is_empty() && self.grammar == Grammar::Exact) {
                return None;
            }
            (self.in_time, self.rest) = (true, rest);
            return Some(());
        }
        let length = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (number, rest) = self.rest.split_at_checked(length)?;
        let number = i64::from(super::lexical::digits(number)?);
        let (&unit, rest) = rest.split_first()?;
        let timed = self.in_time || self.grammar == Grammar::Lenient;
        let (rank, days, seconds) = match unit {
            b'W' if !self.in_time => (1, number * 7, 0),
            b'D' if !self.in_time => (2, number, 0),
            b'H' if timed => (3, 0, number * 3600),
            b'M' if timed => (4, 0, number * 60),
            b'S' if timed => (5, 0, number),
            _ => return None,
        };
        let alone =
            self.grammar == Grammar::Lenient || (!self.weeks && (rank > 1 || !self.in_time));
        if rank <= self.rank || !alone {
            return None;
        }
        self.weeks |= rank == 1;
        self.rank = rank;
        self.days += days;
        self.seconds += seconds;
        self.rest = rest;
        Some(())
    }
}
