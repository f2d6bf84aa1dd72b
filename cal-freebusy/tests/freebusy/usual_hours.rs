//! VAVAILABILITY (RFC 7953) as part of busy time.

use cal_core::{Calendar, Error};
use cal_freebusy::{Availability, Schedule};
use chrono_tz::Europe::Berlin;

use crate::period;

fn calendar(components: &str) -> Calendar {
    Calendar::read(format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\n{components}END:VCALENDAR\n"
    ))
    .calendar
}

/// A VAVAILABILITY with these lines that leaves some hours of each day open.
fn hours(lines: &str, open: &str, until: &str) -> String {
    format!(
        "BEGIN:VAVAILABILITY\nUID:{lines}{open}\nDTSTAMP:20260101T000000Z\n{lines}\
         BEGIN:AVAILABLE\nUID:a\nDTSTART:20260101T{open}00Z\nDTEND:20260101T{until}00Z\n\
         RRULE:FREQ=DAILY\nEND:AVAILABLE\nEND:VAVAILABILITY\n"
    )
}

/// `HH:MM-HH:MM TYPE` of each busy time on 2026-03-02 in UTC.
fn monday(components: &[String]) -> Vec<String> {
    let calendars: Vec<Calendar> = components.iter().map(|text| calendar(text)).collect();
    let day = period("20260302T000000Z/P1D");
    // Spread over calendars or in one, it is the same.
    let all = calendar(&components.concat());
    let spread = calendars
        .iter()
        .fold(Schedule::new(Berlin), Schedule::with_calendar);
    let spread = Availability::of(&spread, &day);
    let together = Availability::of(&Schedule::new(Berlin).with_calendar(&all), &day);
    assert_eq!(spread.busy(), together.busy());
    assert_eq!(spread.faults(), []);
    let clock = |at: chrono::DateTime<chrono::Utc>| at.format("%H:%M").to_string();
    let times = spread.busy().iter().map(|time| {
        let (start, end) = (time.interval.start(), time.interval.end());
        format!("{}-{} {}", clock(start), clock(end), time.busy_type)
    });
    times.collect()
}

#[test]
fn all_is_unavailable_but_what_is_left_open() {
    assert_eq!(
        monday(&[hours("", "0900", "1700")]),
        [
            "00:00-09:00 BUSY-UNAVAILABLE",
            "17:00-00:00 BUSY-UNAVAILABLE"
        ]
    );
}

#[test]
fn the_busy_type_says_how_firmly_the_rest_is_taken() {
    for (lines, name) in [
        ("BUSYTYPE:BUSY\n", "BUSY"),
        ("BUSYTYPE:busy-tentative\n", "BUSY-TENTATIVE"),
        ("BUSYTYPE:BUSY-UNAVAILABLE\n", "BUSY-UNAVAILABLE"),
        ("BUSYTYPE:X-OTHER\n", "BUSY"),
    ] {
        let expected = [format!("00:00-09:00 {name}"), format!("17:00-00:00 {name}")];
        assert_eq!(monday(&[hours(lines, "0900", "1700")]), expected, "{lines}");
    }
}

#[test]
fn nothing_is_said_outside_of_its_own_time() {
    let until_noon = hours(
        "DTSTART:20260301T000000Z\nDTEND:20260302T120000Z\n",
        "0900",
        "1700",
    );
    assert_eq!(monday(&[until_noon]), ["00:00-09:00 BUSY-UNAVAILABLE"]);
    let by_duration = hours("DTSTART:20260301T000000Z\nDURATION:PT36H\n", "0900", "1700");
    assert_eq!(monday(&[by_duration]), ["00:00-09:00 BUSY-UNAVAILABLE"]);
    let another_year = hours("DTSTART:20270301T000000Z\n", "0900", "1700");
    assert_eq!(monday(&[another_year]), Vec::<String>::new());
}

