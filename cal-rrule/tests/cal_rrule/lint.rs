//! The linter of rules: what it says is true.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use cal_rrule::lint::{Finding, FindingKind, Level, Linter};
use cal_rrule::{Part, RRule, RecurrenceSet, Start};
use chrono::Days;

use crate::oracle;
use crate::value;

/// A zone for the starts that need one.
const ZONE: Option<&str> = Some("America/New_York");

/// What the linter finds in a rule from a start; a start after `@` is in the
/// zone.
const CASES: &[(&str, &str, &[&str])] = &[
    ("20260105T090000", "FREQ=WEEKLY;BYDAY=MO", &[]),
    ("20260101T090000", "FREQ=MONTHLY;BYDAY=1TH", &[]),
    ("20260101", "FREQ=YEARLY", &[]),
    (
        "20260101T090000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        &["never-matches"],
    ),
    (
        "20260106T090000",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        &["interval-steps-over"],
    ),
    (
        "20260101T090000",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=5",
        &["interval-steps-over"],
    ),
    (
        "20240301T000000",
        "FREQ=SECONDLY;INTERVAL=86401;BYMONTH=2;BYMONTHDAY=29;BYHOUR=0;BYMINUTE=0;BYSECOND=1",
        &["beyond-calendar", "endless-sub-daily"],
    ),
    (
        "20260105T090000",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO,TU",
        &["value-never-matches BYDAY=TU"],
    ),
    (
        "20260115T090000",
        "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=15,30,31",
        &[],
    ),
    (
        "20260131T090000",
        "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=31",
        &["value-never-matches BYMONTH=2"],
    ),
    (
        "20260105T080000",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=8,9,10;COUNT=9",
        &["value-never-matches BYHOUR=9"],
    ),
    (
        "20260105T080000",
        "FREQ=MINUTELY;INTERVAL=20;BYMINUTE=0,10,20;COUNT=9",
        &["value-never-matches BYMINUTE=10"],
    ),
    (
        "20260106T090000",
        "FREQ=MONTHLY;BYDAY=TU,WE;BYSETPOS=1,11",
        &["position-beyond-set BYSETPOS"],
    ),
    (
        "20260101T090000",
        "FREQ=DAILY;BYHOUR=9;BYSETPOS=2",
        &["never-matches", "position-beyond-set BYSETPOS"],
    ),
    (
        "20260106T090000",
        "FREQ=WEEKLY;BYDAY=MO",
        &["dtstart-not-in-rule"],
    ),
    (
        "20260105",
        "FREQ=DAILY;UNTIL=20260201T000000Z",
        &["until-type UNTIL=20260201"],
    ),
    (
        "20260105",
        "FREQ=DAILY;UNTIL=20260201T120000Z",
        &["until-type UNTIL=20260202"],
    ),
    (
        "20260105T090000",
        "FREQ=DAILY;UNTIL=20260201",
        &["until-type UNTIL=20260201T235959"],
    ),
    (
        "@20260105T090000",
        "FREQ=DAILY;UNTIL=20260201T090000",
        &["until-type UNTIL=20260201T140000Z"],
    ),
    (
        "20260105T090000Z",
        "FREQ=DAILY;UNTIL=20260201",
        &["until-type UNTIL=20260201T235959Z"],
    ),
    ("20260105T090000Z", "FREQ=DAILY;UNTIL=20260201T090000Z", &[]),
    (
        "20260105T090000",
        "FREQ=WEEKLY;UNTIL=20250101T000000",
        &["until-before-first UNTIL"],
    ),
    (
        "20260105T090000",
        "FREQ=WEEKLY;UNTIL=20260115T000000;COUNT=5",
        &["count-and-until UNTIL=20260115T000000"],
    ),
    (
        "20260105T090000",
        "FREQ=WEEKLY;UNTIL=20270115T000000;COUNT=5",
        &["count-and-until COUNT=5"],
    ),
    (
        "20260105",
        "FREQ=DAILY;BYHOUR=9;BYMINUTE=0",
        &["times-of-dates BYHOUR", "times-of-dates BYMINUTE"],
    ),
    ("20260105", "FREQ=HOURLY;COUNT=3", &["sub-daily-dates FREQ"]),
    (
        "20260131T090000",
        "FREQ=MONTHLY",
        &["months-left-out BYMONTHDAY=-1"],
    ),
    (
        "20260130T090000",
        "FREQ=MONTHLY;BYMONTHDAY=30",
        &["months-left-out BYMONTHDAY=28,29,30;BYSETPOS=-1"],
    ),
    (
        "20260129T090000",
        "FREQ=MONTHLY;BYMONTHDAY=29",
        &["months-left-out BYMONTHDAY=28,29;BYSETPOS=-1"],
    ),
    ("20260131T090000", "FREQ=MONTHLY;INTERVAL=12", &[]),
    ("20260131T090000", "FREQ=MONTHLY;BYMONTHDAY=30,31,-1", &[]),
    ("20240229", "FREQ=YEARLY", &["leap-years-only BYMONTHDAY"]),
    (
        "20241231",
        "FREQ=YEARLY;BYYEARDAY=366",
        &["leap-years-only BYYEARDAY"],
    ),
    (
        "20261228T090000",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
        &["long-years-only BYWEEKNO"],
    ),
    (
        "20260213T090000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=13;BYDAY=FR",
        &["occurs-rarely"],
    ),
    ("@20260105T023000", "FREQ=DAILY", &["skipped-local-time"]),
    ("@20260105T013000", "FREQ=DAILY", &["ambiguous-local-time"]),
    ("@20260105T013000", "FREQ=DAILY;COUNT=10", &[]),
    ("@20260105T013000", "FREQ=DAILY;UNTIL=20260201T000000Z", &[]),
    ("@20260105T013000", "FREQ=WEEKLY;BYDAY=MO", &[]),
    (
        "20260105T090000",
        "FREQ=MINUTELY;COUNT=200",
        &["many-a-day"],
    ),
    ("20260105T090000", "FREQ=HOURLY;COUNT=200", &[]),
    (
        "20260105T090000",
        "FREQ=HOURLY;INTERVAL=6",
        &["endless-sub-daily FREQ"],
    ),
    (
        "20260105T090000",
        "RSCALE=MAYAN;FREQ=YEARLY",
        &["unsupported-calendar RSCALE"],
    ),
    ("20260105T090000", "FREQ=DAILY;WKST=SU", &["no-effect WKST"]),
    (
        "20260105T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU",
        &["no-effect WKST"],
    ),
    (
        "20260105T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
        &[],
    ),
    (
        "20260105T090000",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        &["no-effect BYDAY"],
    ),
    (
        "20260105T090000",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        &[],
    ),
    (
        "20260105T090000",
        "FREQ=DAILY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12",
        &["no-effect BYMONTH"],
    ),
    (
        "20260105T090000",
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12",
        &[],
    ),
    (
        "20260113T090000",
        "FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=1",
        &["no-effect BYSETPOS"],
    ),
    (
        "20260105T090000",
        "RSCALE=GREGORIAN;FREQ=DAILY;SKIP=FORWARD",
        &["no-effect SKIP"],
    ),
    (
        "20260105T090000",
        "RSCALE=GREGORIAN;FREQ=WEEKLY",
        &["no-effect RSCALE"],
    ),
    (
        "20260105T090000",
        "FREQ=WEEKLY;INTERVAL=1;WKST=MO",
        &["explicit-default INTERVAL", "explicit-default WKST"],
    ),
    (
        "20260105T090000",
        "FREQ=WEEKLY;BYDAY=MO,WE,mo",
        &["duplicate-value BYDAY"],
    ),
    (
        "20260101T090000",
        "FREQ=MONTHLY;BYMONTHDAY=1,+1,01",
        &["duplicate-value BYMONTHDAY"],
    ),
];

