//! Iterating allocates nothing for an occurrence.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "tests stop at the first surprise"
)]

use std::hint::black_box;

use allocation_counter::measure;
use cal_rrule::{RRule, RecurrenceSet, Start};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::America::Los_Angeles;

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

fn start() -> NaiveDateTime {
    let monday = NaiveDate::from_ymd_opt(2015, 1, 5).unwrap();
    monday.and_hms_opt(9, 0, 0).unwrap()
}

fn series(rule: &str, start: Start) -> RecurrenceSet {
    let rule: RRule = rule.parse().unwrap();
    rule.starting(start)
}

#[test]
fn ten_thousand_occurrences_allocate_no_more_than_ten() {
    let utc = Start::Utc(start());
    let zoned = Start::zoned(start(), Los_Angeles);
    let cases = [
        ("FREQ=DAILY", utc.clone()),
        ("FREQ=DAILY", Start::Date(start().date())),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", zoned.clone()),
        ("FREQ=MONTHLY;BYDAY=2TU", utc.clone()),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", utc.clone()),
        ("FREQ=SECONDLY", utc.clone()),
        ("FREQ=MINUTELY;INTERVAL=7;BYHOUR=1,2,3", zoned),
    ];
    for (rule, start) in cases {
        let walk = |count: usize| {
            let set = series(rule, start.clone());
            allocations(|| assert_eq!(set.iter().take(count).flatten().count(), count))
        };
        assert_eq!(walk(10_000), walk(10), "{rule}");
    }
}

#[test]
fn going_back_and_seeking_allocate_no_more_for_many_than_for_few() {
    let start = Start::zoned(start(), Los_Angeles);
    let end = NaiveDate::from_ymd_opt(2060, 1, 1).unwrap().into();
    let back = |count: usize| {
        let set = series("FREQ=DAILY", start.clone());
        allocations(|| assert_eq!(set.descending(..end).take(count).flatten().count(), count))
    };
    assert_eq!(back(10_000), back(10));
    let set = series("FREQ=DAILY", start);
    assert!(set.contains(end).is_ok());
    assert_eq!(allocations(|| drop(set.first_from(end))), 0);
    assert_eq!(allocations(|| drop(set.last_before(end))), 0);
}

#[test]
fn what_allocates_is_counted() {
    assert_eq!(allocations(|| drop(black_box(Box::new(start())))), 1);
}
