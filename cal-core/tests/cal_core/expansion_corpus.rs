//! Every calendar of the corpus, expanded over ten years.

use std::time::{Duration, Instant};

use cal_core::{Calendar, Expansion, Window};
use chrono::{TimeZone, Utc};

use crate::corpus::corpus;

fn decade() -> Window {
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
    Window::new(year(2020), year(2030))
}

#[test]
fn every_calendar_of_the_corpus_expands_over_ten_years_within_a_second() {
    let mut slow = Vec::new();
    for entry in corpus() {
        let calendar = Calendar::read(&entry.bytes).calendar;
        let began = Instant::now();
        let occurrences = calendar.occurrences(&decade(), chrono_tz::Europe::Berlin);
        let count = occurrences.count();
        let took = began.elapsed();
        if took > Duration::from_secs(1) {
            slow.push(format!("{}: {count} in {took:?}", entry.file));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn occurrences_of_the_corpus_are_in_order_in_the_window_and_in_the_span_of_their_object() {
    for entry in corpus() {
        let calendar = Calendar::read(&entry.bytes).calendar;
        let expansion = Expansion::of(&calendar).in_zone(chrono_tz::Pacific::Kiritimati);
        let mut last = None;
        for occurrence in expansion
            .occurrences(&decade())
            .filter_map(Result::ok)
            .take(20_000)
        {
            let (start, end) = (occurrence.start_utc(), occurrence.end_utc());
            let place = format!("{}: {occurrence:?}", entry.file);
            assert!(decade().overlaps(start, end), "{place}");
            let key = Some((occurrence.uid().to_owned(), start));
            if let (Some((uid, before)), Some((same, now))) = (&last, &key) {
                assert!(uid != same || before <= now, "{place}");
            }
            last = key;
        }
        for object in calendar.objects().into_iter().take(300) {
            let span = object.span(expansion.time_zones());
            let text = object
                .components()
                .iter()
                .map(ToString::to_string)
                .collect::<String>();
            let alone =
                Calendar::read(format!("BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n")).calendar;
            let found = Expansion::of(&alone).in_zone(chrono_tz::Pacific::Kiritimati);
            for occurrence in found
                .occurrences(&Window::ALL)
                .filter_map(Result::ok)
                .take(50)
            {
                let span = span.unwrap_or_else(|| panic!("{}: {occurrence:?}", entry.file));
                let (start, end) = (occurrence.start_utc(), occurrence.end_utc());
                let inside = span.start().is_none_or(|first| first <= start)
                    && span.end().is_none_or(|last| end <= last);
                // Without the VTIMEZONEs of its calendar a zone may be unknown.
                let zoned = occurrence.start().tzid().is_some();
                assert!(inside || zoned, "{} {span}: {occurrence:?}", entry.file);
            }
        }
    }
}

#[test]
fn thousands_of_components_with_one_uid_take_no_more_than_moments() {
    let masters: String = (0..10_000)
        .map(|index| {
            format!(
                "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T{:02}0000Z\nEND:VEVENT\n",
                index % 24
            )
        })
        .collect();
    let overrides: String = (0..10_000)
        .map(|index| {
            let (hour, minute) = (index / 60 % 24, index % 60);
            format!(
                "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:2026010{}T{hour:02}{minute:02}00Z\n\
                 DTSTART:20260101T000000Z\nEND:VEVENT\n",
                index / 1440 + 1
            )
        })
        .collect();
    let series = "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY\nEND:VEVENT\n";
    for text in [
        masters.clone(),
        format!("{series}{overrides}"),
        format!("{masters}{overrides}"),
    ] {
        let calendar = Calendar::read(format!("BEGIN:VCALENDAR\n{text}END:VCALENDAR\n")).calendar;
        let began = Instant::now();
        assert!(calendar.occurrences(&decade(), chrono_tz::UTC).count() > 20);
        calendar.span().unwrap();
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{:?}",
            began.elapsed()
        );
    }
}
