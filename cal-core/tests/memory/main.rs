//! What a calendar takes of memory beside its text.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "tests stop at the first surprise"
)]

use std::fmt::Write as _;

use bytes::Bytes;
use cal_core::Reader;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const EVENTS: usize = 20_000;

/// A calendar as servers export it.
fn events() -> Bytes {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n".to_owned();
    for n in 0..EVENTS {
        let (month, day, hour) = (n % 12 + 1, n % 28 + 1, n % 9 + 8);
        write!(
            text,
            "BEGIN:VEVENT\r\nUID:{n:08}@example.com\r\nDTSTAMP:20260101T120000Z\r\n\
             DTSTART;TZID=Europe/Berlin:2026{month:02}{day:02}T{hour:02}0000\r\n\
             DURATION:PT30M\r\nSUMMARY:Planning round {n}\r\n\
             DESCRIPTION:Please bring the figures of the last quarter and the list of \r\n \
             open questions.\r\nLOCATION:Main building\\, room {day}\r\n\
             ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:mailto:bo@example.com\r\nEND:VEVENT\r\n"
        )
        .unwrap();
    }
    text.push_str("END:VCALENDAR\r\n");
    text.into()
}

#[test]
fn twenty_thousand_events_take_two_and_a_half_times_their_text_at_most() {
    let text = events();
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let calendar = Reader::new().parse(text.clone()).unwrap();
    let (held, most) = (ALLOCATED.current_usage(), ALLOCATED.peak_usage());
    assert_eq!(calendar.events().count(), EVENTS);
    // The text itself, which the calendar shares, counts as well.
    let bound = text.len() + text.len() * 3 / 2;
    let with_text = |used: usize| used - before + text.len();
    println!(
        "text {} held {} most {}",
        text.len(),
        with_text(held),
        with_text(most)
    );
    assert!(
        with_text(held) <= bound,
        "holds {} of {bound}",
        with_text(held)
    );
    assert!(
        with_text(most) <= bound,
        "takes {} of {bound}",
        with_text(most)
    );
}
