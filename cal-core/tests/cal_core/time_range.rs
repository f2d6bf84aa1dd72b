//! The time-range tables of RFC 4791 9.9, each row just inside and just outside.

use cal_core::{Calendar, ComponentKind, Expansion, Window};
use chrono::{DateTime, NaiveDateTime, Utc};

use crate::calendar_of;

fn instant(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ")
        .unwrap()
        .and_utc()
}

/// `start/end`, either side possibly empty.
fn window(text: &str) -> Window {
    let (start, end) = text.split_once('/').unwrap();
    let side = |text: &str| (!text.is_empty()).then(|| instant(text));
    Window::between(side(start), side(end))
}

fn calendar(kind: &str, lines: &str) -> Calendar {
    let component = format!("BEGIN:{kind}\nUID:1\nDTSTAMP:20260101T000000Z\n{lines}\nEND:{kind}");
    Calendar::read(calendar_of(&component)).calendar
}

/// Asserts for each window whether the component overlaps it.
fn check(kind: ComponentKind, calendar: &Calendar, hits: &[&str], misses: &[&str]) {
    let overlaps = |text: &str| {
        calendar
            .overlaps(kind, &window(text), chrono_tz::UTC)
            .unwrap()
    };
    for hit in hits {
        assert!(overlaps(hit), "should overlap {hit}: {calendar}");
    }
    for miss in misses {
        assert!(!overlaps(miss), "should not overlap {miss}: {calendar}");
    }
}

#[test]
fn events() {
    let lasting_an_hour = [
        "DTSTART:20260101T090000Z\nDTEND:20260101T100000Z",
        "DTSTART:20260101T090000Z\nDURATION:PT1H",
        "DTSTART;TZID=Europe/Berlin:20260101T100000\nDTEND:20260101T100000Z",
    ];
    for lines in lasting_an_hour {
        check(
            ComponentKind::Event,
            &calendar("VEVENT", lines),
            &[
                "20260101T080000Z/20260101T090001Z",
                "20260101T095959Z/20260101T110000Z",
                "20260101T093000Z/20260101T093001Z",
                "20260101T080000Z/20260101T110000Z",
                "/20260101T090001Z",
                "20260101T095959Z/",
                "/",
            ],
            &[
                "20260101T080000Z/20260101T090000Z",
                "20260101T100000Z/20260101T110000Z",
                "/20260101T090000Z",
                "20260101T100000Z/",
            ],
        );
    }
    for lines in [
        "DTSTART:20260101T090000Z\nDURATION:PT0S",
        "DTSTART:20260101T090000Z",
    ] {
        check(
            ComponentKind::Event,
            &calendar("VEVENT", lines),
            &[
                "20260101T090000Z/20260101T090001Z",
                "20260101T080000Z/20260101T090001Z",
            ],
            &[
                "20260101T080000Z/20260101T090000Z",
                "20260101T090001Z/20260101T100000Z",
            ],
        );
    }
    check(
        ComponentKind::Event,
        &calendar("VEVENT", "DTSTART;VALUE=DATE:20260101"),
        &[
            "20260101T235959Z/20260103T000000Z",
            "20251231T000000Z/20260101T000001Z",
        ],
        &[
            "20260102T000000Z/20260103T000000Z",
            "20251231T000000Z/20260101T000000Z",
        ],
    );
}

#[test]
fn dates_and_floating_times_are_in_the_zone_of_the_query() {
    let day = calendar("VEVENT", "DTSTART;VALUE=DATE:20260101");
    let evening = window("20251231T150000Z/20251231T160000Z");
    assert!(
        day.overlaps(ComponentKind::Event, &evening, chrono_tz::Asia::Tokyo)
            .unwrap()
    );
    assert!(
        !day.overlaps(ComponentKind::Event, &evening, chrono_tz::UTC)
            .unwrap()
    );
    let due = calendar("VTODO", "DUE:20260101T003000");
    assert!(
        due.overlaps(ComponentKind::Todo, &evening, chrono_tz::Asia::Tokyo)
            .unwrap()
    );
    assert!(
        !due.overlaps(ComponentKind::Todo, &evening, chrono_tz::UTC)
            .unwrap()
    );
}

