//! Laws of expansion, over random calendars.

use cal_core::{Calendar, ComponentKind, Expansion, Occurrence, Window};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::calendar_of;

/// The first instant of the time in which everything happens.
fn origin() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

fn stamp(hours: i64, format: &str) -> String {
    (origin() + TimeDelta::hours(hours))
        .format(format)
        .to_string()
}

/// A property with a moment in one of the forms in which it can be spelled.
fn moment(name: &'static str) -> impl Strategy<Value = String> {
    (0..2400i64, 0..5usize).prop_map(move |(hours, form)| match form {
        0 => format!("{name};VALUE=DATE:{}", stamp(hours, "%Y%m%d")),
        1 => format!("{name}:{}", stamp(hours, "%Y%m%dT%H%M%S")),
        2 => format!("{name}:{}", stamp(hours, "%Y%m%dT%H%M%SZ")),
        3 => format!(
            "{name};TZID=Europe/Berlin:{}",
            stamp(hours, "%Y%m%dT%H%M%S")
        ),
        _ => format!("{name};TZID=Nowhere:{}", stamp(hours, "%Y%m%dT%H%M%S")),
    })
}

/// An RDATE that lasts as long as it says, hours or months.
fn period() -> impl Strategy<Value = String> {
    (0..2400i64, prop_oneof![1..48i64, 400..2000i64]).prop_map(|(start, hours)| {
        let start = stamp(start, "%Y%m%dT%H%M%SZ");
        format!("RDATE;VALUE=PERIOD:{start}/PT{hours}H")
    })
}

fn length() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        (1..200i64).prop_map(|hours| format!("DURATION:PT{hours}H\n")),
        (1..9i64).prop_map(|days| format!("DURATION:P{days}D\n")),
        moment("DTEND").prop_map(|end| end + "\n"),
    ]
}

fn rule() -> impl Strategy<Value = String> {
    let frequency = prop_oneof![
        Just("HOURLY"),
        Just("DAILY"),
        Just("WEEKLY"),
        Just("MONTHLY"),
        Just("YEARLY")
    ];
    let end = prop_oneof![
        Just(String::new()),
        (1..40u32).prop_map(|count| format!(";COUNT={count}")),
        (0..2400i64).prop_map(|hours| format!(";UNTIL={}", stamp(hours, "%Y%m%dT%H%M%SZ"))),
    ];
    let by = prop_oneof![
        Just(""),
        Just(";BYDAY=MO,SA"),
        Just(";BYMONTHDAY=1,-1"),
        Just(";BYHOUR=2,3")
    ];
    (frequency, 1..9u32, end, by).prop_map(|(frequency, interval, end, by)| {
        format!("RRULE:FREQ={frequency};INTERVAL={interval}{end}{by}\n")
    })
}

fn lines(strategy: impl Strategy<Value = String>, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(strategy, 0..=most).prop_map(|lines| {
        lines
            .into_iter()
            .map(|line| line.trim_end().to_owned() + "\n")
            .collect()
    })
}

/// A series with a few overrides, all odd in one way or another.
pub(crate) fn event(uid: u8) -> impl Strategy<Value = String> {
    let series = (
        moment("DTSTART"),
        length(),
        lines(rule(), 1),
        lines(moment("EXDATE"), 2),
        lines(prop_oneof![moment("RDATE"), period()], 2),
    );
    let series = series.prop_map(move |(start, length, rules, exdates, rdates)| {
        format!("BEGIN:VEVENT\nUID:{uid}\n{start}\n{length}{rules}{exdates}{rdates}END:VEVENT\n")
    });
    let id = prop_oneof![
        moment("RECURRENCE-ID"),
        moment("RECURRENCE-ID;RANGE=THISANDFUTURE")
    ];
    let other = (id, moment("DTSTART"), length()).prop_map(move |(id, start, length)| {
        format!("BEGIN:VEVENT\nUID:{uid}\n{id}\n{start}\n{length}END:VEVENT\n")
    });
    (series, lines(other, 3)).prop_map(|(series, others)| series + &others)
}

fn text() -> impl Strategy<Value = String> {
    (event(1), event(2)).prop_map(|(one, two)| calendar_of(&(one + &two)))
}

fn read(text: &str) -> Calendar {
    Calendar::read(text).calendar
}

fn window() -> impl Strategy<Value = Window> {
    (-100..2600i64, 1..800i64).prop_map(|(start, hours)| {
        let start = origin() + TimeDelta::hours(start);
        Window::new(start, start + TimeDelta::hours(hours))
    })
}

/// What tells an occurrence from others.
fn row(occurrence: &Occurrence<'_>) -> (String, String, String, String) {
    (
        occurrence.uid().to_owned(),
        occurrence.start_utc().to_rfc3339(),
        format!("{} {}", occurrence.start(), occurrence.end()),
        format!("{:?}", occurrence.recurrence_id()),
    )
}

fn expand<'a>(calendar: &'a Calendar, window: &Window) -> Vec<Occurrence<'a>> {
    let occurrences = calendar.occurrences(window, chrono_tz::Europe::Berlin);
    occurrences.map(Result::unwrap).collect()
}

/// A window around all that random windows can show.
fn wide() -> Window {
    Window::new(
        origin() - TimeDelta::days(400),
        origin() + TimeDelta::days(200),
    )
}

