use cal_freebusy::{Slot, SlotSet, Week};
use proptest::prelude::*;

use crate::at;

#[test]
fn weeks_start_on_sunday_at_midnight() {
    for (instant, index) in [
        ("2026-03-01T00:00:00Z", 0),   // Sunday
        ("2026-03-02T18:00:00Z", 168), // Monday, 42 hours in
        ("2026-03-07T23:59:59Z", 671), // Saturday
        ("1970-01-01T00:00:00Z", 384), // Thursday
        ("1969-12-28T00:00:00Z", 0),   // a Sunday before the epoch
    ] {
        let slot = Slot::containing(at(instant));
        assert_eq!(
            Week::containing(slot).index_of(slot),
            Some(index),
            "{instant}"
        );
    }
}

#[test]
fn a_slot_of_another_week_has_no_index() {
    let week = Week::containing(Slot::containing(at("2026-03-02T18:00:00Z")));
    assert_eq!(week.index_of(week.end()), None);
    assert_eq!(week.index_of(week.origin().plus(-1)), None);
    assert_eq!(week.slot(Week::SLOTS), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_bitmap_holds_the_week_and_nothing_else(
        numbers in prop::collection::vec(-700_i64..1400, 0..200),
    ) {
        let week = Week::containing(Slot::containing(at("2026-03-02T18:00:00Z")));
        let set: SlotSet = numbers.iter().map(|n| week.origin().plus(*n)).collect();
        let mut clipped = set.clone();
        clipped.retain_range(week.origin()..week.end());
        prop_assert_eq!(week.slots(&week.bitmap(&set)), clipped);
    }
}
