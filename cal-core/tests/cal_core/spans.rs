//! The span of an object: what a store indexes.

use std::time::{Duration, Instant};

use cal_core::{Calendar, Span, Window};

use crate::calendar_of;
use crate::series::{DAILY, instant, of_kind, series, window};

fn span(lines: &str) -> String {
    series(&[lines])
        .span()
        .map_or("none".to_owned(), |span| span.to_string())
}

#[test]
fn a_span_reaches_from_the_first_start_to_the_last_end() {
    for (lines, expected) in [
        (
            "DTSTART:20260101T090000Z\nDURATION:PT1H",
            "2026-01-01T09:00:00Z/2026-01-01T10:00:00Z",
        ),
        (
            "DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY",
            "2026-01-01T09:00:00Z/..",
        ),
        (DAILY, "2026-01-01T08:00:00Z/2026-01-03T09:00:00Z"),
        (
            "DTSTART;TZID=Europe/Berlin:20260101T090000\nRRULE:FREQ=MONTHLY;UNTIL=20260715T000000Z",
            "2026-01-01T08:00:00Z/2026-07-01T07:00:00Z",
        ),
        (
            "DTSTART:20260101T090000Z\nRDATE:20250101T090000Z,20300101T090000Z",
            "2024-12-31T09:00:00Z/2030-01-02T09:00:00Z",
        ),
        (
            "DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=YEARLY;COUNT=3",
            "2026-01-01T09:00:00Z/2028-01-01T09:00:00Z",
        ),
        (
            "DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=YEARLY",
            "2026-01-01T09:00:00Z/..",
        ),
        ("SUMMARY:no start", "none"),
    ] {
        assert_eq!(span(lines), expected, "{lines}");
    }
}

#[test]
fn what_the_caller_places_has_a_day_more_on_both_sides() {
    for lines in [
        "DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260103",
        "DTSTART:20260102T000000\nDURATION:P1D",
        "DTSTART;TZID=Nowhere:20260102T000000\nDURATION:P1D",
    ] {
        assert_eq!(
            span(lines),
            "2026-01-01T00:00:00Z/2026-01-04T00:00:00Z",
            "{lines}"
        );
    }
}

