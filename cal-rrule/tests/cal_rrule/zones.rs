//! Wall-clock time and instants.

use std::sync::Arc;

use cal_rrule::{OffsetSpan, RRule, RecurrenceSet, Start, StartMember, Transitions, Zone};
use chrono::{Days, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::{Africa, America, Antarctica, Asia, Australia, Europe, Pacific, Tz};
use proptest::prelude::*;

use crate::strategy::rules;
use crate::value::time;

/// Zones with gaps and overlaps of an hour, half an hour, two hours, a day.
const ZONES: [Tz; 8] = [
    America::New_York,
    Europe::Dublin,
    Australia::Lord_Howe,
    Antarctica::Troll,
    Pacific::Apia,
    America::Sao_Paulo,
    Africa::Casablanca,
    America::St_Johns,
];

/// Local times shortly before or after something happens in one of them.
const CHANGES: [&str; 8] = [
    "20240310T000000",
    "20241103T000000",
    "20240406T120000",
    "20240331T000000",
    "20111229T180000",
    "20181103T200000",
    "20240414T000000",
    "20110313T000000",
];

/// A zone that knows nothing but offsets.
struct Bare(Tz);

impl Zone for Bare {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        self.0.offset_at(utc)
    }
}

fn instants(set: &RecurrenceSet, end: NaiveDateTime) -> Vec<NaiveDateTime> {
    set.within(..end)
        .map(|found| found.unwrap().utc().unwrap())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn instants_are_those_of_the_wall_clock_times_in_order_and_once(
        rule in rules(),
        zone in 0_usize..8,
        change in 0_usize..8,
        hours in -30_i64..30,
        minutes in 0_i64..60,
        form in 0..3,
    ) {
        let tz = ZONES[zone];
        let start = time(CHANGES[change]) + TimeDelta::minutes(hours * 60 + minutes);
        let days = match rule.frequency() {
            cal_rrule::Frequency::Secondly => 1,
            cal_rrule::Frequency::Minutely => 2,
            cal_rrule::Frequency::Hourly => 4,
            _ => 300,
        };
        let end = start + Days::new(days);
        let wall: Vec<_> = rule.clone().starting(start)
            .with_start_member(StartMember::IfGenerated)
            .local_times(..end + Days::new(2))
            .map(Result::unwrap)
            .collect();
        let mut expected: Vec<_> = wall.iter().map(|local| tz.to_utc(*local)).collect();
        expected.sort_unstable();
        expected.dedup();
        expected.retain(|utc| *utc < end);
        let zone: Arc<dyn Zone> = match form {
            0 => Arc::new(tz),
            1 => Arc::new(Bare(tz)),
            _ => Arc::new(Transitions::of(&tz, 2000..=2030)),
        };
        let set = RecurrenceSet::new(Start::Zoned(start, zone))
            .with_rule(rule.clone())
            .with_start_member(StartMember::IfGenerated);
        let found = instants(&set, end);
        let at = found.iter().zip(&expected).take_while(|(a, b)| a == b).count();
        prop_assert!(found == expected, "{rule} from {start} in {tz} at {at}: found {:?}, expected {:?}", found.get(at), expected.get(at));

        let mut back: Vec<_> = set.descending(..end).map(|found| found.unwrap().utc().unwrap()).collect();
        back.reverse();
        let at = back.iter().zip(&expected).take_while(|(a, b)| a == b).count();
        prop_assert!(back == expected, "{rule} from {start} in {tz}, back, at {at}: found {:?}, expected {:?}", back.get(at), expected.get(at));

        let middle = start + (end - start) / 2;
        let window: Vec<_> = set.within(middle..end).map(|found| found.unwrap().utc().unwrap()).collect();
        expected.retain(|utc| *utc >= middle);
        prop_assert!(window == expected, "{rule} from {start} in {tz} since {middle}");
    }
}

#[test]
fn a_skipped_time_uses_the_offset_before_the_gap() {
    let rule: RRule = "FREQ=DAILY;COUNT=3".parse().unwrap();
    let set = rule.starting(Start::zoned(time("20240309T023000"), America::New_York));
    let found = instants(&set, time("20250101T000000"));
    let expected = ["20240309T073000", "20240310T073000", "20240311T063000"];
    assert_eq!(found, expected.map(time));
}

#[test]
fn of_an_ambiguous_time_the_first_is_meant() {
    let rule: RRule = "FREQ=DAILY;COUNT=2".parse().unwrap();
    let set = rule.starting(Start::zoned(time("20241103T013000"), America::New_York));
    let found = instants(&set, time("20250101T000000"));
    assert_eq!(found, ["20241103T053000", "20241104T063000"].map(time));
}

/// What a rule gives from a start in a zone, in both directions.
fn both_ways(rule: &str, start: &str, zone: Tz) -> Vec<NaiveDateTime> {
    let rule: RRule = rule.parse().unwrap();
    let set = rule.starting(Start::zoned(time(start), zone));
    let found = instants(&set, time("20300101T000000"));
    let mut back: Vec<_> = set
        .descending(..)
        .map(|found| found.unwrap().utc().unwrap())
        .collect();
    back.reverse();
    assert_eq!(back, found);
    found
}

#[test]
fn an_hour_that_is_skipped_comes_once() {
    let found = both_ways("FREQ=HOURLY;COUNT=5", "20240310T003000", America::New_York);
    // 02:30, read with the offset before the gap, is 03:30.
    let expected = [
        "20240310T053000",
        "20240310T063000",
        "20240310T073000",
        "20240310T083000",
    ];
    assert_eq!(found, expected.map(time));
}

