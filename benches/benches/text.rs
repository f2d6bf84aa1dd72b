//! Groups `parse` and `print`: ten megabytes of events to a model and back,
//! beside `icalendar` (its borrowing parser) and `calcard`. `parse/syntax` is
//! lines, folds and parameters alone, `parse/doubling` hostile texts of doubling
//! sizes: the same throughput at each says that time grows with the length.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a benchmark stops at the first surprise"
)]

use std::fmt::Write as _;
use std::hint::black_box;

use cal_core::Calendar;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const EVENTS: usize = 20_000;

/// A calendar as servers export it: zoned and all-day events, some repeating,
/// folded descriptions, attendees, alarms.
fn input() -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Bench//EN\r\n".to_owned();
    for n in 0..EVENTS {
        let (month, day, hour) = (n % 12 + 1, n % 28 + 1, n % 9 + 8);
        write!(
            text,
            "BEGIN:VEVENT\r\nUID:{n:08}-7a1f-4f0e@example.com\r\nDTSTAMP:20260101T120000Z\r\n\
             DTSTART;TZID=Europe/Berlin:2026{month:02}{day:02}T{hour:02}0000\r\n\
             DTEND;TZID=Europe/Berlin:2026{month:02}{day:02}T{hour:02}3000\r\n\
             SUMMARY:Planning round {n}\\, second floor\r\n\
             DESCRIPTION:Please bring the figures of the last quarter and the list of \r\n \
             open questions.\\nThe room has a projector\\; cables are in the drawer.\r\n\
             LOCATION:Main building\\, room {day}\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n\
             ORGANIZER;CN=\"Lovelace, Ada\":mailto:ada@example.com\r\n"
        )
        .unwrap();
        if n % 5 == 0 {
            text.push_str("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=20\r\n");
        }
        if n % 4 == 0 {
            text.push_str(
                "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:bo@example.com\r\n\
                 BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n",
            );
        }
        text.push_str("END:VEVENT\r\n");
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

fn parse(c: &mut Criterion) {
    let text = input();
    let mut group = c.benchmark_group("parse");
    group
        .throughput(Throughput::Bytes(text.len() as u64))
        .sample_size(20);
    group.bench_function("cal", |b| {
        b.iter(|| black_box(Calendar::parse(&text).unwrap()));
    });
    group.bench_function("icalendar", |b| {
        b.iter(|| {
            let unfolded = icalendar::parser::unfold(&text);
            black_box(
                icalendar::parser::read_calendar(&unfolded)
                    .unwrap()
                    .components
                    .len(),
            )
        });
    });
    group.bench_function("calcard", |b| {
        b.iter(|| black_box(calcard::Parser::new(&text).entry()));
    });
    group.finish();
}

/// Properties that have no type: nothing but lines is read.
fn syntax(c: &mut Criterion) {
    let line = "X-EXAMPLE;X-ONE=plain;X-TWO=\"quoted; it is\":some text that goes on for a while and \r\n is folded\r\n";
    let component = format!("BEGIN:X-PART\r\n{}END:X-PART\r\n", line.repeat(1_000));
    let text = format!(
        "BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n",
        component.repeat(100)
    );
    let mut group = c.benchmark_group("parse/syntax");
    group
        .throughput(Throughput::Bytes(text.len() as u64))
        .sample_size(20);
    group.bench_function("cal", |b| b.iter(|| black_box(Calendar::read(&text))));
    group.finish();
}

/// Texts made to be slow, of about this many bytes.
fn hostile(size: usize) -> [(&'static str, String); 6] {
    let event = |lines: String| {
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{lines}END:VEVENT\nEND:VCALENDAR\n")
    };
    [
        (
            "folds",
            event(format!("SUMMARY:x{}\n", "\n x".repeat(size / 3))),
        ),
        ("nesting", "BEGIN:X-A\n".repeat(size / 10)),
        (
            "stray_ends",
            format!("BEGIN:VCALENDAR\n{}", "END:X-A\n".repeat(size / 8)),
        ),
        ("open_quotes", event("X-A;P=\"x\n".repeat(size / 9))),
        (
            "exdates",
            event(format!(
                "DTSTART:20260101T000000Z\nEXDATE:{}20260101T000000Z\n",
                "20260101T000000Z,".repeat(size / 17)
            )),
        ),
        (
            "same_uid",
            format!(
                "BEGIN:VCALENDAR\n{}END:VCALENDAR\n",
                "BEGIN:VEVENT\nUID:1\nEND:VEVENT\n".repeat(size / 30)
            ),
        ),
    ]
}

fn doubling(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse/doubling");
    group.sample_size(10);
    for size in [1 << 18, 1 << 19, 1 << 20, 1 << 21] {
        for (shape, text) in hostile(size) {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(shape, size), &text, |b, text| {
                b.iter(|| black_box(Calendar::read(text)));
            });
        }
    }
    group.finish();
}

fn print(c: &mut Criterion) {
    let text = input();
    let mut group = c.benchmark_group("print");
    group
        .throughput(Throughput::Bytes(text.len() as u64))
        .sample_size(20);
    let calendar = Calendar::parse(&text).unwrap();
    group.bench_function("cal", |b| b.iter(|| black_box(calendar.to_string())));
    let unfolded = icalendar::parser::unfold(&text);
    let peer = icalendar::parser::read_calendar(&unfolded).unwrap();
    group.bench_function("icalendar", |b| b.iter(|| black_box(peer.to_string())));
    let calcard::Entry::ICalendar(peer) = calcard::Parser::new(&text).entry() else {
        return;
    };
    group.bench_function("calcard", |b| b.iter(|| black_box(peer.to_string())));
    group.finish();
}

/// Cost of one edit in a large calendar, printing included.
fn edit(c: &mut Criterion) {
    let text = input();
    let calendar = Calendar::parse(&text).unwrap();
    let mut group = c.benchmark_group("edit");
    group
        .throughput(Throughput::Bytes(text.len() as u64))
        .sample_size(20);
    group.bench_function("cal", |b| {
        b.iter_batched(
            || calendar.clone(),
            |mut calendar| {
                let id = calendar.components().nth(EVENTS / 2).unwrap().id();
                calendar.component_mut(id).unwrap().set_summary("Moved");
                black_box(calendar.to_bytes())
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, parse, syntax, doubling, print, edit);
criterion_main!(benches);
