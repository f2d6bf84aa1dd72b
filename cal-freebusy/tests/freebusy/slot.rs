use cal_freebusy::Slot;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::{at, period};

#[test]
fn a_slot_is_unix_seconds_divided_by_900_rounded_down() {
    for (instant, number) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:14:59.999Z", 0),
        ("1970-01-01T00:15:00Z", 1),
        ("1969-12-31T23:59:59Z", -1),
        ("1969-12-31T23:45:00Z", -1),
        ("1969-12-31T23:44:59Z", -2),
        ("2026-03-02T09:00:00Z", 1_969_380),
    ] {
        assert_eq!(Slot::containing(at(instant)).number(), number, "{instant}");
    }
}

#[test]
fn any_touch_takes_the_slot_and_no_length_takes_none() {
    for (interval, slots) in [
        ("20260302T090000Z/20260302T091500Z", 1),
        ("20260302T091459Z/20260302T091500Z", 1),
        ("20260302T091459Z/20260302T091501Z", 2),
        ("20260302T090000Z/PT24H", 96),
        ("20260302T090000Z/P1W", 672),
    ] {
        let covered = Slot::covering(&period(interval));
        let count = covered.end.number() - covered.start.number();
        assert_eq!(count, slots, "{interval}");
    }
    let nothing =
        cal_freebusy::Interval::new(at("2026-03-02T09:07:00Z"), at("2026-03-02T09:07:00Z"));
    assert!(Slot::covering(&nothing).is_empty());
}

#[test]
fn a_part_of_a_second_past_the_border_takes_the_next_slot() {
    let border = at("2026-03-02T09:15:00Z");
    let late = border + TimeDelta::nanoseconds(1);
    let covered = Slot::covering(&cal_freebusy::Interval::new(
        border - TimeDelta::minutes(1),
        late,
    ));
    assert_eq!(covered.end, Slot::containing(border).next());
}

#[test]
fn the_ends_of_time_clamp() {
    assert_eq!(Slot::containing(DateTime::<Utc>::MAX_UTC), Slot::MAX);
    assert_eq!(Slot::containing(DateTime::<Utc>::MIN_UTC), Slot::MIN);
    assert_eq!(Slot::at_or_after(DateTime::<Utc>::MAX_UTC), Slot::MAX);
    assert_eq!(Slot::MAX.next(), Slot::MAX);
    assert_eq!(Slot::MIN.plus(i64::MIN), Slot::MIN);
    assert!(Slot::MAX.end() > Slot::MAX.start());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_instant_lies_in_its_slot(seconds in -100_000_000_000_i64..100_000_000_000) {
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        prop_assert!(Slot::containing(instant).interval().contains(instant));
    }
}
