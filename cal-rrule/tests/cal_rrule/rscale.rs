//! Rules that count in other calendars (RFC 7529).

use std::time::{Duration, Instant};

use cal_rrule::{English, Error, RRule, RecurrenceSet, StartMember};
use chrono::NaiveDateTime;

use crate::value::{start, time};

const EXAMPLES: &str = include_str!("../../testdata/rscale-examples.txt");

#[test]
fn every_date_is_the_one_that_almanacs_tell() {
    let blocks = EXAMPLES
        .split("\n\n")
        .filter(|block| block.contains("RRULE"));
    let mut seen = 0;
    for block in blocks {
        let mut series = None;
        let mut expected: Vec<NaiveDateTime> = Vec::new();
        for line in block.lines() {
            if let Some(text) = line.strip_prefix("DTSTART:") {
                let set = RecurrenceSet::new(start(text, None));
                series = Some(set.with_start_member(StartMember::IfGenerated));
            } else if let Some(rule) = line.strip_prefix("RRULE:") {
                series = series.map(|set| set.with_rule(rule.parse().unwrap()));
            } else if !line.starts_with(['#', '.']) {
                expected.extend(line.split_whitespace().map(time));
            }
        }
        let wanted = expected.len() + usize::from(!block.contains("..."));
        let found: Vec<_> = series
            .unwrap()
            .local_times(..)
            .take(wanted)
            .map(Result::unwrap)
            .collect();
        assert_eq!(found, expected, "{block}");
        seen += 1;
    }
    assert_eq!(seen, 31);
}

/// Rules that contradict themselves, in calendars that repeat and in such that
/// do not.
#[test]
fn a_rule_that_never_matches_ends() {
    let rules = [
        "RSCALE=ETHIOPIC;FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=7",
        "RSCALE=ETHIOPIC;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=1",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=3L;BYMONTHDAY=1",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=13",
        "RSCALE=HEBREW;FREQ=HOURLY;BYMONTH=6;BYYEARDAY=1",
        "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=31",
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=6;BYYEARDAY=1",
        "RSCALE=CHINESE;FREQ=YEARLY;BYWEEKNO=30;BYMONTH=1",
        "RSCALE=CHINESE;FREQ=WEEKLY;BYMONTH=5;BYDAY=MO;BYSETPOS=2",
        "RSCALE=ISLAMIC-CIVIL;FREQ=MONTHLY;BYDAY=6MO",
        "RSCALE=ISLAMIC-CIVIL;FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "RSCALE=PERSIAN;FREQ=DAILY;INTERVAL=7;BYDAY=TU;BYMONTH=1",
    ];
    for text in rules {
        let rule: RRule = text.parse().unwrap();
        let begun = Instant::now();
        let found = rule.expand(time("20240101T090000")).unwrap().next();
        assert_eq!(found, None, "{text}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{text}");
    }
}

