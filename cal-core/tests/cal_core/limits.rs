//! What bounds the work that a recurrence may ask for, and that the answer
//! within the bounds is right.

use std::time::{Duration, Instant};

use crate::series::{expand, series, window};

#[test]
fn a_long_period_does_not_make_the_rules_be_walked_from_its_start() {
    let calendar = series(&[
        "DTSTART:20000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;INTERVAL=2\n\
         RDATE;VALUE=PERIOD:20000101T000000Z/20990101T000000Z",
    ]);
    let begun = Instant::now();
    let found = expand(
        &calendar,
        &window("20500101T000000Z", "20500101T000005Z"),
        chrono_tz::UTC,
    );
    assert_eq!(
        found,
        [
            "20000101T000000Z/20990101T000000Z",
            "20500101T000000Z/20500101T000001Z",
            "20500101T000002Z/20500101T000003Z",
            "20500101T000004Z/20500101T000005Z",
        ]
    );
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_period_that_began_before_the_window_can_be_excluded_or_replaced() {
    let lines = "DTSTART:20000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=YEARLY\n\
                 RDATE;VALUE=PERIOD:20100601T000000Z/20990101T000000Z";
    let day = window("20500201T000000Z", "20500202T000000Z");
    let rows = |events: &[&str]| expand(&series(events), &day, chrono_tz::UTC);
    assert_eq!(rows(&[lines]), ["20100601T000000Z/20990101T000000Z"]);
    for without in ["EXDATE:20100601T000000Z", "EXRULE:FREQ=YEARLY;BYMONTH=6"] {
        assert!(
            rows(&[&format!("{lines}\n{without}")]).is_empty(),
            "{without}"
        );
    }
    let replaced = "RECURRENCE-ID:20100601T000000Z\nDTSTART:20100601T000000Z";
    assert!(rows(&[lines, replaced]).is_empty());
}
