//! Typed values and what follows from them: RFC 5545 3.3, 3.6.

use cal_core::{
    Calendar, Duration, Error, Geo, Moment, Period, PeriodEnd, Trigger, UtcOffset, ValueType,
};
use proptest::prelude::*;

use crate::{calendar_of, event_of};

/// DTSTART and what follows it, the start, the end, the rule that was mended.
const EXTENTS: &[(&str, &str, &str, &str)] = &[
    (
        "DTSTART:20260301T090000Z",
        "2026-03-01T09:00:00Z",
        "2026-03-01T09:00:00Z",
        "",
    ),
    (
        "DTSTART;VALUE=DATE:20260301",
        "2026-03-01",
        "2026-03-02",
        "",
    ),
    (
        "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260301",
        "2026-03-01",
        "2026-03-02",
        "end-before-start",
    ),
    (
        "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260225",
        "2026-03-01",
        "2026-03-02",
        "end-before-start",
    ),
    (
        "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260304",
        "2026-03-01",
        "2026-03-04",
        "",
    ),
    (
        "DTSTART;VALUE=DATE:20260301\nDURATION:P3D",
        "2026-03-01",
        "2026-03-04",
        "",
    ),
    (
        "DTSTART;VALUE=DATE:20260301\nDURATION:PT36H",
        "2026-03-01",
        "2026-03-03",
        "end-type-differs",
    ),
    (
        "DTSTART;VALUE=DATE:20260301\nDTEND:20260302T120000Z",
        "2026-03-01",
        "2026-03-02",
        "end-type-differs",
    ),
    (
        "DTSTART:20260301T090000\nDTEND:20260301T090000",
        "2026-03-01T09:00:00",
        "2026-03-01T09:00:00",
        "",
    ),
    (
        "DTSTART:20260301T090000\nDTEND:20260301T080000",
        "2026-03-01T09:00:00",
        "2026-03-01T09:00:00",
        "end-before-start",
    ),
    (
        "DTSTART:20260301T090000Z\nDTEND:20260301T100000Z\nDURATION:PT3H",
        "2026-03-01T09:00:00Z",
        "2026-03-01T10:00:00Z",
        "end-and-duration",
    ),
    (
        "DTSTART:20260301T090000Z\nDURATION:P",
        "2026-03-01T09:00:00Z",
        "2026-03-01T09:00:00Z",
        "bad-duration",
    ),
    (
        "DTSTART:20260301T090000Z\nDURATION:PT5400S",
        "2026-03-01T09:00:00Z",
        "2026-03-01T10:30:00Z",
        "",
    ),
    (
        "DTSTART:20260301T090000Z\nDURATION:+PT15M",
        "2026-03-01T09:00:00Z",
        "2026-03-01T09:15:00Z",
        "",
    ),
    (
        "DTSTART:20260301T090000Z\nDURATION:-P1W6DT15H",
        "2026-03-01T09:00:00Z",
        "2026-03-01T09:00:00Z",
        "end-before-start",
    ),
    (
        "DTSTART:20260301T090000Z\nDURATION:P1W6DT15H",
        "2026-03-01T09:00:00Z",
        "2026-03-15T00:00:00Z",
        "",
    ),
    (
        "DTSTART:20260301T090000Z\nDTEND:soon",
        "2026-03-01T09:00:00Z",
        "2026-03-01T09:00:00Z",
        "bad-date-time",
    ),
    (
        "DTSTART:20260301T090000Z\nDTEND;VALUE=DATE:20260302",
        "2026-03-01T09:00:00Z",
        "2026-03-02T00:00:00Z",
        "end-type-differs",
    ),
    (
        "DTSTART;TZID=A/B:20260301T090000\nDTEND;TZID=C/D:20260301T080000",
        "2026-03-01T09:00:00[A/B]",
        "2026-03-01T08:00:00[C/D]",
        "",
    ),
    (
        "DTSTART;TZID=A/B:20260328T090000\nDURATION:P1D",
        "2026-03-28T09:00:00[A/B]",
        "2026-03-29T09:00:00[A/B]",
        "",
    ),
];

#[test]
fn an_event_ends_by_dtend_by_duration_or_by_default() {
    for &(lines, start, end, mended) in EXTENTS {
        let calendar = Calendar::read(event_of(lines)).calendar;
        let event = calendar.events().next().unwrap();
        let extent = event.extent().unwrap();
        assert_eq!(extent.start.to_string(), start, "{lines}");
        assert_eq!(extent.end().to_string(), end, "{lines}");
        assert_eq!(
            extent.mended.map_or("", |rule| rule.code()),
            mended,
            "{lines}"
        );
    }
}

