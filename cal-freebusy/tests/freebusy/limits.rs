//! Series with more occurrences than anybody looks at.

use cal_core::{Calendar, Error};
use cal_freebusy::{Availability, Schedule};
use chrono_tz::Europe::Berlin;

#[test]
fn one_occurrence_more_than_the_limit_is_a_fault() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDURATION:PT1S\n\
         RRULE:FREQ=SECONDLY;COUNT=20\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = Calendar::read(text).calendar;
    let window = "20260302T000000Z/P1D".parse().unwrap();
    let with_limit = |limit| {
        let schedule = Schedule::new(Berlin).with_calendar(&calendar);
        Availability::of(&schedule.with_limit(limit), &window)
    };
    assert!(with_limit(20).faults().is_empty());
    let limited = with_limit(19);
    let [Error::OccurrenceLimit { limit, .. }] = limited.faults() else {
        panic!("{limited:?}");
    };
    assert_eq!(*limit, 19);
}
