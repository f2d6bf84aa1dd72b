//! What bounds the work that a recurrence may ask for, and that the answer
//! within the bounds is right.

use std::time::{Duration, Instant};

use cal_core::{ComponentKind, Error, Expansion, Span, Window};

use crate::series::{all, expand, series, window};

#[test]
fn a_long_period_does_not_make_the_rules_be_walked_from_its_start() {
    let calendar = series(&[
        "DTSTART:20000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;INTERVAL=2\n\
         RDATE;VALUE=PERIOD:20000101T000000Z/20990101T000000Z",
    ]);
    let begun = Instant::now();
    let found = expand(
        &calendar,
        &window("20500101T000000Z", "20500101T000005Z"),
        chrono_tz::UTC,
    );
    assert_eq!(
        found,
        [
            "20000101T000000Z/20990101T000000Z",
            "20500101T000000Z/20500101T000001Z",
            "20500101T000002Z/20500101T000003Z",
            "20500101T000004Z/20500101T000005Z",
        ]
    );
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_period_that_began_before_the_window_can_be_excluded_or_replaced() {
    let lines = "DTSTART:20000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=YEARLY\n\
                 RDATE;VALUE=PERIOD:20100601T000000Z/20990101T000000Z";
    let day = window("20500201T000000Z", "20500202T000000Z");
    let rows = |events: &[&str]| expand(&series(events), &day, chrono_tz::UTC);
    assert_eq!(rows(&[lines]), ["20100601T000000Z/20990101T000000Z"]);
    for without in ["EXDATE:20100601T000000Z", "EXRULE:FREQ=YEARLY;BYMONTH=6"] {
        assert!(
            rows(&[&format!("{lines}\n{without}")]).is_empty(),
            "{without}"
        );
    }
    let replaced = "RECURRENCE-ID:20100601T000000Z\nDTSTART:20100601T000000Z";
    assert!(rows(&[lines, replaced]).is_empty());
}

#[test]
fn a_component_with_too_many_rules_is_an_error_that_names_the_limit() {
    let rules = |count| {
        let lines = "RRULE:FREQ=YEARLY;COUNT=2\n".repeat(count);
        series(&[&format!("DTSTART:20260101T000000Z\n{lines}")])
    };
    let most = rules(16);
    assert_eq!(all(&most).len(), 2);
    let over = rules(17);
    let errors = |found: Vec<Result<_, Error>>| -> Vec<String> {
        let errors = found.into_iter().filter_map(Result::err);
        errors.map(|error| error.to_string()).collect()
    };
    let expected = "a component of \"1\" has more than 16 recurrence rules";
    let expansion = Expansion::of(&over);
    let found = expansion.occurrences(&Window::ALL).collect();
    assert_eq!(errors(found), [expected]);
    let found = expansion.overlapping(ComponentKind::Event, &Window::ALL);
    assert_eq!(found.unwrap_err().to_string(), expected);
    assert_eq!(over.span(), Some(Span::ALWAYS));
}

#[test]
fn a_calendar_written_out_has_a_largest_size() {
    let calendar = series(&[&format!(
        "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY\nDESCRIPTION:{}",
        "x".repeat(1 << 20)
    )]);
    let week = window("20260101T000000Z", "20260301T000000Z");
    let error = Expansion::of(&calendar).expanded(&week).unwrap_err();
    assert!(matches!(error, Error::ExpandedLimit { .. }), "{error}");
}

#[test]
fn a_period_keeps_its_end_when_its_series_is_written_out() {
    let day = window("20260302T000000Z", "20260303T000000Z");
    for length in ["", "\nDURATION:PT1H"] {
        let calendar = series(&[&format!(
            "DTSTART:20260101T000000Z{length}\nRDATE;VALUE=PERIOD:20260302T090000Z/PT3H"
        )]);
        let expanded = Expansion::of(&calendar).expanded(&day).unwrap().to_string();
        assert!(
            expanded.contains("DTEND:20260302T120000Z\r\n"),
            "{expanded}"
        );
        assert!(!expanded.contains("DURATION"), "{expanded}");
    }
}
