//! A lenient reading never fails: one defect, one warning, everything else in use.

use cal_core::{Calendar, Limits, Reader};

use crate::{calendar_of, event_of};

/// Three events, the middle one with a defect in it.
fn between(defect: &str) -> String {
    let event = |uid: &str, extra: &str| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\n{extra}SUMMARY:{uid}\nEND:VEVENT\n"
        )
    };
    calendar_of(&(event("a", "") + &event("b", &format!("{defect}\n")) + &event("c", "")))
}

/// A line put into the second event, the events that are left, the warning.
const DEFECTS: &[(&str, usize, &str)] = &[
    ("no colon at all", 3, "14:1 no-colon"),
    ("X-LINK", 3, "14:1 no-colon"),
    (":no name", 3, "14:1 bad-name"),
    ("; VALUE =x:y", 3, "14:1 bad-name"),
    ("X_UNDERSCORE:1", 3, "14:2 bad-name"),
    ("<b>X</b>:1", 3, "14:1 bad-name"),
    ("X-A; VALUE =TEXT:1", 3, "14:5 bad-parameter"),
    ("X-A;P:1", 3, "14:5 bad-parameter"),
    ("X-A;P=\"open:1", 3, "14:7 unclosed-quote"),
    ("X-A;P=a\"b\"c:1", 3, "14:8 bad-parameter"),
    ("DTEND:tomorrow", 3, "14:7 bad-date-time"),
    ("DTEND:20260230T000000Z", 3, "14:7 bad-date-time"),
    ("DTEND:20260102", 3, "14:7 date-without-value"),
    ("DTEND;VALUE=DATE:20261301", 3, "14:18 bad-date"),
    ("DURATION:1 hour", 3, "14:10 bad-duration"),
    (
        "EXDATE:20260101T000000Z,,20260103T000000Z",
        3,
        "14:25 bad-date-time",
    ),
    ("RDATE;VALUE=PERIOD:20260101T000000Z", 3, "14:20 bad-period"),
    ("SEQUENCE:one", 3, "14:10 bad-integer"),
    ("SEQUENCE:99999999999", 3, "14:10 bad-integer"),
    ("PRIORITY:10", 3, "14:10 bad-priority"),
    ("GEO:", 3, "14:5 bad-geo"),
    ("GEO:91;0", 3, "14:5 bad-geo"),
    ("REQUEST-STATUS:Success", 3, "14:16 bad-request-status"),
    ("URL:www.example.com", 3, "14:5 bad-uri"),
    ("ATTENDEE:ada@example.com", 3, "14:10 bad-uri"),
    (
        "ATTACH;VALUE=BINARY;ENCODING=BASE64:a",
        3,
        "14:37 bad-binary",
    ),
    ("CREATED:20260101T000000", 3, "14:9 not-utc"),
    ("DTSTART:20260101T000000Z", 3, "10:1 repeated-property"),
    ("DTSTART;VALUE=TEXT:x", 3, "10:1 repeated-property"),
    (
        "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:soon\nEND:VALARM",
        3,
        "16:9 bad-duration",
    ),
    (
        "BEGIN:VALARM\nTRIGGER:PT0S\nEND:VALARM",
        3,
        "14:1 missing-action",
    ),
    (
        "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:PT0S",
        3,
        "18:1 missing-end",
    ),
    ("END:VALARM", 3, "14:1 unmatched-end"),
    ("END:VEVENT\nBEGIN:", 3, "15:1 bad-begin"),
    ("BEGIN:VEVENT ", 4, "14:1 missing-end"),
];

