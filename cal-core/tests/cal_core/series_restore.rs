//! One instance of a series brought back to what it was.

use cal_core::series_edit::{Refusal, Scope, SeriesEdit};
use cal_core::{Calendar, Moment};

fn series(master: &str, overrides: &str) -> Calendar {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\n\
         DURATION:PT1H\n{master}END:VEVENT\n{overrides}END:VCALENDAR\n"
    );
    Calendar::read(text).calendar
}

fn changed(day: u32, summary: &str) -> String {
    format!(
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:202603{day:02}T090000Z\n\
         DTSTART:202603{day:02}T100000Z\nSUMMARY:{summary}\nEND:VEVENT\n"
    )
}

const DAILY: &str = "RRULE:FREQ=DAILY;COUNT=5\nSUMMARY:Daily\n";

/// What the series is with its instance of 4 March as it was.
fn restored(now: &Calendar, then: &Calendar) -> Result<String, Refusal> {
    let fourth = Moment::parse("20260304T090000Z", None).unwrap();
    let edit = SeriesEdit::new(Scope::This, fourth, "2026-03-10T12:00:00".parse().unwrap());
    edit.restore(now, then).map(|calendar| calendar.to_string())
}

#[test]
fn an_override_comes_back_byte_for_byte_and_no_other_is_touched() {
    let then = series(DAILY, &(changed(3, "Third") + &changed(4, "Fourth")));
    let now = series(DAILY, &(changed(3, "Other") + &changed(4, "Worse")));
    let expected = series(DAILY, &(changed(3, "Other") + &changed(4, "Fourth")));
    assert_eq!(restored(&now, &then).unwrap(), expected.to_string());
    let lost = series(DAILY, &changed(3, "Other"));
    assert_eq!(restored(&lost, &then).unwrap(), expected.to_string());
}

#[test]
fn an_override_that_was_not_there_goes() {
    let (then, now) = (series(DAILY, ""), series(DAILY, &changed(4, "Fourth")));
    assert_eq!(restored(&now, &then).unwrap(), then.to_string());
}

#[test]
fn an_instance_that_was_deleted_comes_back() {
    let then = series(DAILY, "");
    let alone = format!("{DAILY}EXDATE:20260304T090000Z\n");
    assert_eq!(
        restored(&series(&alone, ""), &then).unwrap(),
        then.to_string()
    );
    let both = format!("{DAILY}EXDATE:20260303T090000Z,20260304T090000Z\n");
    let left = format!("{DAILY}EXDATE:20260303T090000Z\n");
    let found = restored(&series(&both, ""), &then).unwrap();
    assert_eq!(found.replace("\r\n", "\n"), series(&left, "").to_string());
}

#[test]
fn an_instance_that_had_been_deleted_goes_again() {
    let then = series(&format!("{DAILY}EXDATE:20260304T090000Z\n"), "");
    let found = restored(&series(DAILY, &changed(4, "Fourth")), &then).unwrap();
    assert!(found.contains("EXDATE:20260304T090000Z"), "{found}");
    assert!(!found.contains("Fourth"), "{found}");
}

#[test]
fn what_the_series_said_of_an_instance_becomes_an_override_where_it_says_something_else() {
    let now = series(&DAILY.replace("Daily", "Renamed"), "");
    let found = restored(&now, &series(DAILY, "")).unwrap();
    assert!(found.contains("SUMMARY:Renamed"), "{found}");
    let overrides = found.matches("RECURRENCE-ID:20260304T090000Z").count();
    assert_eq!(overrides, 1, "{found}");
    assert_eq!(found.matches("SUMMARY:Daily").count(), 1, "{found}");
}

#[test]
fn an_instance_that_the_series_cannot_have_any_more_is_refused() {
    let now = series(&DAILY.replace("COUNT=5", "COUNT=2"), "");
    let refused = restored(&now, &series(DAILY, ""));
    assert_eq!(refused, Err(Refusal::NoSuchInstance));
}
