//! Booking a team.

use cal_freebusy::{BusyTime, BusyTimes, BusyType, Error, Host, Interval, Team, WorkingHours};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use crate::{at, period};

fn busy(periods: &[&str]) -> BusyTimes {
    let times = periods
        .iter()
        .map(|text| BusyTime::new(period(text), BusyType::Busy));
    times.collect()
}

#[test]
fn bookings_go_round_by_the_share_of_each() {
    let free = BusyTimes::new;
    let mut team = Team::new(vec![
        Host::new("Ada", free()),
        Host::new("Bob", free()).with_share(2),
        Host::new("Carol", free()),
    ]);
    let mut booked = [0; 3];
    let (window, hour) = (period("20260302T000000Z/P1D"), TimeDelta::hours(1));
    for slot in window.pieces(hour).take(20) {
        let offers = team.round_robin(&slot, hour, hour).unwrap();
        let next = offers[0].hosts[0];
        booked[next] += 1;
        team.book(next, &slot);
    }
    assert_eq!(booked, [5, 10, 5]);
}

#[test]
fn of_equals_whoever_was_booked_longest_ago_comes_first() {
    let free = BusyTimes::new;
    let team = Team::new(vec![
        Host::new("Ada", free()).with_bookings(2, Some(at("2026-03-01T12:00:00Z"))),
        Host::new("Bob", free()).with_bookings(2, Some(at("2026-02-01T12:00:00Z"))),
        Host::new("Carol", free()).with_bookings(1, Some(at("2026-03-01T13:00:00Z"))),
    ]);
    let slot = period("20260302T090000Z/PT1H");
    let offers = team
        .round_robin(&slot, slot.length(), slot.length())
        .unwrap();
    assert_eq!(offers[0].hosts, [2, 1, 0]);
}

#[test]
fn hosts_are_booked_within_their_hours() {
    let hours = WorkingHours::weekdays(Berlin, "09:00-12:00".parse().unwrap());
    let team = Team::new(vec![
        Host::new("Ada", busy(&["20260302T083000Z/PT5M"])).with_hours(hours),
        Host::new("Bob", BusyTimes::new()),
    ]);
    let window = period("20260302T070000Z/PT6H");
    let (hour, half) = (TimeDelta::hours(1), TimeDelta::minutes(30));
    let together = team.collective(&window, hour, half).unwrap();
    assert_eq!(
        together,
        [
            period("20260302T090000Z/PT1H"),
            period("20260302T093000Z/PT1H"),
            period("20260302T100000Z/PT1H")
        ]
    );
    let any = team.round_robin(&window, hour, half).unwrap();
    assert_eq!(any.len(), 11);
}

#[test]
fn too_many_slots_are_refused() {
    let team = Team::new(Vec::new());
    let decade = period("20260302T000000Z/P3650D");
    let (hour, minute) = (TimeDelta::hours(1), TimeDelta::minutes(1));
    assert!(matches!(
        team.collective(&decade, hour, minute),
        Err(Error::Request { .. })
    ));
    assert!(matches!(
        team.round_robin(&decade, TimeDelta::zero(), hour),
        Err(Error::Request { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_are_free_for_a_collective_slot_and_those_named_for_any_other(
        people in prop::collection::vec(
            prop::collection::vec((0_i64..480, 0_i64..60), 0..5), 1..5,
        ),
    ) {
        let window = period("20260302T080000Z/PT8H");
        let interval = |start: i64, length: i64| {
            let start = window.start() + TimeDelta::minutes(start);
            Interval::new(start, start + TimeDelta::minutes(length))
        };
        let hosts = people.iter().map(|meetings| {
            let times = meetings.iter().map(|(start, length)| {
                BusyTime::new(interval(*start, *length), BusyType::Busy)
            });
            Host::new("", times.collect())
        });
        let team = Team::new(hosts.collect());
        let (length, step) = (TimeDelta::minutes(30), TimeDelta::minutes(10));
        let together = team.collective(&window, length, step).unwrap();
        let offers = team.round_robin(&window, length, step).unwrap();
        for start in (0..=450).step_by(10) {
            let slot = interval(start, 30);
            let can = |meetings: &Vec<(i64, i64)>| {
                meetings.iter().all(|(from, length)| !interval(*from, *length).overlaps(&slot))
            };
            let free: Vec<usize> = (0..people.len()).filter(|who| can(&people[*who])).collect();
            prop_assert_eq!(together.contains(&slot), free.len() == people.len());
            let offer = offers.iter().find(|offer| offer.interval == slot);
            let named = offer.map(|offer| offer.hosts.clone()).unwrap_or_default();
            prop_assert_eq!(named, free);
        }
    }
}
