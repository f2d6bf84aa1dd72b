//! Rules that are as hard to evaluate as they can be are answered at once.

use std::time::{Duration, Instant};

use cal_rrule::{Frequency, RRule, RecurrenceSet, Start, StartMember};
use chrono::NaiveDateTime;
use chrono_tz::America::New_York;

use crate::value::time;

/// A start, an RRULE, and an EXRULE or nothing.
const HARD: &str = include_str!("../../testdata/hard-rules.txt");

/// No single question may take longer than this in a test build.
const BOUND: Duration = Duration::from_secs(1);

fn cases() -> impl Iterator<Item = (NaiveDateTime, Vec<&'static str>)> {
    let lines = HARD
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| {
        let mut words = line.split(' ');
        let start = time(words.next().unwrap());
        (start, words.collect())
    })
}

fn set(start: Start, rules: &[&str]) -> RecurrenceSet {
    let set = RecurrenceSet::new(start).with_rule(rules[0].parse().unwrap());
    match rules.get(1) {
        Some(exrule) => set.with_exrule(exrule.parse().unwrap()),
        None => set,
    }
}

/// How long an answer took, whatever it was.
fn timed<T>(what: String, took: &mut Vec<(Duration, String)>, question: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let answer = question();
    took.push((begun.elapsed(), what));
    answer
}

#[test]
fn every_question_to_a_hard_rule_is_answered_at_once() {
    let mut took = Vec::new();
    for (start, rules) in cases() {
        for (kind, start) in [
            ("floating", Start::Floating(start)),
            ("zoned", Start::zoned(start, New_York)),
            ("date", Start::Date(start.date())),
        ] {
            let name = |question| format!("{question} of {kind} {}", rules.join(" - "));
            // Each question is asked of a set that was not compiled yet.
            let first = set(start.clone(), &rules);
            timed(name("first"), &mut took, || first.iter().take(2).count());
            let far = set(start.clone(), &rules);
            let window = time("98000101T000000")..time("98000108T000000");
            timed(name("far"), &mut took, || {
                far.within(window).take(10).count()
            });
            let last = set(start.clone(), &rules);
            let before = time("97000101T000000");
            timed(name("last"), &mut took, || {
                last.descending(..before).take(2).count()
            });
        }
    }
    took.sort();
    for (took, what) in took.iter().rev().take(SHOWN) {
        eprintln!("{took:?}: {what}");
    }
    let (slowest, what) = took.last().unwrap();
    assert!(*slowest < BOUND, "{what}");
}

/// What rules with a long INTERVAL are combined with.
const PARTS: [&str; 16] = [
    "",
    ";BYMONTH=2",
    ";BYMONTHDAY=29,-1",
    ";BYMONTH=2;BYMONTHDAY=29",
    ";BYYEARDAY=366,-1",
    ";BYWEEKNO=53",
    ";BYWEEKNO=1,-1;BYDAY=SU",
    ";BYWEEKNO=53;BYDAY=MO,SU;BYSETPOS=-1",
    ";BYDAY=MO",
    ";BYDAY=2MO,-1SU",
    ";BYDAY=MO,TU;BYSETPOS=1,-1",
    ";BYMONTHDAY=1,31;BYSETPOS=-1",
    ";BYHOUR=3",
    ";BYMINUTE=3,4;BYSETPOS=-1",
    ";BYSECOND=0,59",
    ";BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=FORWARD",
];

#[test]
fn an_interval_beyond_the_calendar_leaves_the_first_interval() {
    for frequency in Frequency::ALL {
        for part in PARTS {
            let text = |bound| format!("FREQ={frequency};INTERVAL=4294967295{part}{bound}");
            if text("").parse::<RRule>().is_err() {
                continue;
            }
            for bound in [
                "",
                ";COUNT=2",
                ";COUNT=4294967295",
                ";UNTIL=99991231T235959",
            ] {
                let text = text(bound);
                for start in ["20240101T000000", "99991230T000000"].map(time) {
                    let set = set(Start::Floating(start), &[&text])
                        .with_start_member(StartMember::IfGenerated);
                    let all: Vec<_> = set
                        .local_times(..)
                        .take(500)
                        .map_while(Result::ok)
                        .collect();
                    assert!(all.is_sorted(), "{text}");
                    let mut back: Vec<_> = set
                        .descending(..time("99991231T235959"))
                        .take(500)
                        .map(|found| found.unwrap().local())
                        .collect();
                    back.reverse();
                    assert_eq!(all, back, "{text} from {start}");
                    if let Some(last) = all.last() {
                        assert_eq!(set.local_times(*last..).next(), Some(Ok(*last)), "{text}");
                        assert_eq!(set.contains(*last), Ok(true), "{text}");
                    }
                }
            }
        }
    }
}

/// How many of the slowest questions are told.
const SHOWN: usize = 5;
