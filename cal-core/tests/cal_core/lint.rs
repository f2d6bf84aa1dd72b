//! The linter: named findings with their places, and fixes that do what they say.

use std::collections::HashSet;

use cal_core::{Calendar, Rule, Severity, apply_fixes, check, check_down_to};

use crate::corpus::corpus;
use crate::{calendar_of, event_of};

fn codes(text: &str) -> Vec<String> {
    codes_down_to(text, Severity::Hint)
}

fn codes_down_to(text: &str, lowest: Severity) -> Vec<String> {
    let findings = check_down_to(&Calendar::read(text).calendar, lowest);
    findings
        .iter()
        .map(|finding| format!("{}:{} {}", finding.line(), finding.column(), finding.code()))
        .collect()
}

/// Lines of an event, and what is found in it. Line 6 is DTSTART unless the
/// lines have their own; then they begin at line 6.
const EVENTS: &[(&str, &[&str])] = &[
    ("SUMMARY:fine\\, really", &[]),
    ("SUMMARY:a, b; c", &["8:9 unescaped"]),
    ("CATEGORIES:a,b", &[]),
    ("CATEGORIES:a;b", &["8:12 unescaped"]),
    ("SUMMARY:C:\\temp", &["8:9 bad-escape"]),
    ("X-A:C:\\temp,", &[]),
    ("DTEND:20260101T000000Z", &["8:7 no-time"]),
    ("DTEND:20251231T000000Z", &["8:7 end-before-start"]),
    ("DTEND;VALUE=DATE:20260102", &["8:18 end-type-differs"]),
    (
        "DTEND:20260102T000000Z\nDURATION:PT1H",
        &["4:1 end-and-duration"],
    ),
    ("DURATION:-PT1H", &["8:10 end-before-start"]),
    ("DURATION:PT0S", &[]),
    (
        "DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260101",
        &["8:18 end-before-start"],
    ),
    (
        "DTSTART;VALUE=DATE:20260101\nDURATION:PT1H",
        &["8:10 end-type-differs"],
    ),
    ("DTSTART:20260101", &["7:9 date-without-value"]),
    ("RRULE:FREQ=WEEKLY;BYDAY=TH", &[]),
    ("RRULE:FREQ=WEEKLY;BYDAY=FR", &["8:7 dtstart-not-in-rule"]),
    (
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        &["8:7 never-matches"],
    ),
    (
        "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260202T000000Z",
        &["8:7 bad-rrule"],
    ),
    ("RRULE:FREQ=DAILY;UNTIL=20260202", &["8:7 until-type"]),
    (
        "RRULE:FREQ=DAILY;UNTIL=20260202T000000",
        &["8:7 until-type"],
    ),
    (
        "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=FR",
        &["8:7 interval-steps-over"],
    ),
    (
        "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=TH,FR",
        &["8:7 value-never-matches"],
    ),
    (
        "RRULE:FREQ=MONTHLY;BYDAY=1TH;BYSETPOS=1,2",
        &["8:7 position-beyond-set"],
    ),
    (
        "RRULE:FREQ=DAILY;UNTIL=20251231T000000Z",
        &["8:7 until-before-first"],
    ),
    (
        "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;BYHOUR=9",
        &["8:7 times-of-dates"],
    ),
    (
        "DTSTART:20260131T000000Z\nRRULE:FREQ=MONTHLY",
        &["8:7 months-left-out"],
    ),
    (
        "DTSTART:20240229T000000Z\nRRULE:FREQ=YEARLY",
        &["8:7 leap-years-only"],
    ),
    ("RRULE:FREQ=HOURLY", &["8:7 endless-sub-daily"]),
    ("RRULE:FREQ=DAILY;INTERVAL=1;WKST=SU", &[]),
    (
        "RRULE:FREQ=WEEKLY\nRRULE:FREQ=WEEKLY;BYDAY=FR",
        &["9:7 several-rules"],
    ),
    (
        "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY",
        &["9:7 several-rules"],
    ),
    ("EXRULE:FREQ=WEEKLY", &["8:8 deprecated"]),
    (
        "IMAGE;VALUE=URI:https://example.com/a.png\nCONFERENCE;VALUE=URI:tel:+1",
        &[],
    ),
    (
        "IMAGE:https://example.com/a.png\nCONFERENCE;FEATURE=PHONE:tel:+1",
        &["8:7 value-not-declared", "9:26 value-not-declared"],
    ),
    (
        "RRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20260102",
        &["9:19 exdate-type"],
    ),
    (
        "DTSTART;TZID=Nowhere:20260101T000000",
        &["7:22 missing-vtimezone", "7:22 unknown-zone"],
    ),
    (
        "DTSTART;TZID=Europe/Berlin:20260101T000000",
        &["7:28 missing-vtimezone"],
    ),
    (
        "DTSTART;TZID=Pacific Time:20260101T000000",
        &["7:27 guessed-zone", "7:27 missing-vtimezone"],
    ),
    (
        "DTSTART;TZID=Europe/Berlin:20260101T000000Z",
        &["7:28 missing-vtimezone", "7:28 tzid-on-utc"],
    ),
    ("STATUS:Confirmed", &[]),
    ("STATUS:NEEDS-ACTION", &["8:8 unknown-word"]),
    ("TRANSP:FREE", &["8:8 unknown-word"]),
    (
        "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:PT0S\nEND:VALARM",
        &["8:1 alarm-lacks"],
    ),
    (
        "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:PT0S\nREPEAT:2\nEND:VALARM",
        &["8:1 repeat-alone"],
    ),
    (
        "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:20260101T000000Z\nEND:VALARM",
        &["10:9 trigger-without-value"],
    ),
    (
        "RECURRENCE-ID:20260101T000000Z\nRRULE:FREQ=DAILY",
        &["9:7 recurring-override"],
    ),
    ("\n\nX-A:1", &["8:1 blank-line"]),
];

