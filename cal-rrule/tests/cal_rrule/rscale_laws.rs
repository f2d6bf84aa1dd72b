//! Laws that hold for every rule of another calendar.

use std::ops::Range;

use cal_rrule::{Error, Frequency, RRule, StartMember};
use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::laws::difference;
use crate::rscale_oracle::{CALENDARS, dates};

fn list<T: std::fmt::Display>(name: &str, values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    if values.is_empty() {
        String::new()
    } else {
        format!(";{name}={}", values.join(","))
    }
}

fn some<T: Strategy>(weight: u32, values: T) -> impl Strategy<Value = Vec<T::Value>>
where
    T::Value: Clone + std::fmt::Debug,
{
    prop_oneof![10 - weight => Just(Vec::new()), weight => vec(values, 1..4)]
}

fn signed(limit: i32) -> impl Strategy<Value = i32> {
    (1..=limit, any::<bool>()).prop_map(|(value, back)| if back { -value } else { value })
}

fn months() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => (1..=13_u8).prop_map(|month| month.to_string()),
        1 => Just("5L".to_owned()),
        1 => (1..=12_u8).prop_map(|month| format!("{month}L")),
    ]
}

fn weekdays() -> impl Strategy<Value = (Option<i32>, &'static str)> {
    let names = vec!["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    (
        proptest::option::weighted(0.4, signed(6)),
        prop::sample::select(names),
    )
}

/// Rules of days or more, with the number of their calendar.
fn rules() -> impl Strategy<Value = (usize, RRule)> {
    rules_of(&["YEARLY", "MONTHLY", "WEEKLY", "DAILY"], 1..5)
}