#[test]
fn a_start_is_read_in_the_forms_that_programs_write() {
    let cases = [
        (":20260301", "2026-03-01"),
        (";VALUE=DATE:20260301T000000", "2026-03-01"),
        (":2026-03-01", "2026-03-01"),
        (":2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"),
        (":20260301T0900", "2026-03-01T09:00:00"),
        (": 20260301T090000Z ", "2026-03-01T09:00:00Z"),
        (":20260301t090000z", "2026-03-01T09:00:00Z"),
        (":20260301T240000", "2026-03-02T00:00:00"),
        (":20260301T235960Z", "2026-03-01T23:59:59Z"),
        (
            ";TZID=Europe/Berlin:20260301T090000Z",
            "2026-03-01T09:00:00Z",
        ),
        (
            ";TZID=\"Europe/Berlin\":20260301T090000",
            "2026-03-01T09:00:00[Europe/Berlin]",
        ),
        (";TZID=:20260301T090000", "2026-03-01T09:00:00"),
        (":00001231T000000Z", "0000-12-31T00:00:00Z"),
        (":99991231T235959Z", "9999-12-31T23:59:59Z"),
    ];
    for (rest, expected) in cases {
        let calendar = Calendar::read(event_of(&format!("DTSTART{rest}"))).calendar;
        let start = calendar.events().next().unwrap().start();
        assert_eq!(
            start.map(|start| start.to_string()),
            Ok(expected.to_owned()),
            "{rest}"
        );
    }
    for bad in [
        "",
        "x",
        "20260229",
        "20261301T000000",
        "20260301T250000",
        "20260301T240001",
        "99999999999",
    ] {
        let calendar = Calendar::read(event_of(&format!("DTSTART:{bad}"))).calendar;
        let error = calendar.events().next().unwrap().start().unwrap_err();
        assert_eq!(
            error.fault().unwrap().position().to_string(),
            "7:9",
            "{bad}"
        );
    }
}

#[test]
fn a_missing_start_is_an_error_that_names_it() {
    let text = calendar_of("BEGIN:VEVENT\nUID:1\nEND:VEVENT");
    let calendar = Calendar::read(&text).calendar;
    let error = calendar.events().next().unwrap().start().unwrap_err();
    assert_eq!(error.to_string(), "this VEVENT has no DTSTART");
}

#[test]
fn durations_are_read_and_printed_exactly() {
    let good = [
        ("P1W", 7, 0, "P1W"),
        ("P7D", 7, 0, "P1W"),
        ("P15DT5H0M20S", 15, 18_020, "P15DT5H0M20S"),
        ("PT0S", 0, 0, "PT0S"),
        ("P0D", 0, 0, "PT0S"),
        ("-PT15M", 0, -900, "-PT15M"),
        ("+P1D", 1, 0, "P1D"),
        ("PT1H30S", 0, 3630, "PT1H0M30S"),
        ("PT5400S", 0, 5400, "PT1H30M"),
    ];
    for (text, days, seconds, printed) in good {
        let duration: Duration = text
            .parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(
            (duration.days(), duration.seconds()),
            (days, seconds),
            "{text}"
        );
        assert_eq!(duration.to_string(), printed);
    }
    for bad in [
        "",
        "P",
        "PT",
        "P1",
        "1D",
        "P1H",
        "PT1D",
        "P1WT1H",
        "P1W1D",
        "P1D1D",
        "PT1S1M",
        "P-1D",
        "P1DT",
        "p1d",
        "P9999999999D",
        "PT1W",
    ] {
        assert!(bad.parse::<Duration>().is_err(), "{bad}");
    }
}

#[test]
fn periods_offsets_and_positions_are_read() {
    let period = Period::parse("20260301T090000/PT1H", Some("A/B")).unwrap();
    assert_eq!(period.end, PeriodEnd::After(Duration::from_seconds(3600)));
    assert_eq!(period.to_string(), "2026-03-01T09:00:00[A/B]/PT1H");
    assert!(Period::parse("20260301/20260302", None).is_err());
    for (text, seconds) in [
        ("+0100", 3600),
        ("-0530", -19_800),
        ("+013045", 5445),
        ("-0000", 0),
    ] {
        assert_eq!(text.parse::<UtcOffset>().unwrap().seconds(), seconds);
    }
    for bad in ["0100", "+01", "+2400", "+0160", "+01:00", "+01000"] {
        assert!(bad.parse::<UtcOffset>().is_err(), "{bad}");
    }
    let calendar = Calendar::read(event_of(
        "GEO:48.5\\;-2.25\nREQUEST-STATUS:2.8;Success\\; mended;RRULE:X",
    ))
    .calendar;
    let event = calendar.events().next().unwrap();
    assert_eq!(
        event.geo(),
        Some(Geo {
            latitude: 48.5,
            longitude: -2.25
        })
    );
    let status = event
        .property("REQUEST-STATUS")
        .unwrap()
        .request_status()
        .unwrap();
    assert_eq!(
        (status.code, status.description.as_str()),
        ([2, 8, 0], "Success; mended")
    );
    assert!(status.is_success());
}