#[test]
fn what_is_wrong_with_an_event_is_named_with_its_place() {
    let mut surprises = Vec::new();
    for &(lines, expected) in EVENTS {
        let mut found = codes(&event_of(lines));
        found.sort();
        if found != expected {
            surprises.push(format!("{lines:?}: {found:?}"));
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

#[test]
fn matters_of_style_are_told_where_asked_for() {
    let text = event_of("RRULE:FREQ=DAILY;INTERVAL=1;WKST=SU;BYMONTHDAY=1,01");
    assert_eq!(codes(&text), [""; 0]);
    assert_eq!(
        codes_down_to(&text, Severity::Style),
        [
            "8:7 no-effect",
            "8:7 explicit-default",
            "8:7 duplicate-value"
        ]
    );
}

#[test]
fn a_finding_in_a_rule_says_what_to_write_instead() {
    let message = |lines: &str| {
        let findings = check(&Calendar::read(event_of(lines)).calendar);
        findings[0].message().to_owned()
    };
    assert_eq!(
        message("DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY;INTERVAL=3"),
        "no such day is in April; perhaps what is meant is FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"
    );
    assert_eq!(
        message("RRULE:FREQ=DAILY;UNTIL=20260202"),
        "UNTIL must be a time in UTC; the same is FREQ=DAILY;UNTIL=20260202T235959Z"
    );
    assert_eq!(
        message("RRULE:FREQ=WEEKLY;BYDAY=FR"),
        "a rule that does not generate DTSTART; what it generates first is 2026-01-02 00:00:00"
    );
}

#[test]
fn occurrences_at_a_change_of_the_clock_are_told_in_the_zone_of_the_event() {
    let text = event_of(
        "DTSTART;TZID=Europe/Berlin:20260101T023000\nRRULE:FREQ=DAILY;UNTIL=20260401T000000Z",
    );
    let findings = check(&Calendar::read(text).calendar);
    let skipped = findings
        .iter()
        .find(|finding| finding.code() == "skipped-local-time")
        .unwrap();
    assert_eq!(skipped.severity(), Severity::Hint);
    assert_eq!(
        skipped.message(),
        "the clock skips the local time of 2026-03-29 02:30:00"
    );
}

#[test]
fn a_time_zone_ends_its_rules_in_utc() {
    let zone = |until: &str| {
        calendar_of(&format!(
            "BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nDTSTART:19701025T020000\n\
             RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL={until}\n\
             TZOFFSETFROM:+0100\nTZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE\n"
        ))
    };
    assert_eq!(codes(&zone("19711031T010000Z")), ["4:1 unused-vtimezone"]);
    assert_eq!(
        codes(&zone("19711031T020000")),
        ["4:1 unused-vtimezone", "8:7 until-type"]
    );
}

#[test]
fn what_is_wrong_with_the_text_is_found_once() {
    let good = event_of("X-A:1");
    let cases: Vec<(String, &[&str])> = vec![
        (good.clone(), &[]),
        (good.replace("\r\n", "\n"), &["1:16 line-break"]),
        (good.trim_end().to_owned(), &["10:14 no-final-break"]),
        (format!("\u{FEFF}{good}"), &["1:1 byte-order-mark"]),
        (
            event_of(&format!("X-A:{}", "é".repeat(36))),
            &["8:1 long-line"],
        ),
        (
            good.replace("VERSION:2.0\r\n", ""),
            &["1:1 missing-version"],
        ),
        (
            good.replace("DTSTAMP:20260101T000000Z\r\n", ""),
            &["4:1 missing-dtstamp"],
        ),
        (
            good.replace("END:VEVENT", "END: VEVENT"),
            &["9:5 blanks-around-name"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(codes(&text), expected, "{text}");
    }
}

#[test]
fn masters_and_overrides_are_looked_at_together() {
    let event = |lines: &str| {
        format!(
            "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\n{lines}\nEND:VEVENT\n"
        )
    };
    let text = calendar_of(&format!(
        "{}{}{}",
        event("RRULE:FREQ=DAILY"),
        event("RECURRENCE-ID;VALUE=DATE:20260102"),
        event("X-SECOND:1"),
    ));
    assert_eq!(
        codes(&text),
        ["14:26 recurrence-id-type", "16:1 same-instance"]
    );
}

#[test]
fn zones_are_defined_once_and_used() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
                TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";
    let event = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Z:20260101T000000\nEND:VEVENT\n";
    assert_eq!(codes(&calendar_of(&(zone.to_owned() + event))), [""; 0]);
    assert_eq!(
        codes(&calendar_of(&zone.repeat(2))),
        [
            "4:1 unused-vtimezone",
            "12:1 vtimezone-twice",
            "12:1 unused-vtimezone"
        ]
    );
}

/// An event in a zone that the calendar defines by fixed rules.
fn defined(tzid: &str, observances: &str, event: &str) -> String {
    calendar_of(&format!(
        "BEGIN:VTIMEZONE\nTZID:{tzid}\n{observances}END:VTIMEZONE\n\
         BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{event}END:VEVENT\n"
    ))
}

#[test]
fn a_definition_that_gives_a_time_another_instant_than_its_name_does_is_told() {
    let winter = "BEGIN:STANDARD\nDTSTART:19700101T000000\n\
                  TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\n";
    let january = "DTSTART;TZID=Europe/Berlin:20260101T090000\n";
    let july = "DTSTART;TZID=Europe/Berlin:20260701T090000\n";
    let berlin = |event: &str| codes(&defined("Europe/Berlin", winter, event));
    assert_eq!(berlin(july), ["4:1 vtimezone-differs"]);
    assert_eq!(berlin(january), [""; 0], "that day the rules agree");
    let series = format!("{january}RRULE:FREQ=WEEKLY\n");
    assert_eq!(
        berlin(&series),
        ["4:1 vtimezone-differs"],
        "in summer it does not"
    );
    let other = july.replace("Europe/Berlin", "Colony");
    assert_eq!(codes(&defined("Colony", winter, &other)), [""; 0]);
}

#[test]
fn a_definition_that_differs_is_told_with_the_first_time_that_shows_it() {
    let winter = "BEGIN:STANDARD\nDTSTART:19700101T000000\n\
                  TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\n";
    let event = "DTSTART;TZID=Europe/Berlin:20260301T090000\n\
                 RDATE;TZID=Europe/Berlin:20260302T090000,20260702T090000\n";
    let findings = check(&Calendar::read(defined("Europe/Berlin", winter, event)).calendar);
    assert_eq!(
        findings[0].message(),
        "a VTIMEZONE that differs from the zone of its name, whose rules are used: \
         \"Europe/Berlin at 20260702T090000\""
    );
}

#[test]
fn a_finding_tells_severity_section_and_message() {
    let findings = check(&Calendar::read(event_of("DTEND:tomorrow")).calendar);
    let finding = &findings[0];
    assert_eq!(finding.severity(), Severity::Error);
    assert_eq!(finding.section(), "RFC 5545 3.3.5");
    assert_eq!(
        finding.message(),
        "neither a date nor a date-time: \"tomorrow\""
    );
}

#[test]
fn codes_are_distinct_and_in_lower_case() {
    let codes: HashSet<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Rule::ALL.len());
    assert!(codes.iter().all(|code| {
        code.bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit())
    }));
}

#[test]
fn fixes_change_what_they_say_and_nothing_else() {
    let long = format!("DESCRIPTION:{}", "long ".repeat(30).trim());
    let text = event_of(&format!(
        "DTSTART:20260101\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:20260101T000000Z\nEND:VALARM \n\
         CONFERENCE:tel:+1\n{long}"
    ))
    .replace("VERSION:2.0\r\n", "");
    let calendar = Calendar::read(&text).calendar;
    let fixed = apply_fixes(text.as_bytes(), &check(&calendar));
    let fixed = String::from_utf8(fixed.to_vec()).unwrap();
    let expected = text
        .replace("BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
        .replace("DTSTART:2026", "DTSTART;VALUE=DATE:2026")
        .replace("TRIGGER:2026", "TRIGGER;VALUE=DATE-TIME:2026")
        .replace("CONFERENCE:", "CONFERENCE;VALUE=URI:")
        .replace("VALARM \r\n", "VALARM\r\n");
    assert_eq!(fixed.replace("\r\n ", ""), expected);
    assert_eq!(codes(&fixed), [""; 0]);
}

/// A text with all its fixes made, once.
fn mended(text: &str) -> String {
    let fixed = apply_fixes(text.as_bytes(), &check(&Calendar::read(text).calendar));
    String::from_utf8(fixed.to_vec()).unwrap()
}

#[test]
fn an_until_of_the_wrong_type_is_mended_where_it_can_mean_one_thing_alone() {
    let zoned = "DTSTART;TZID=Europe/Berlin:20260101T090000\n";
    let cases = [
        ("", "20260202", "20260202T235959Z"),
        ("", "20260202T090000", "20260202T090000Z"),
        (zoned, "20260202", "20260202T225959Z"),
        (zoned, "20260202T090000", "20260202T080000Z"),
        (
            "DTSTART;VALUE=DATE:20260101\n",
            "20260202T000000",
            "20260202",
        ),
        ("DTSTART:20260101T090000\n", "20260202", "20260202T235959"),
    ];
    for (start, wrong, right) in cases {
        let text = event_of(&format!(
            "{start}RRULE:freq=DAILY;until={wrong};X-A=b;INTERVAL=02"
        ));
        let fixed = mended(&text);
        assert_eq!(
            fixed,
            text.replace(&format!("until={wrong}"), &format!("until={right}"))
        );
        assert_eq!(mended(&fixed), fixed);
    }
}

#[test]
fn an_until_that_could_mean_several_things_is_told_and_not_mended() {
    for lines in [
        "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;UNTIL=20260202T120000Z",
        "DTSTART:20260101T090000\nRRULE:FREQ=DAILY;UNTIL=20260202T090000Z",
        "DTSTART;TZID=Nowhere:20260101T090000\nRRULE:FREQ=DAILY;UNTIL=20260202",
        "DTSTART;TZID=Pacific Time:20260101T090000\nRRULE:FREQ=DAILY;UNTIL=20260202",
    ] {
        let text = event_of(lines);
        assert!(
            codes(&text).iter().any(|code| code.ends_with("until-type")),
            "{text}"
        );
        assert_eq!(mended(&text), text);
    }
}

#[test]
fn an_until_that_makes_its_line_too_long_is_folded_at_once() {
    let text = event_of(&format!(
        "RRULE:FREQ=DAILY;BYMONTHDAY={};UNTIL=20260202",
        "1,2,3,4,5,6,7,8,9,10,11,12,13"
    ));
    let fixed = mended(&text);
    assert!(fixed.split("\r\n").all(|line| line.len() <= 75), "{fixed}");
    let expected = text.replace("UNTIL=20260202", "UNTIL=20260202T235959Z");
    assert_eq!(fixed.replace("\r\n ", ""), expected);
}

#[test]
fn each_fix_mends_its_finding_and_a_second_time_changes_nothing() {
    let long = format!("DESCRIPTION:{}", "long ".repeat(30).trim());
    let cases = [
        ("date-without-value", event_of("DTSTART:20260101")),
        (
            "trigger-without-value",
            event_of("BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:20260101T000000Z\nEND:VALARM"),
        ),
        (
            "missing-version",
            event_of("X-A:1").replace("VERSION:2.0\r\n", ""),
        ),
        (
            "blanks-around-name",
            event_of("X-A:1").replace("END:VEVENT", "END: VEVENT "),
        ),
        ("long-line", event_of(&long)),
        ("until-type", event_of("RRULE:FREQ=DAILY;UNTIL=20260202")),
    ];
    for (code, text) in cases {
        let findings = check(&Calendar::read(&text).calendar);
        let found: Vec<_> = findings
            .iter()
            .map(|finding| (finding.code(), finding.fix().is_some()))
            .collect();
        assert_eq!(found, [(code, true)], "{text}");
        let fixed = mended(&text);
        assert_eq!(codes(&fixed), [""; 0], "{fixed}");
        assert_eq!(mended(&fixed), fixed);
    }
}

#[test]
fn a_zone_that_changes_too_often_is_told_of_its_definition() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=DAILY\n\
                TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";
    let event = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Own:20260101T000000\nEND:VEVENT\n";
    let found = codes(&calendar_of(&(zone.to_owned() + event)));
    assert!(
        found.contains(&"4:1 vtimezone-changes-too-often".to_owned()),
        "{found:?}"
    );
    assert!(
        found.iter().all(|code| !code.ends_with("unknown-zone")),
        "{found:?}"
    );
}

#[test]
fn every_finding_that_is_no_limit_of_ours_names_its_section() {
    for rule in Rule::ALL {
        let is_limit = rule.code().starts_with("too-") || rule.code().ends_with("-too-long");
        assert_eq!(rule.section().is_empty(), is_limit, "{}", rule.code());
    }
}

#[test]
fn fixes_of_the_corpus_mend_their_findings_and_keep_the_content() {
    for entry in corpus() {
        let calendar = Calendar::read(&entry.bytes).calendar;
        let findings = check(&calendar);
        if entry.bytes.starts_with(&[0xFF, 0xFE]) || entry.bytes.starts_with(&[0xFE, 0xFF]) {
            continue;
        }
        let mut text = apply_fixes(&entry.bytes, &findings);
        let mut left = check(&Calendar::read(&text).calendar);
        for _ in 0..3 {
            if left.iter().all(|finding| finding.fix().is_none()) {
                break;
            }
            text = apply_fixes(&text, &left);
            left = check(&Calendar::read(&text).calendar);
        }
        left.retain(|finding| finding.fix().is_some());
        assert!(left.is_empty(), "{}: {left:?}", entry.file);
        if entry.valid {
            assert_eq!(
                calendar.objects().len(),
                Calendar::read(&text).calendar.objects().len(),
                "{}",
                entry.file
            );
        }
    }
}
