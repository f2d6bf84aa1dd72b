//! Rules in words.

use cal_rrule::explain::{Days, Months, Times};
use cal_rrule::{Description, English, Frequency, Part, Phrasebook, RRule, Start, Weekday};
use chrono::NaiveDateTime;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::strategy::{rules, starts};
use crate::value;

/// Pairs of lines: a start, or `-`, with a rule; and its sentence.
const SENTENCES: &str = include_str!("../../testdata/sentences.txt");

fn parse(rule: &str) -> RRule {
    rule.parse()
        .unwrap_or_else(|error| panic!("{rule}: {error}"))
}

fn english(start: &str, rule: &str) -> String {
    let rule = parse(rule);
    match start {
        "-" => rule.explain(&English::new()),
        start => rule.explain_from(&value::start(start, None), &English::new()),
    }
}

/// What a rule generates from a start, as far as anyone looks.
fn first_occurrences(rule: &RRule, start: NaiveDateTime) -> Vec<NaiveDateTime> {
    let times = rule.expand(start).unwrap();
    times.map_while(Result::ok).take(60).collect()
}

#[test]
fn every_kind_of_rule_has_its_sentence() {
    let mut surprises = Vec::new();
    let mut seen = 0;
    let mut lines = SENTENCES.lines();
    while let (Some(case), Some(expected)) = (lines.next(), lines.next()) {
        let (start, rule) = case.split_once(' ').unwrap();
        let said = english(start, rule);
        if said != expected.trim() {
            surprises.push(format!("{case}\n    {said}"));
        }
        seen += 1;
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    assert!(seen >= 80, "{seen}");
}

#[test]
fn another_language_needs_no_analysis() {
    struct Toki;
    impl Phrasebook for Toki {
        fn sentence(&self, description: &Description) -> String {
            assert_eq!(description.frequency, Frequency::Yearly);
            assert_eq!(description.months, Months::These(vec![6.into()]));
            assert!(matches!(description.times, Times::At { .. }));
            assert_eq!(description.implied, [Part::ByHour, Part::ByMinute]);
            match &description.days {
                Days::NthOf(positions, days) => format!("{positions:?} {days:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
    let rule = parse("FREQ=MONTHLY;BYMONTH=6;BYDAY=SA,SU;BYSETPOS=1");
    let start = Start::Floating(value::time("20260101T090000"));
    let said = rule.explain_from(&start, &Toki);
    assert_eq!(said, format!("[1] {:?}", [Weekday::Sat, Weekday::Sun]));
}

#[test]
fn dates_are_written_as_the_format_has_them() {
    let american = English::new().with_dates(cal_rrule::explain::MonthFirst);
    let rule = parse("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;UNTIL=20301225T170500");
    let start = Start::Floating(value::time("20261225T170500"));
    assert_eq!(
        rule.explain_from(&start, &american),
        "every year on December 25 at 5:05 pm, until December 25, 2030 at 5:05 pm"
    );
}

#[test]
fn three_hundred_rules_that_differ_have_sentences_that_differ() {
    let start = value::time("20260112T093015");
    let mut runner = TestRunner::deterministic();
    let mut said: Vec<(String, RRule)> = Vec::new();
    for _ in 0..300 {
        let rule = rules().new_tree(&mut runner).unwrap().current();
        let sentence = rule.explain(&English::new());
        for (other, earlier) in &said {
            assert!(
                *other != sentence
                    || first_occurrences(earlier, start) == first_occurrences(&rule, start),
                "{earlier} and {rule}: {sentence}"
            );
        }
        said.push((sentence, rule));
    }
}

/// The rule with one part taken from another rule, where that is a rule.
fn with_part_of(rule: &RRule, other: &RRule, index: usize) -> Option<RRule> {
    let parts = |rule: &RRule| -> Vec<String> {
        let text = rule.to_string();
        text.split(';').map(str::to_owned).collect()
    };
    let (mut mine, theirs) = (parts(rule), parts(other));
    let name = |part: &str| part.split('=').next().unwrap_or_default().to_owned();
    let taken = &theirs[index % theirs.len()];
    mine.retain(|part| name(part) != name(taken));
    mine.push(taken.clone());
    mine.join(";").parse().ok()
}

/// The rule without one of its parts, where that is a rule.
fn without_part(rule: &RRule, index: usize) -> Option<RRule> {
    let text = rule.to_string();
    let mut parts: Vec<_> = text.split(';').collect();
    parts.remove(index % parts.len());
    parts.join(";").parse().ok()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_change_that_matters_changes_the_sentence(
        rule in rules(),
        other in rules(),
        start in starts(),
        index in 0_usize..12,
    ) {
        let neighbours = [with_part_of(&rule, &other, index), without_part(&rule, index)];
        for neighbour in neighbours.into_iter().flatten() {
            let sentence = rule.explain(&English::new());
            if sentence == neighbour.explain(&English::new()) {
                prop_assert_eq!(
                    first_occurrences(&rule, start),
                    first_occurrences(&neighbour, start),
                    "{} and {}: {}", rule, neighbour, sentence
                );
            }
            let from = Start::Floating(start);
            let sentence = rule.explain_from(&from, &English::new());
            if sentence == neighbour.explain_from(&from, &English::new()) {
                prop_assert_eq!(
                    first_occurrences(&rule, start),
                    first_occurrences(&neighbour, start),
                    "{} and {} from {}: {}", rule, neighbour, start, sentence
                );
            }
        }
    }

    #[test]
    fn sentences_are_of_one_piece(rule in rules(), start in starts(), count in 1_u64..50) {
        let rule = rule.with_count(count);
        for said in [
            rule.explain(&English::new()),
            rule.explain_from(&Start::Floating(start), &English::new()),
            rule.explain_from(&Start::Date(start.date()), &English::new()),
        ] {
            prop_assert!(said.starts_with("every ") || said.starts_with("on "), "{}", said);
            prop_assert!(!said.contains("  ") && !said.contains(" ,") && said == said.trim(), "{}", said);
        }
    }
}