#[test]
fn alarms_trigger_before_the_start_after_the_end_or_at_a_time() {
    let alarm = |trigger: &str| {
        let text = event_of(&format!(
            "BEGIN:VALARM\nACTION:AUDIO\n{trigger}\nEND:VALARM"
        ));
        let calendar = Calendar::read(text).calendar;
        let event = calendar.events().next().unwrap();
        event.alarms().next().unwrap().trigger()
    };
    assert_eq!(
        alarm("TRIGGER:-PT15M"),
        Ok(Trigger::FromStart(Duration::from_seconds(-900)))
    );
    assert_eq!(
        alarm("TRIGGER;RELATED=end:PT5M"),
        Ok(Trigger::FromEnd(Duration::from_seconds(300)))
    );
    let at = Moment::parse("20260301T090000Z", None).unwrap();
    assert_eq!(
        alarm("TRIGGER;VALUE=DATE-TIME:20260301T090000Z"),
        Ok(Trigger::At(at.clone()))
    );
    assert_eq!(alarm("TRIGGER:20260301T090000Z"), Ok(Trigger::At(at)));
    assert!(matches!(
        alarm("X-A:1"),
        Err(Error::Missing {
            property: "TRIGGER",
            ..
        })
    ));
    assert!(alarm("TRIGGER:soon").is_err());
}

#[test]
fn people_have_addresses_and_parameters_with_their_defaults() {
    let text = event_of(
        "ORGANIZER;CN=\"Ada; L.\":MAILTO:Ada@Example.com\n\
         ATTENDEE;PARTSTAT=accepted;ROLE=CHAIR;RSVP=true:mailto:bo@x.y\n\
         ATTENDEE;EMAIL=Eve@x.y:/principals/eve/",
    );
    let calendar: Calendar = text
        .parse()
        .unwrap_or_else(|_| Calendar::read(&text).calendar);
    let event = calendar.events().next().unwrap();
    let organizer = event.organizer().unwrap();
    assert_eq!(
        (
            organizer.name().unwrap().as_ref(),
            organizer.email().unwrap().as_str()
        ),
        ("Ada; L.", "ada@example.com")
    );
    let attendees: Vec<_> = event.attendees().collect();
    assert_eq!(
        (
            attendees[0].participation().as_ref(),
            attendees[0].role().as_ref(),
            attendees[0].wants_reply()
        ),
        ("ACCEPTED", "CHAIR", true)
    );
    assert_eq!(
        (
            attendees[1].participation().as_ref(),
            attendees[1].role().as_ref(),
            attendees[1].wants_reply()
        ),
        ("NEEDS-ACTION", "REQ-PARTICIPANT", false)
    );
    assert_eq!(attendees[1].email().unwrap(), "eve@x.y");
    assert_eq!(attendees[1].address(), "/principals/eve/");
}

#[test]
fn to_dos_are_due_by_due_or_by_start_and_duration() {
    let due = |lines: &str| {
        let text = calendar_of(&format!(
            "BEGIN:VTODO\nUID:1\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VTODO"
        ));
        let calendar = Calendar::read(text).calendar;
        let due = calendar.todos().next().unwrap().due().unwrap();
        due.map(|due| due.to_string())
    };
    assert_eq!(
        due("DUE;TZID=A/B:20260301T090000").as_deref(),
        Some("2026-03-01T09:00:00[A/B]")
    );
    assert_eq!(
        due("DTSTART:20260301T090000Z\nDURATION:PT1H").as_deref(),
        Some("2026-03-01T10:00:00Z")
    );
    assert_eq!(due("DTSTART:20260301T090000Z"), None);
    assert_eq!(due("DURATION:PT1H"), None);
    assert_eq!(due("PERCENT-COMPLETE:50"), None);
}

