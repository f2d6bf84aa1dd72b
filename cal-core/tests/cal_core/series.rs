//! Calendars of one series, and what they expand to, for the specifications.

use cal_core::{Calendar, Moment, Oddity, Window, ZoneRules};
use chrono::{DateTime, NaiveDateTime, Utc};

use crate::calendar_of;

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ")
        .unwrap()
        .and_utc()
}

pub(crate) fn window(start: &str, end: &str) -> Window {
    Window::new(instant(start), instant(end))
}

/// A calendar of events, each the lines between UID and END; one UID for all.
pub(crate) fn series(events: &[&str]) -> Calendar {
    of_kind("VEVENT", events)
}

pub(crate) fn of_kind(kind: &str, components: &[&str]) -> Calendar {
    let text: String = components
        .iter()
        .map(|lines| {
            format!("BEGIN:{kind}\nUID:1\nDTSTAMP:20260101T000000Z\n{lines}\nEND:{kind}\n")
        })
        .collect();
    Calendar::read(calendar_of(&text)).calendar
}

/// Start and end of each occurrence, in UTC unless it is a date.
pub(crate) fn expand(
    calendar: &Calendar,
    window: &Window,
    zone: impl Into<ZoneRules>,
) -> Vec<String> {
    let occurrences = calendar.occurrences(window, zone);
    let rows = occurrences.map(|occurrence| {
        let occurrence = occurrence.unwrap();
        let (start, end) = if occurrence.is_all_day() {
            (occurrence.start(), occurrence.end())
        } else {
            let utc = |at: DateTime<Utc>| Moment::Utc(at.naive_utc());
            (utc(occurrence.start_utc()), utc(occurrence.end_utc()))
        };
        let summary = occurrence.component().summary().unwrap_or_default();
        let row = format!("{}/{} {summary}", start.to_value(), end.to_value());
        row.trim_end().to_owned()
    });
    rows.collect()
}

pub(crate) fn all(calendar: &Calendar) -> Vec<String> {
    expand(calendar, &Window::ALL, chrono_tz::UTC)
}

pub(crate) const DAILY: &str =
    "DTSTART;TZID=Europe/Berlin:20260101T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3";

pub(crate) fn oddities(calendar: &Calendar) -> Vec<Oddity> {
    let mut occurrences = calendar.occurrences(&Window::ALL, chrono_tz::UTC);
    occurrences.by_ref().for_each(drop);
    occurrences
        .warnings()
        .iter()
        .map(|warning| warning.oddity.clone())
        .collect()
}
