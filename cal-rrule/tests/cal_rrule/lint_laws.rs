//! Laws of the linter of rules: what it says is true, and it says it soon.

use cal_rrule::lint::{Finding, FindingKind, Linter, Suggestion};
use cal_rrule::{English, Part, RRule, RecurrenceSet, Start, StartMember};
use chrono::{Datelike, Days, NaiveDateTime};
use proptest::prelude::*;

use crate::lint::{names, start};
use crate::oracle;
use crate::strategy::{horizon, rules, starts};

/// Rules with a list that may say nothing new.
fn wordy_rules() -> impl Strategy<Value = RRule> {
    let list = |from: i32, to: i32| -> String {
        let values: Vec<_> = (from..=to).map(|value| value.to_string()).collect();
        values.join(",")
    };
    let parts = vec![
        "BYDAY=MO,TU,WE,TH,FR,SA,SU".to_owned(),
        format!("BYMONTH={}", list(1, 12)),
        format!("BYMONTHDAY={}", list(1, 31)),
        format!("BYMONTHDAY={}", list(-31, -1)),
        format!("BYHOUR={}", list(0, 23)),
        format!("BYMINUTE={}", list(0, 59)),
        format!("BYSECOND={}", list(0, 59)),
        "BYSETPOS=1".to_owned(),
        "BYSETPOS=-1,5".to_owned(),
        "WKST=WE".to_owned(),
        "INTERVAL=12".to_owned(),
        "INTERVAL=7".to_owned(),
        "BYMONTHDAY=31,29".to_owned(),
        "BYWEEKNO=53,1".to_owned(),
        "BYMONTH=2,4".to_owned(),
    ];
    (
        rules(),
        prop::collection::vec(prop::sample::select(parts), 1..3),
    )
        .prop_map(|(rule, added)| {
            added.iter().fold(rule, |rule, part| {
                let name = part.split('=').next().unwrap();
                let text = rule.to_string();
                let kept = text
                    .split(';')
                    .filter(|other| other.split('=').next() != Some(name));
                let text: Vec<_> = kept.chain([part.as_str()]).collect();
                text.join(";").parse().unwrap_or(rule)
            })
        })
}

/// The first occurrences of a series, up to where a search gives up.
fn first_occurrences(set: &RecurrenceSet) -> Vec<NaiveDateTime> {
    let times = set.local_times(..);
    times.map_while(Result::ok).take(50).collect()
}

fn series(rule: &RRule, start: NaiveDateTime) -> RecurrenceSet {
    let member = StartMember::IfGenerated;
    rule.clone().starting(start).with_start_member(member)
}

fn check_against_oracle(
    rule: &RRule,
    start: NaiveDateTime,
    finding: &Finding,
) -> Result<(), TestCaseError> {
    let end = start + Days::new(horizon(rule));
    let walked = || oracle::occurrences(rule, start, end);
    let part = finding.part().map_or("", Part::name);
    match finding.kind() {
        FindingKind::NeverMatches | FindingKind::StepsOver => {
            prop_assert_eq!(walked(), []);
        }
        FindingKind::StartNotInRule(first) => {
            let expected = walked().into_iter().next();
            prop_assert_ne!(*first, start);
            prop_assert!(expected.is_none_or(|expected| expected == *first));
        }
        FindingKind::ValuesNeverMatch(values) => {
            for value in values {
                let text = rule.to_string();
                let kept = text
                    .split(';')
                    .filter(|other| other.split('=').next() != Some(part));
                let only = format!("{};{part}={value}", kept.collect::<Vec<_>>().join(";"));
                let only: RRule = only.parse().unwrap();
                prop_assert_eq!(oracle::occurrences(&only, start, end), [], "{}", only);
            }
        }
        FindingKind::MonthsLeftOut {
            months,
            february_of_common_years,
        } => {
            for time in walked() {
                let month = u8::try_from(time.month()).unwrap();
                prop_assert!(!months.contains(&month.into()), "{}", time);
                let common = !time.date().leap_year();
                prop_assert!(
                    !(*february_of_common_years && month == 2 && common),
                    "{}",
                    time
                );
            }
        }
        FindingKind::LeapYearsOnly => {
            prop_assert!(walked().iter().all(|time| time.date().leap_year()));
        }
        FindingKind::Rare(years) => {
            let two: Vec<_> = walked().into_iter().take(2).collect();
            if let [one, next] = two.as_slice() {
                prop_assert!((*next - *one).num_days() >= i64::from(*years) * 365);
            }
        }
        FindingKind::ManyADay(limit) => {
            let all = first_occurrences_of(rule, start, usize::try_from(*limit).unwrap() + 1);
            let (first, last) = (all.first().unwrap(), all.last().unwrap());
            prop_assert!(*last - *first < chrono::TimeDelta::days(1));
        }
        _ => {}
    }
    Ok(())
}

