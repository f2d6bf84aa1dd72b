//! Spans and their classes of length.

use cal_store::{LengthClass, Span, Timestamp};
use proptest::prelude::*;

fn span() -> impl Strategy<Value = Span> {
    let side = || prop::option::of(-100_000_000_000_i64..5_000_000_000_000);
    let length = prop::option::of(0_i64..1_000_000_000_000);
    (side(), length).prop_map(|(start, length)| Span {
        start: start.map(Timestamp::from_millis),
        end: start
            .zip(length)
            .map(|(start, length)| Timestamp::from_millis(start + length)),
    })
}

proptest! {
    #[test]
    fn what_overlaps_a_window_begins_no_earlier_than_its_class_allows(a in span(), window in span()) {
        let class = a.length_class();
        if a.may_overlap(&window) {
            prop_assert!(a.first_millis() >= class.earliest_start(&window));
        }
    }

    #[test]
    fn overlap_goes_both_ways_but_for_touching(a in span(), b in span()) {
        if a.first_millis() < b.end_millis() && b.first_millis() < a.end_millis() {
            prop_assert!(a.may_overlap(&b) && b.may_overlap(&a));
        }
    }
}

#[test]
fn longer_spans_are_of_later_classes() {
    let day = 86_400_000;
    let of = |days: i64| {
        let end = Timestamp::from_millis(days * day);
        Span::new(Timestamp::from_millis(0), end).length_class()
    };
    let classes: Vec<_> = [0, 1, 5, 30, 365, 3_000, 10_000].map(of).into();
    assert!(classes.is_sorted(), "{classes:?}");
    assert_eq!(of(10_000), LengthClass::OPEN);
    assert_eq!(Span::ALWAYS.length_class(), LengthClass::OPEN);
    let starting = Span::starting(Timestamp::from_millis(0));
    assert_eq!(starting.length_class(), LengthClass::OPEN);
}