proptest! {
    #[test]
    fn times_alone_are_those_of_the_occurrences(
        text in text(), window in window(), limit in prop_oneof![0..9usize, Just(100_000)],
    ) {
        let calendar = read(&text);
        let expansion = Expansion::of(&calendar).in_zone(chrono_tz::Europe::Berlin).with_limit(limit);
        let mut alone = Vec::new();
        expansion.for_each_time(&window, |found| {
            let found = found.map(|time| (time.component(), time.start_utc(), time.end_utc()));
            alone.push(found.map_err(|error| error.to_string()));
        });
        let full: Vec<_> = expansion
            .occurrences(&window)
            .map(|found| match found {
                Ok(found) => Ok((found.component(), found.start_utc(), found.end_utc())),
                Err(error) => Err(error.to_string()),
            })
            .collect();
        prop_assert_eq!(alone, full, "{}", calendar);
    }

    #[test]
    fn a_window_shows_what_a_wider_one_shows_in_it(text in text(), window in window()) {
        let calendar = read(&text);
        let mut found: Vec<_> = expand(&calendar, &window).iter().map(row).collect();
        let mut expected: Vec<_> = expand(&calendar, &wide())
            .iter()
            .filter(|found| window.overlaps(found.start_utc(), found.end_utc()))
            .map(row)
            .collect();
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected, "{}", calendar);
    }

    #[test]
    fn occurrences_are_in_the_window_and_in_order(text in text(), window in window()) {
        let calendar = read(&text);
        let found = expand(&calendar, &window);
        for occurrence in &found {
            prop_assert!(occurrence.start_utc() <= occurrence.end_utc());
            prop_assert!(window.overlaps(occurrence.start_utc(), occurrence.end_utc()));
        }
        for pair in found.windows(2) {
            let same = pair[0].uid() == pair[1].uid();
            prop_assert!(!same || pair[0].start_utc() <= pair[1].start_utc(), "{pair:?} {calendar}");
        }
    }

    #[test]
    fn an_agenda_has_the_same_occurrences_in_one_order(text in text(), window in window()) {
        let calendar = read(&text);
        let agenda = calendar.occurrences(&window, chrono_tz::Europe::Berlin).by_start();
        let agenda: Vec<_> = agenda.map(Result::unwrap).collect();
        prop_assert!(agenda.is_sorted_by_key(Occurrence::start_utc));
        let mut rows: Vec<_> = agenda.iter().map(row).collect();
        let mut expected: Vec<_> = expand(&calendar, &window).iter().map(row).collect();
        rows.sort();
        expected.sort();
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn a_span_holds_every_occurrence_in_whatever_zone(
        text in text(),
        zone in prop_oneof![Just("Pacific/Kiritimati"), Just("Pacific/Pago_Pago"), Just("Europe/Berlin")],
    ) {
        let calendar = read(&text);
        let zone: chrono_tz::Tz = zone.parse().unwrap();
        let zones = cal_core::TimeZones::of(&calendar);
        for object in calendar.objects() {
            let span = object.span(&zones);
            for occurrence in calendar.occurrences(&wide(), zone).map(Result::unwrap) {
                if occurrence.uid() == object.uid() {
                    let span = span.unwrap();
                    prop_assert!(span.start().is_none_or(|start| start <= occurrence.start_utc()), "{span} {occurrence:?} {calendar}");
                    prop_assert!(span.end().is_none_or(|end| end >= occurrence.end_utc()), "{span} {occurrence:?} {calendar}");
                }
            }
        }
    }

    #[test]
    fn what_occurs_overlaps_and_what_overlaps_occurs(text in text(), window in window()) {
        let calendar = read(&text);
        let expansion = Expansion::of(&calendar).in_zone(chrono_tz::Europe::Berlin);
        let overlapping = expansion.overlapping(ComponentKind::Event, &window).unwrap();
        let occurring = expand(&calendar, &window);
        for component in calendar.components() {
            let occurs = occurring.iter().any(|found| found.component() == component);
            prop_assert_eq!(occurs, overlapping.contains(&component), "{} {}", component, calendar);
        }
    }

    #[test]
    fn an_expanded_calendar_shows_the_same_instants(text in text(), window in window()) {
        let calendar = read(&text);
        let expansion = Expansion::of(&calendar).in_zone(chrono_tz::Europe::Berlin);
        let expanded = expansion.expanded(&window).unwrap();
        let instants = |calendar: &Calendar| -> Vec<_> {
            let mut rows: Vec<_> = expand(calendar, &Window::ALL)
                .iter()
                .map(|found| (found.uid().to_owned(), found.start_utc(), found.end_utc()))
                .collect();
            rows.sort();
            rows
        };
        let mut expected: Vec<_> = expand(&calendar, &window)
            .iter()
            .map(|found| (found.uid().to_owned(), found.start_utc(), found.end_utc()))
            .collect();
        expected.sort();
        prop_assert_eq!(instants(&expanded), expected, "{}", expanded);
    }

    #[test]
    fn limited_overrides_change_nothing_in_the_window(text in text(), window in window()) {
        let calendar = read(&text);
        let expansion = Expansion::of(&calendar).in_zone(chrono_tz::Europe::Berlin);
        let limited = expansion.with_limited_overrides(&window);
        let rows = |calendar: &Calendar| -> Vec<_> { expand(calendar, &window).iter().map(row).collect() };
        prop_assert_eq!(rows(&limited), rows(&calendar), "{}", limited);
    }
}
