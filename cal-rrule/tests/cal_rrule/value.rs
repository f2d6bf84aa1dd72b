//! Reading the values of cases: `20240131`, `20240131T090000`, with `Z`.

use std::sync::Arc;

use cal_rrule::{Start, When};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

pub(crate) fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y%m%d").expect("a date")
}

pub(crate) fn time(text: &str) -> NaiveDateTime {
    let text = text.trim_end_matches('Z');
    if text.len() == 8 {
        return date(text).and_time(NaiveTime::MIN);
    }
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").expect("a time")
}

pub(crate) fn when(text: &str) -> When {
    if text.len() == 8 {
        When::Date(date(text))
    } else if text.ends_with('Z') {
        When::Utc(time(text))
    } else {
        When::Local(time(text))
    }
}

pub(crate) fn start(text: &str, tzid: Option<&str>) -> Start {
    match (when(text), tzid) {
        (When::Date(date), _) => Start::Date(date),
        (When::Utc(time), _) => Start::Utc(time),
        (When::Local(time), None) => Start::Floating(time),
        (When::Local(time), Some(tzid)) => {
            Start::Zoned(time, Arc::new(tzid.parse::<Tz>().expect("a zone")))
        }
    }
}
