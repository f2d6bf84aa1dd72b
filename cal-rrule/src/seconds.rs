//! Naive times as seconds since 1970-01-01T00:00:00, and back.
//!
//! iCalendar has no fractions of a second; they are dropped here.

use chrono::{DateTime, NaiveDateTime};

pub(crate) fn to_seconds(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp()
}

/// The time of a number of seconds, held within what chrono can express.
pub(crate) fn from_seconds(seconds: i64) -> NaiveDateTime {
    let fallback = if seconds < 0 {
        NaiveDateTime::MIN
    } else {
        NaiveDateTime::MAX
    };
    DateTime::from_timestamp(seconds, 0).map_or(fallback, |time| time.naive_utc())
}
