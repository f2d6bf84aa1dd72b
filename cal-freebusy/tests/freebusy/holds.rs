//! Holds, with time passed in.

use cal_freebusy::{BusyType, Error, Holds, Interval};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::{at, period};

fn now() -> DateTime<Utc> {
    at("2026-03-01T12:00:00Z")
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

#[test]
fn the_first_wins_until_its_hold_lapses() {
    let mut holds = Holds::new();
    let slot = period("20260302T090000Z/PT30M");
    let first = holds.place(slot, minutes(10), now()).unwrap();
    let overlapping = period("20260302T092000Z/PT30M");
    let refused = holds.place(overlapping, minutes(10), now() + minutes(9));
    assert!(matches!(refused, Err(Error::Held { until }) if until == now() + minutes(10)));
    let touching = period("20260302T093000Z/PT30M");
    assert!(holds.place(touching, minutes(10), now()).is_ok());
    let second = holds.place(slot, minutes(10), now() + minutes(10)).unwrap();
    assert_ne!(first, second);
    assert!(matches!(
        holds.confirm(first, now() + minutes(11)),
        Err(Error::Lapsed)
    ));
    assert_eq!(holds.confirm(second, now() + minutes(11)).unwrap(), slot);
}

#[test]
fn a_hold_that_is_released_or_confirmed_takes_nothing() {
    let mut holds = Holds::new();
    let slot = period("20260302T090000Z/PT30M");
    for end in [Holds::release, |holds: &mut Holds, id, now| {
        holds.confirm(id, now).is_ok()
    }] {
        let id = holds.place(slot, minutes(10), now()).unwrap();
        assert!(end(&mut holds, id, now()));
        assert!(!end(&mut holds, id, now()));
        assert!(holds.slots(now()).is_empty());
    }
}

#[test]
fn a_hold_may_be_renewed_while_it_is_in_force() {
    let mut holds = Holds::new();
    let id = holds
        .place(period("20260302T090000Z/PT30M"), minutes(10), now())
        .unwrap();
    holds.renew(id, minutes(10), now() + minutes(5)).unwrap();
    assert_eq!(holds.active(now() + minutes(14)).count(), 1);
    let late = holds.renew(id, minutes(10), now() + minutes(15));
    assert!(matches!(late, Err(Error::Lapsed)));
}

#[test]
fn what_is_held_counts_as_tentative() {
    let mut holds = Holds::new();
    let slot = period("20260302T090000Z/PT30M");
    holds.place(slot, minutes(10), now()).unwrap();
    let busy = holds.busy_times(now());
    assert_eq!(busy.at(slot.start()), Some(BusyType::Tentative));
    assert!(holds.busy_times(now() + minutes(10)).is_empty());
}

#[test]
fn holds_are_bounded() {
    let mut holds = Holds::new();
    let slot = |place: usize| {
        let start = now() + TimeDelta::minutes(i64::try_from(place).unwrap());
        Interval::new(start, start + minutes(1))
    };
    for length in [
        minutes(0),
        minutes(-1),
        minutes(Holds::MAX_MINUTES + 1),
        TimeDelta::MAX,
    ] {
        let refused = holds.place(slot(0), length, now());
        assert!(matches!(refused, Err(Error::Request { .. })), "{length}");
    }
    let nothing = Interval::new(now(), now());
    assert!(matches!(
        holds.place(nothing, minutes(1), now()),
        Err(Error::Request { .. })
    ));
    for place in 0..200 {
        holds.place(slot(place), minutes(5), now()).unwrap();
    }
    // What has lapsed makes room.
    assert!(holds.place(slot(0), minutes(5), now() + minutes(5)).is_ok());
    assert_eq!(holds.active(now() + minutes(5)).count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_held_at_any_time_is_what_was_placed_and_has_not_lapsed(
        steps in prop::collection::vec((0_i64..20, 0_i64..48, 1_i64..6, 1_i64..30), 1..30),
    ) {
        let mut holds = Holds::new();
        let mut model: Vec<(Interval, DateTime<Utc>)> = Vec::new();
        let mut clock = now();
        for (wait, start, length, held) in steps {
            clock += minutes(wait);
            model.retain(|(_, lapses)| clock < *lapses);
            let start = at("2026-03-02T00:00:00Z") + minutes(start * 15);
            let slot = Interval::new(start, start + minutes(length * 15));
            let free = !model.iter().any(|(other, _)| other.overlaps(&slot));
            prop_assert_eq!(holds.place(slot, minutes(held), clock).is_ok(), free);
            if free {
                model.push((slot, clock + minutes(held)));
            }
            let expected = model.iter().map(|(slot, _)| *slot).collect();
            prop_assert_eq!(holds.slots(clock), expected);
        }
    }
}