#[test]
fn todos_with_start_and_duration() {
    check(
        ComponentKind::Todo,
        &calendar(
            "VTODO",
            "DTSTART:20260101T090000Z\nDURATION:PT1H\nCOMPLETED:20200101T000000Z",
        ),
        &[
            "20260101T100000Z/20260101T110000Z",
            "20260101T080000Z/20260101T090001Z",
        ],
        &[
            "20260101T100001Z/20260101T110000Z",
            "20260101T080000Z/20260101T090000Z",
            "20200101T000000Z/20200102T000000Z",
        ],
    );
}

#[test]
fn todos_with_start_and_due() {
    check(
        ComponentKind::Todo,
        &calendar(
            "VTODO",
            "DTSTART:20260101T090000Z\nDUE:20260101T100000Z\nCREATED:20200101T000000Z",
        ),
        &[
            "20260101T095959Z/20260101T110000Z",
            "20260101T080000Z/20260101T090001Z",
        ],
        &[
            "20260101T100000Z/20260101T110000Z",
            "20260101T080000Z/20260101T090000Z",
        ],
    );
    check(
        ComponentKind::Todo,
        &calendar("VTODO", "DTSTART:20260101T090000Z\nDUE:20260101T090000Z"),
        &[
            "20260101T090000Z/20260101T100000Z",
            "20260101T080000Z/20260101T090000Z",
        ],
        &[
            "20260101T090001Z/20260101T100000Z",
            "20260101T080000Z/20260101T085959Z",
        ],
    );
}

#[test]
fn todos_with_a_start_only() {
    check(
        ComponentKind::Todo,
        &calendar("VTODO", "DTSTART:20260101T090000Z"),
        &["20260101T090000Z/20260101T090001Z"],
        &[
            "20260101T090001Z/20260101T100000Z",
            "20260101T080000Z/20260101T090000Z",
        ],
    );
}

#[test]
fn todos_with_a_due_date_only() {
    check(
        ComponentKind::Todo,
        &calendar("VTODO", "DUE:20260101T090000Z\nCREATED:20200101T000000Z"),
        &[
            "20260101T080000Z/20260101T090000Z",
            "20260101T085959Z/20260101T100000Z",
        ],
        &[
            "20260101T090000Z/20260101T100000Z",
            "20260101T080000Z/20260101T085959Z",
        ],
    );
}

#[test]
fn todos_without_dates() {
    check(
        ComponentKind::Todo,
        &calendar(
            "VTODO",
            "CREATED:20260101T090000Z\nCOMPLETED:20260102T090000Z",
        ),
        &[
            "20260102T090000Z/20260103T000000Z",
            "20250101T000000Z/20260101T090000Z",
            "20260101T120000Z/20260101T130000Z",
        ],
        &[
            "20260102T090001Z/20260103T000000Z",
            "20250101T000000Z/20260101T085959Z",
        ],
    );
    check(
        ComponentKind::Todo,
        &calendar("VTODO", "COMPLETED:20260102T090000Z"),
        &[
            "20260102T090000Z/20260103T000000Z",
            "20250101T000000Z/20260102T090000Z",
        ],
        &[
            "20260102T090001Z/20260103T000000Z",
            "20250101T000000Z/20260102T085959Z",
        ],
    );
    check(
        ComponentKind::Todo,
        &calendar("VTODO", "CREATED:20260102T090000Z"),
        &[
            "20260102T080000Z/20260102T090001Z",
            "20300101T000000Z/20300102T000000Z",
        ],
        &["20260101T000000Z/20260102T090000Z"],
    );
    check(
        ComponentKind::Todo,
        &calendar("VTODO", "SUMMARY:some day"),
        &["19700101T000000Z/19700101T000001Z", "20990101T000000Z/"],
        &[],
    );
}

#[test]
fn journal_entries() {
    check(
        ComponentKind::Journal,
        &calendar("VJOURNAL", "DTSTART:20260101T090000Z"),
        &["20260101T090000Z/20260101T090001Z"],
        &[
            "20260101T090001Z/20260101T100000Z",
            "20260101T080000Z/20260101T090000Z",
        ],
    );
    check(
        ComponentKind::Journal,
        &calendar("VJOURNAL", "DTSTART;VALUE=DATE:20260101"),
        &["20260101T235959Z/20260102T010000Z"],
        &[
            "20260102T000000Z/20260102T010000Z",
            "20251231T000000Z/20260101T000000Z",
        ],
    );
    check(
        ComponentKind::Journal,
        &calendar("VJOURNAL", "SUMMARY:undated"),
        &[],
        &["/", "20260101T000000Z/"],
    );
}

