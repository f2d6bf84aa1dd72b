//! Instants: what a store is told about time, since it has no clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDateTime, Utc};

/// An instant in UTC, in milliseconds since 1970-01-01T00:00:00Z.
///
/// A store never reads a clock: every write carries the instant at which its
/// caller says it happens. Order is by sequence, never by these, so a clock
/// that goes backwards hides nothing.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant that there is.
    pub const BEGINNING: Self = Self(i64::MIN);

    /// The instant this many milliseconds after 1970 began in UTC.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 began in UTC.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant this many whole days earlier.
    #[must_use]
    pub const fn days_before(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days as i64 * 86_400_000))
    }

    /// The instant so much later, in whole milliseconds.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// The second that it is in, in UTC as RFC 3339 writes it.
    pub(crate) fn in_words(self) -> String {
        let instant = self.to_date_time().unwrap_or_default();
        instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    /// The same instant for `chrono`, if it can express it.
    #[must_use]
    pub fn to_date_time(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.timestamp_millis())
    }
}

/// A naive time is read as UTC.
impl From<NaiveDateTime> for Timestamp {
    fn from(utc: NaiveDateTime) -> Self {
        Self(utc.and_utc().timestamp_millis())
    }
}

impl From<SystemTime> for Timestamp {
    fn from(instant: SystemTime) -> Self {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        match instant.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(millis(after)),
            Err(before) => Self(-millis(before.duration())),
        }
    }
}
