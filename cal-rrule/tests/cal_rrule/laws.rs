//! Laws that hold for every rule and start.

use cal_rrule::{Frequency, RRule, StartMember, Weekday, WeekdayNum};
use chrono::{Datelike, Days, NaiveDateTime, TimeDelta, Timelike};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::oracle;
use crate::strategy::{horizon, rules, starts};

fn walk(rule: &RRule, start: NaiveDateTime, end: NaiveDateTime) -> Vec<NaiveDateTime> {
    let times = rule.expand(start).unwrap().map(Result::unwrap);
    times.take_while(|time| *time < end).collect()
}

/// Where two lists part.
pub(crate) fn difference(found: &[NaiveDateTime], expected: &[NaiveDateTime]) -> String {
    let at = found
        .iter()
        .zip(expected)
        .take_while(|(a, b)| a == b)
        .count();
    format!(
        "at {at} found {:?}, expected {:?}",
        found.get(at),
        expected.get(at)
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_generates_what_a_literal_reading_of_the_rfc_finds(
        rule in rules(),
        start in starts(),
        count in proptest::option::weighted(0.3, 1_u64..30),
    ) {
        let rule = match count {
            Some(count) => rule.with_count(count),
            None => rule,
        };
        let end = start + Days::new(horizon(&rule));
        let found = match rule.clone().starting(start).with_start_member(StartMember::IfGenerated).local_times(..end).collect::<Result<Vec<_>, _>>() {
            Ok(found) => found,
            Err(error) => panic!("{rule}: {error}"),
        };
        let expected = oracle::occurrences(&rule, start, end);
        prop_assert!(found == expected, "{rule} from {start}: {}", difference(&found, &expected));
    }

    #[test]
    fn printing_and_parsing_gives_the_rule_back(rule in rules(), count in 1_u64..100) {
        let rule = rule.with_count(count);
        prop_assert_eq!(rule.to_string().parse::<RRule>().unwrap(), rule);
    }

    #[test]
    fn seeking_finds_what_walking_finds(rule in rules(), start in starts(), part in 0.0..1.0_f64) {
        let days = horizon(&rule);
        let end = start + Days::new(days);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a point somewhere")]
        let from = start + TimeDelta::seconds((part * days as f64 * 86_400.0) as i64);
        let set = rule.clone().starting(start);
        let all: Vec<_> = set.local_times(..end).map(Result::unwrap).collect();
        let window: Vec<_> = set.local_times(from..end).map(Result::unwrap).collect();
        let filtered: Vec<_> = all.into_iter().filter(|time| *time >= from).collect();
        prop_assert!(window == filtered, "{rule} from {start} at {from}: {}", difference(&window, &filtered));
    }

    #[test]
    fn going_back_finds_the_same_as_going_on(rule in rules(), start in starts()) {
        let end = start + Days::new(horizon(&rule) / 2);
        let mut forward: Vec<_> = rule.clone().starting(start).with_start_member(StartMember::IfGenerated).local_times(..end).map(Result::unwrap).collect();
        forward.reverse();
        forward.truncate(300);
        let mut expansion = rule.expand(start).unwrap();
        let mut back = Vec::new();
        let mut at = end;
        while let Some(found) = expansion.last_before(at).unwrap() {
            back.push(found);
            at = found;
            if back.len() == 300 {
                break;
            }
        }
        prop_assert!(back == forward, "{rule} from {start}: {}", difference(&back, &forward));
    }

    #[test]
    fn a_count_ends_with_the_occurrence_that_walking_counts_to(
        rule in rules(),
        start in starts(),
        count in prop_oneof![1_u64..50, 1_u64..2000],
    ) {
        let walked = usize::try_from(count - 1).unwrap();
        let expected = rule.expand(start).unwrap().nth(walked).and_then(Result::ok);
        let last = rule.clone().with_count(count).expand(start).unwrap().last_before(NaiveDateTime::MAX).unwrap();
        if expected.is_some() {
            prop_assert_eq!(last, expected, "{} from {}", rule, start);
        }
    }

    #[test]
    fn long_steps_meet_a_time_of_day_when_walking_them_does(
        every in prop_oneof![1_u32..200_000, 86_300_u32..86_500, 604_000_u32..605_000],
        hours in vec(0_u8..24, 0..3),
        minutes in vec(0_u8..60, 1..3),
        seconds in vec(0_u8..60, 0..3),
        monday in any::<bool>(),
        start in starts(),
    ) {
        let mut builder = RRule::builder(Frequency::Secondly)
            .with_interval(every)
            .with_by_hour(hours.clone())
            .with_by_minute(minutes.clone())
            .with_by_second(seconds.clone());
        if monday {
            builder = builder.with_by_day([WeekdayNum::every(Weekday::Mon)]);
        }
        let rule = builder.build().unwrap();
        let fits = |values: &[u8], value: u32| values.is_empty() || values.iter().any(|fit| u32::from(*fit) == value);
        let mut steps = (0..10_000).map(|step| start + TimeDelta::seconds(step * i64::from(every)));
        let expected: Vec<_> = steps.clone().filter(|time| {
            fits(&hours, time.hour())
                && fits(&minutes, time.minute())
                && fits(&seconds, time.second())
                && (!monday || time.weekday() == Weekday::Mon)
        }).collect();
        let end = steps.next_back().unwrap() + TimeDelta::seconds(1);
        let set = rule.clone().starting(start).with_start_member(StartMember::IfGenerated);
        let found: Vec<_> = set.local_times(..end).map(Result::unwrap).collect();
        prop_assert!(found == expected, "{rule} from {start}: {}", difference(&found, &expected));
        let mut back: Vec<_> = set.descending(..end).map(|found| found.unwrap().local()).collect();
        back.reverse();
        prop_assert!(back == expected, "{rule} from {start}, back: {}", difference(&back, &expected));
        if let Some(last) = expected.last() {
            let count = u64::try_from(expected.len()).unwrap();
            let counted = rule.clone().with_count(count).expand(start).unwrap().last_before(NaiveDateTime::MAX);
            prop_assert_eq!(counted, Ok(Some(*last)), "{} from {}", rule, start);
        }
    }
}

#[test]
fn a_walk_ends_before_its_end() {
    let rule: RRule = "FREQ=DAILY".parse().unwrap();
    let start = crate::value::time("20240101T000000");
    assert_eq!(walk(&rule, start, start + Days::new(3)).len(), 3);
}