#[test]
fn a_long_count_is_found_by_arithmetic_or_goes_on_for_ever() {
    let began = Instant::now();
    assert_eq!(
        span("DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=100000"),
        "2026-01-01T09:00:00Z/2299-10-16T09:00:00Z"
    );
    assert_eq!(
        span("DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=1000000000"),
        "2026-01-01T09:00:00Z/.."
    );
    assert!(
        span("DTSTART:20260101T090000Z\nRRULE:FREQ=SECONDLY;COUNT=1000000000")
            .starts_with("2026-01-01T09:00:00Z/2057-")
    );
    assert!(
        began.elapsed() < Duration::from_millis(500),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn overrides_that_moved_away_are_in_the_span() {
    let before = "RECURRENCE-ID:20260102T080000Z\nDTSTART:20250102T080000Z";
    let after = "RECURRENCE-ID:20260103T080000Z\nDTSTART:20270102T080000Z\nDURATION:PT2H";
    let span = series(&[DAILY, before, after]).span().unwrap();
    assert_eq!(
        span.to_string(),
        "2025-01-02T08:00:00Z/2027-01-02T10:00:00Z"
    );
}

#[test]
fn a_todo_without_dates_is_always_there_and_busy_time_where_it_is() {
    assert_eq!(
        of_kind("VTODO", &["SUMMARY:some day"]).span(),
        Some(Span::ALWAYS)
    );
    assert_eq!(of_kind("VJOURNAL", &["SUMMARY:undated"]).span(), None);
    let busy = "BEGIN:VFREEBUSY\nUID:1\nDTSTAMP:20260101T000000Z\nFREEBUSY:20260105T090000Z/PT1H\nEND:VFREEBUSY";
    let span = Calendar::read(calendar_of(busy)).calendar.span().unwrap();
    assert!(span.may_overlap(&window("20260105T090000Z", "20260105T100000Z")));
    assert!(!span.may_overlap(&window("20260205T090000Z", "20260205T100000Z")));
}

#[test]
fn usual_hours_span_the_time_they_speak_of_whatever_they_leave_open() {
    let daily = "BEGIN:AVAILABLE\nUID:2\nDTSTART:20200101T090000Z\nDURATION:PT8H\n\
        RRULE:FREQ=DAILY\nEND:AVAILABLE";
    for (lines, expected) in [
        ("", "../.."),
        ("DTSTART:20260101T000000Z\n", "2026-01-01T00:00:00Z/.."),
        ("DTEND:20260201T000000Z\n", "../2026-02-01T00:00:00Z"),
        (
            "DTSTART;TZID=Europe/Berlin:20260101T000000\nDURATION:P1D\n",
            "2025-12-31T23:00:00Z/2026-01-01T23:00:00Z",
        ),
        // In which zone is for the caller to say.
        ("DTSTART:20260102T000000\n", "2026-01-01T00:00:00Z/.."),
        // Nobody knows from when on.
        (
            "DTSTART:soon\nDTEND:20260201T000000Z\n",
            "../2026-02-01T00:00:00Z",
        ),
    ] {
        let calendar = of_kind("VAVAILABILITY", &[&format!("{lines}{daily}")]);
        let span = calendar.span().unwrap().to_string();
        assert_eq!(span, expected, "{lines}");
    }
}

#[test]
fn a_span_tells_which_windows_it_may_overlap() {
    let span = Span::new(
        Some(instant("20260101T090000Z")),
        Some(instant("20260101T100000Z")),
    );
    for (start, end, may) in [
        ("20260101T080000Z", "20260101T090000Z", false),
        ("20260101T080000Z", "20260101T090001Z", true),
        // Something without length may be at its very end.
        ("20260101T100000Z", "20260101T110000Z", true),
        ("20260101T100001Z", "20260101T110000Z", false),
    ] {
        assert_eq!(span.may_overlap(&window(start, end)), may, "{start} {end}");
    }
    assert!(span.may_overlap(&Window::ALL));
    assert!(Span::ALWAYS.may_overlap(&window("19000101T000000Z", "19000102T000000Z")));
    assert!(!Span::ALWAYS.may_overlap(&window("19000101T000000Z", "19000101T000000Z")));
}

#[test]
fn the_span_of_a_calendar_is_that_of_all_its_objects() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T100000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:2\nDTSTART:20260201T100000Z\nEND:VEVENT";
    let span = Calendar::read(calendar_of(text)).calendar.span().unwrap();
    assert_eq!(
        span.to_string(),
        "2026-01-01T10:00:00Z/2026-02-01T10:00:00Z"
    );
}

#[test]
fn a_span_holds_what_an_override_by_date_changes_only_in_the_zone_of_who_asks() {
    // East of Greenwich nothing is on 2 January, so the override stands alone;
    // in Pago Pago the added date is on that day, and all is moved from then on.
    let text = calendar_of(
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Nowhere:20260103T000000\nRDATE:20260103T010000Z\n\
         RDATE:20260105T000000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260102\n\
         DTSTART;VALUE=DATE:20260101\nDURATION:P9D\nEND:VEVENT",
    );
    let calendar = Calendar::read(text).calendar;
    let span = calendar.span().unwrap();
    let wide = window("20251201T000000Z", "20260201T000000Z");
    let found: Vec<_> = calendar
        .occurrences(&wide, chrono_tz::Pacific::Pago_Pago)
        .map(Result::unwrap)
        .collect();
    assert_eq!(found.len(), 3);
    for occurrence in found {
        assert!(span.start() <= Some(occurrence.start_utc()), "{span}");
        assert!(span.end() >= Some(occurrence.end_utc()), "{span}");
    }
}