#[test]
fn a_higher_priority_holds_for_its_time_and_a_lower_one_for_the_rest() {
    let always = hours("PRIORITY:9\n", "0900", "1700");
    let trip = |priority: &str| {
        let span = "DTSTART:20260302T080000Z\nDTEND:20260302T140000Z\n";
        hours(&format!("{span}{priority}BUSYTYPE:BUSY\n"), "1300", "2000")
    };
    assert_eq!(
        monday(&[always.clone(), trip("PRIORITY:1\n")]),
        [
            "00:00-08:00 BUSY-UNAVAILABLE",
            "08:00-13:00 BUSY",
            "17:00-00:00 BUSY-UNAVAILABLE"
        ]
    );
    // No priority and zero are lower than any.
    for none in ["", "PRIORITY:0\n"] {
        assert_eq!(
            monday(&[trip(none), always.clone()]),
            [
                "00:00-09:00 BUSY-UNAVAILABLE",
                "17:00-00:00 BUSY-UNAVAILABLE"
            ]
        );
    }
}

#[test]
fn of_one_priority_what_any_leaves_open_is_open() {
    assert_eq!(
        monday(&[
            hours("BUSYTYPE:BUSY\n", "0900", "1200"),
            hours("", "1100", "1700")
        ]),
        [
            "00:00-09:00 BUSY-UNAVAILABLE",
            "17:00-00:00 BUSY-UNAVAILABLE"
        ]
    );
}

#[test]
fn events_take_time_within_what_is_open() {
    let event = "BEGIN:VEVENT\nUID:1\nDTSTART:20260302T160000Z\nDURATION:PT2H\nEND:VEVENT\n";
    assert_eq!(
        monday(&[hours("", "0900", "1700"), event.to_owned()]),
        [
            "00:00-09:00 BUSY-UNAVAILABLE",
            "16:00-17:00 BUSY",
            "17:00-00:00 BUSY-UNAVAILABLE"
        ]
    );
}

#[test]
fn open_parts_have_zones_series_and_exceptions_as_events_do() {
    let block = "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
         TZOFFSETFROM:+0200\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n\
         BEGIN:VAVAILABILITY\nUID:v\nDTSTAMP:20260101T000000Z\n\
         BEGIN:AVAIL\n ABLE\nUID:a\nDTSTART;TZID=Office:20260302T090000\nDTEND;TZID=Office:20260302T17\n 0000\n\
         RRULE:FREQ=DAILY;COUNT=4\nEXDATE;TZID=Office:20260303T090000\nEND:AVAILABLE\n\
         BEGIN:AVAILABLE\nUID:a\nRECURRENCE-ID;TZID=Office:20260304T090000\n\
         DTSTART;TZID=Office:20260304T120000\nDURATION:PT1H\nEND:AVAILABLE\nEND:VAVAILABILITY\n";
    let calendar = calendar(block);
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let availability = Availability::of(&schedule, &period("20260302T000000Z/P7D"));
    assert_eq!(availability.faults(), []);
    let free: Vec<_> = availability.free_slots(chrono::TimeDelta::zero()).collect();
    assert_eq!(
        free,
        [
            period("20260302T070000Z/20260302T150000Z"),
            period("20260304T100000Z/20260304T110000Z"),
            period("20260305T070000Z/20260305T150000Z"),
        ]
    );
}

#[test]
fn a_broken_one_takes_only_itself_out_and_is_told() {
    let broken = "BEGIN:VAVAILABILITY\nUID:b\nDTSTART:whenever\nEND:VAVAILABILITY\n";
    let text = format!("{broken}{}", hours("", "0900", "1700"));
    let calendar = calendar(&text);
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let availability = Availability::of(&schedule, &period("20260302T000000Z/P1D"));
    assert_eq!(availability.busy().len(), 2);
    assert_eq!(availability.faults().len(), 1);
}

