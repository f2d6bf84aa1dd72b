//! Laws of zones that a calendar defines itself, over random VTIMEZONEs.

use cal_core::{Calendar, TabledZone, TimeZones, Window, ZoneRules};
use cal_rrule::Zone;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::calendar_of;

/// The first instant of the time in which everything happens: 2026.
fn origin() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

fn day(days: i64, format: &str) -> String {
    (origin() + TimeDelta::days(days))
        .format(format)
        .to_string()
}

/// What makes an observance return: nothing, a rule, or dates.
fn recurrence() -> impl Strategy<Value = String> {
    let end = prop_oneof![
        3 => Just(String::new()),
        1 => (0..60_000i64).prop_map(|days| format!(";UNTIL={}", day(days, "%Y%m%dT%H%M%SZ"))),
        1 => (1..20u32).prop_map(|count| format!(";COUNT={count}")),
    ];
    let rule = (
        prop_oneof![Just(1u32), 2..15u32, 50..120u32],
        1..13u32,
        prop_oneof![
            Just(";BYDAY=-1SU"),
            Just(";BYDAY=2SU"),
            Just(";BYMONTHDAY=1"),
            Just(";BYMONTHDAY=29")
        ],
        end,
    );
    prop_oneof![
        1 => Just(String::new()),
        4 => rule.prop_map(|(interval, month, by, end)| {
            format!("RRULE:FREQ=YEARLY;INTERVAL={interval};BYMONTH={month}{by}{end}\n")
        }),
        1 => prop::collection::vec(-20_000..60_000i64, 1..5).prop_map(|days| {
            let dates: Vec<String> = days.iter().map(|at| day(*at, "%Y%m%dT020000")).collect();
            format!("RDATE:{}\n", dates.join(","))
        }),
    ]
}

/// A VTIMEZONE of a few observances.
fn definition() -> impl Strategy<Value = String> {
    let observance = (-40_000..10_000i64, -12..15i32, -12..15i32, recurrence());
    let observance = observance.prop_map(|(start, from, to, recurrence)| {
        let start = day(start, "%Y%m%dT020000");
        format!(
            "BEGIN:STANDARD\nDTSTART:{start}\nTZOFFSETFROM:{from:+03}00\nTZOFFSETTO:{to:+03}00\n\
             {recurrence}END:STANDARD\n"
        )
    });
    prop::collection::vec(observance, 1..5).prop_map(|observances| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:Its own\n{}END:VTIMEZONE\n",
            observances.concat()
        )
    })
}

fn rules_of(definition: &str) -> ZoneRules {
    let calendar = Calendar::read(calendar_of(definition)).calendar;
    let zone = TimeZones::of(&calendar).resolve("Its own");
    zone.unwrap_or_else(|| panic!("{definition}")).rules
}

/// A series in the zone that the calendar defines.
fn series() -> impl Strategy<Value = String> {
    let rule = prop_oneof![
        Just("FREQ=DAILY;INTERVAL=5"),
        Just("FREQ=WEEKLY"),
        Just("FREQ=MONTHLY;BYDAY=-1SU"),
        Just("FREQ=YEARLY"),
        Just("FREQ=DAILY;INTERVAL=3;BYHOUR=1,2,3"),
    ];
    (definition(), rule, -20_000..20_000i64).prop_map(|(definition, rule, start)| {
        let start = day(start, "%Y%m%dT023000");
        calendar_of(&format!(
            "{definition}BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
             DTSTART;TZID=Its own:{start}\nDURATION:PT1H\nRRULE:{rule}\nEND:VEVENT\n"
        ))
    })
}

/// The starts in a window, by a fresh reading, so that nothing is kept from
/// one question to the next.
fn starts(text: &str, window: &Window) -> Vec<DateTime<Utc>> {
    let calendar = Calendar::read(text).calendar;
    let occurrences = calendar.occurrences(window, chrono_tz::UTC);
    occurrences
        .map(|found| found.unwrap().start_utc())
        .collect()
}

/// The same as its definition says it, without any table.
fn naive_offset(onsets: &[(NaiveDateTime, i32)], before: i32, at: NaiveDateTime) -> i32 {
    let passed = onsets.iter().filter(|(onset, _)| *onset <= at);
    passed
        .max_by_key(|(onset, _)| *onset)
        .map_or(before, |(_, offset)| *offset)
}