#[test]
fn busy_times() {
    check(
        ComponentKind::FreeBusy,
        &calendar(
            "VFREEBUSY",
            "DTSTART:20260101T090000Z\nDTEND:20260101T100000Z",
        ),
        &[
            "20260101T100000Z/20260101T110000Z",
            "20260101T080000Z/20260101T090001Z",
        ],
        &[
            "20260101T100001Z/20260101T110000Z",
            "20260101T080000Z/20260101T090000Z",
        ],
    );
    check(
        ComponentKind::FreeBusy,
        &calendar(
            "VFREEBUSY",
            "FREEBUSY:20260101T090000Z/PT1H,20260103T090000Z/20260103T100000Z",
        ),
        &[
            "20260101T095959Z/20260101T110000Z",
            "20260103T080000Z/20260103T090001Z",
        ],
        &[
            "20260101T100000Z/20260102T000000Z",
            "20260103T080000Z/20260103T090000Z",
        ],
    );
    check(
        ComponentKind::FreeBusy,
        &calendar("VFREEBUSY", "COMMENT:nothing"),
        &[],
        &["/"],
    );
}

fn alarm(event: &str, alarm: &str) -> Calendar {
    calendar(
        "VEVENT",
        &format!("{event}\nBEGIN:VALARM\nACTION:AUDIO\n{alarm}\nEND:VALARM"),
    )
}

#[test]
fn alarms_by_their_trigger() {
    let event = "DTSTART:20260101T090000Z\nDTEND:20260101T100000Z";
    for (trigger, second) in [
        ("TRIGGER:-PT15M", "20260101T084500Z/20260101T084501Z"),
        (
            "TRIGGER;RELATED=START:PT0S",
            "20260101T090000Z/20260101T090001Z",
        ),
        (
            "TRIGGER;RELATED=END:-PT15M",
            "20260101T094500Z/20260101T094501Z",
        ),
        (
            "TRIGGER;RELATED=END:PT15M",
            "20260101T101500Z/20260101T101501Z",
        ),
        ("TRIGGER:-P1W", "20251225T090000Z/20251225T090001Z"),
        (
            "TRIGGER;VALUE=DATE-TIME:20240101T000000Z",
            "20240101T000000Z/20240101T000001Z",
        ),
    ] {
        let calendar = alarm(event, trigger);
        let (from, to) = second.split_once('/').unwrap();
        let later = format!("{to}/");
        let earlier = format!("/{from}");
        check(
            ComponentKind::Alarm,
            &calendar,
            &[second],
            &[&later, &earlier],
        );
    }
}

#[test]
fn alarms_that_repeat() {
    let calendar = alarm(
        "DTSTART:20260101T090000Z",
        "TRIGGER:-PT30M\nREPEAT:2\nDURATION:PT10M",
    );
    check(
        ComponentKind::Alarm,
        &calendar,
        &[
            "20260101T083000Z/20260101T083001Z",
            "20260101T084000Z/20260101T084001Z",
            "20260101T085000Z/20260101T085001Z",
        ],
        &["20260101T083001Z/20260101T084000Z", "20260101T085001Z/"],
    );
}

#[test]
fn alarms_of_a_series_and_of_its_overrides() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20260101T090000\nRRULE:FREQ=DAILY\n\
        BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-P1D\nEND:VALARM\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260601T070000Z\nDTSTART:20260601T120000Z\n\
        BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT1H\nEND:VALARM\nEND:VEVENT";
    let calendar = Calendar::read(calendar_of(text)).calendar;
    check(
        ComponentKind::Alarm,
        &calendar,
        &[
            "20300101T080000Z/20300101T080001Z",
            // A day before on the wall clock, over the change of the clock.
            "20300330T080000Z/20300330T080001Z",
            "20260601T110000Z/20260601T110001Z",
        ],
        &[
            "20260531T070000Z/20260531T070001Z",
            "20300101T080001Z/20300101T090000Z",
        ],
    );
    let expansion = Expansion::of(&calendar);
    let found = expansion.overlapping(
        ComponentKind::Alarm,
        &window("20260601T110000Z/20260601T110001Z"),
    );
    assert_eq!(found.unwrap().len(), 1);
}