#[test]
fn a_value_type_is_what_the_parameter_says_else_the_default() {
    let calendar = Calendar::read(event_of(
        "RDATE;VALUE=period:20260101T000000Z/PT1H\nX-A:1\nX-B;VALUE=FLOAT:-1.50",
    ))
    .calendar;
    let event = calendar.events().next().unwrap();
    let types: Vec<_> = event
        .properties()
        .skip(2)
        .map(|property| property.value_type())
        .collect();
    assert_eq!(
        types,
        [
            ValueType::DateTime,
            ValueType::Period,
            ValueType::Unknown,
            ValueType::Float
        ]
    );
    assert_eq!(event.property("X-B").unwrap().float(), Ok(-1.5));
    assert_eq!(event.property("RDATE").unwrap().periods().unwrap().len(), 1);
    assert_eq!(
        event.property("RDATE").unwrap().date_times().unwrap()[0].to_string(),
        "2026-01-01T00:00:00Z"
    );
}

proptest! {
    #[test]
    fn durations_print_and_parse(days in -100_000_i64..100_000, seconds in 0_i64..10_000_000) {
        let sign = if days < 0 { "-" } else { "" };
        let text = format!("{sign}P{}DT{seconds}S", days.abs());
        let duration: Duration = text.parse().unwrap();
        prop_assert_eq!(duration.to_string().parse::<Duration>().unwrap(), duration);
    }

    #[test]
    fn any_value_of_any_type_is_read_or_refused_without_a_panic(value in "\\PC{0,60}", name in "(DTSTART|DURATION|RRULE|FREEBUSY|GEO|TZOFFSETTO|TRIGGER|SEQUENCE|EXDATE|REQUEST-STATUS)") {
        let text = event_of(&format!("{name}:{value}"));
        let reading = Calendar::read(&text);
        let event = reading.calendar.events().next().unwrap();
        for property in event.properties() {
            let _ = (property.date_times(), property.periods(), property.duration(), property.geo());
            let _ = (property.utc_offset(), property.integer(), property.float(), property.boolean());
            let _ = (property.request_status(), property.recurrence_rule());
        }
        let _ = (event.extent(), reading.calendar.to_jcal(), cal_core::check(&reading.calendar));
    }
}

#[test]
fn an_availability_has_times_a_type_and_open_parts() {
    let text = calendar_of(
        "NAME:Hours\nX-WR-CALNAME:Old\nMETHOD:publish\nBEGIN:VAVAILABILITY\nUID:1\nDTSTAMP:20260101T000000Z\n\
         DTSTART:20260101T000000Z\nDURATION:P1D\nBEGIN:AVAILABLE\nUID:2\nDTSTAMP:20260101T000000Z\n\
         DTSTART:20260101T090000Z\nDTEND:20260101T170000Z\nRRULE:FREQ=DAILY\nEND:AVAILABLE\nEND:VAVAILABILITY",
    );
    let calendar: Calendar = text.parse().unwrap();
    assert_eq!(calendar.name().as_deref(), Some("Hours"));
    assert_eq!(calendar.method().as_deref(), Some("PUBLISH"));
    let hours = calendar.availabilities().next().unwrap();
    assert_eq!(
        hours.end().unwrap().unwrap().to_string(),
        "2026-01-02T00:00:00Z"
    );
    assert_eq!(hours.busy_type(), "BUSY-UNAVAILABLE");
    let open = hours.available().next().unwrap();
    assert_eq!(
        open.extent().unwrap().end().to_string(),
        "2026-01-01T17:00:00Z"
    );
    assert!(open.is_recurring());
}

#[test]
fn a_free_busy_component_lists_its_periods_by_type() {
    let text = calendar_of(
        "BEGIN:VFREEBUSY\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\nDTEND:20260102T000000Z\n\
         FREEBUSY;FBTYPE=busy-tentative:20260101T090000Z/PT1H,20260101T120000Z/20260101T130000Z\n\
         FREEBUSY:20260101T150000Z/PT30M\nEND:VFREEBUSY",
    );
    let calendar: Calendar = text.parse().unwrap();
    let found = calendar.free_busies().next().unwrap().periods().unwrap();
    let types: Vec<_> = found.iter().map(|(kind, _)| kind.as_ref()).collect();
    assert_eq!(types, ["BUSY-TENTATIVE", "BUSY-TENTATIVE", "BUSY"]);
    assert_eq!(found[2].1.to_string(), "2026-01-01T15:00:00Z/PT30M");
}

#[test]
fn a_period_is_read_with_one_slash_too_many_but_not_strictly() {
    let text = event_of("RDATE;VALUE=PERIOD:20260102T000000Z/20260103T000000Z/");
    assert!(Calendar::parse(&text).is_err());
    let calendar = Calendar::read(text).calendar;
    let event = calendar.events().next().unwrap();
    let periods = event.property("RDATE").unwrap().periods().unwrap();
    assert_eq!(
        periods[0].to_string(),
        "2026-01-02T00:00:00Z/2026-01-03T00:00:00Z"
    );
}