pub(crate) fn start(text: &str) -> Start {
    match text.strip_prefix('@') {
        Some(text) => value::start(text, ZONE),
        None => value::start(text, None),
    }
}

pub(crate) fn names(start: &Start, rule: &str) -> Vec<String> {
    let findings = Linter::new().check_text(rule, start);
    findings
        .iter()
        .map(|finding| finding.name().to_owned())
        .collect()
}

/// Whether a finding is as a case has it: the name, then perhaps the part that
/// it is about, or what stands in its suggestion or among its values.
fn fits(finding: &Finding, expected: &str) -> bool {
    let Some((name, about)) = expected.split_once(' ') else {
        return finding.name() == expected;
    };
    let part = finding.part().map(|part| part.to_string());
    let suggested = finding
        .suggestion()
        .is_some_and(|suggestion| suggestion.rule().to_string().contains(about));
    let value = match finding.kind() {
        FindingKind::ValuesNeverMatch(values) => {
            Some(format!("{}={}", finding.part().unwrap(), values.join(",")))
        }
        _ => None,
    };
    finding.name() == name
        && (part.as_deref() == Some(about) || value.as_deref() == Some(about) || suggested)
}

#[test]
fn each_finding_is_found_where_it_belongs() {
    let mut surprises = Vec::new();
    for &(from, rule, expected) in CASES {
        let findings = Linter::new().check_text(rule, &start(from));
        let same = findings.len() == expected.len()
            && expected
                .iter()
                .all(|expected| findings.iter().any(|finding| fits(finding, expected)));
        if !same {
            let found: Vec<_> = findings.iter().map(ToString::to_string).collect();
            surprises.push(format!("{from} {rule}: {found:#?}"));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn names_are_distinct_and_in_lower_case_with_hyphens() {
    let met: HashSet<String> = CASES
        .iter()
        .flat_map(|(from, rule, _)| names(&start(from), rule))
        .collect();
    assert_eq!(met.len(), 23, "{met:?}");
    assert!(met.iter().all(|name| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    }));
}

#[test]
fn a_finding_tells_part_place_level_section_and_sentence() {
    let rule = "FREQ=DAILY;INTERVAL=7;BYDAY=MO,TU";
    let findings = Linter::new().check_text(rule, &start("20260105T090000"));
    let finding = &findings[0];
    assert_eq!(finding.part(), Some(Part::ByDay));
    assert_eq!(rule.get(finding.span().unwrap()), Some("MO,TU"));
    assert_eq!(finding.level(), Level::Warning);
    assert_eq!(finding.section(), "RFC 5545 3.3.10");
    assert_eq!(finding.to_string(), "BYDAY has values that never match: TU");
}

#[test]
fn the_next_occurrences_at_a_change_of_the_clock_are_listed() {
    let rule: RRule = "FREQ=DAILY".parse().unwrap();
    let from = value::time("20270601T000000");
    let linter = Linter::new().with_from(from).with_listed(2);
    let findings = linter.check(&rule, &start("@20200105T023000"));
    let expected = [
        value::time("20280312T023000"),
        value::time("20290311T023000"),
    ];
    assert_eq!(findings[0].kind(), &FindingKind::Skipped(expected.to_vec()));
    assert_eq!(
        findings[0].to_string(),
        "the clock skips the local time of 2028-03-12 02:30:00, 2029-03-11 02:30:00"
    );
    let near = linter
        .with_years(0)
        .check(&rule, &start("@20200105T023000"));
    assert_eq!(near, []);
}

#[test]
fn the_months_that_are_left_out_are_named() {
    let said = |from, rule: &str| {
        let rule: RRule = rule.parse().unwrap();
        rule.lint(&start(from))[0].to_string()
    };
    assert_eq!(
        said("20260131", "FREQ=MONTHLY"),
        "no such day is in February, April, June, September and November"
    );
    assert_eq!(
        said("20260131", "FREQ=MONTHLY;INTERVAL=3"),
        "no such day is in April"
    );
    assert_eq!(
        said("20260129", "FREQ=MONTHLY"),
        "no such day is in February outside leap years"
    );
}

#[test]
fn the_rules_of_a_set_are_told_apart() {
    let set = RecurrenceSet::new(start("20260106T090000"))
        .with_rule("FREQ=DAILY".parse().unwrap())
        .with_rule("FREQ=WEEKLY;BYDAY=MO".parse().unwrap());
    let findings = Linter::new().check_set(&set);
    let told: Vec<_> = findings
        .iter()
        .map(|(rule, finding)| (*rule, finding.name()))
        .collect();
    assert_eq!(told, [(1, "dtstart-not-in-rule")]);
}

#[test]
fn never_holds_for_four_hundred_years() {
    let cases = [
        ("20240101T090000", "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31"),
        ("20240101T090000", "FREQ=YEARLY;BYWEEKNO=30;BYMONTH=1"),
        ("20240101T090000", "FREQ=YEARLY;BYMONTH=6;BYYEARDAY=1"),
        ("20240101T090000", "FREQ=MONTHLY;BYDAY=6MO"),
        (
            "20250301T090000",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        ),
        ("20240102T090000", "FREQ=DAILY;INTERVAL=7;BYDAY=MO"),
        ("20240101T090000", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=5"),
        (
            "20240101T090000",
            "FREQ=WEEKLY;INTERVAL=999;BYMONTH=2;BYDAY=MO;BYSETPOS=2",
        ),
    ];
    for (from, text) in cases {
        let (rule, from): (RRule, _) = (text.parse().unwrap(), value::time(from));
        let name = rule.lint(&Start::Floating(from))[0].name();
        assert!(
            matches!(name, "never-matches" | "interval-steps-over"),
            "{text}: {name}"
        );
        let end = from + Days::new(146_097);
        assert_eq!(oracle::occurrences(&rule, from, end), [], "{text}");
    }
}

#[test]
fn no_rule_takes_long() {
    let rules = [
        "FREQ=SECONDLY;INTERVAL=7;BYDAY=MO,TU,WE,TH,FR,SA;COUNT=4000000000",
        "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=12,13;BYMINUTE=0,1;BYSECOND=0,1",
        "FREQ=SECONDLY;BYMONTH=1,2;BYMONTHDAY=29,30;BYDAY=MO,TU;BYHOUR=0,23",
        "FREQ=SECONDLY;INTERVAL=4294967295;BYSECOND=1,2;COUNT=5;UNTIL=99991231T000000",
        "FREQ=DAILY;INTERVAL=1461;BYDAY=MO,TU,WE,TH;BYMONTH=2,3;BYMONTHDAY=29,30",
        "FREQ=YEARLY;INTERVAL=7;BYWEEKNO=53,52,51,1;BYDAY=MO,TU,WE",
        "FREQ=YEARLY;BYYEARDAY=366,365,1,-1;BYDAY=MO;BYMONTH=1,12",
        "FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO,WE",
        "FREQ=WEEKLY;INTERVAL=999;BYMONTH=2;BYDAY=MO,TU;BYSETPOS=2",
        "FREQ=DAILY;COUNT=9999;UNTIL=99991231T000000;INTERVAL=97;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MINUTELY;INTERVAL=1439;BYHOUR=1,2;BYMINUTE=3,4;BYYEARDAY=366,60",
        "FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31;BYDAY=MO;INTERVAL=29",
    ];
    for rule in rules {
        for from in ["@20240101T000000", "20240101", "20240229T233000"] {
            let begun = Instant::now();
            let _ = Linter::new().with_years(50).check_text(rule, &start(from));
            let taken = begun.elapsed();
            assert!(taken < Duration::from_secs(2), "{rule} {from}: {taken:?}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_left_to_the_reader() {
    for text in [
        "",
        "FREQ=",
        ";;;",
        "INTERVAL=1",
        "FREQ=DAILY;BYDAY=;=;BYMONTH=,",
    ] {
        let names = names(&start("20260105"), text);
        assert_eq!(names, [""; 0], "{text}");
    }
}