#[test]
fn an_alarm_without_a_readable_trigger_never_goes_off() {
    let calendar = alarm("DTSTART:20260101T090000Z", "TRIGGER:nonsense");
    check(ComponentKind::Alarm, &calendar, &[], &["/"]);
}

#[test]
fn a_series_overlaps_by_its_own_instances_and_an_override_by_itself() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nSUMMARY:series\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260102T090000Z\nDTSTART:20260102T150000Z\nSUMMARY:override\nEND:VEVENT";
    let calendar = Calendar::read(calendar_of(text)).calendar;
    let expansion = Expansion::of(&calendar);
    let found = |text: &str| -> Vec<String> {
        let found = expansion
            .overlapping(ComponentKind::Event, &window(text))
            .unwrap();
        found
            .iter()
            .map(|found| found.summary().unwrap().into_owned())
            .collect()
    };
    assert!(found("20260102T090000Z/20260102T100000Z").is_empty());
    assert_eq!(found("20260102T150000Z/20260102T150001Z"), ["override"]);
    assert_eq!(
        found("20260102T000000Z/20260104T000000Z"),
        ["series", "override"]
    );
    // Without an end to the window nothing has to be counted up to one.
    assert_eq!(found("20260103T000000Z/"), ["series"]);
    assert_eq!(found("/"), ["series", "override"]);
    for component in calendar.components() {
        assert!(expansion.overlaps(component, &window("/")).unwrap());
    }
}

#[test]
fn recurring_todos_overlap_by_each_instance() {
    for lines in [
        "DTSTART:20260101T090000Z\nDUE:20260101T100000Z\nRRULE:FREQ=WEEKLY",
        "DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY",
    ] {
        check(
            ComponentKind::Todo,
            &calendar("VTODO", lines),
            &["20300103T093000Z/20300103T093001Z"],
            &["20300104T093000Z/20300104T093001Z"],
        );
    }
    check(
        ComponentKind::Todo,
        &calendar("VTODO", "DUE:20260101T090000Z\nRRULE:FREQ=WEEKLY"),
        &["20300103T080000Z/20300103T090000Z"],
        &["20300103T090000Z/20300103T100000Z"],
    );
}

#[test]
fn an_empty_window_overlaps_nothing() {
    for (kind, lines) in [
        ("VTODO", "SUMMARY:some day"),
        ("VEVENT", "DTSTART:20260101T000000Z"),
    ] {
        let calendar = calendar(kind, lines);
        let empty = window("20260101T000000Z/20260101T000000Z");
        assert!(
            !calendar
                .overlaps(ComponentKind::of(kind), &empty, chrono_tz::UTC)
                .unwrap(),
            "{kind}"
        );
    }
}

#[test]
fn usual_hours_overlap_by_the_time_they_speak_of() {
    const DAY: &str = "20260102T000000Z/20260103T000000Z";
    const BEFORE: &str = "20251201T000000Z/20260101T090000Z";
    const AFTER: &str = "20260105T100000Z/20260201T000000Z";
    let start = "DTSTART:20260101T090000Z\n";
    for (lines, hits, misses) in [
        (
            format!("{start}DTEND:20260105T100000Z"),
            vec![DAY],
            vec![BEFORE, AFTER],
        ),
        (
            format!("{start}DURATION:P4DT1H"),
            vec![DAY],
            vec![BEFORE, AFTER],
        ),
        (start.to_owned(), vec![DAY, AFTER], vec![BEFORE]),
        (
            "DTEND:20260105T100000Z".to_owned(),
            vec![DAY, BEFORE],
            vec![AFTER],
        ),
        (
            "SUMMARY:always".to_owned(),
            vec![DAY, BEFORE, AFTER],
            vec![],
        ),
    ] {
        let calendar = calendar("VAVAILABILITY", &lines);
        check(ComponentKind::Availability, &calendar, &hits, &misses);
    }
}

#[test]
fn the_kinds_the_tables_do_not_name_overlap_nothing() {
    let calendar = calendar("VEVENT", "DTSTART:20260101T000000Z");
    check(ComponentKind::TimeZone, &calendar, &[], &["/"]);
    check(ComponentKind::Available, &calendar, &[], &["/"]);
}
