//! Charts of busy time.

use cal_freebusy::{BusyTime, BusyTimes, BusyType, Chart, Error, Interval};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::{at, period};

/// The lines of a chart below the hours, without the day in front.
fn drawn(busy: &[BusyTime], window: &str, zone: Tz) -> Vec<String> {
    let busy: BusyTimes = busy.iter().copied().collect();
    let chart = Chart::new(&busy, &period(window), zone)
        .unwrap()
        .to_string();
    let days = chart.lines().skip(1);
    days.map(|line| line.get(12..).unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_firmest_that_touches_a_half_hour_is_drawn() {
    let busy = [
        BusyTime::new(period("20260302T001500Z/PT1M"), BusyType::Tentative),
        BusyTime::new(period("20260302T002000Z/PT15M"), BusyType::Busy),
        BusyTime::new(period("20260302T010000Z/PT30M"), BusyType::Unavailable),
    ];
    let rows = drawn(&busy, "20260302T000000Z/PT3H", Tz::UTC);
    assert_eq!(rows, ["##x..."]);
}

#[test]
fn what_is_outside_of_the_window_is_blank() {
    let rows = drawn(&[], "20260302T223000Z/PT3H", Tz::UTC);
    assert_eq!(rows, [format!("{}...", " ".repeat(45)), "...".to_owned()]);
}

#[test]
fn days_are_those_of_the_clock_also_where_it_changes() {
    let night = [BusyTime::new(
        period("20260329T003000Z/PT1H"),
        BusyType::Busy,
    )];
    // 01:30 to 02:00 and 03:00 to 03:30; between them the clocks jump.
    assert_eq!(
        drawn(&night, "20260328T230000Z/20260329T220000Z", Berlin),
        [format!("...#  #{}", ".".repeat(41))]
    );
    // The second 02:00 to 03:00 is drawn as the end of the first.
    let night = [BusyTime::new(
        period("20261025T013000Z/PT15M"),
        BusyType::Busy,
    )];
    assert_eq!(
        drawn(&night, "20261024T220000Z/20261025T230000Z", Berlin),
        [format!(".....#{}", ".".repeat(42))]
    );
    let day = period("20260329T000000Z/P1D");
    let busy = [BusyTime::new(day, BusyType::Busy)];
    assert_eq!(
        drawn(&busy, "20260329T000000Z/P1D", Tz::Asia__Kathmandu).len(),
        2
    );
}

#[test]
fn an_empty_window_has_no_days_and_one_of_years_is_refused() {
    assert!(drawn(&[], "20260302T000000Z/PT1S", Tz::UTC).len() == 1);
    let start = at("2026-03-02T00:00:00Z");
    let none = Chart::new(&BusyTimes::new(), &Interval::new(start, start), Tz::UTC).unwrap();
    assert_eq!(none.to_string().lines().count(), 1);
    let years = Chart::new(
        &BusyTimes::new(),
        &period("20260302T000000Z/P4000D"),
        Tz::UTC,
    );
    assert!(matches!(years, Err(Error::WindowTooLong { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_half_hour_is_drawn_free_only_if_all_of_it_is(
        times in prop::collection::vec((0_i64..4320, 0_i64..200), 0..10),
    ) {
        let origin = at("2026-03-02T00:00:00Z");
        let interval = |start: i64, length: i64| {
            let start = origin + TimeDelta::minutes(start);
            Interval::new(start, start + TimeDelta::minutes(length))
        };
        let busy: Vec<BusyTime> = times
            .iter()
            .map(|(start, length)| BusyTime::new(interval(*start, *length), BusyType::Busy))
            .collect();
        let rows = drawn(&busy, "20260302T000000Z/P3D", Tz::UTC).concat();
        for (half_hour, character) in (0..144).zip(rows.chars()) {
            let cell = interval(half_hour * 30, 30);
            let free = busy.iter().all(|time| !time.interval.overlaps(&cell));
            prop_assert_eq!(character == '.', free);
        }
    }
}