proptest! {
    #[test]
    fn what_a_series_gives_does_not_depend_on_the_window(
        text in series(),
        from in -20_000..70_000i64,
        days in 1..3_000i64,
        cut in 0..3_000i64,
    ) {
        let start = origin() + TimeDelta::days(from);
        let end = start + TimeDelta::days(days);
        let middle = start + TimeDelta::days(cut.min(days));
        let whole = starts(&text, &Window::new(start, end));
        let within = |from, to| {
            let found = starts(&text, &Window::new(from, to));
            found.into_iter().filter(move |at| from <= *at && *at < to)
        };
        let parts: Vec<_> = within(start, middle).chain(within(middle, end)).collect();
        let whole: Vec<_> = whole.into_iter().filter(|at| start <= *at).collect();
        prop_assert_eq!(whole, parts, "{}", text);
    }

    #[test]
    fn a_zone_that_is_asked_often_answers_as_before(
        index in 0..chrono_tz::TZ_VARIANTS.len(),
        from in -60_000_000..75_000_000i64,
    ) {
        let zone = chrono_tz::TZ_VARIANTS[index];
        let tabled = TabledZone::new(zone);
        for step in 0..400 {
            let at = origin() + TimeDelta::minutes(from) + TimeDelta::hours(7 * step);
            let at = at.naive_utc();
            prop_assert_eq!(tabled.offset_at(at), zone.offset_at(at), "{} {}", zone, at);
            prop_assert_eq!(tabled.to_utc(at), zone.to_utc(at), "{} {}", zone, at);
            let span = tabled.span_at(at);
            prop_assert!(span.start <= at && at < span.end, "{} {}", zone, at);
            prop_assert_eq!(span.offset, zone.offset_at(at));
            let last = span.end - TimeDelta::seconds(1);
            prop_assert_eq!(span.offset, zone.offset_at(last), "{} {:?}", zone, span);
            prop_assert_eq!(span.offset, zone.offset_at(span.start), "{} {:?}", zone, span);
        }
    }

    #[test]
    fn an_offset_holds_for_as_long_as_the_zone_says(
        definition in definition(),
        from in -40_000..400_000i64,
    ) {
        let zone = rules_of(&definition);
        let mut at = (origin() + TimeDelta::days(from)).naive_utc();
        for _ in 0..20 {
            let span = zone.span_at(at);
            prop_assert!(span.start <= at && at < span.end);
            let length = span.end.min(at + TimeDelta::days(1_000_000)) - at;
            for part in 0..50 {
                let inside = at + length / 50 * part;
                prop_assert_eq!(zone.offset_at(inside), span.offset, "{} in {:?}", inside, span);
            }
            if span.end == NaiveDateTime::MAX {
                break;
            }
            at = span.end;
        }
    }

    #[test]
    fn a_zone_of_single_onsets_is_in_force_from_each_on(
        onsets in prop::collection::btree_map(-40_000..60_000i64, -12..15i32, 1..20),
        at in -50_000..70_000i64,
    ) {
        let text: String = onsets.iter().map(|(start, to)| format!(
            "BEGIN:STANDARD\nDTSTART:{}\nTZOFFSETFROM:+0000\nTZOFFSETTO:{to:+03}00\nEND:STANDARD\n",
            day(*start, "%Y%m%dT020000"),
        )).collect();
        let zone = rules_of(&format!("BEGIN:VTIMEZONE\nTZID:Its own\n{text}END:VTIMEZONE\n"));
        let onsets: Vec<(NaiveDateTime, i32)> = onsets
            .iter()
            .map(|(start, to)| {
                let onset = origin() + TimeDelta::days(*start) + TimeDelta::hours(2);
                (onset.naive_utc(), to * 3600)
            })
            .collect();
        let at = (origin() + TimeDelta::days(at)).naive_utc();
        prop_assert_eq!(zone.offset_at(at), naive_offset(&onsets, 0, at));
    }
}

#[test]
fn a_rule_of_many_years_holds_until_it_returns() {
    // In force from 2026 on, again in 2126: in between nothing changes.
    let zone = rules_of(
        "BEGIN:VTIMEZONE\nTZID:Its own\n\
         BEGIN:STANDARD\nDTSTART:20260301T020000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n\
         RRULE:FREQ=YEARLY;INTERVAL=100\nEND:STANDARD\n\
         BEGIN:STANDARD\nDTSTART:20760301T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0000\n\
         RRULE:FREQ=YEARLY;INTERVAL=100\nEND:STANDARD\nEND:VTIMEZONE\n",
    );
    for (year, offset) in [
        (2025, 0),
        (2027, 3600),
        (2075, 3600),
        (2077, 0),
        (2125, 0),
        (2127, 3600),
        (9977, 0),
        (12_000, 0),
    ] {
        let day = chrono::NaiveDate::from_ymd_opt(year, 7, 1).unwrap();
        let noon = day.and_hms_opt(12, 0, 0).unwrap();
        assert_eq!(zone.offset_at(noon), offset, "{year}");
        assert_eq!(
            (noon - zone.to_utc(noon)).num_seconds(),
            i64::from(offset),
            "{year}"
        );
    }
}
