//! Expansion of whole series: `cal-rrule` beside `rrule`.
//!
//! Each case walks all occurrences of a bounded series from its start. The
//! series are built outside of the measurement; the weekday case is in a zone
//! with daylight saving and asks for the instant of each occurrence.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops at the first surprise"
)]

use std::hint::black_box;

use cal_rrule::{RRule, RecurrenceSet, Start};
use chrono::NaiveDateTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A name, a zone, a start, and a rule that ends.
struct Case {
    name: &'static str,
    zone: chrono_tz::Tz,
    start: &'static str,
    rule: &'static str,
}

const UTC: chrono_tz::Tz = chrono_tz::UTC;
const LOS_ANGELES: chrono_tz::Tz = chrono_tz::America::Los_Angeles;

const CASES: [Case; 6] = [
    Case {
        name: "daily_10y",
        zone: UTC,
        start: "20150105T090000",
        rule: "FREQ=DAILY;UNTIL=20250105T090000Z",
    },
    Case {
        name: "weekly_weekdays_10y",
        zone: LOS_ANGELES,
        start: "20150105T090000",
        rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20250105T170000Z",
    },
    Case {
        name: "monthly_2tu_10y",
        zone: UTC,
        start: "20150113T090000",
        rule: "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20250105T090000Z",
    },
    Case {
        name: "yearly_last_fr_50y",
        zone: UTC,
        start: "20151225T090000",
        rule: "FREQ=YEARLY;BYDAY=-1FR;UNTIL=20650105T090000Z",
    },
    Case {
        name: "bysetpos_10y",
        zone: UTC,
        start: "20150130T090000",
        rule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20250105T090000Z",
    },
    Case {
        name: "secondly_1d",
        zone: UTC,
        start: "20150105T000000",
        rule: "FREQ=SECONDLY;UNTIL=20150105T235959Z",
    },
];

fn ours(case: &Case) -> RecurrenceSet {
    let start = NaiveDateTime::parse_from_str(case.start, "%Y%m%dT%H%M%S").unwrap();
    let rule: RRule = case.rule.parse().unwrap();
    let start = if case.zone == UTC {
        Start::Utc(start)
    } else {
        Start::zoned(start, case.zone)
    };
    rule.starting(start)
}

fn theirs(case: &Case) -> rrule::RRuleSet {
    let zone = case.zone.name();
    format!("DTSTART;TZID={zone}:{}\nRRULE:{}", case.start, case.rule)
        .parse()
        .unwrap()
}

fn expand(criterion: &mut Criterion) {
    for case in &CASES {
        let ours = ours(case);
        let theirs = theirs(case);
        let instants: Vec<_> = ours
            .iter()
            .map(|found| found.unwrap().utc().unwrap())
            .collect();
        let expected: Vec<_> = theirs.into_iter().map(|time| time.naive_utc()).collect();
        assert_eq!(instants, expected, "{}", case.name);

        let mut group = criterion.benchmark_group(format!("expand/{}", case.name));
        group.throughput(Throughput::Elements(instants.len().try_into().unwrap()));
        group.bench_function("cal", |bencher| {
            bencher.iter(|| {
                for occurrence in &ours {
                    black_box(occurrence.unwrap().utc());
                }
            });
        });
        group.bench_function("rrule", |bencher| {
            bencher.iter(|| {
                for time in &theirs {
                    black_box(time);
                }
            });
        });
        group.finish();
    }
}

criterion_group!(benches, expand);
criterion_main!(benches);
