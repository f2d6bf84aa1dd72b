//! jCal (RFC 7265) both ways.

use std::collections::HashMap;

use cal_core::Calendar;
use serde_json::{Value, json};

use crate::content::content;
use crate::corpus::corpus;
use crate::event_of;

fn of(lines: &str) -> Value {
    let calendar = Calendar::read(event_of(lines)).calendar;
    let jcal: Value = serde_json::from_str(&calendar.to_jcal()).unwrap();
    let properties = jcal[2][0][1].as_array().unwrap();
    properties.last().unwrap().clone()
}

/// Lines of iCalendar and the jCal that stands for them.
#[expect(clippy::too_many_lines, reason = "a table")]
fn pairs() -> Vec<(&'static str, Value)> {
    vec![
        (
            "SUMMARY;LANGUAGE=de:a\\, b\\nc",
            json!(["summary", {"language": "de"}, "text", "a, b\nc"]),
        ),
        (
            "CATEGORIES:a\\,b,c",
            json!(["categories", {}, "text", "a,b", "c"]),
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20260301T090000",
            json!(["dtstart", {"tzid": "Europe/Berlin"}, "date-time", "2026-03-01T09:00:00"]),
        ),
        (
            "DTEND;VALUE=DATE:20260301",
            json!(["dtend", {}, "date", "2026-03-01"]),
        ),
        (
            "EXDATE:20260301T090000Z,20260302T090000Z",
            json!([
                "exdate",
                {},
                "date-time",
                "2026-03-01T09:00:00Z",
                "2026-03-02T09:00:00Z"
            ]),
        ),
        (
            "RDATE;VALUE=PERIOD:20260301T090000Z/PT1H,20260302T090000Z/20260302T100000Z",
            json!([
                "rdate",
                {},
                "period",
                ["2026-03-01T09:00:00Z", "PT1H"],
                ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"]
            ]),
        ),
        (
            "DURATION:P1DT2H",
            json!(["duration", {}, "duration", "P1DT2H"]),
        ),
        (
            "RRULE:FREQ=MONTHLY;UNTIL=20261231T000000Z;INTERVAL=2;BYDAY=-1FR,MO;BYMONTHDAY=1",
            json!(["rrule", {}, "recur", {"freq": "MONTHLY", "until": "2026-12-31T00:00:00Z", "interval": 2, "byday": ["-1FR", "MO"], "bymonthday": 1}]),
        ),
        (
            "GEO:37.386013;-122.0829",
            json!(["geo", {}, "float", [37.386_013, -122.0829]]),
        ),
        (
            "REQUEST-STATUS:3.1;Bad\\; value;DTSTART:x",
            json!([
                "request-status",
                {},
                "text",
                ["3.1", "Bad; value", "DTSTART:x"]
            ]),
        ),
        ("SEQUENCE:5", json!(["sequence", {}, "integer", 5])),
        (
            "TZOFFSETTO:-0530",
            json!(["tzoffsetto", {}, "utc-offset", "-05:30"]),
        ),
        (
            "TZOFFSETTO:+013015",
            json!(["tzoffsetto", {}, "utc-offset", "+01:30:15"]),
        ),
        (
            "ATTENDEE;MEMBER=\"mailto:a@b\",\"mailto:c@d\";CN=\"x^ny\":mailto:e@f",
            json!(["attendee", {"member": ["mailto:a@b", "mailto:c@d"], "cn": "x\ny"}, "cal-address", "mailto:e@f"]),
        ),
        ("X-FOO:a\\,b,c", json!(["x-foo", {}, "unknown", "a\\,b,c"])),
        (
            "X-FOO;VALUE=TEXT:a\\,b",
            json!(["x-foo", {}, "text", "a,b"]),
        ),
        (
            "X-FOO;VALUE=X-BAR:a;b",
            json!(["x-foo", {}, "x-bar", "a;b"]),
        ),
        (
            "X-FOO;VALUE=BOOLEAN:TRUE",
            json!(["x-foo", {}, "boolean", true]),
        ),
        (
            "ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA",
            json!(["attach", {"encoding": "BASE64"}, "binary", "AAAA"]),
        ),
        (
            "URL:http://x/?a,b;c",
            json!(["url", {}, "uri", "http://x/?a,b;c"]),
        ),
        (
            "DTEND:tomorrow",
            json!(["dtend", {}, "unknown", "tomorrow"]),
        ),
        (
            "DTEND;VALUE=DATE:soon",
            json!(["dtend", {}, "date", "soon"]),
        ),
        (
            "X-TIME;VALUE=TIME:235900Z",
            json!(["x-time", {}, "time", "23:59:00Z"]),
        ),
    ]
}

