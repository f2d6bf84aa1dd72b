//! Hours of the week on the clocks of many zones.

use cal_core::Calendar;
use cal_freebusy::{Availability, Error, Interval, Schedule, TimeOfDay, WorkingHours};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Berlin;
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::{at, period};

fn time(text: &str) -> TimeOfDay {
    text.parse().expect(text)
}

fn every_day(zone: Tz, hours: &str) -> WorkingHours {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    [Mon, Tue, Wed, Thu, Fri, Sat, Sun]
        .into_iter()
        .fold(WorkingHours::new(zone), |all, day| {
            all.with_hours(day, time(hours))
        })
}

/// Zone, hours of every day, window, what of it is open in UTC.
const GOLDEN: &str = "
Europe/Berlin 09:00-17:00 20260328T000000Z/P1D 20260328T080000Z/20260328T160000Z
Europe/Berlin 09:00-17:00 20260329T000000Z/P1D 20260329T070000Z/20260329T150000Z
Europe/Berlin 00:00-06:00 20260328T220000Z/PT8H 20260328T230000Z/20260329T040000Z
Europe/Berlin 00:00-06:00 20261024T210000Z/PT10H 20261024T220000Z/20261025T050000Z
Europe/Berlin 03:00-05:00 20260328T220000Z/PT8H 20260329T010000Z/20260329T030000Z
Europe/Berlin 02:30-06:00 20260328T220000Z/PT8H 20260329T013000Z/20260329T040000Z
America/New_York 09:00-17:00 20260308T000000Z/P1D 20260308T130000Z/20260308T210000Z
America/New_York 01:00-04:00 20261101T000000Z/P1D 20261101T050000Z/20261101T090000Z
America/St_Johns 09:00-17:00 20260307T000000Z/P1D 20260307T123000Z/20260307T203000Z
America/St_Johns 09:00-17:00 20260308T000000Z/P1D 20260308T113000Z/20260308T193000Z
Australia/Lord_Howe 09:00-17:00 20260404T200000Z/P1D 20260404T223000Z/20260405T063000Z
Australia/Lord_Howe 00:00-06:00 20260404T120000Z/PT9H 20260404T130000Z/20260404T193000Z
Australia/Lord_Howe 00:00-06:00 20261003T120000Z/PT9H 20261003T133000Z/20261003T190000Z
Asia/Kolkata 09:00-17:00 20260329T000000Z/P1D 20260329T033000Z/20260329T113000Z
Asia/Kathmandu 09:00-17:00 20260329T000000Z/P1D 20260329T031500Z/20260329T111500Z
Australia/Eucla 09:00-17:00 20260329T000000Z/P1D 20260329T001500Z/20260329T081500Z
Pacific/Chatham 09:00-17:00 20260403T150000Z/P1D 20260403T191500Z/20260404T031500Z
Pacific/Chatham 09:00-17:00 20260404T160000Z/P1D 20260404T201500Z/20260405T041500Z
America/Santiago 01:00-03:00 20260906T000000Z/PT12H 20260906T040000Z/20260906T060000Z
";

#[test]
fn hours_follow_the_clock_where_it_changes() {
    for line in GOLDEN.trim().lines() {
        let cells: Vec<&str> = line.split(' ').collect();
        let [zone, hours, window, expected] = cells[..] else {
            panic!("{line}")
        };
        let zone: Tz = zone.parse().unwrap();
        let open = every_day(zone, hours).open(&period(window)).unwrap();
        assert_eq!(open, [period(expected)], "{line}");
    }
}

#[test]
fn a_night_shift_goes_on_into_the_next_day() {
    let hours = WorkingHours::new(Berlin).with_hours(Weekday::Mon, time("22:00-06:00"));
    let open = hours.open(&period("20260302T000000Z/P7D")).unwrap();
    assert_eq!(open, [period("20260302T210000Z/20260303T050000Z")]);
    let tuesday = hours.open(&period("20260303T000000Z/P1D")).unwrap();
    assert_eq!(tuesday, [period("20260303T000000Z/20260303T050000Z")]);
}

#[test]
fn whole_days_that_follow_each_other_are_one() {
    let open = every_day(Berlin, "00:00-24:00").open(&period("20260301T000000Z/P60D"));
    assert_eq!(open.unwrap(), [period("20260301T000000Z/P60D")]);
}