fn first_occurrences_of(rule: &RRule, start: NaiveDateTime, count: usize) -> Vec<NaiveDateTime> {
    rule.expand(start)
        .unwrap()
        .map(Result::unwrap)
        .take(count)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_is_true(rule in prop_oneof![rules(), wordy_rules()], start in starts()) {
        for finding in rule.lint(&Start::Floating(start)) {
            check_against_oracle(&rule, start, &finding)
                .map_err(|error| TestCaseError::fail(format!("{rule} from {start}, {finding}: {error}")))?;
        }
    }

    #[test]
    fn a_suggestion_of_the_same_has_the_same_occurrences(
        rule in wordy_rules(),
        start in starts(),
        count in proptest::option::weighted(0.2, 1_u64..30),
    ) {
        let rule = match count {
            Some(count) => rule.with_count(count),
            None => rule,
        };
        for finding in rule.lint(&Start::Floating(start)) {
            if let Some(Suggestion::Same(same)) = finding.suggestion() {
                prop_assert_ne!(same, &rule);
                prop_assert_eq!(
                    first_occurrences(&series(&rule, start)),
                    first_occurrences(&series(same, start)),
                    "{} from {}: {} -> {}", rule, start, finding, same
                );
            }
        }
    }

    #[test]
    fn no_rule_and_no_start_is_too_much(
        rule in wordy_rules(),
        interval in prop::sample::select(vec![1_u32, 3, 400, 86_399, 1_000_003]),
        count in proptest::option::weighted(0.3, prop::sample::select(vec![1_u64, 500, 1_000_000_000])),
        until in proptest::option::weighted(0.3, prop::sample::select(vec!["00010101", "20300101T000000Z", "99991231T235959"])),
        from in prop::sample::select(vec!["00010101", "00010101T000000", "@00010101T000000", "@20240310T023000", "@99991231T235959", "99991231", "99991231T235959Z"]),
        years in 0_u16..100,
    ) {
        let mut text = format!("{rule};INTERVAL={interval}");
        if let Some(count) = count {
            text += &format!(";COUNT={count}");
        }
        if let Some(until) = until {
            text += &format!(";UNTIL={until}");
        }
        for finding in Linter::new().with_years(years).check_text(&text, &start(from)) {
            prop_assert!(!finding.to_string().is_empty());
            prop_assert!(finding.span().is_none_or(|span| text.get(span).is_some()));
        }
        let rule = RRule::parse_lenient(&text).rule.unwrap();
        prop_assert!(!rule.explain_from(&start(from), &English::new()).is_empty());
    }

    #[test]
    fn an_until_of_the_right_form_ends_the_same_series(
        from in prop::sample::select(vec!["20260105", "20260105T090000", "20260105T090000Z", "@20260105T090000", "@20260105T003000"]),
        until in prop::sample::select(vec!["20260308", "20260308T090000", "20260308T020000", "20260308T130000Z", "20260308T043000Z", "20260308T120000Z"]),
    ) {
        let rule: RRule = format!("FREQ=DAILY;UNTIL={until}").parse().unwrap();
        let start = start(from);
        for finding in rule.lint(&start) {
            if let Some(Suggestion::Same(same)) = finding.suggestion() {
                prop_assert_eq!(names(&start, &same.to_string()), Vec::<String>::new());
                let all = |rule: &RRule| -> Vec<_> {
                    rule.clone().starting(start.clone()).iter().map(Result::unwrap).collect()
                };
                prop_assert_eq!(all(&rule), all(same), "{} {} {}", from, rule, same);
            }
        }
    }
}