fn rules_of(
    frequencies: &[&'static str],
    intervals: Range<u32>,
) -> impl Strategy<Value = (usize, RRule)> + use<> {
    (
        (
            0..CALENDARS.len(),
            prop::sample::select(frequencies.to_vec()),
            intervals,
            prop::sample::select(vec!["MO", "SU", "TH"]),
            prop::sample::select(vec!["", ";SKIP=FORWARD", ";SKIP=BACKWARD"]),
        ),
        (
            some(3, months()),
            some(4, signed(31)),
            some(2, prop_oneof![signed(385), Just(355), Just(-1)]),
            some(2, signed(55)),
            some(3, weekdays()),
            some(2, signed(8)),
        ),
    )
        .prop_map(|(frame, parts)| {
            let (calendar, frequency, interval, week_start, skip) = frame;
            let (months, month_days, year_days, weeks, days, positions) = parts;
            let name = CALENDARS[calendar].0;
            let mut text = format!("RSCALE={name};FREQ={frequency};INTERVAL={interval}");
            text += &format!(";WKST={week_start}{skip}");
            text += &list("BYMONTH", &months);
            let days: Vec<_> = days
                .iter()
                .map(|(nth, day)| {
                    format!("{}{day}", nth.map_or_else(String::new, |n| n.to_string()))
                })
                .collect();
            text += &list("BYDAY", &days);
            text += &list("BYMONTHDAY", &month_days);
            // What the oracle does not move is left out where there is SKIP.
            if skip.is_empty() {
                text += &list("BYYEARDAY", &year_days);
                text += &list("BYWEEKNO", &weeks);
            }
            text += &list("BYSETPOS", &positions);
            // What a frequency forbids is left out by the lenient reading.
            let rule = RRule::parse_lenient(&text).rule.unwrap();
            (calendar, rule)
        })
}

/// A start in years that almanacs tell, or in any other.
fn starts() -> impl Strategy<Value = NaiveDateTime> {
    let day = prop_oneof![
        3 => 735_000_i32..745_000,
        1 => 5_000_i32..3_600_000,
    ];
    day.prop_map(|day| {
        let date = NaiveDate::from_num_days_from_ce_opt(day).unwrap();
        date.and_hms_opt(9, 0, 0).unwrap()
    })
}

fn horizon(rule: &RRule) -> Days {
    Days::new(match rule.frequency() {
        Frequency::Yearly => 6000,
        Frequency::Monthly => 2500,
        _ => 1200,
    })
}

fn generated(
    rule: &RRule,
    start: NaiveDateTime,
    end: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>, Error> {
    let set = rule.clone().starting(start);
    let set = set.with_start_member(StartMember::IfGenerated);
    set.local_times(..end).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_generates_what_walking_the_calendar_finds((calendar, rule) in rules(), start in starts()) {
        let end = start + horizon(&rule);
        let found = generated(&rule, start, end).unwrap();
        let expected: Vec<_> = dates(&rule, &CALENDARS[calendar].1, start.date(), end.date())
            .into_iter()
            .map(|date| date.and_time(start.time()))
            .collect();
        prop_assert!(found == expected, "{rule} from {start}: {}", difference(&found, &expected));
    }

    #[test]
    fn hours_are_limited_to_the_days_of_the_calendar((_, rule) in rules_of(&["DAILY"], 1..2), start in starts()) {
        let text = rule.to_string().replace("FREQ=DAILY", "FREQ=HOURLY;BYHOUR=9");
        let hourly: RRule = text.parse().unwrap();
        let end = start + horizon(&rule);
        let found = generated(&hourly, start, end).unwrap();
        let expected = generated(&rule, start, end).unwrap();
        prop_assert!(found == expected, "{hourly} from {start}: {}", difference(&found, &expected));
    }

    #[test]
    fn seeking_finds_what_walking_finds((_, rule) in rules(), start in starts(), days in 0..3000_i64) {
        let end = start + Days::new(3000);
        let from = start + TimeDelta::days(days);
        let all = generated(&rule, start, end).unwrap();
        let set = rule.clone().starting(start).with_start_member(StartMember::IfGenerated);
        let window: Result<Vec<_>, _> = set.local_times(from..end).collect();
        let filtered: Vec<_> = all.into_iter().filter(|time| *time >= from).collect();
        let window = window.unwrap();
        prop_assert!(window == filtered, "{rule} from {start} at {from}: {}", difference(&window, &filtered));
    }

    #[test]
    fn going_back_finds_the_same_as_going_on((_, rule) in rules(), start in starts()) {
        let end = start + horizon(&rule);
        let mut forward = generated(&rule, start, end).unwrap();
        forward.reverse();
        let mut expansion = rule.expand(start).unwrap();
        let mut back = Vec::new();
        let mut at = end;
        while let Some(found) = expansion.last_before(at).unwrap() {
            back.push(found);
            at = found;
        }
        prop_assert!(back == forward, "{rule} from {start}: {}", difference(&back, &forward));
    }

    #[test]
    fn a_count_ends_with_the_occurrence_that_walking_counts_to(
        (_, rule) in rules(),
        start in starts(),
        count in 1_u64..200,
    ) {
        let walked = usize::try_from(count - 1).unwrap();
        let expected = rule.expand(start).unwrap().nth(walked).and_then(Result::ok);
        let counted = rule.clone().with_count(count);
        let last = counted.expand(start).unwrap().last_before(NaiveDateTime::MAX).unwrap();
        if let Some(expected) = expected {
            prop_assert_eq!(last, Some(expected), "{} from {}", rule, start);
            let set = counted.starting(start).with_start_member(StartMember::IfGenerated);
            prop_assert_eq!(set.count(), Ok(count));
        }
    }

    #[test]
    fn any_year_of_the_calendar_ends_honestly((_, rule) in rules(), day in 1_i32..3_652_060) {
        let date = NaiveDate::from_num_days_from_ce_opt(day).unwrap();
        let start = date.and_hms_opt(0, 0, 0).unwrap();
        let found: Vec<_> = rule.expand(start).unwrap().take(30).collect();
        let ascend = found.iter().zip(found.iter().skip(1)).all(|pair| match pair {
            (Ok(one), Ok(next)) => one < next,
            (Ok(_), Err(error)) => *error == Error::PastYear9999,
            (Err(_), _) => false,
        });
        prop_assert!(ascend, "{rule} from {start}: {found:?}");
    }
}

/// The numbers by which INTERVAL counts months, in all years that can be
/// written.
#[test]
fn every_other_month_is_every_other_of_all_months() {
    let start = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
    let start = start.and_hms_opt(0, 0, 0).unwrap();
    for (name, _) in CALENDARS {
        let firsts = |interval: u32, start: NaiveDateTime| {
            let text = format!("RSCALE={name};FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY=1");
            let rule: RRule = text.parse().unwrap();
            rule.expand(start).unwrap().map_while(Result::ok)
        };
        let first = firsts(1, start).next().unwrap();
        let all: Vec<_> = firsts(1, first).collect();
        assert!(all.len() > 119_000, "{name}");
        let long = |pair: (&NaiveDateTime, &NaiveDateTime)| (*pair.1 - *pair.0).num_days();
        let lengths: Vec<_> = all.iter().zip(all.iter().skip(1)).map(long).collect();
        assert!(
            lengths.iter().all(|days| matches!(days, 5 | 6 | 29..=31)),
            "{name}"
        );
        assert!(firsts(2, first).eq(all.into_iter().step_by(2)), "{name}");
    }
}