#[test]
fn intervals_beyond_the_calendar_are_honest() {
    for text in [
        "RSCALE=CHINESE;FREQ=YEARLY;INTERVAL=4294967295",
        "RSCALE=HEBREW;FREQ=MONTHLY;INTERVAL=4294967295",
        "RSCALE=COPTIC;FREQ=YEARLY;INTERVAL=9000;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYMONTHDAY=22;BYMONTH=4;BYSETPOS=1",
        "RSCALE=PERSIAN;FREQ=DAILY;INTERVAL=4294967295",
        "RSCALE=INDIAN;FREQ=WEEKLY;INTERVAL=4294967295",
    ] {
        let rule: RRule = text.parse().unwrap();
        let found: Vec<_> = rule.expand(time("20240101T000000")).unwrap().collect();
        let expected = [Ok(time("20240101T000000")), Err(Error::PastYear9999)];
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_huge_count_costs_no_walk() {
    let rule: RRule = "RSCALE=HEBREW;FREQ=DAILY;BYHOUR=9,10,11;COUNT=1000000000"
        .parse()
        .unwrap();
    let set = rule.starting(time("20240101T090000"));
    let week = set.local_times(time("20300101T000000")..time("20300108T000000"));
    assert_eq!(week.count(), 21);
}

/// A rule with its start, and its sentence.
const SENTENCES: [(&str, &str, &str); 4] = [
    (
        "20130210",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "every year on the 1st of month 1, in the Chinese calendar",
    ),
    (
        "20140208",
        "RSCALE=HEBREW;FREQ=YEARLY;SKIP=FORWARD",
        "every year on the 8th of leap month 5, in the Hebrew calendar, with a date that does not exist moved on to the one after",
    ),
    (
        "20240311",
        "RSCALE=ISLAMIC-UMALQURA;FREQ=MONTHLY",
        "on the 1st of every month, in the Islamic (Umm al-Qura) calendar",
    ),
    (
        "20240911",
        "RSCALE=COPTIC;FREQ=YEARLY;BYMONTHDAY=1,2",
        "every year on the 1st and 2nd of month 1, in the Coptic calendar",
    ),
];

#[test]
fn a_sentence_names_the_date_of_the_start_in_its_calendar() {
    for (from, text, expected) in SENTENCES {
        let rule: RRule = text.parse().unwrap();
        let said = rule.explain_from(&start(from, None), &English::new());
        assert_eq!(said, expected, "{text}");
    }
}

/// A start, a rule, and the names of what the linter finds.
const FINDINGS: [(&str, &str, &[&str]); 9] = [
    ("20130210", "RSCALE=CHINESE;FREQ=YEARLY", &[]),
    (
        "20140302",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=30",
        &[],
    ),
    (
        "20240101",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30",
        &["never-matches"],
    ),
    (
        "20231003",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=1,3L;BYMONTHDAY=18",
        &["value-never-matches"],
    ),
    (
        "20240101",
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=9L;BYMONTHDAY=10",
        &["dtstart-not-in-rule", "occurs-rarely"],
    ),
    (
        "20230719",
        "RSCALE=ISLAMIC-UMALQURA;FREQ=YEARLY;UNTIL=20230101",
        &["until-before-first"],
    ),
    (
        "20240911",
        "RSCALE=ETHIOPIC;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;BYSETPOS=1",
        &["no-effect"],
    ),
    (
        "20240911",
        "RSCALE=ETHIOPIC;FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12,13;BYSETPOS=13",
        &["dtstart-not-in-rule"],
    ),
    (
        "20240911",
        "RSCALE=COPTIC;FREQ=DAILY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12",
        &[],
    ),
];

#[test]
fn what_the_linter_finds_is_true_of_the_calendar() {
    for (from, text, expected) in FINDINGS {
        let rule: RRule = text.parse().unwrap();
        let findings = rule.lint(&start(from, None));
        let names: Vec<_> = findings
            .iter()
            .map(cal_rrule::lint::Finding::name)
            .collect();
        assert_eq!(names, expected, "{text}");
    }
}

#[test]
fn a_missing_day_of_the_year_is_moved_only_out_of_a_month_of_the_rule() {
    let first = |rule: &str| {
        let set = RecurrenceSet::new(start("20250601T090000", None))
            .with_start_member(StartMember::IfGenerated)
            .with_rule(rule.parse().unwrap());
        set.local_times(..).next().map(Result::unwrap)
    };
    let rules = [
        (
            "BYMONTH=12;BYYEARDAY=366;SKIP=FORWARD",
            Some("20260101T090000"),
        ),
        ("BYMONTH=3;BYYEARDAY=366;SKIP=FORWARD", None),
        (
            "BYMONTH=1;BYYEARDAY=-366;SKIP=BACKWARD",
            Some("20251231T090000"),
        ),
        ("BYMONTH=6;BYYEARDAY=-366;SKIP=BACKWARD", None),
    ];
    for (parts, expected) in rules {
        let rule = format!("RSCALE=GREGORIAN;FREQ=YEARLY;{parts}");
        assert_eq!(first(&rule), expected.map(time), "{rule}");
    }
}
