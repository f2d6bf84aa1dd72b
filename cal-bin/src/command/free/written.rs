//! Instants and spans as they are printed.

use cal_core::ZoneRules;
use cal_freebusy::{BusyTime, Interval};
use cal_rrule::Zone as _;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

/// From when to when, in RFC 3339.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Span {
    start: String,
    end: String,
}

impl Span {
    pub(super) fn new(interval: &Interval, zone: &ZoneRules) -> Span {
        Span {
            start: rfc3339(interval.start(), zone),
            end: rfc3339(interval.end(), zone),
        }
    }
}

/// A time that is taken, and how firmly.
#[derive(Clone, Debug, Serialize)]
pub(super) struct BusyRow {
    #[serde(flatten)]
    when: Span,
    r#type: &'static str,
}

impl BusyRow {
    pub(super) fn new(time: &BusyTime, zone: &ZoneRules) -> BusyRow {
        BusyRow {
            when: Span::new(&time.interval, zone),
            r#type: time.busy_type.name(),
        }
    }
}

/// RFC 3339 with the offset of a zone.
fn rfc3339(utc: DateTime<Utc>, zone: &ZoneRules) -> String {
    let offset = chrono::FixedOffset::east_opt(zone.offset_at(utc.naive_utc()));
    match offset.filter(|offset| offset.local_minus_utc() % 60 == 0) {
        Some(offset) if offset.local_minus_utc() != 0 => utc.with_timezone(&offset).to_rfc3339(),
        _ => utc.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

/// For people: `Tue 03 Mar 2026 09:00-10:30`.
pub(super) fn for_people(interval: &Interval, zone: &ZoneRules) -> String {
    let (start, end) = (local(interval.start(), zone), local(interval.end(), zone));
    let first = start.format("%a %d %b %Y %H:%M");
    if end.date() == start.date() {
        format!("{first}-{}", end.format("%H:%M"))
    } else {
        format!("{first} to {}", end.format("%a %d %b %Y %H:%M"))
    }
}

fn local(utc: DateTime<Utc>, zone: &ZoneRules) -> chrono::NaiveDateTime {
    let offset = TimeDelta::seconds(i64::from(zone.offset_at(utc.naive_utc())));
    let local = utc.naive_utc().checked_add_signed(offset);
    local.unwrap_or(utc.naive_utc())
}

/// Hours and minutes: `1h30m`, `45m`, `0m`.
pub(super) fn length(length: TimeDelta) -> String {
    match (length.num_hours(), length.num_minutes() % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}