#[test]
fn margins_stretch_the_hours_and_are_bounded() {
    let day = period("20260302T000000Z/P1D");
    let hours = every_day(Berlin, "09:00-17:00");
    let stretched = |before: i64, after: i64| {
        let (before, after) = (TimeDelta::minutes(before), TimeDelta::minutes(after));
        hours
            .clone()
            .with_margins(before, after)
            .stretched(&day)
            .unwrap()
    };
    assert_eq!(
        stretched(60, 240),
        [period("20260302T070000Z/20260302T200000Z")]
    );
    assert_eq!(
        stretched(-60, 0),
        [period("20260302T080000Z/20260302T160000Z")]
    );
    assert_eq!(stretched(1_000_000, i64::from(i32::MAX)), [day]);
}

#[test]
fn a_window_of_centuries_is_refused() {
    let hours = every_day(Berlin, "09:00-17:00");
    let window = Interval::new(at("1600-01-01T00:00:00Z"), at("2600-01-01T00:00:00Z"));
    assert!(matches!(
        hours.open(&window),
        Err(Error::WindowTooLong { .. })
    ));
}

#[test]
fn times_of_the_day_are_read_and_written() {
    for text in ["09:00-17:00", "22:00-06:00", "00:00-00:00"] {
        assert_eq!(time(text).to_string(), text);
    }
    assert_eq!(time("8:30 - 24:00").to_string(), "08:30-00:00");
    for text in [
        "",
        "9-17",
        "09:00",
        "25:00-26:00",
        "09:00-17:00-18:00",
        "🎉-🎉",
    ] {
        assert!(
            matches!(text.parse::<TimeOfDay>(), Err(Error::TimeOfDay { .. })),
            "{text}"
        );
    }
}

/// The instant of a wall-clock time by the database itself.
fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local).earliest() {
        Some(at) => at.to_utc(),
        None => {
            let before = zone.offset_from_utc_datetime(&(local - TimeDelta::days(1)));
            (local - before.fix()).and_utc()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hours_start_and_end_when_the_database_says(
        zone in prop::sample::select(vec![
            Berlin, Tz::America__New_York, Tz::America__Santiago, Tz::America__Havana,
            Tz::Asia__Beirut, Tz::Australia__Lord_Howe, Tz::Pacific__Chatham, Tz::Africa__Cairo,
            Tz::Asia__Kolkata, Tz::Africa__Casablanca,
        ]),
        day in 0_u64..365, from in 0_u32..1425, length in 1_u32..300,
    ) {
        let to = (from + length).min(1439);
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let hours = every_day(zone, &format!("{}-{}", clock(from), clock(to)));
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(day);
        let at = |minute: u32| day.and_hms_opt(minute / 60, minute % 60, 0).unwrap();
        let expected = Interval::new(instant(zone, at(from)), instant(zone, at(to)));
        let year = period("20251225T000000Z/P400D");
        let open = hours.open(&year).unwrap();
        prop_assert!(expected.is_empty() || open.contains(&expected), "{}", expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_as_a_vavailability_reads_back_as_the_same_hours(
        zone in prop::sample::select(vec![
            Berlin, Tz::UTC, Tz::America__St_Johns, Tz::Australia__Lord_Howe, Tz::Asia__Kathmandu,
        ]),
        shifts in prop::collection::vec((0_u32..7, 0_u32..48, 1_u32..40), 0..6),
        uid in "[a-z][a-zA-Z0-9;,\\\\ é🎉-]{0,90}",
    ) {
        let clock = |half: u32| format!("{:02}:{:02}", half / 2 % 24, half % 2 * 30);
        let hours = shifts.iter().fold(WorkingHours::new(zone), |all, (day, from, length)| {
            let day = Weekday::try_from(u8::try_from(*day).unwrap()).unwrap();
            all.with_hours(day, time(&format!("{}-{}", clock(*from), clock(from + length))))
        });
        let text = hours.to_vavailability(&uid, at("2026-02-01T12:00:00Z")).unwrap();
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
        let calendar = Calendar::parse(&text).unwrap();
        let schedule = Schedule::new(Tz::Pacific__Apia).with_calendar(&calendar);
        // Over a change of the clocks an AVAILABLE is as long as ever, where
        // the working hours are as the wall has them.
        let by_day = shifts.iter().all(|(_, from, length)| *from >= 8 && from + length <= 44);
        let window = if by_day { "20260320T000000Z/P28D" } else { "20260601T000000Z/P28D" };
        let window = period(window);
        let availability = Availability::of(&schedule, &window);
        prop_assert_eq!(availability.faults(), []);
        let free: Vec<Interval> = availability.free_slots(TimeDelta::zero()).collect();
        prop_assert_eq!(free, hours.open(&window).unwrap());
    }
}