#[test]
fn parts_need_no_uid_and_may_share_one_with_parts_of_other_blocks() {
    let part = |uid: &str, hour: u32| {
        format!(
            "BEGIN:AVAILABLE\n{uid}DTSTART:20260302T{hour:02}0000Z\nDURATION:PT1H\nEND:AVAILABLE\n"
        )
    };
    let block = |priority: u32, parts: &str| {
        format!(
            "BEGIN:VAVAILABILITY\nUID:v{priority}\nPRIORITY:{priority}\n{parts}END:VAVAILABILITY\n"
        )
    };
    let high = block(1, &(part("", 9) + &part("", 11) + &part("UID:a\n", 13)));
    let low = block(2, &part("UID:a\n", 15));
    assert_eq!(
        monday(&[high, low]),
        [
            "00:00-09:00 BUSY-UNAVAILABLE",
            "10:00-11:00 BUSY-UNAVAILABLE",
            "12:00-13:00 BUSY-UNAVAILABLE",
            "14:00-00:00 BUSY-UNAVAILABLE",
        ]
    );
}

#[test]
fn thousands_of_them_are_combined_as_one_is() {
    let one = hours("", "0900", "1700");
    let many = one.repeat(3_000);
    let calendar = calendar(&many);
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let availability = Availability::of(&schedule, &period("20260302T000000Z/P1D"));
    assert_eq!(availability.busy().len(), 2);
}

#[test]
fn hours_whose_time_cannot_be_read_may_hold_at_any_time_and_open_nothing() {
    let unreadable = hours("DTSTART:soon\nPRIORITY:1\n", "0900", "1700");
    let always = hours("PRIORITY:9\n", "0900", "1700");
    let calendar = calendar(&[unreadable, always].concat());
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let day = period("20260302T000000Z/P1D");
    let availability = Availability::of(&schedule, &day);
    assert_eq!(availability.busy().intervals().collect::<Vec<_>>(), [day]);
    assert_eq!(availability.faults().len(), 1);
}

#[test]
fn more_open_times_than_are_looked_at_are_not_known_to_be_open() {
    let every_second_of = |day: &str| {
        format!(
            "BEGIN:AVAILABLE\nUID:{day}\nDTSTART:{day}T000000Z\nDURATION:PT1S\n\
             RRULE:FREQ=SECONDLY;COUNT=86400\nEND:AVAILABLE\n"
        )
    };
    let days = every_second_of("20260302") + &every_second_of("20260303");
    let calendar = calendar(&format!(
        "BEGIN:VAVAILABILITY\nUID:1\nDTSTAMP:20260101T000000Z\n{days}END:VAVAILABILITY\n"
    ));
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let availability = Availability::of(&schedule, &period("20260302T000000Z/P2D"));
    let [Error::OccurrenceLimit { limit, .. }] = availability.faults() else {
        panic!("{:?}", availability.faults());
    };
    assert_eq!(*limit, 100_000);
    // 86,400 of the first day, and what is left of the second.
    let closed: Vec<_> = availability.busy().intervals().collect();
    assert_eq!(closed, [period("20260303T034640Z/20260304T000000Z")]);
}

#[test]
fn a_calendar_may_be_read_in_a_zone_of_its_own() {
    let noon = "BEGIN:VEVENT\nUID:1\nDTSTART:20260302T120000\nDURATION:PT1H\nEND:VEVENT\n";
    let calendar = calendar(noon);
    let busy = |schedule: Schedule<'_>| {
        let availability = Availability::of(&schedule, &period("20260302T000000Z/P1D"));
        availability.busy().intervals().collect::<Vec<_>>()
    };
    let elsewhere = Schedule::new(Berlin).with_calendar_in(&calendar, chrono_tz::Asia::Tokyo);
    assert_eq!(busy(elsewhere), [period("20260302T030000Z/PT1H")]);
    let at_home = Schedule::new(Berlin).with_calendar(&calendar);
    assert_eq!(busy(at_home), [period("20260302T110000Z/PT1H")]);
}