#[test]
fn one_defect_gives_one_warning_with_its_place_and_costs_nothing_else() {
    let mut surprises = Vec::new();
    for &(defect, events, expected) in DEFECTS {
        let text = between(defect);
        let reading = Calendar::read(&text);
        let found: Vec<String> = reading
            .warnings
            .iter()
            .map(|fault| format!("{} {}", fault.position(), fault.rule().code()))
            .collect();
        let follow_ups = match defect {
            "END:VEVENT\nBEGIN:" => 2,
            "BEGIN:VEVENT " => 5,
            "DTSTART;VALUE=TEXT:x" => 2,
            _ => 1,
        };
        let as_expected = found.first().map(String::as_str) == Some(expected)
            && found.len() == follow_ups
            && reading.calendar.events().count() == events;
        if !as_expected {
            surprises.push(format!("{defect}: {found:?}"));
        }
        assert!(!reading.incomplete, "{defect}");
        assert_eq!(reading.calendar.to_string(), text);
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

#[test]
fn a_calendar_without_an_opened_event_keeps_the_lines_raw() {
    let text = event_of("X-A:1").replace("BEGIN:VEVENT\r\n", "");
    let reading = Calendar::read(&text);
    assert_eq!(reading.calendar.events().count(), 0);
    assert_eq!(reading.warnings[0].rule().code(), "unmatched-end");
}

#[test]
fn what_stands_around_a_calendar_is_a_warning() {
    let good = event_of("X-A:1");
    let page = "<!DOCTYPE html>\r\n<html>\r\n\r\n  <p>BEGIN: sorry</p>\r\n</html>\r\n";
    for (text, line) in [(format!("{good}{page}"), 11), (format!("{page}{good}"), 1)] {
        let reading = Calendar::read(&text);
        let found: Vec<_> = reading.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(&format!("{line}:1: text outside of a VCALENDAR")));
        assert_eq!(reading.calendar.events().count(), 1);
        assert!(!reading.incomplete);
        assert!(Calendar::parse(&text).is_err());
    }
}

#[test]
fn a_text_that_breaks_off_keeps_its_whole_components_and_says_so() {
    let events: String = (0..10)
        .map(|n| {
            format!("BEGIN:VEVENT\nUID:{n}\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\nEND:VEVENT\n")
        })
        .collect();
    let text = calendar_of(&events);
    for cut in 1..text.len() - 2 {
        let reading = Calendar::read(&text[..cut]);
        assert!(reading.incomplete, "cut at {cut}");
        let whole = text[..cut].matches("END:VEVENT").count();
        assert_eq!(reading.calendar.events().count(), whole, "cut at {cut}");
        assert_eq!(reading.calendar.objects().len(), whole, "cut at {cut}");
        assert_eq!(reading.calendar.to_string(), text[..cut]);
        assert!(Calendar::parse(&text[..cut]).is_err());
    }
    for cut in [text.len() - 2, text.len() - 1, text.len()] {
        assert!(!Calendar::read(&text[..cut]).incomplete);
    }
}

#[test]
fn an_empty_text_or_a_web_page_is_incomplete() {
    for text in [
        "",
        "\r\n",
        "<html><body>Log in</body></html>",
        "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n",
    ] {
        let reading = Calendar::read(text);
        assert!(reading.incomplete, "{text}");
        assert!(
            reading
                .warnings
                .iter()
                .any(|fault| fault.rule().code() == "no-calendar")
        );
    }
}

#[test]
fn each_limit_is_an_error_strictly_and_a_warning_leniently() {
    let deep = format!("{}{}", "BEGIN:X-A\n".repeat(9), "END:X-A\n".repeat(9));
    let default = Limits::default();
    let cases = [
        (
            "input-too-long",
            Limits {
                input_bytes: 100,
                ..default
            },
            "X-A:1".to_owned(),
        ),
        (
            "too-many-lines",
            Limits {
                lines: 5,
                ..default
            },
            "X-A:1".to_owned(),
        ),
        (
            "line-too-long",
            Limits {
                line_bytes: 40,
                ..default
            },
            format!("X-A:{}", "x".repeat(40)),
        ),
        (
            "head-too-long",
            Limits {
                head_bytes: 40,
                ..default
            },
            format!("X-A;P={}:1", "x".repeat(40)),
        ),
        (
            "too-many-properties",
            Limits {
                properties: 10,
                ..default
            },
            "X-A:1\n".repeat(20),
        ),
        (
            "too-deep",
            Limits {
                depth: 5,
                ..default
            },
            deep,
        ),
        (
            "too-many-parameters",
            Limits {
                parameters: 3,
                ..default
            },
            "X-A;A=1;B=1;C=1;D=1:1".to_owned(),
        ),
    ];
    for (code, limits, lines) in cases {
        let text = event_of(&lines);
        let reader = Reader::new().with_limits(limits);
        let error = reader.parse(text.clone()).unwrap_err();
        assert_eq!(error.fault().unwrap().rule().code(), code);
        let reading = reader.read(text.clone());
        assert!(
            reading
                .warnings
                .iter()
                .any(|fault| fault.rule().code() == code),
            "{code}"
        );
        assert_eq!(reading.calendar.to_string(), text, "{code}");
        Reader::new().parse(text).unwrap();
    }
}

#[test]
fn warnings_are_counted_up_to_a_limit_and_the_rest_is_announced() {
    let text = event_of(&"bad\nX-A:1\n".repeat(50));
    let reading = Reader::new()
        .with_limits(Limits {
            warnings: 10,
            ..Limits::default()
        })
        .read(text);
    assert_eq!(reading.warnings.len(), 11);
    assert_eq!(reading.warnings[10].rule().code(), "too-many-warnings");
}

#[test]
fn a_strict_error_names_place_text_and_section() {
    let error = Calendar::parse(event_of("DTEND:x".repeat(50).as_str())).unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("8:7: neither a date nor a date-time: \"xDTEND:xDTEND"),
        "{message}"
    );
    assert!(message.ends_with("…\" (RFC 5545 3.3.5)"), "{message}");
    assert!(message.len() < 160);
}

#[test]
fn a_place_counts_physical_lines_and_characters() {
    let text = event_of("SUMMARY:é\nEXDATE;X-U=ö:20260101T000000Z,\n nonsense");
    let error = Calendar::parse(&text).unwrap_err();
    assert_eq!(error.fault().unwrap().position().to_string(), "10:2");
}
