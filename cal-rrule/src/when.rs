//! DATE and DATE-TIME values, in the form in which they were written
//! (RFC 5545 3.3.4, 3.3.5).

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// A value of UNTIL, RDATE or EXDATE: a date, a wall-clock time, or an instant.
///
/// The form matters: RFC 5545 asks for the form of DTSTART, and for UTC in the
/// UNTIL of a series that has a zone. How another form is read is described at
/// [`RecurrenceSet`](crate::RecurrenceSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A date: `20241231`.
    Date(NaiveDate),
    /// A time on the wall clock of the series: `20241231T235959`.
    Local(NaiveDateTime),
    /// An instant: `20241231T235959Z`.
    Utc(NaiveDateTime),
}

impl When {
    /// The value as the last wall-clock time that it covers, whatever its form.
    pub(crate) fn wall_clock(self) -> NaiveDateTime {
        match self {
            Self::Date(date) => end_of(date),
            Self::Local(time) | Self::Utc(time) => time,
        }
    }
}

/// The last second of a date.
pub(crate) fn end_of(date: NaiveDate) -> NaiveDateTime {
    date.and_hms_opt(23, 59, 59)
        .unwrap_or_else(|| date.and_time(NaiveTime::MIN))
}

impl From<NaiveDate> for When {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<NaiveDateTime> for When {
    fn from(local: NaiveDateTime) -> Self {
        Self::Local(local)
    }
}

impl From<DateTime<Utc>> for When {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::Utc(instant.naive_utc())
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => write!(f, "{}", date.format("%Y%m%d")),
            Self::Local(time) => write!(f, "{}", time.format("%Y%m%dT%H%M%S")),
            Self::Utc(time) => write!(f, "{}", time.format("%Y%m%dT%H%M%SZ")),
        }
    }
}
