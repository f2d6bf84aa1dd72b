//! Calendars written out for CalDAV's expand and limit-recurrence-set
//! (RFC 4791 9.6.5 and 9.6.6).

use cal_core::{Calendar, Expansion, Window};
use chrono::{DateTime, NaiveDateTime, Utc};

use crate::calendar_of;

fn window(start: &str, end: &str) -> Window {
    let instant = |text: &str| -> DateTime<Utc> {
        NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ")
            .unwrap()
            .and_utc()
    };
    Window::new(instant(start), instant(end))
}

const ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
    TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";

/// A daily series at nine in Berlin with an override at noon on the third day
/// and one that moved from the fifth to the twentieth.
fn series() -> Calendar {
    let text = format!(
        "{ZONE}BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
         DTSTART;TZID=Europe/Berlin:20260101T090000\nDTEND;TZID=Europe/Berlin:20260101T100000\n\
         RRULE:FREQ=DAILY;COUNT=10\nEXDATE;TZID=Europe/Berlin:20260102T090000\nRDATE:20260115T080000Z\n\
         SUMMARY:Stand\n  up\nX-SEEN;TZID=Europe/Berlin;VALUE=DATE-TIME:20260101T120000\n\
         BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20260103T090000\n\
         DTSTART;TZID=Europe/Berlin:20260103T120000\nDURATION:PT1H\nSUMMARY:noon\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20260105T090000\n\
         DTSTART;TZID=Europe/Berlin:20260120T090000\nSUMMARY:moved\nEND:VEVENT"
    );
    calendar_of(&text).parse().unwrap()
}

/// The expanded calendar, which must be iCalendar, from its first event on.
fn expanded(calendar: &Calendar, window: &Window) -> String {
    let expansion = Expansion::of(calendar).in_zone(chrono_tz::Europe::Berlin);
    let text = expansion.expanded(window).unwrap().to_string();
    if text.contains("BEGIN:VEVENT") {
        text.parse::<Calendar>()
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    let head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n";
    let body = text.strip_prefix(head).unwrap_or_else(|| panic!("{text}"));
    body.strip_suffix("END:VCALENDAR\r\n")
        .unwrap_or_else(|| panic!("{text}"))
        .replace("\r\n", "\n")
}

#[test]
fn an_instance_is_in_utc_with_its_recurrence_id_and_nothing_that_recurs() {
    assert_eq!(
        expanded(&series(), &window("20260101T083000Z", "20260101T083001Z")),
        "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T080000Z\n\
         RECURRENCE-ID:20260101T080000Z\nDTEND:20260101T090000Z\nSUMMARY:Stand\n  up\n\
         X-SEEN:20260101T110000Z\n\
         BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT\n"
    );
}

#[test]
fn an_override_stands_in_for_its_instance() {
    assert_eq!(
        expanded(&series(), &window("20260103T000000Z", "20260104T000000Z")),
        "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20260103T110000Z\n\
         RECURRENCE-ID:20260103T080000Z\nDURATION:PT1H\nSUMMARY:noon\nEND:VEVENT\n"
    );
}

#[test]
fn an_instance_that_moved_out_or_is_excluded_is_not_there() {
    assert_eq!(
        expanded(&series(), &window("20260105T000000Z", "20260106T000000Z")),
        ""
    );
    assert_eq!(
        expanded(&series(), &window("20260102T000000Z", "20260103T000000Z")),
        ""
    );
    let moved = expanded(&series(), &window("20260120T000000Z", "20260121T000000Z"));
    assert!(
        moved.contains("DTSTART:20260120T080000Z\nRECURRENCE-ID:20260105T080000Z\n"),
        "{moved}"
    );
}

#[test]
fn a_second_at_the_start_of_an_instance_gives_that_instance_only() {
    let text = expanded(&series(), &window("20260106T080000Z", "20260106T080001Z"));
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    assert!(text.contains("RECURRENCE-ID:20260106T080000Z"));
}

#[test]
fn every_instance_of_the_window_is_there() {
    let text = expanded(&series(), &window("20260101T000000Z", "20260201T000000Z"));
    // Ten of the rule, one excluded, one date added.
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 10);
    for gone in ["RRULE", "RDATE", "EXDATE", "VTIMEZONE", "TZID"] {
        assert!(!text.contains(gone), "{gone}");
    }
}

#[test]
fn days_stay_dates_and_floating_times_stay_floating() {
    let event = |lines: &str| -> Calendar {
        let text = format!("BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT");
        calendar_of(&text).parse().unwrap()
    };
    let all = window("20260101T000000Z", "20260108T000000Z");
    let days =
        event("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260103\nRRULE:FREQ=WEEKLY;COUNT=1");
    assert!(expanded(&days, &all).contains(
        "DTSTART;VALUE=DATE:20260101\nRECURRENCE-ID;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260103\n"
    ));
    let floating = event("DTSTART:20260102T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1");
    assert!(
        expanded(&floating, &all)
            .contains("DTSTART:20260102T090000\nRECURRENCE-ID:20260102T090000\nDURATION:PT1H\n")
    );
}

