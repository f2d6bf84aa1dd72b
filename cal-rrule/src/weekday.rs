//! Days of the week in a rule: BYDAY values and WKST (RFC 5545 3.3.10).

use std::fmt;

use chrono::Weekday;

/// A BYDAY value: every such weekday, or the nth of the month or year.
///
/// ```
/// use cal_rrule::{Weekday, WeekdayNum};
///
/// assert_eq!(WeekdayNum::every(Weekday::Mon).to_string(), "MO");
/// assert_eq!(WeekdayNum::nth(-1, Weekday::Fri).to_string(), "-1FR");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeekdayNum {
    ordinal: Option<i8>,
    weekday: Weekday,
}

impl WeekdayNum {
    /// Every such weekday of the interval.
    #[must_use]
    pub const fn every(weekday: Weekday) -> Self {
        Self {
            ordinal: None,
            weekday,
        }
    }

    /// The nth such weekday, counted from the end where `ordinal` is negative.
    #[must_use]
    pub const fn nth(ordinal: i8, weekday: Weekday) -> Self {
        Self {
            ordinal: Some(ordinal),
            weekday,
        }
    }

    /// Which one of the month or year, from -53 to 53 without 0; `None` means
    /// each of them.
    #[must_use]
    pub const fn ordinal(self) -> Option<i8> {
        self.ordinal
    }

    /// The day of the week.
    #[must_use]
    pub const fn weekday(self) -> Weekday {
        self.weekday
    }

    /// Plain days first, then first, second, ..., last, last but one, ...
    pub(crate) fn sort_key(self) -> (bool, u8, u32) {
        let ordinal = self.ordinal.unwrap_or(0);
        (
            ordinal < 0,
            ordinal.unsigned_abs(),
            self.weekday.num_days_from_monday(),
        )
    }
}

impl From<Weekday> for WeekdayNum {
    fn from(weekday: Weekday) -> Self {
        Self::every(weekday)
    }
}

impl fmt::Display for WeekdayNum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ordinal) = self.ordinal {
            write!(f, "{ordinal}")?;
        }
        f.write_str(code(self.weekday))
    }
}

/// All weekdays, Monday first.
pub(crate) const WEEKDAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// The two letters that stand for a weekday.
pub(crate) const fn code(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

/// The weekday of two letters, in any case.
pub(crate) fn from_code(text: &str) -> Option<Weekday> {
    WEEKDAYS
        .into_iter()
        .find(|weekday| code(*weekday).eq_ignore_ascii_case(text))
}
