//! Laws of the times of events that do not recur, however these are spelled.

use std::sync::{Arc, LazyLock};

use cal_core::{Calendar, Expansion, TabledZone, Window, ZoneRules};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use proptest::prelude::*;
use proptest::sample::select;

/// More zones than are kept in mind, with gaps and repeated times of an hour,
/// half an hour and a day, and names that mean a zone or none.
const ZONES: [&str; 12] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Juneau",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "W. Europe Standard Time",
    "\"Europe/Berlin\"",
    "\"Nowhere, at all\"",
    "Nowhere",
    "Own",
];

/// A zone that sets its clock at odd times.
const OWN: &str = "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:20200101T000000\n\
    TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\n\
    DTSTART:20260301T003000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0345\nRRULE:FREQ=YEARLY\n\
    END:DAYLIGHT\nBEGIN:STANDARD\nDTSTART:20260904T010000\nTZOFFSETFROM:+0345\n\
    TZOFFSETTO:+0100\nRRULE:FREQ=YEARLY\nEND:STANDARD\nEND:VTIMEZONE\n";

/// Midnights around which the clocks of these zones are set.
const CHANGES: [(i32, u32, u32); 9] = [
    (2026, 3, 29),
    (2026, 10, 25),
    (2026, 3, 8),
    (2026, 11, 1),
    (2026, 4, 5),
    (2011, 12, 30),
    (1867, 10, 18),
    (2026, 9, 4),
    (2026, 7, 1),
];

fn time() -> impl Strategy<Value = NaiveDateTime> {
    let near = (select(&CHANGES[..]), -120..200i64);
    near.prop_map(|((year, month, day), quarters)| {
        let midnight = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        midnight.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(15 * quarters)
    })
}

/// DTSTART or DTEND: in a zone, in UTC, floating, a date.
fn moment(name: &'static str, time: NaiveDateTime, zone: &'static str, form: u8) -> String {
    match form {
        0 => format!("{name}:{}\n", time.format("%Y%m%dT%H%M%SZ")),
        1 => format!("{name}:{}\n", time.format("%Y%m%dT%H%M%S")),
        2 => format!("{name};VALUE=DATE:{}\n", time.format("%Y%m%d")),
        3 => format!("{name};TZID={zone}:{}\n", time.format("%Y%m%dT%H%M%SZ")),
        4 => format!("{name};TZID={zone}:{}\n", time.format("%Y-%m-%dT%H:%M:%S")),
        5 => format!(
            "{name};VALUE=DATE;TZID={zone}:{}\n",
            time.format("%Y%m%dT%H%M%S")
        ),
        _ => format!("{name};TZID={zone}:{}\n", time.format("%Y%m%dT%H%M%S")),
    }
}

fn event() -> impl Strategy<Value = String> {
    let zones = prop_oneof![
        4 => select(&ZONES[..]).prop_map(|zone| [zone, zone]),
        1 => [select(&ZONES[..]), select(&ZONES[..])],
    ];
    let forms = prop_oneof![
        4 => (0..12u8).prop_map(|form| [form, form]),
        1 => [0..12u8, 0..12u8],
    ];
    let rest = select(&["", "", "", "DURATION:PT90M\n", "DTEND:20260301T000000Z\n"][..]);
    (time(), zones, forms, -10..200i64, rest).prop_map(|(start, zones, forms, quarters, rest)| {
        let end = start + TimeDelta::minutes(15 * quarters);
        let start = moment("DTSTART", start, zones[0], forms[0]);
        let end = moment("DTEND", end, zones[1], forms[1]);
        format!("{start}{end}{rest}")
    })
}

fn calendar(events: &[String]) -> Calendar {
    let mut text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\n{OWN}");
    for (uid, event) in events.iter().enumerate() {
        text += &format!("BEGIN:VEVENT\nUID:{uid}\n{event}END:VEVENT\n");
    }
    Calendar::read(text + "END:VCALENDAR\n").calendar
}

/// Knows more from case to case.
static BERLIN: LazyLock<Arc<TabledZone>> =
    LazyLock::new(|| Arc::new(TabledZone::new(chrono_tz::Europe::Berlin)));

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn times_of_single_events_are_those_of_their_occurrences(
        events in proptest::collection::vec(event(), 1..40),
        from in time(), days in 0..400i64, shared in any::<bool>(),
    ) {
        let calendar = calendar(&events);
        let berlin = ZoneRules::from(chrono_tz::Europe::Berlin);
        let zone = if shared { ZoneRules::from(Arc::clone(&BERLIN)) } else { berlin.clone() };
        let window = Window::new(from.and_utc(), from.and_utc() + TimeDelta::days(days));
        for window in [window, Window::ALL] {
            let mut times = Vec::new();
            Expansion::of(&calendar).in_zone(&zone).for_each_time(&window, |found| {
                let found = found.map(|time| (time.component(), time.start_utc(), time.end_utc()));
                times.push(found.map_err(|error| error.to_string()));
            });
            let expected: Vec<_> = calendar
                .occurrences(&window, &berlin)
                .map(|found| match found {
                    Ok(found) => Ok((found.component(), found.start_utc(), found.end_utc())),
                    Err(error) => Err(error.to_string()),
                })
                .collect();
            prop_assert_eq!(times, expected, "{}", calendar);
        }
    }
}
