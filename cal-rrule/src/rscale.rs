//! Calendar systems and invalid dates: RSCALE, SKIP and leap months (RFC 7529).

use std::fmt;

/// The calendar in which a rule counts, such as `GREGORIAN` or `HEBREW`:
/// a CLDR calendar name, kept in upper case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rscale(String);

impl Rscale {
    /// A calendar by its CLDR name, in any case.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_uppercase())
    }

    /// The name in upper case.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether this is the calendar of RFC 5545 itself.
    #[must_use]
    pub fn is_gregorian(&self) -> bool {
        matches!(self.0.as_str(), "GREGORIAN" | "GREGORY" | "ISO8601")
    }
}

impl fmt::Display for Rscale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happens to a date that does not exist, such as 30 February.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Skip {
    /// It is left out, as in RFC 5545.
    #[default]
    Omit,
    /// The last valid day before it is taken.
    Backward,
    /// The first valid day after it is taken.
    Forward,
}

impl Skip {
    /// The name in a rule.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Omit => "OMIT",
            Self::Backward => "BACKWARD",
            Self::Forward => "FORWARD",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Omit, Self::Backward, Self::Forward]
            .into_iter()
            .find(|skip| skip.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A BYMONTH value: a month's number in its calendar, and whether it is the
/// leap month that follows the month of that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    number: u8,
    leap: bool,
}

impl Month {
    /// The month of a number, from 1.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self {
            number,
            leap: false,
        }
    }

    /// The leap month after the month of a number (`5L`), as lunisolar
    /// calendars have them.
    #[must_use]
    pub const fn leap(number: u8) -> Self {
        Self { number, leap: true }
    }

    /// The number, from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.number
    }

    /// Whether this is a leap month.
    #[must_use]
    pub const fn is_leap(self) -> bool {
        self.leap
    }
}

impl From<u8> for Month {
    fn from(number: u8) -> Self {
        Self::new(number)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if self.leap { f.write_str("L") } else { Ok(()) }
    }
}
