//! Rules that are as hard to evaluate as they can be are answered at once.

use std::time::{Duration, Instant};

use cal_rrule::{Frequency, RRule, RecurrenceSet, Start, StartMember};
use chrono::{NaiveDateTime, Timelike};
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

/// The least time that a question took, of a set that was not compiled yet:
/// a machine that is busy otherwise tells of itself.
fn timed(start: &Start, rules: &[&str], question: impl Fn(&RecurrenceSet) -> usize) -> Duration {
    let times = (0..2).map(|_| {
        let set = set(start.clone(), rules);
        let begun = Instant::now();
        question(&set);
        begun.elapsed()
    });
    times.min().unwrap()
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
            let mut note = |question, time| {
                took.push((time, format!("{question} of {kind} {}", rules.join(" - "))));
            };
            note(
                "first",
                timed(&start, &rules, |set| set.iter().take(2).count()),
            );
            let week = time("98000101T000000")..time("98000108T000000");
            let far = |set: &RecurrenceSet| set.within(week.clone()).take(10).count();
            note("far", timed(&start, &rules, far));
            let end = time("97000101T000000");
            let last = |set: &RecurrenceSet| set.descending(..end).take(2).count();
            note("last", timed(&start, &rules, last));
            let count = |set: &RecurrenceSet| usize::from(set.count().is_ok());
            // This may visit a million.
            let counting = timed(&start, &rules, count);
            assert!(counting < 5 * BOUND, "count of {}", rules.join(" - "));
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

#[test]
fn no_start_is_too_early_or_too_late() {
    let ends = [NaiveDateTime::MIN, NaiveDateTime::MAX];
    let [first, last] = ends.map(|start| start.with_nanosecond(0).unwrap());
    for (frequency, part) in Frequency::ALL
        .iter()
        .flat_map(|frequency| PARTS.map(|part| (frequency, part)))
    {
        for interval in ["7", "4294967295"] {
            let text = format!("FREQ={frequency};INTERVAL={interval}{part}");
            if text.parse::<RRule>().is_err() {
                continue;
            }
            // The first that chrono knows is a hundred times as far as the
            // first that iCalendar can write.
            for (start, bound) in [
                (first, 20 * BOUND),
                (last, BOUND),
                (time("00010101T000000"), BOUND),
            ] {
                for start in [Start::Floating(start), Start::zoned(start, New_York)] {
                    let set = set(start, &[&text]);
                    let begun = Instant::now();
                    let now = time("20240101T000000");
                    let _ = (set.iter().nth(3), set.within(now..).nth(3));
                    let _ = (set.descending(..now).nth(3), set.contains(last));
                    let _ = (set.nth(2), set.nth(2000));
                    assert!(begun.elapsed() < bound, "{text}");
                }
            }
        }
    }
}
