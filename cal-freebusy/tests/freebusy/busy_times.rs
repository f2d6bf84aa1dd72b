//! Exact busy times against a model of one value a minute.

use cal_freebusy::{BusyTime, BusyTimes, BusyType, Interval, Slot, SlotSet};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::{at, period};

const MINUTES: usize = 600;

fn minute(index: usize) -> DateTime<Utc> {
    at("2026-03-02T00:00:00Z") + TimeDelta::minutes(i64::try_from(index).unwrap())
}

fn span(start: usize, end: usize) -> Interval {
    Interval::new(minute(start), minute(end))
}

/// What holds in each minute: the firmest of all that cover it.
fn model(times: &[(usize, usize, BusyType)]) -> Vec<Option<BusyType>> {
    (0..MINUTES)
        .map(|now| {
            let covering = times
                .iter()
                .filter(|(start, end, _)| (*start..*end).contains(&now));
            covering.map(|(.., busy_type)| *busy_type).max()
        })
        .collect()
}

/// The runs of minutes for which `key` is the same, where it is something.
fn runs<K: PartialEq + Copy>(model: &[Option<K>]) -> Vec<(Interval, K)> {
    let mut start = 0;
    let mut found = Vec::new();
    for run in model.chunk_by(|a, b| a == b) {
        if let Some(key) = run[0] {
            found.push((span(start, start + run.len()), key));
        }
        start += run.len();
    }
    found
}

fn busy_type() -> impl Strategy<Value = BusyType> {
    prop::sample::select(BusyType::ALL.to_vec())
}

fn times() -> impl Strategy<Value = Vec<(usize, usize, BusyType)>> {
    let time = (0..MINUTES, 0_usize..90, busy_type());
    let clipped =
        time.prop_map(|(start, length, kind)| (start, (start + length).min(MINUTES), kind));
    prop::collection::vec(clipped, 0..12)
}

fn collected(times: &[(usize, usize, BusyType)]) -> BusyTimes {
    times
        .iter()
        .map(|(start, end, kind)| BusyTime::new(span(*start, *end), *kind))
        .collect()
}

fn listed(times: &BusyTimes) -> Vec<(Interval, BusyType)> {
    times
        .iter()
        .map(|time| (time.interval, time.busy_type))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn overlaps_go_to_the_firmer_and_touching_times_join(times in times()) {
        let model = model(&times);
        let busy = collected(&times);
        prop_assert_eq!(listed(&busy), runs(&model));
        for (now, expected) in model.iter().enumerate() {
            prop_assert_eq!(busy.at(minute(now)), *expected);
        }
        let any: Vec<_> = model.iter().map(|kind| kind.map(|_| ())).collect();
        let spans: Vec<_> = runs(&any).into_iter().map(|(span, ())| span).collect();
        prop_assert_eq!(busy.intervals().collect::<Vec<_>>(), spans);
    }

    #[test]
    fn free_times_are_the_gaps_that_are_long_enough(
        times in times(), start in 0..MINUTES, end in 0..MINUTES, least in 0_usize..60,
    ) {
        let busy = collected(&times);
        let (start, end) = (start.min(end), start.max(end));
        let free: Vec<_> = model(&times)[start..end]
            .iter()
            .map(|kind| kind.is_none().then_some(()))
            .collect();
        let least = TimeDelta::minutes(i64::try_from(least).unwrap());
        let expected: Vec<_> = runs(&free)
            .into_iter()
            .map(|(gap, ())| gap)
            .filter(|gap| gap.length() >= least)
            .map(|gap| Interval::new(gap.start() + (minute(start) - minute(0)), gap.end() + (minute(start) - minute(0))))
            .collect();
        prop_assert_eq!(busy.free(span(start, end), least).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_window_cuts_at_its_borders(times in times(), start in 0..MINUTES, end in 0..MINUTES) {
        let mut model = model(&times);
        for (now, kind) in model.iter_mut().enumerate() {
            if !(start..end).contains(&now) {
                *kind = None;
            }
        }
        prop_assert_eq!(listed(&collected(&times).within(&span(start, end))), runs(&model));
    }

    #[test]
    fn the_intersection_holds_what_both_hold(a in times(), b in times()) {
        let both: Vec<_> = model(&a)
            .into_iter()
            .zip(model(&b))
            .map(|pair| match pair {
                (Some(a), Some(b)) => Some(a.max(b)),
                _ => None,
            })
            .collect();
        prop_assert_eq!(listed(&collected(&a).intersection(&collected(&b))), runs(&both));
    }

    #[test]
    fn extending_is_collecting_both(a in times(), b in times()) {
        let mut extended = collected(&a);
        extended.extend(collected(&b));
        prop_assert_eq!(extended, collected(&[a, b].concat()));
    }

    #[test]
    fn slots_over_approximate_by_less_than_a_slot(times in times()) {
        let busy = collected(&times);
        let slots = busy.slots();
        for slot in &slots {
            prop_assert!(busy.intervals().any(|taken| taken.overlaps(&slot.interval())));
        }
        for taken in busy.intervals() {
            let covered: SlotSet = [taken].into_iter().collect();
            prop_assert!(covered.is_subset(&slots));
            prop_assert!(slots.contains(Slot::containing(taken.start())));
        }
        let layers: Vec<_> = BusyType::ALL.iter().map(|kind| busy.slots_of(*kind)).collect();
        prop_assert_eq!(SlotSet::union_of(&layers), slots);
    }
}

#[test]
fn back_to_back_meetings_are_one_busy_time() {
    let busy: BusyTimes = ["20260302T090000Z/PT1H", "20260302T100000Z/PT1H"]
        .map(|text| BusyTime::new(period(text), BusyType::Busy))
        .into_iter()
        .collect();
    assert_eq!(
        listed(&busy),
        [(period("20260302T090000Z/PT2H"), BusyType::Busy)]
    );
}

#[test]
fn unknown_busy_types_are_busy_and_free_is_not() {
    for (value, expected) in [
        ("FREE", None),
        ("free", None),
        ("BUSY", Some(BusyType::Busy)),
        ("busy-unavailable", Some(BusyType::Unavailable)),
        ("BUSY-TENTATIVE", Some(BusyType::Tentative)),
        ("X-ON-THE-PHONE", Some(BusyType::Busy)),
        ("", Some(BusyType::Busy)),
    ] {
        assert_eq!(BusyType::of_parameter(value), expected, "{value}");
    }
}
