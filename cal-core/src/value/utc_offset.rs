//! Offsets from UTC (RFC 5545 3.3.14).

use std::fmt;
use std::str::FromStr;

use super::lexical;
use crate::{Error, ValueType};

/// How far a clock is ahead of UTC, in seconds; less than a day either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UtcOffset(i32);

impl UtcOffset {
    /// An offset in seconds east of UTC; `None` from a whole day on.
    #[must_use]
    pub fn from_seconds(seconds: i32) -> Option<Self> {
        (seconds.unsigned_abs() < 86_400).then_some(UtcOffset(seconds))
    }

    /// Seconds east of UTC.
    #[must_use]
    pub fn seconds(self) -> i32 {
        self.0
    }
}

impl FromStr for UtcOffset {
    type Err = Error;

    /// Reads `+HHMM` or `+HHMMSS` with either sign.
    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            let (sign, number) = match text.as_bytes().split_first()? {
                (b'+', number) => (1, number),
                (b'-', number) => (-1, number),
                _ => return None,
            };
            let (clock, length) = (lexical::digits(number)?, number.len());
            let clock = match length {
                4 => clock * 100,
                6 => clock,
                _ => return None,
            };
            let (hours, minutes, seconds) = (clock / 10_000, clock / 100 % 100, clock % 100);
            if hours > 23 || minutes > 59 || seconds > 59 {
                return None;
            }
            let total = i32::try_from(hours * 3600 + minutes * 60 + seconds).ok()?;
            Some(UtcOffset(sign * total))
        };
        read().ok_or_else(|| Error::value(ValueType::UtcOffset, text))
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let total = self.0.unsigned_abs();
        write!(f, "{sign}{:02}{:02}", total / 3600, total / 60 % 60)?;
        match total % 60 {
            0 => Ok(()),
            seconds => write!(f, "{seconds:02}"),
        }
    }
}
