//! Whole events from the shared case collection, expanded.

use cal_core::{Calendar, Moment, Occurrence, Window};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Deserialize;

use crate::shared;

#[derive(Deserialize)]
struct Case {
    id: String,
    ics: String,
    window: (String, String),
    expected: Vec<(String, String, String)>,
}

#[test]
fn every_whole_event_of_the_collection_expands_as_expected() {
    let Some(text) = shared::read("rrule/set-cases.jsonl") else {
        return;
    };
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        cases += 1;
        let calendar: Calendar = case.ics.parse().unwrap();
        let window = Window::new(instant(&case.window.0), instant(&case.window.1));
        let found: Vec<_> = calendar
            .occurrences(&window, chrono_tz::UTC)
            .map(|occurrence| row(&occurrence.unwrap()))
            .collect();
        let mut expected = case.expected;
        expected.sort();
        let mut sorted = found.clone();
        sorted.sort();
        if sorted != expected {
            wrong.push(format!("{}: {found:?} instead of {expected:?}", case.id));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(cases, 32);
}

fn row(occurrence: &Occurrence<'_>) -> (String, String, String) {
    let spell = |moment: Moment, utc: DateTime<Utc>| match moment {
        Moment::Date(_) | Moment::Floating(_) => moment.to_value(),
        Moment::Utc(_) | Moment::Zoned { .. } => utc.format("%Y%m%dT%H%M%SZ").to_string(),
    };
    (
        spell(occurrence.start(), occurrence.start_utc()),
        spell(occurrence.end(), occurrence.end_utc()),
        occurrence
            .component()
            .summary()
            .unwrap_or_default()
            .into_owned(),
    )
}

fn instant(text: &str) -> DateTime<Utc> {
    let text = text.trim_end_matches('Z');
    let date =
        NaiveDate::parse_from_str(text, "%Y%m%d").map(|date| date.and_hms_opt(0, 0, 0).unwrap());
    date.or_else(|_| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S"))
        .unwrap()
        .and_utc()
}
