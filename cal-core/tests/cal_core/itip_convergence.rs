//! An organizer and its attendees end alike, however messages arrive.
//!
//! The law: once all messages have arrived, each attendee sees the instances that
//! the organizer counts on it for, when they are, what they are called and what
//! it answered. Messages may come twice and in any order, none is lost, and one
//! that came too early is handed in again. RFC 5546 2.1.5 alone does not give
//! that: it orders messages about one component, not those about a series and its
//! instances, so it takes that both ends keep what this crate keeps.
//!
//! One thing is out of reach: a delegate is asked by who delegates (RFC 5546
//! 3.2.2.3), and the organizer may never take that delegation, because it asked
//! anew or had another answer meanwhile. It does not know then what the delegate
//! was given, and nobody takes it back. So a delegate sees all that the organizer
//! counts on it for, as the organizer has it, and may see more.

use cal_core::series_edit::Scope;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::itip_world::{Step, difference, step};

proptest! {
    // The same histories in every run.
    #![proptest_config(ProptestConfig {
        cases: 400,
        rng_seed: RngSeed::Fixed(5546),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn both_sides_end_alike_in_whatever_order_messages_arrive(
        steps in prop::collection::vec(step(), 0..24),
        order in prop::collection::vec(any::<usize>(), 1..40),
    ) {
        let difference = difference(steps, &order);
        prop_assert!(difference.is_none(), "{}", difference.unwrap());
    }
}

#[test]
fn an_instance_is_declined_before_its_series_is_known() {
    let this = Scope::This;
    let rename = |nth| Step::Rename { nth, scope: this };
    let earlier = |nth| Step::Move {
        nth,
        scope: this,
        hours: -1,
    };
    let deliver = |which, again| Step::Deliver { which, again };
    let steps = vec![
        rename(0),
        Step::Spare { nth: 2, who: 0 },
        Step::Spare { nth: 0, who: 0 },
        earlier(1),
        rename(3),
        rename(1),
        earlier(0),
        deliver(1_342_212_241_883_322_583, true),
        deliver(9_427_104_087_045_608_906, false),
        Step::Skip { who: 1, nth: 1 },
    ];
    converges(steps, &[0]);
}

fn converges(steps: Vec<Step>, order: &[usize]) {
    let difference = difference(steps, order);
    assert!(difference.is_none(), "{}", difference.unwrap());
}

#[test]
fn an_answer_to_a_time_that_went_and_came_back_does_not_count() {
    let all = |nth, hours| Step::Move {
        nth,
        scope: Scope::All,
        hours,
    };
    let rename = |nth| Step::Rename {
        nth,
        scope: Scope::This,
    };
    let steps = vec![
        Step::TakeOut { nth: 0 },
        rename(3),
        Step::Deliver {
            which: 4_084_298_622_855_026_256,
            again: true,
        },
        rename(0),
        all(0, 3),
        rename(0),
        all(0, -3),
        Step::Skip { who: 0, nth: 4 },
    ];
    let order = [
        14_795_873_620_453_226,
        55_559_109_518_267,
        9_994_775_163_066_802_195,
    ];
    converges(steps, &order);
}

#[test]
fn an_instance_that_the_known_series_does_not_have_stays_declined() {
    let steps = vec![
        Step::Deliver {
            which: 2_118_081_195_802_097_376,
            again: false,
        },
        Step::Move {
            nth: 0,
            scope: Scope::All,
            hours: -1,
        },
        Step::Rename {
            nth: 1,
            scope: Scope::This,
        },
        Step::Skip { who: 0, nth: 1 },
        Step::Deliver {
            which: 8_999_926_296_005_755_167,
            again: false,
        },
        Step::Skip { who: 0, nth: 1 },
    ];
    converges(steps, &[0]);
}

#[test]
fn an_added_instance_that_was_declined_is_not_added_again() {
    let deliver = |which, again| Step::Deliver { which, again };
    let steps = vec![
        Step::Rename {
            nth: 0,
            scope: Scope::This,
        },
        Step::Add { day: 0 },
        deliver(10_950_591_337_016_497_603, false),
        Step::TakeOut { nth: 0 },
        deliver(6_295_006_980_611_459_691, false),
        deliver(1_799_971_595_729_297_551, true),
        Step::Skip { who: 1, nth: 5 },
    ];
    converges(steps, &[0]);
}

#[test]
fn a_delegate_of_the_series_does_not_come_to_what_was_not_delegated() {
    let rename = || Step::Rename {
        nth: 0,
        scope: Scope::This,
    };
    let deliver = |which| Step::Deliver {
        which,
        again: false,
    };
    let steps = vec![
        rename(),
        rename(),
        Step::Drop { who: 1 },
        deliver(2_259_104_709_969_056_182),
        deliver(0),
        Step::Delegate { who: 0 },
    ];
    converges(steps, &[8_682_318_647_354_186_551, 0]);
}

#[test]
fn a_delegate_gets_what_the_organizer_has_though_the_delegator_had_less() {
    let rename = |nth| Step::Rename {
        nth,
        scope: Scope::This,
    };
    let steps = vec![
        Step::TakeOut { nth: 0 },
        rename(0),
        rename(4),
        Step::Move {
            nth: 0,
            scope: Scope::This,
            hours: 0,
        },
        Step::Deliver {
            which: 15_231_450_596_632_254_816,
            again: true,
        },
        Step::TakeOut { nth: 1 },
        Step::Delegate { who: 0 },
    ];
    let order = [
        1_003_787_107_103_419,
        7_622_567_182_351_005_690,
        3_561_952_338_960_590,
        3_030_168_579_241_721_658,
        7_598_352_340_081_098_340,
        3_674_455_308_736_864_265,
        0,
        0,
        0,
    ];
    converges(steps, &order);
}
