//! Whatever a calendar says, its expansion ends: in order within a component's
//! UID, inside the window, or with an error that names the limit.
#![no_main]

use cal_core::{Calendar, Expansion, Window};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let calendar = Calendar::read(input).calendar;
    let expansion = Expansion::of(&calendar)
        .in_zone(chrono_tz::Australia::Lord_Howe)
        .with_limit(200);
    for occurrence in expansion.occurrences(&Window::ALL).take(1_000) {
        let _ = occurrence;
    }
});
