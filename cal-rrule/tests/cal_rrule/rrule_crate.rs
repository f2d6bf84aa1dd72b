//! The sets of the `rrule` crate and back.

use cal_rrule::{Error, RRule, RecurrenceSet, Start, When};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Europe::Berlin;
use chrono_tz::Tz;

use crate::value::time;

fn rule(text: &str) -> RRule {
    text.parse().unwrap()
}

fn berlin(text: &str) -> Start {
    Start::zoned(time(text), Berlin)
}

fn ours(set: &RecurrenceSet) -> Vec<NaiveDateTime> {
    let times = set.iter().take(40).map(Result::unwrap);
    times
        .map(|found| found.utc().unwrap_or(found.local()))
        .collect()
}

fn theirs(set: rrule::RRuleSet) -> Vec<NaiveDateTime> {
    let dates = set.all(40).dates;
    dates.iter().map(chrono::DateTime::naive_utc).collect()
}

#[test]
fn a_series_becomes_a_set_with_its_occurrences() {
    let rules = [
        "FREQ=DAILY;COUNT=10",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR;INTERVAL=2",
        "FREQ=WEEKLY;UNTIL=20260501T070000Z",
        "FREQ=WEEKLY;UNTIL=20260501",
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=5",
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU",
    ];
    for text in rules {
        for start in [
            berlin("20260327T090000"),
            Start::Utc(time("20260327T090000")),
        ] {
            let set = rule(text).starting(start.clone());
            let converted = set.to_rrule_set(Berlin).unwrap();
            assert_eq!(theirs(converted), ours(&set), "{text} from {start:?}");
        }
    }
}

#[test]
fn a_set_becomes_a_series_with_its_occurrences() {
    let texts = [
        "DTSTART;TZID=Europe/Berlin:20260327T090000\nRRULE:FREQ=DAILY;COUNT=10",
        "DTSTART:20260327T090000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,SU;UNTIL=20260601T000000Z",
        "DTSTART;TZID=America/New_York:20260327T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR\n\
         RDATE:20260401T130000Z\nEXDATE:20260424T130000Z",
        "DTSTART;TZID=Europe/Berlin:20260327T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4",
    ];
    for text in texts {
        let set: rrule::RRuleSet = text.parse().unwrap();
        let series = RecurrenceSet::try_from(&set).unwrap();
        assert_eq!(ours(&series), theirs(set), "{text}");
    }
}

#[test]
fn a_start_that_no_rule_generates_goes_along_and_is_counted() {
    let set = rule("FREQ=WEEKLY;BYDAY=MO;COUNT=3").starting(berlin("20260327T090000"));
    let converted = set.to_rrule_set(Berlin).unwrap();
    let found = theirs(converted);
    assert_eq!(found.len(), 3);
    assert_eq!(found, ours(&set));
}

#[test]
fn added_and_excluded_dates_go_along() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    let set = rule("FREQ=DAILY;COUNT=5")
        .starting(berlin("20260327T090000"))
        .with_rdate(day(20))
        .with_rdate(When::Utc(time("20260402T100000")))
        .with_exdate(day(28));
    let converted = set.to_rrule_set(Berlin).unwrap();
    let found = theirs(converted);
    assert_eq!(found.len(), 6);
    assert_eq!(found, ours(&set));
}

#[test]
fn wall_clock_times_and_dates_are_taken_in_the_zone() {
    let floating = rule("FREQ=DAILY;COUNT=3").starting(time("20260328T090000"));
    let found = theirs(floating.to_rrule_set(Berlin).unwrap());
    let expected = ["20260328T080000", "20260329T070000", "20260330T070000"];
    assert_eq!(found, expected.map(time));
    let date = NaiveDate::from_ymd_opt(2026, 3, 28).unwrap();
    let days = rule("FREQ=DAILY;COUNT=3").starting(date);
    let found = theirs(days.to_rrule_set(Tz::UTC).unwrap());
    assert_eq!(found, ours(&days));
}

#[test]
fn what_the_crate_has_no_word_for_is_refused_by_name() {
    let start = || berlin("20260327T090000");
    let refused = [
        RecurrenceSet::new(start()).with_exrule(rule("FREQ=DAILY")),
        rule("FREQ=DAILY;INTERVAL=70000").starting(start()),
        rule("RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD").starting(start()),
        rule("FREQ=DAILY").starting(berlin("20260329T023000")),
    ];
    for set in refused {
        let result = set.to_rrule_set(Berlin);
        assert!(
            matches!(result, Err(Error::Refused { by: "rrule", .. })),
            "{set:?}: {result:?}"
        );
    }
}
