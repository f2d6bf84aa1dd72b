//! What a week is like.

use cal_core::Calendar;
use cal_freebusy::{Error, Schedule, WeekReport, WorkingHours};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;

use crate::period;

/// Events on Monday, 2026-03-02, as start, minutes and further lines.
fn monday(events: &[(&str, u32, &str)]) -> WeekReport {
    let text: String = events
        .iter()
        .enumerate()
        .map(|(uid, (start, minutes, lines))| {
            format!(
                "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:meeting {uid}\n\
                 DTSTART;TZID=Europe/Berlin:20260302T{start}00\nDURATION:PT{minutes}M\n{lines}END:VEVENT\n"
            )
        })
        .collect();
    report(&text, "20260302T000000Z/P1D")
}

fn report(components: &str, window: &str) -> WeekReport {
    let text = format!("BEGIN:VCALENDAR\n{components}END:VCALENDAR\n");
    let calendar = Calendar::read(text).calendar;
    let hours = WorkingHours::weekdays(Berlin, "09:00-17:00".parse().unwrap());
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    schedule.report(&period(window), &hours).unwrap()
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

#[test]
fn an_empty_week_is_all_focus() {
    let report = report("", "20260302T000000Z/P7D");
    assert_eq!(report.focus.len(), 5);
    assert_eq!(report.free, minutes(5 * 480));
    assert_eq!((report.meetings, report.fragmentation), (0, 0.0));
}

#[test]
fn free_time_in_short_pieces_is_fragmented() {
    // 09:00-10:00, 10:30-12:00 and 12:30-17:00 are free.
    let report = monday(&[("1000", 30, ""), ("1200", 30, "")]);
    assert_eq!(report.focus, [period("20260302T113000Z/20260302T160000Z")]);
    assert_eq!(report.free, minutes(420));
    assert!((report.fragmentation - 150.0 / 420.0).abs() < 1e-9);
}

#[test]
fn meetings_without_a_break_and_over_each_other_are_counted() {
    let report = monday(&[
        ("0900", 60, ""),
        ("1000", 30, ""), // back to back
        ("1034", 30, ""), // four minutes are no break
        ("1110", 30, ""), // six are
        ("1120", 10, ""), // within another
        ("1140", 30, ""), // back to back with the longer of the two
    ]);
    assert_eq!(report.back_to_back, 3);
    assert_eq!(report.double_booked, 1);
    assert_eq!(report.meetings, 6);
}

#[test]
fn time_is_counted_for_all_who_are_there_and_outside_of_hours() {
    let crowd = "ATTENDEE:mailto:a@x\nATTENDEE:mailto:b@x\nATTENDEE:mailto:c@x\n";
    let report = monday(&[("1600", 90, crowd), ("0800", 30, "")]);
    assert_eq!(report.meeting_time, minutes(120));
    assert_eq!(report.people_time, minutes(90 * 3 + 30));
    assert_eq!(report.outside_hours, minutes(60));
}

#[test]
fn what_takes_no_time_and_whole_days_are_no_meetings() {
    let day = "BEGIN:VEVENT\nUID:d\nDTSTART;VALUE=DATE:20260302\nEND:VEVENT\n\
               BEGIN:VEVENT\nUID:t\nDTSTART:20260303T100000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT\nEND:VEVENT\n";
    let report = report(day, "20260302T000000Z/P7D");
    assert_eq!(report.meetings, 0);
    assert_eq!(report.free, minutes(4 * 480), "but a whole day is not free");
}

#[test]
fn the_series_that_breaks_up_most_comes_first() {
    let series = |uid: &str, start: &str| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{uid}\nDTSTART;TZID=Europe/Berlin:20260302T{start}00\n\
             DURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=5\nEND:VEVENT\n"
        )
    };
    // The lunch talk leaves two short pieces around it, the stand-up starts the day.
    let text = [
        series("standup", "0900"),
        series("lunch", "1100"),
        series("tea", "1300"),
    ]
    .concat();
    let report = report(&text, "20260302T000000Z/P7D");
    let told: Vec<(&str, usize)> = report
        .series
        .iter()
        .map(|series| (series.uid.as_str(), series.meetings))
        .collect();
    assert_eq!(told, [("lunch", 5), ("standup", 5), ("tea", 5)]);
    // 09:30-11:00 and 11:30-13:00 would be one.
    assert_eq!(report.series[0].broken_up, minutes(5 * 180));
    // 09:00-11:00 would be long enough.
    assert_eq!(report.series[1].broken_up, minutes(5 * 90));
    // 11:30-13:00 would be one with the afternoon.
    assert_eq!(report.series[2].broken_up, minutes(5 * 90));
}

#[test]
fn more_meetings_than_can_be_looked_at_are_refused() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:tick\nDTSTART:20260302T090000Z\nDURATION:PT1M\n\
                RRULE:FREQ=MINUTELY\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = Calendar::read(text).calendar;
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let refused = schedule.report(&period("20260302T000000Z/P7D"), &WorkingHours::new(Berlin));
    assert!(matches!(refused, Err(Error::TooManyEvents { .. })));
}
