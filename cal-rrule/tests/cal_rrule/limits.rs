//! Work is bounded, and iterators end honestly.

use std::time::{Duration, Instant};

use cal_rrule::{Error, RRule, Rscale};

use crate::value::{date, time};

/// Rules that contradict themselves, in one way or another.
const NEVER: [(&str, &str); 19] = [
    ("20240101T090000", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"),
    ("20240101T090000", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30"),
    ("20240101T090000", "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31"),
    ("20240101T090000", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31"),
    ("20240101T090000", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-30"),
    ("20240101T090000", "FREQ=YEARLY;BYWEEKNO=30;BYMONTH=1"),
    ("20240101T090000", "FREQ=YEARLY;BYMONTH=6;BYYEARDAY=1"),
    ("20240101T090000", "FREQ=MONTHLY;BYDAY=6MO"),
    (
        "20250301T090000",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
    ),
    ("20240102T090000", "FREQ=DAILY;INTERVAL=7;BYDAY=MO"),
    ("20240101T090000", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=5"),
    ("20240101T000000", "FREQ=HOURLY;INTERVAL=24;BYHOUR=5"),
    ("20240101T000000", "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=30"),
    ("20240101T000000", "FREQ=SECONDLY;INTERVAL=60;BYSECOND=30"),
    ("20240102T000000", "FREQ=HOURLY;INTERVAL=168;BYDAY=MO"),
    ("20240101T090000", "FREQ=YEARLY;BYDAY=SU;BYSETPOS=366"),
    (
        "20240101T090000",
        "FREQ=WEEKLY;INTERVAL=999;BYMONTH=2;BYDAY=MO;BYSETPOS=2",
    ),
    ("20240101T090000", "FREQ=DAILY;BYHOUR=9;BYSETPOS=2"),
    ("99970902T090000", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"),
];

#[test]
fn a_rule_that_never_matches_ends_at_once() {
    for (start, text) in NEVER {
        let rule: RRule = text.parse().unwrap();
        let begun = Instant::now();
        assert_eq!(rule.expand(time(start)).unwrap().next(), None, "{text}");
        assert!(begun.elapsed() < Duration::from_millis(100), "{text}");
    }
}

#[test]
fn a_rule_that_hardly_matches_is_found() {
    let cases = [
        (
            "FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29",
            "19000101T000000",
            "20000229T000000",
        ),
        (
            "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=12;BYMINUTE=0;BYSECOND=0",
            "20240101T000000",
            "21420411T120000",
        ),
        (
            "FREQ=DAILY;INTERVAL=1461;BYDAY=MO;BYMONTH=2;BYMONTHDAY=29",
            "20240229T000000",
            "20440229T000000",
        ),
        (
            "FREQ=SECONDLY;INTERVAL=86401;BYYEARDAY=366;BYHOUR=9;BYSECOND=1",
            "19700101T091701",
            "55201231T093301",
        ),
    ];
    for (text, start, first) in cases {
        let rule: RRule = text.parse().unwrap();
        let found = rule.expand(time(start)).unwrap().next().transpose();
        assert_eq!(found, Ok(Some(time(first))), "{text}");
    }
}

#[test]
fn a_rule_that_matches_after_the_calendar_says_so() {
    let rule: RRule =
        "FREQ=SECONDLY;INTERVAL=86401;BYMONTH=2;BYMONTHDAY=29;BYHOUR=0;BYMINUTE=0;BYSECOND=1"
            .parse()
            .unwrap();
    let begun = Instant::now();
    let mut found = rule.expand(time("20240301T000000")).unwrap();
    assert_eq!(found.next(), Some(Err(Error::PastYear9999)));
    assert_eq!(found.next(), None);
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn excluding_everything_ends_with_an_error() {
    let rule: RRule = "FREQ=SECONDLY".parse().unwrap();
    let set = rule
        .clone()
        .starting(time("20240101T000000"))
        .with_exrule(rule);
    let limit = Error::ExclusionLimit { limit: 1_000_000 };
    assert_eq!(set.iter().next(), Some(Err(limit.clone())));
    assert_eq!(
        set.descending(..time("20250101T000000")).next(),
        Some(Err(limit))
    );
}

#[test]
fn a_huge_count_costs_no_walk() {
    let rule: RRule = "FREQ=DAILY;COUNT=1000000000".parse().unwrap();
    let set = rule.starting(date("19700101"));
    let begun = Instant::now();
    let week: Vec<_> = set
        .local_times(time("20300101T000000")..time("20300108T000000"))
        .collect();
    assert_eq!(week.len(), 7);
    let hourly: RRule = "FREQ=SECONDLY;INTERVAL=7;BYHOUR=9;COUNT=1000000"
        .parse()
        .unwrap();
    let set = hourly.starting(time("20240101T090000"));
    let last = set.last().unwrap().unwrap();
    assert_eq!(set.contains(last.local()), Ok(true));
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn intervals_beyond_the_calendar_are_honest() {
    for text in [
        "FREQ=YEARLY;INTERVAL=4294967295",
        "FREQ=DAILY;INTERVAL=4294967295",
        "FREQ=MONTHLY;INTERVAL=999999",
    ] {
        let rule: RRule = text.parse().unwrap();
        let found: Vec<_> = rule.expand(time("20240101T000000")).unwrap().collect();
        assert_eq!(
            found,
            [Ok(time("20240101T000000")), Err(Error::PastYear9999)],
            "{text}"
        );
    }
}

#[test]
fn a_week_of_a_long_interval_may_end_in_the_next_year() {
    let rule: RRule = "FREQ=WEEKLY;INTERVAL=60;BYDAY=MO,SA".parse().unwrap();
    let found: Vec<_> = rule
        .expand(time("20211227T000000"))
        .unwrap()
        .take(3)
        .collect();
    let expected = ["20211227T000000", "20220101T000000", "20230220T000000"];
    assert_eq!(found, expected.map(|text| Ok(time(text))));
}

#[test]
fn calendars_that_are_not_known_are_refused_by_name() {
    let rule: RRule = "RSCALE=mayan;FREQ=YEARLY;BYMONTH=5L".parse().unwrap();
    assert_eq!(rule.rscale().map(Rscale::name), Some("MAYAN"));
    let error = Error::UnsupportedCalendar {
        rscale: "MAYAN".to_owned(),
    };
    assert_eq!(
        rule.expand(time("20240101T000000")).map(|_| ()),
        Err(error.clone())
    );
    let mut series = rule.starting(date("20240101")).iter();
    assert_eq!(series.next(), Some(Err(error)));
    assert_eq!(series.next(), None);
}

#[test]
fn every_calendar_that_is_listed_as_supported_is_computed() {
    let listed: Vec<_> = Rscale::supported().collect();
    for name in &listed {
        let rule: RRule = format!("RSCALE={name};FREQ=YEARLY").parse().unwrap();
        let next = rule.starting(date("20240101")).iter().next();
        assert!(matches!(next, Some(Ok(_))), "{name}: {next:?}");
    }
    assert!(listed.contains(&"GREGORIAN"));
    assert_eq!(listed.contains(&"HEBREW"), cfg!(feature = "rscale"));
}

#[cfg(not(feature = "rscale"))]
#[test]
fn a_calendar_that_needs_the_feature_says_so() {
    for name in ["Chinese", "hebrew", "ISLAMIC-CIVIL", "ETHIOPIC"] {
        let rule: RRule = format!("RSCALE={name};FREQ=YEARLY").parse().unwrap();
        let error = rule
            .expand(time("20240101T000000"))
            .map(|_| ())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "recurrences in the calendar {} need the feature `rscale` of cal-rrule",
                name.to_ascii_uppercase()
            )
        );
    }
}
