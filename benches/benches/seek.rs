//! A week, 30 years after DTSTART: `cal-rrule` beside `rrule`.
//!
//! `cal_1y` and `cal_300y` ask for a week at other distances, which should
//! cost the same.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops at the first surprise"
)]

use std::hint::black_box;

use cal_rrule::{RRule, RecurrenceSet, Start};
use chrono::{Days, NaiveDate, NaiveDateTime, TimeZone};
use criterion::{Criterion, criterion_group, criterion_main};

const CASES: [(&str, &str); 4] = [
    ("daily", "FREQ=DAILY"),
    ("weekly", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
    ("monthly", "FREQ=MONTHLY;BYDAY=2TU"),
    ("count", "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=100000"),
];

fn start() -> NaiveDateTime {
    // A Monday.
    let date = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
    date.and_hms_opt(9, 0, 0).unwrap()
}

/// The week that starts so many years later.
fn week(years: i32) -> (NaiveDateTime, NaiveDateTime) {
    let first = NaiveDate::from_ymd_opt(1990 + years, 1, 10).unwrap();
    let first = first.and_hms_opt(0, 0, 0).unwrap();
    (first, first + Days::new(7))
}

fn walk(set: &RecurrenceSet, (from, end): (NaiveDateTime, NaiveDateTime)) {
    for occurrence in set.within(from..end) {
        black_box(occurrence.unwrap().utc());
    }
}

fn seek(criterion: &mut Criterion) {
    for (name, text) in CASES {
        let rule: RRule = text.parse().unwrap();
        let ours = rule.starting(Start::Utc(start()));
        let theirs: rrule::RRuleSet = format!("DTSTART:19900101T090000Z\nRRULE:{text}")
            .parse()
            .unwrap();
        let (from, end) = week(30);
        let utc = |time: &NaiveDateTime| rrule::Tz::UTC.from_utc_datetime(time);
        // Their bounds are both inclusive.
        let theirs = theirs.after(utc(&from)).before(utc(&end));
        let expected: Vec<_> = theirs
            .clone()
            .all_unchecked()
            .iter()
            .map(chrono::DateTime::naive_utc)
            .collect();
        let found: Vec<_> = ours
            .within(from..end)
            .map(|found| found.unwrap().utc().unwrap())
            .collect();
        assert_eq!(found, expected, "{name}");

        let mut group = criterion.benchmark_group(format!("seek/{name}"));
        group.bench_function("cal", |bencher| {
            bencher.iter(|| walk(&ours, week(black_box(30))));
        });
        group.bench_function("cal_1y", |bencher| {
            bencher.iter(|| walk(&ours, week(black_box(1))));
        });
        group.bench_function("cal_300y", |bencher| {
            bencher.iter(|| walk(&ours, week(black_box(300))));
        });
        group.bench_function("rrule", |bencher| {
            bencher.iter(|| black_box(theirs.clone().all_unchecked()));
        });
        group.finish();
    }
}

criterion_group!(benches, seek);
criterion_main!(benches);