#[test]
fn what_does_not_recur_has_no_recurrence_id() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Europe/Berlin:20260101T090000\nEND:VEVENT";
    let calendar: Calendar = calendar_of(&format!("{ZONE}{text}")).parse().unwrap();
    let found = expanded(&calendar, &window("20260101T000000Z", "20260102T000000Z"));
    assert!(
        found.contains("DTSTART:20260101T080000Z\nEND:VEVENT"),
        "{found}"
    );
}

#[test]
fn a_length_in_days_is_written_as_an_end() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Europe/Berlin:20260328T120000\n\
        DURATION:P1D\nRRULE:FREQ=WEEKLY;COUNT=1\nEND:VEVENT";
    let calendar: Calendar = calendar_of(text).parse().unwrap();
    let found = expanded(&calendar, &window("20260328T000000Z", "20260329T000000Z"));
    assert!(
        found.contains("DTEND:20260329T100000Z\n") && !found.contains("DURATION"),
        "{found}"
    );
}

#[test]
fn a_todo_with_a_due_date_only_expands_by_it() {
    let text = "BEGIN:VTODO\nUID:1\nDTSTAMP:20260101T000000Z\nDUE;TZID=Europe/Berlin:20260101T090000\n\
        RRULE:FREQ=DAILY;COUNT=2\nEND:VTODO";
    let calendar: Calendar = Calendar::read(calendar_of(text)).calendar;
    let found = Expansion::of(&calendar)
        .expanded(&window("20260102T000000Z", "20260103T000000Z"))
        .unwrap()
        .to_string();
    assert!(
        found.contains("DUE:20260102T080000Z\r\nRECURRENCE-ID:20260102T080000Z\r\nEND:VTODO"),
        "{found}"
    );
}

#[test]
fn too_many_instances_are_an_error_and_not_a_cut() {
    let calendar = series();
    let expansion = Expansion::of(&calendar).with_limit(3);
    assert!(
        expansion
            .expanded(&window("20260101T000000Z", "20260201T000000Z"))
            .is_err()
    );
}

#[test]
fn limiting_keeps_the_series_and_the_overrides_that_matter() {
    let calendar = series();
    let limited = |start: &str, end: &str| {
        let text = Expansion::of(&calendar)
            .with_limited_overrides(&window(start, end))
            .to_string();
        (
            text.contains("RRULE"),
            text.contains("SUMMARY:noon"),
            text.contains("SUMMARY:moved"),
        )
    };
    assert_eq!(
        limited("20260103T000000Z", "20260104T000000Z"),
        (true, true, false)
    );
    // Both where it was and where it is.
    assert_eq!(
        limited("20260105T000000Z", "20260106T000000Z"),
        (true, false, true)
    );
    assert_eq!(
        limited("20260120T000000Z", "20260121T000000Z"),
        (true, false, true)
    );
    assert_eq!(
        limited("20270101T000000Z", "20270102T000000Z"),
        (true, false, false)
    );
    let all = Expansion::of(&calendar).with_limited_overrides(&Window::ALL);
    assert_eq!(all.to_bytes(), calendar.to_bytes());
}

#[test]
fn limiting_keeps_an_override_for_this_and_what_follows() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T090000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260103T090000Z\n\
        DTSTART:20260103T100000Z\nSUMMARY:later\nEND:VEVENT";
    let calendar: Calendar = calendar_of(text).parse().unwrap();
    let expansion = Expansion::of(&calendar);
    let kept = |start, end| {
        expansion
            .with_limited_overrides(&window(start, end))
            .to_string()
            .contains("SUMMARY:later")
    };
    assert!(kept("20270101T000000Z", "20270102T000000Z"));
    assert!(!kept("20260101T000000Z", "20260102T000000Z"));
}

#[test]
fn limiting_keeps_an_override_as_long_as_the_period_that_it_replaces() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T090000Z\n\
        RDATE;VALUE=PERIOD:20260201T090000Z/P20D\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nRECURRENCE-ID:20260201T090000Z\n\
        DTSTART:20260103T100000Z\nSUMMARY:moved\nEND:VEVENT";
    let calendar: Calendar = calendar_of(text).parse().unwrap();
    let window = window("20260210T000000Z", "20260211T000000Z");
    let limited = Expansion::of(&calendar).with_limited_overrides(&window);
    assert!(limited.to_string().contains("SUMMARY:moved"));
}