#[test]
fn each_type_has_its_jcal_form_and_comes_back() {
    for (line, expected) in pairs() {
        assert_eq!(of(line), expected, "{line}");
        let json = json!(["vcalendar", [], [["vevent", [expected], []]]]).to_string();
        let back = Calendar::from_jcal(&json).unwrap();
        let event = back.components().next().unwrap();
        let unfolded = event.to_string().replace("\r\n ", "");
        assert_eq!(
            unfolded,
            format!("BEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\n").replace("\"x^ny\"", "x^ny")
        );
    }
}

/// What comes back from jCal of a line in an event.
fn back(line: &str) -> String {
    let jcal = Calendar::read(event_of(line)).calendar.to_jcal();
    let event = Calendar::from_jcal(&jcal).unwrap().to_string();
    let event = event.replace("\r\n ", "");
    let (lines, _) = event.split_once("\r\nEND:VEVENT").unwrap();
    lines.rsplit_once("\r\n").unwrap().1.to_owned()
}

#[test]
fn a_value_that_its_type_cannot_read_keeps_its_escapes() {
    for line in [
        "REQUEST-STATUS;VALUE=TIME:3.1;a\\;b",
        "REQUEST-STATUS:none;a\\;b",
        "GEO;VALUE=TEXT:1;a\\;b",
        "RRULE:FREQ=DAILY;UNTIL=2026-03-01",
        "RRULE:FREQ=DAILY;BYMONTHDAY=-01,007",
        "RRULE:FREQ=DAILY;X-A=2026-03-01",
    ] {
        assert_eq!(back(line), line);
    }
}

#[test]
fn a_property_without_a_default_type_says_its_type() {
    for line in [
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "SOURCE;VALUE=URI:https://example.com/a.ics",
        "IMAGE;VALUE=URI:https://example.com/a.png",
        "CONFERENCE;VALUE=URI:tel:1",
        "STYLED-DESCRIPTION;VALUE=TEXT:<b>a</b>",
        "STRUCTURED-DATA;VALUE=TEXT:a",
        "LINK;VALUE=URI:https://example.com/a",
    ] {
        assert_eq!(back(line), line);
    }
    assert_eq!(
        back("URL;VALUE=URI:https://example.com/a"),
        "URL:https://example.com/a"
    );
}

#[test]
fn a_number_comes_back_without_an_exponent() {
    let huge = format!("X-A;VALUE=FLOAT:{}", "9".repeat(400));
    for line in [
        "X-A;VALUE=FLOAT:0.0000001",
        "X-A;VALUE=FLOAT:-0.00000000025",
        "GEO:0.0000001;-122.5",
        "X-A;VALUE=FLOAT:100000000000000000000",
        &huge,
    ] {
        assert_eq!(back(line), line);
    }
    let json = json!(["vcalendar", [["x-a", {}, "float", 1e-9]], []]).to_string();
    let calendar = Calendar::from_jcal(&json).unwrap().to_string();
    assert!(
        calendar.contains("\r\nX-A;VALUE=FLOAT:0.000000001\r\n"),
        "{calendar}"
    );
}

#[test]
fn a_parameter_that_is_there_twice_has_the_values_of_both() {
    assert_eq!(
        back("ATTENDEE;MEMBER=\"mailto:a@x\";member=\"mailto:b@x\":mailto:c@x"),
        "ATTENDEE;MEMBER=\"mailto:a@x\",\"mailto:b@x\":mailto:c@x"
    );
}

#[test]
fn several_calendars_are_a_stream() {
    let one = event_of("X-A:1");
    let jcal = Calendar::read(one.repeat(2)).calendar.to_jcal();
    assert!(jcal.starts_with("[[\"vcalendar\""));
    assert_eq!(Calendar::from_jcal(&jcal).unwrap().roots().count(), 2);
    assert_eq!(Calendar::read("").calendar.to_jcal(), "[]");
}

