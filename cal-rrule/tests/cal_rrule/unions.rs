//! Several sets as one.

use cal_rrule::{Error, Member, RRule, RecurrenceSet, Start, Union};
use chrono::Days;
use chrono_tz::{America, Europe};
use proptest::prelude::*;

use crate::strategy::{rules, starts};
use crate::value::{date, time};

fn series(rule: &str, start: Start) -> RecurrenceSet {
    rule.parse::<RRule>().unwrap().starting(start)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_union_has_what_its_sets_have_in_order_and_once(
        parts in prop::collection::vec((rules(), starts()), 0..5),
    ) {
        let end = time("20200101T000000");
        let sets: Vec<_> = parts.into_iter().map(|(rule, start)| rule.starting(start)).collect();
        let most = 500;
        let mut expected: Vec<_> = sets
            .iter()
            .flat_map(|set| set.local_times(..end).take(most).flatten())
            .collect();
        expected.sort_unstable();
        expected.dedup();
        expected.truncate(most);
        let union = Union::of(sets).unwrap();
        let found: Vec<_> = union
            .within(..end)
            .take(most)
            .map(|found| found.unwrap().occurrence.local())
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn every_question_to_a_union_is_answered_from_what_it_has(
        parts in prop::collection::vec((rules(), starts(), 1_u64..120), 0..5),
        at in starts(),
        n in 0_usize..300,
    ) {
        let sets: Vec<_> = parts
            .into_iter()
            .map(|(rule, start, count)| rule.with_count(count).starting(start))
            .collect();
        let mut expected: Vec<_> = sets.iter().flat_map(|set| set.local_times(..).flatten()).collect();
        expected.sort_unstable();
        expected.dedup();
        // A rule that goes on past the calendar has no last occurrence.
        prop_assume!(sets.iter().all(|set| set.last().is_ok()));
        let union = Union::of(sets).unwrap();
        let local = |member: Option<Member>| member.map(|member| member.occurrence.local());

        prop_assert_eq!(union.count(), Ok(u64::try_from(expected.len()).unwrap()));
        let nth = union.nth(u64::try_from(n).unwrap()).unwrap();
        prop_assert_eq!(local(nth), expected.get(n).copied());
        let end = expected.partition_point(|time| *time < at);
        prop_assert_eq!(local(union.first_from(at).unwrap()), expected.get(end).copied());
        prop_assert_eq!(local(union.last_before(at).unwrap()), expected[..end].last().copied());
        prop_assert_eq!(union.contains(at), Ok(expected.get(end) == Some(&at)));
        if let Some(member) = expected.get(n) {
            prop_assert_eq!(union.contains(*member), Ok(true));
        }

        let mut back: Vec<_> = union.descending(..).map(|found| found.unwrap()).collect();
        back.reverse();
        let forward: Vec<_> = union.iter().map(|found| found.unwrap()).collect();
        prop_assert_eq!(back, forward);
    }
}

#[test]
fn a_union_without_end_has_no_last_occurrence() {
    let union = Union::of([
        series("FREQ=DAILY", date("20240101").into()),
        series("FREQ=DAILY;COUNT=2", date("20240101").into()),
    ])
    .unwrap();
    assert_eq!(union.descending(..).next(), Some(Err(Error::PastYear9999)));
    assert_eq!(union.descending(..).count(), 1);
    assert_eq!(union.count(), Err(Error::PastYear9999));
    let far = union.nth(5_000_000);
    assert_eq!(far, Err(Error::CountLimit { limit: 1_000_000 }));
}

#[test]
fn a_union_of_one_set_is_counted_as_that_set_is() {
    let union = Union::of([series("FREQ=DAILY;COUNT=2000000", date("20240101").into())]).unwrap();
    assert_eq!(union.count(), Ok(2_000_000));
    let last = union.nth(1_999_999).unwrap().unwrap().occurrence;
    assert_eq!(last.local().date(), date("20240101") + Days::new(1_999_999));
}

#[test]
fn the_first_set_that_has_an_instant_is_named() {
    let union = Union::of([
        series(
            "FREQ=DAILY;COUNT=2",
            Start::zoned(time("20240102T150000"), Europe::Berlin),
        ),
        series(
            "FREQ=DAILY;COUNT=2",
            Start::zoned(time("20240101T090000"), America::New_York),
        ),
    ])
    .unwrap();
    let found: Vec<_> = union
        .iter()
        .map(|found| found.map(|found| (found.set, found.occurrence.utc().unwrap())))
        .collect();
    let expected = [
        (1, "20240101T140000"),
        (0, "20240102T140000"),
        (0, "20240103T140000"),
    ];
    assert_eq!(found, expected.map(|(set, utc)| Ok((set, time(utc)))));
    assert_eq!(union.contains(time("20240102T140000")), Ok(true));
    assert_eq!(union.contains(time("20240102T150000")), Ok(false));
    let last = union.last_before(time("20240103T140000")).unwrap().unwrap();
    assert_eq!(
        (last.set, last.occurrence.utc()),
        (0, Some(time("20240102T140000")))
    );
}

#[test]
fn a_set_past_the_calendar_lets_the_others_end() {
    let near_the_end = date("99991230");
    let union = Union::of([
        series("FREQ=DAILY;INTERVAL=2", near_the_end.into()),
        series("FREQ=DAILY;COUNT=2", near_the_end.into()),
    ])
    .unwrap();
    let mut found = union.iter();
    assert_eq!(found.next().unwrap().unwrap().set, 0);
    let last = found.next().unwrap().unwrap().occurrence.local().date();
    assert_eq!(last, near_the_end + Days::new(1));
    assert_eq!(found.next(), Some(Err(Error::PastYear9999)));
    assert_eq!(found.next(), None);
}

#[test]
fn instants_and_wall_clock_times_are_not_mixed() {
    let start = time("20240101T090000");
    let sets = [
        RecurrenceSet::new(start),
        RecurrenceSet::new(Start::Utc(start)),
    ];
    assert_eq!(Union::of(sets).map(|_| ()), Err(Error::MixedTimeLines));
}
