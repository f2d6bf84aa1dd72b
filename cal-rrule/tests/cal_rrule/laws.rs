//! Laws that hold for every rule and start.

use cal_rrule::RRule;
use chrono::{Days, NaiveDateTime, TimeDelta};
use proptest::prelude::*;

use crate::oracle;
use crate::strategy::{horizon, rules, starts};

fn walk(rule: &RRule, start: NaiveDateTime, end: NaiveDateTime) -> Vec<NaiveDateTime> {
    let times = rule.expand(start).unwrap().map(Result::unwrap);
    times.take_while(|time| *time < end).collect()
}

/// Where two lists part.
fn difference(found: &[NaiveDateTime], expected: &[NaiveDateTime]) -> String {
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
        let found = match rule.clone().starting(start).with_start_member(cal_rrule::StartMember::IfGenerated).local_times(..end).collect::<Result<Vec<_>, _>>() {
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
        let mut forward: Vec<_> = rule.clone().starting(start).with_start_member(cal_rrule::StartMember::IfGenerated).local_times(..end).map(Result::unwrap).collect();
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
}

#[test]
fn a_walk_ends_before_its_end() {
    let rule: RRule = "FREQ=DAILY".parse().unwrap();
    let start = crate::value::time("20240101T000000");
    assert_eq!(walk(&rule, start, start + Days::new(3)).len(), 3);
}