#[test]
fn what_is_not_jcal_is_an_error_with_its_place() {
    let cases = [
        ("{", "at 1:1: not JSON"),
        ("5", "at $: not an array"),
        (
            "[\"vcalendar\"]",
            "at $: not a component of name, properties and components",
        ),
        ("[]", "at $: an empty list, where a component was expected"),
        ("[\"v calendar\",[],[]]", "at $: not a name"),
        (
            "[\"vcalendar\",[[\"end\",{},\"text\",\"vcalendar\"]],[]]",
            "at $[1][0]: not a name",
        ),
        (
            "[\"vcalendar\",[[\"x\"]],[]]",
            "at $[1][0]: not a property of name, parameters, type and values",
        ),
        (
            "[\"vcalendar\",[],[[\"vevent\",[[\"a\\r\\nb\",{},\"text\",\"\"]],[]]]]",
            "at $[2][0][1][0]: not a name",
        ),
    ];
    for (json, message) in cases {
        assert_eq!(
            Calendar::from_jcal(json).unwrap_err().to_string(),
            message,
            "{json}"
        );
    }
}

#[test]
fn jcal_that_is_nested_too_deeply_is_an_error_that_names_the_limit() {
    let nested = |levels: usize| {
        let text = format!(
            "{}{}",
            "BEGIN:X-A\n".repeat(levels),
            "END:X-A\n".repeat(levels)
        );
        Calendar::read(text).calendar.to_jcal()
    };
    assert!(Calendar::from_jcal(&nested(63)).is_ok());
    for json in [nested(64), "[".repeat(100_000)] {
        let error = Calendar::from_jcal(&json).unwrap_err().to_string();
        assert!(
            error.ends_with(": nested deeper than 127 levels"),
            "{error}"
        );
    }
}

#[test]
fn names_that_only_the_field_knows_come_back() {
    for line in [
        "GROUP1.X-TEST;VALUE=TEXT:test",
        "X_NAME:1",
        "X-A;PARAM+NAME=1:x",
    ] {
        let text = format!("BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR\r\n");
        let jcal = Calendar::read(&text).calendar.to_jcal();
        assert_eq!(Calendar::from_jcal(&jcal).unwrap().to_string(), text);
    }
}

#[test]
fn line_breaks_in_jcal_values_cannot_add_lines() {
    let json = json!(["vcalendar", [], [["vevent", [["url", {"x": "\r\nB:1"}, "uri", "a\r\nSUMMARY:b"]], []]]]);
    let calendar = Calendar::from_jcal(&json.to_string()).unwrap();
    assert_eq!(calendar.events().next().unwrap().properties().count(), 1);
}

#[test]
fn what_parses_strictly_goes_to_jcal_and_back_without_loss() {
    let mut seen = 0;
    for entry in corpus() {
        let Ok(calendar) = Calendar::parse(&entry.bytes) else {
            continue;
        };
        let back = Calendar::from_jcal(&calendar.to_jcal()).unwrap();
        assert_eq!(content(&calendar), content(&back), "{}", entry.file);
        seen += 1;
    }
    eprintln!("{seen} calendars went to jCal and back");
}

/// Files that do not come back from jCal, each with the reason.
const NOT_BACK: &str = include_str!("../data/jcal_not_back.txt");

#[test]
fn any_file_comes_back_from_jcal_as_it_went_or_is_named_with_the_reason() {
    let mut named: HashMap<&str, &str> = NOT_BACK
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .collect();
    let entries = corpus();
    for entry in &entries {
        let calendar = Calendar::read(&entry.bytes).calendar;
        let jcal = calendar.to_jcal();
        match (Calendar::from_jcal(&jcal), named.remove(&*entry.file)) {
            (Ok(back), None) => {
                assert_eq!(content(&back), content(&calendar), "{}", entry.file);
                assert_eq!(back.to_jcal(), jcal, "{}", entry.file);
            }
            (Err(error), Some(reason)) => {
                assert!(
                    error.to_string().ends_with(reason),
                    "{}: {error}",
                    entry.file
                );
            }
            (Ok(_), Some(_)) => panic!("{} comes back", entry.file),
            (Err(error), None) => panic!("{}: {error}", entry.file),
        }
    }
    assert!(entries.is_empty() || named.is_empty(), "{named:?}");
}

#[test]
fn any_file_at_all_has_a_jcal_form() {
    for entry in corpus() {
        let calendar = Calendar::read(&entry.bytes).calendar;
        let jcal = calendar.to_jcal();
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&jcal) {
            assert!(
                error.to_string().contains("recursion"),
                "{}: {error}",
                entry.file
            );
        }
    }
}
