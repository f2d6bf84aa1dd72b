//! Where a series starts, and on which time line it lives.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone};

use crate::Zone;

/// DTSTART: the first moment of a series and the kind of all its occurrences.
#[derive(Clone)]
pub enum Start {
    /// Days; occurrences are dates, given as their midnights.
    Date(NaiveDate),
    /// Wall-clock times without a zone.
    Floating(NaiveDateTime),
    /// Times in UTC.
    Utc(NaiveDateTime),
    /// Wall-clock times of a zone.
    Zoned(NaiveDateTime, Arc<dyn Zone>),
}

impl Start {
    /// A wall-clock time in a zone.
    pub fn zoned(local: NaiveDateTime, zone: impl Zone + 'static) -> Self {
        Self::Zoned(local, Arc::new(zone))
    }

    /// The wall-clock time; of a date, its midnight.
    #[must_use]
    pub fn local(&self) -> NaiveDateTime {
        match self {
            Self::Date(date) => date.and_time(chrono::NaiveTime::MIN),
            Self::Floating(time) | Self::Utc(time) | Self::Zoned(time, _) => *time,
        }
    }
}

impl fmt::Debug for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => f.debug_tuple("Date").field(date).finish(),
            Self::Floating(time) => f.debug_tuple("Floating").field(time).finish(),
            Self::Utc(time) => f.debug_tuple("Utc").field(time).finish(),
            Self::Zoned(time, _) => f.debug_tuple("Zoned").field(time).finish_non_exhaustive(),
        }
    }
}

impl From<NaiveDate> for Start {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<NaiveDateTime> for Start {
    fn from(local: NaiveDateTime) -> Self {
        Self::Floating(local)
    }
}

/// An instant in a zone of chrono: the series keeps its wall-clock time there.
impl<Tz: TimeZone + Zone + 'static> From<DateTime<Tz>> for Start {
    fn from(time: DateTime<Tz>) -> Self {
        Self::Zoned(time.naive_local(), Arc::new(time.timezone()))
    }
}
