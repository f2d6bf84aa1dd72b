//! Free/busy against simple models and hand-made tables.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod availability;
mod busy_index;
mod busy_times;
mod chart;
mod differential;
mod ends_of_time;
mod exchange;
mod explanation;
mod holds;
mod interval;
mod limits;
mod model;
mod privacy;
mod published;
mod report;
mod slot;
mod slot_set;
mod suggest;
mod team;
mod usual_hours;
mod week;
mod working_hours;

use cal_freebusy::Interval;
use chrono::{DateTime, Utc};

/// An instant written as in RFC 3339.
fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect(text)
}

/// A period written as in RFC 5545.
fn period(text: &str) -> Interval {
    text.parse().expect(text)
}