#[test]
fn an_hour_that_comes_twice_counts_the_first_time() {
    let found = both_ways("FREQ=HOURLY;COUNT=4", "20241103T003000", America::New_York);
    let expected = [
        "20241103T043000",
        "20241103T053000",
        "20241103T073000",
        "20241103T083000",
    ];
    assert_eq!(found, expected.map(time));
}

#[test]
fn a_gap_of_half_an_hour_is_no_longer() {
    let found = both_ways(
        "FREQ=MINUTELY;INTERVAL=10;COUNT=7",
        "20231001T015000",
        Australia::Lord_Howe,
    );
    let expected = [
        "20230930T152000",
        "20230930T153000",
        "20230930T154000",
        "20230930T155000",
    ];
    assert_eq!(found, expected.map(time));
}

#[test]
fn a_start_that_is_skipped_uses_the_offset_before_the_gap() {
    let found = both_ways("FREQ=WEEKLY;COUNT=2", "20240310T023000", America::New_York);
    assert_eq!(found, ["20240310T073000", "20240317T063000"].map(time));
}

#[test]
fn a_transition_is_found_to_the_second() {
    let before = time("20240310T065959");
    for zone in [&America::New_York as &dyn Zone, &Bare(America::New_York)] {
        assert_eq!(zone.offset_at(before), -5 * 3600);
        assert_eq!(zone.span_at(before).end, time("20240310T070000"));
        let after = zone.span_at(time("20240310T080000"));
        assert_eq!(
            (after.offset, after.start),
            (-4 * 3600, time("20240310T070000"))
        );
    }
}

#[test]
fn transitions_answer_like_the_zone_they_were_made_of() {
    for tz in ZONES {
        let table = Transitions::of(&tz, 1990..=2030);
        let mut at = time("19950101T003000");
        while at < time("20260101T000000") {
            assert_eq!(table.offset_at(at), tz.offset_at(at), "{tz} at {at}");
            assert_eq!(table.to_utc(at), tz.to_utc(at), "{tz} at {at}");
            assert_eq!(table.to_local(at), tz.to_local(at), "{tz} at {at}");
            at += TimeDelta::minutes(30 * 61);
        }
    }
}

#[test]
fn the_shortest_lived_offsets_are_seen() {
    let cases = [
        (Africa::Freetown, "19390801T000000"),
        (America::Noronha, "20000901T000000"),
        (Asia::Gaza, "20401001T000000"),
    ];
    for (tz, from) in cases {
        let table = Transitions::of(&tz, 1930..=2050);
        let mut at = time(from);
        for _ in 0..3000 {
            assert_eq!(table.offset_at(at), tz.offset_at(at), "{tz} at {at}");
            at += TimeDelta::hours(1);
        }
    }
}

#[test]
fn zones_without_transitions_hold_for_ever() {
    let offset = FixedOffset::east_opt(3600).unwrap();
    let at = time("20240101T000000");
    let span = OffsetSpan {
        offset: 3600,
        start: NaiveDateTime::MIN,
        end: NaiveDateTime::MAX,
    };
    assert_eq!(offset.span_at(at), span);
    assert_eq!(offset.to_utc(at), time("20231231T230000"));
    assert_eq!(Utc.to_utc(at), at);
    let boxed: Box<dyn Zone> = Box::new(offset);
    assert_eq!(boxed.to_local(at), time("20240101T010000"));
}

/// The steps with which the zones of chrono-tz look ahead rely on this.
#[test]
#[ignore = "takes minutes; for updates of chrono-tz"]
fn no_zone_of_the_database_changes_twice_within_a_step_nor_outside_of_1800_to_2100() {
    for tz in chrono_tz::TZ_VARIANTS {
        assert_eq!(
            tz.offset_at(NaiveDateTime::MIN),
            tz.offset_at(time("18000101T000000"))
        );
        let mut at = time("19400101T000000");
        let mut offset = tz.offset_at(at);
        let mut last: Option<NaiveDateTime> = None;
        while at < time("21100101T000000") {
            at += TimeDelta::hours(12);
            let now = tz.offset_at(at);
            if now != offset {
                let modern = at >= time("20090101T000000") && at < time("20400101T000000");
                let step = TimeDelta::days(if modern { 18 } else { 6 });
                assert!(last.is_none_or(|last| at - last > step), "{tz} at {at}");
                assert!(at < time("21000101T000000"), "{tz} at {at}");
                last = Some(at);
                offset = now;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn following_a_zone_is_asking_it_at_each_occurrence(
        tz in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        day in 0_u64..65_000,
        minute in 0_i64..1440,
        rule in prop::sample::select(vec![
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=5",
            "FREQ=WEEKLY;BYDAY=MO,SU",
            "FREQ=HOURLY;INTERVAL=7",
            "FREQ=DAILY;INTERVAL=40",
            "FREQ=MONTHLY",
            "FREQ=YEARLY;INTERVAL=2",
        ]),
    ) {
        let first = time("19300101T000000") + Days::new(day);
        let start = first + TimeDelta::minutes(minute);
        let rule: RRule = rule.parse().unwrap();
        let mut expected: Vec<_> = rule.expand(start).unwrap().take(1200).map(|local| tz.to_utc(local.unwrap())).collect();
        expected.sort_unstable();
        expected.dedup();
        let set = rule.clone().starting(Start::zoned(start, tz)).with_start_member(StartMember::IfGenerated);
        // The second time, the set remembers what it found.
        for _ in 0..2 {
            let found = set.iter().take(expected.len() - 1).map(|found| found.unwrap().utc().unwrap());
            let differs = found.zip(&expected).find(|(found, expected)| found != *expected);
            prop_assert!(differs.is_none(), "{rule} from {start} in {tz}: {differs:?}");
        }
    }
}
