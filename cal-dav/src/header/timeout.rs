//! `Timeout` (RFC 4918 section 10.7).

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// How long a lock lasts. As a header field: the first wish of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timeout {
    /// For ever.
    Infinite,
    /// This many seconds.
    Seconds(u32),
}

impl FromStr for Timeout {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let first = text.split(',').next().unwrap_or_default().trim();
        if first.eq_ignore_ascii_case("infinite") {
            return Ok(Self::Infinite);
        }
        first
            .split_once('-')
            .filter(|(unit, _)| unit.eq_ignore_ascii_case("second"))
            .and_then(|(_, count)| count.parse().ok())
            .map(Self::Seconds)
            .ok_or_else(|| Error::value("Timeout", "Second-n or Infinite", text))
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Infinite => formatter.write_str("Infinite"),
            Self::Seconds(count) => write!(formatter, "Second-{count}"),
        }
    }
}
