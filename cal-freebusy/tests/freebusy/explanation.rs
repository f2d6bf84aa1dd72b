//! Why a time is busy, for its owner and for others.

use cal_core::Calendar;
use cal_freebusy::{
    Availability, BusyType, Effect, Error, Explanation, Interval, Schedule, Transparency, WhyFree,
};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use crate::{at, period};

fn calendar(components: &str) -> Calendar {
    Calendar::read(format!("BEGIN:VCALENDAR\n{components}END:VCALENDAR\n")).calendar
}

fn event(uid: &str, lines: &str) -> String {
    format!(
        "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{uid} it\nDTSTART:20260302T090000Z\nDURATION:PT1H\n\
         {lines}END:VEVENT\n"
    )
}

#[test]
fn each_event_is_named_with_what_it_does() {
    let table = [
        ("", Effect::Takes(BusyType::Busy)),
        ("STATUS:TENTATIVE\n", Effect::Takes(BusyType::Tentative)),
        ("TRANSP:TRANSPARENT\n", Effect::Leaves(WhyFree::Transparent)),
        ("STATUS:CANCELLED\n", Effect::Leaves(WhyFree::Cancelled)),
        (
            "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@x\n",
            Effect::Leaves(WhyFree::Declined),
        ),
        (
            "ATTENDEE;PARTSTAT=DELEGATED:mailto:ada@x\n",
            Effect::Leaves(WhyFree::Delegated),
        ),
    ];
    for (lines, effect) in table {
        let calendar = calendar(&event("do", lines));
        let schedule = Schedule::new(Berlin)
            .with_address("ada@x")
            .with_calendar(&calendar);
        let why = schedule.explain(&period("20260302T093000Z/PT5M")).unwrap();
        let cause = &why.causes[0];
        assert_eq!((why.causes.len(), cause.effect), (1, effect), "{lines}");
        assert_eq!(cause.uid.as_deref(), Some("do"));
        assert_eq!(cause.summary.as_deref(), Some("do it"));
        assert_eq!(why.is_free(), matches!(effect, Effect::Leaves(_)));
    }
}

#[test]
fn a_calendar_that_does_not_count_is_said_to_be_the_reason() {
    let calendar = calendar(&event("holiday", ""));
    let schedule = Schedule::new(Berlin).with_calendar_as(&calendar, Transparency::Transparent);
    let why = schedule.explain(&period("20260302T093000Z/PT5M")).unwrap();
    assert_eq!(
        why.causes[0].to_string(),
        "20260302T090000Z/20260302T100000Z free, because its calendar does not count: holiday it (holiday)"
    );
}

#[test]
fn usual_hours_and_published_times_are_causes_without_an_event() {
    let calendar = calendar(
        "BEGIN:VAVAILABILITY\nUID:v\nSUMMARY:Secret\nBEGIN:AVAILABLE\nUID:a\nDTSTART:20260302T100000Z\n\
         DURATION:PT2H\nEND:AVAILABLE\nEND:VAVAILABILITY\nBEGIN:VFREEBUSY\nUID:f\n\
         FREEBUSY:20260302T103000Z/PT1H\nEND:VFREEBUSY\n",
    );
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let why = schedule.explain(&period("20260302T093000Z/PT2H")).unwrap();
    let effects: Vec<Effect> = why.causes.iter().map(|cause| cause.effect).collect();
    assert_eq!(
        effects,
        [
            Effect::UsuallyAway(BusyType::Unavailable),
            Effect::Published(BusyType::Busy)
        ]
    );
    assert!(
        why.causes
            .iter()
            .all(|cause| cause.uid.is_none() && cause.summary.is_none())
    );
}

#[test]
fn what_only_touches_the_time_plays_no_part() {
    let calendar = calendar(&event("before", ""));
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let why = schedule.explain(&period("20260302T100000Z/PT1H")).unwrap();
    assert_eq!(why.causes, []);
    assert!(why.is_free());
}

#[test]
fn more_causes_than_can_be_read_are_refused() {
    let calendar = calendar(
        "BEGIN:VEVENT\nUID:tick\nDTSTART:20260302T090000Z\nDURATION:PT1M\nRRULE:FREQ=MINUTELY\nEND:VEVENT\n",
    );
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let week = schedule.explain(&period("20260302T090000Z/P7D"));
    assert!(matches!(
        week,
        Err(Error::TooManyEvents {
            most: Explanation::MAX_CAUSES
        })
    ));
    let hour = schedule.explain(&period("20260302T090000Z/PT1H")).unwrap();
    assert_eq!(hour.causes.len(), 60);
    assert!(hour.causes.iter().all(|cause| cause.is_recurring));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn others_learn_what_is_published_and_every_busy_time_has_a_cause(
        events in prop::collection::vec((0_i64..600, 0_i64..120, 0_usize..3), 0..8),
        start in 0_i64..600, length in 1_i64..200,
    ) {
        let lines = ["", "STATUS:TENTATIVE\n", "TRANSP:TRANSPARENT\n"];
        let origin = at("2026-03-02T08:00:00Z");
        let text: String = events
            .iter()
            .enumerate()
            .map(|(uid, (start, length, kind))| {
                let start = (origin + TimeDelta::minutes(*start)).format("%Y%m%dT%H%M%SZ");
                let line = lines[*kind];
                format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:{start}\nDURATION:PT{length}M\n{line}END:VEVENT\n")
            })
            .collect();
        let calendar = calendar(&text);
        let schedule = Schedule::new(Berlin).with_calendar(&calendar);
        let start = origin + TimeDelta::minutes(start);
        let asked = Interval::new(start, start + TimeDelta::minutes(length));
        let why = schedule.explain(&asked).unwrap();
        let availability = Availability::of(&schedule, &asked);
        prop_assert_eq!(why.for_others(), availability.busy());
        for minute in 0..length {
            let instant = start + TimeDelta::minutes(minute);
            let causes = why.causes.iter().filter(|cause| cause.interval.contains(instant));
            let firmest = causes.filter_map(|cause| match cause.effect {
                Effect::Takes(busy_type) => Some(busy_type),
                _ => None,
            });
            prop_assert_eq!(firmest.max(), availability.busy().at(instant));
        }
    }
}
