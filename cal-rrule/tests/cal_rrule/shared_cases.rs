//! The shared collection of recurrence cases, where it is at hand.

use std::fs;

use cal_rrule::{RRule, RecurrenceSet, StartMember};
use chrono::NaiveDateTime;
use serde_json::Value;

use crate::value::{start, time, when};

fn cases(name: &str) -> Vec<Value> {
    let path = format!(
        "{}/../../shared/data/rrule/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("skipped: {path} is not at hand");
        return Vec::new();
    };
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a case"))
        .collect()
}

fn strings(case: &Value, field: &str) -> Vec<String> {
    let values = case[field].as_array().cloned().unwrap_or_default();
    values
        .iter()
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}

fn rules(case: &Value) -> Vec<String> {
    let many = strings(case, "rrules");
    match case["rrule"].as_str() {
        Some(rule) => vec![rule.to_owned()],
        None => many,
    }
}

fn is_bounded(case: &Value) -> bool {
    rules(case)
        .iter()
        .all(|rule| rule.contains("COUNT=") || rule.contains("UNTIL="))
}

/// Other calendars are computed with a feature.
fn is_computed(case: &Value) -> bool {
    let gregorian = |rule: &String| !rule.contains("RSCALE") || rule.contains("RSCALE=GREGORIAN");
    cfg!(feature = "rscale") || rules(case).iter().all(gregorian)
}

/// BYWEEKNO with INTERVAL counts week-based years from the one of DTSTART; the
/// first two expectations count from the calendar year. The third counts
/// INTERVAL from the window instead of from DTSTART. The last wants a Chinese
/// leap month of 2109, after the years that almanacs tell.
const CHOSEN_OTHERWISE: [&str; 4] = [
    "libical-0173",
    "libical-0174",
    "libical-0210",
    "libical-0205",
];

fn series(case: &Value, member: StartMember) -> RecurrenceSet {
    let start = start(case["dtstart"].as_str().unwrap(), case["tzid"].as_str());
    let mut set = RecurrenceSet::new(start).with_start_member(member);
    for rule in rules(case) {
        set = set.with_rule(rule.parse().unwrap());
    }
    set.with_rdates(strings(case, "rdate").iter().map(|text| when(text)))
        .with_exdates(strings(case, "exdate").iter().map(|text| when(text)))
}

fn expected(case: &Value, field: &str) -> Vec<NaiveDateTime> {
    strings(case, field).iter().map(|text| time(text)).collect()
}

/// What the rules generate on the wall clock, up to the case's limit.
fn generated(case: &Value) -> Vec<NaiveDateTime> {
    let limit = usize::try_from(case["limit"].as_u64().unwrap()).unwrap();
    let member = StartMember::IfGenerated;
    let mut floating = case.clone();
    floating["tzid"] = Value::Null;
    // Values in UTC mean instants of the zone; only those cases need it.
    let utc_values = [strings(case, "exdate"), strings(case, "rdate")]
        .concat()
        .iter()
        .any(|value| value.ends_with('Z'));
    let utc_until = rules(case).iter().any(|rule| rule.contains('Z'));
    let case = if utc_values || utc_until {
        case
    } else {
        &floating
    };
    let set = series(case, member);
    let window = &case["window"];
    let from = window[0].as_str().map(time);
    let end = window[1].as_str().map(time);
    let zoned = case["tzid"].is_string();
    assert!(
        !zoned || (from.is_none() && end.is_none()),
        "windows of zoned cases are instants"
    );
    let bounds = (
        from.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Included),
        // The suites that these windows come from include their end.
        end.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Included),
    );
    set.local_times(bounds)
        .take(limit)
        .map(Result::unwrap)
        .collect()
}

#[test]
fn every_rule_generates_what_the_rfc_says() {
    let mut wrong = Vec::new();
    for case in cases("rrule-cases.jsonl")
        .iter()
        .filter(|case| is_computed(case))
    {
        let id = case["id"].as_str().unwrap();
        if CHOSEN_OTHERWISE.contains(&id) {
            continue;
        }
        let mut found = generated(case);
        let expected = expected(case, "expected");
        if !expected.is_empty() && !is_bounded(case) {
            // Of a rule without end the case lists some.
            found.truncate(expected.len());
        }
        if found != expected {
            let mut at = found.iter().zip(&expected).position(|(a, b)| a != b);
            at.get_or_insert(found.len().min(expected.len()));
            wrong.push(format!(
                "{id} {} {:?}\n   at {at:?} found {:?}\n   expected {:?}",
                case["dtstart"],
                rules(case),
                &found[..found.len().min(8)],
                &expected[..expected.len().min(8)]
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_zoned_rule_generates_the_right_instants() {
    let mut wrong = Vec::new();
    for case in cases("rrule-cases.jsonl")
        .iter()
        .filter(|case| is_computed(case))
    {
        let expected = expected(case, "expected_utc");
        if expected.is_empty() {
            continue;
        }
        let found: Vec<_> = series(case, StartMember::IfGenerated)
            .iter()
            .take(expected.len())
            .map(|occurrence| occurrence.unwrap().utc().unwrap())
            .collect();
        if found != expected {
            wrong.push(format!(
                "{} {} {:?}\n   found {found:?}\n   expected {expected:?}",
                case["id"],
                case["dtstart"],
                rules(case),
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_invalid_rule_is_refused_and_read_leniently() {
    for case in cases("rrule-invalid.jsonl") {
        let text = case["rrule"].as_str().unwrap();
        let error = text.parse::<RRule>().expect_err(text);
        eprintln!("{text}: {error} [{}]", case["reason"].as_str().unwrap());
        let reading = RRule::parse_lenient(text);
        assert!(!reading.problems.is_empty(), "{text}");
        if let Some(rule) = reading.rule {
            let start = start(case["dtstart"].as_str().unwrap(), case["tzid"].as_str());
            let _ = rule.starting(start).iter().take(50).collect::<Vec<_>>();
        }
    }
}

/// An event's set has its start, which counts towards COUNT.
#[test]
fn every_set_adds_a_start_that_its_rule_does_not_generate() {
    let mut seen = 0;
    for case in cases("rrule-cases.jsonl")
        .iter()
        .filter(|case| is_computed(case))
    {
        let id = case["id"].as_str().unwrap();
        if case["dtstart_unsynced"] != true || !case["window"].is_null() {
            continue;
        }
        // COUNT counts what EXDATE removes, which `expected` does not list.
        if CHOSEN_OTHERWISE.contains(&id) || !strings(case, "exdate").is_empty() {
            continue;
        }
        let start = time(case["dtstart"].as_str().unwrap());
        let rule: RRule = rules(case)[0].parse().unwrap();
        let mut expected = expected(case, "expected");
        let is_whole = is_bounded(case);
        expected.retain(|time| *time != start);
        expected.insert(0, start);
        if let Some(count) = rule.count() {
            expected.truncate(usize::try_from(count).unwrap());
        }
        let limit = expected.len() + usize::from(is_whole);
        let set = series(case, StartMember::Always);
        let found: Vec<_> = set
            .local_times(..)
            .take(limit)
            .map(Result::unwrap)
            .collect();
        assert_eq!(found, expected, "{id}");
        seen += 1;
    }
    eprintln!("{seen} series");
}
