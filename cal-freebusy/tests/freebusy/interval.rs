use cal_freebusy::Interval;
use chrono::TimeDelta;
use proptest::prelude::*;

use crate::{at, period};

#[test]
fn periods_are_read_with_an_end_or_with_a_duration() {
    for (text, start, end) in [
        (
            "20260302T090000Z/20260302T100000Z",
            "2026-03-02T09:00:00Z",
            "2026-03-02T10:00:00Z",
        ),
        (
            "20260302T090000Z/PT1H",
            "2026-03-02T09:00:00Z",
            "2026-03-02T10:00:00Z",
        ),
        (
            "20260302T090000Z/PT1H30M15S",
            "2026-03-02T09:00:00Z",
            "2026-03-02T10:30:15Z",
        ),
        (
            "20260302T090000Z/P1DT1H",
            "2026-03-02T09:00:00Z",
            "2026-03-03T10:00:00Z",
        ),
        (
            "20260302T090000Z/+P2W",
            "2026-03-02T09:00:00Z",
            "2026-03-16T09:00:00Z",
        ),
    ] {
        assert_eq!(period(text), Interval::new(at(start), at(end)), "{text}");
    }
}

#[test]
fn what_is_not_a_period_of_utc_is_refused() {
    for text in [
        "",
        "/",
        "20260302T090000Z",
        "20260302T090000/20260302T100000",
        "20260302T090000Z/",
        "20260302T090000Z/P",
        "20260302T090000Z/PT",
        "20260302T090000Z/P1DT",
        "20260302T090000Z/PT1M1H",
        "20260302T090000Z/P1H",
        "20260302T090000Z/PT1H1H",
        "20260302T090000Z/-PT1H",
        "20260302T090000Z/PT0S",
        "20260302T090000Z/PT99999999999999999999H",
        "20260302T090000Z/P99999999999999W",
        "20260302T090000Z/20260302T090000Z",
        "20260302T100000Z/20260302T090000Z",
        "20260230T090000Z/PT1H",
        "20260302T090000Z/PTéH",
    ] {
        assert!(text.parse::<Interval>().is_err(), "{text}");
    }
}

#[test]
fn touching_is_not_overlapping_and_empty_overlaps_nothing() {
    let nine = at("2026-03-02T09:00:00Z");
    let ten = at("2026-03-02T10:00:00Z");
    let eleven = at("2026-03-02T11:00:00Z");
    assert!(!Interval::new(nine, ten).overlaps(&Interval::new(ten, eleven)));
    assert!(!Interval::new(ten, ten).overlaps(&Interval::new(nine, eleven)));
    assert!(Interval::new(nine, eleven).overlaps(&Interval::new(ten, eleven)));
}

#[test]
fn an_end_before_the_start_makes_an_interval_empty() {
    let backwards = Interval::new(at("2026-03-02T10:00:00Z"), at("2026-03-02T09:00:00Z"));
    assert!(backwards.is_empty());
    assert!(!backwards.contains(backwards.start()));
}

#[test]
fn no_pieces_come_of_a_length_that_is_not_positive() {
    let hour = period("20260302T090000Z/PT1H");
    assert_eq!(hour.pieces(TimeDelta::zero()).count(), 0);
    assert_eq!(hour.pieces(TimeDelta::minutes(-5)).count(), 0);
    assert_eq!(hour.pieces(TimeDelta::MAX).count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back(start in 0_i64..4_000_000_000, length in 1_i64..100_000_000) {
        let start = chrono::DateTime::from_timestamp(start, 0).unwrap();
        let interval = Interval::new(start, start + TimeDelta::seconds(length));
        prop_assert_eq!(period(&interval.to_string()), interval);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9TZP/+HMSDW-]{0,40}") {
        if let Ok(interval) = text.parse::<Interval>() {
            prop_assert!(!interval.is_empty());
        }
    }
}
