//! Whatever the bytes, a lenient reading can be asked, checked and mended, and
//! its warnings lie inside the text.
#![no_main]

use cal_core::{Calendar, TimeZones, apply_fixes, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let reading = Calendar::read(input);
    let calendar = reading.calendar;
    let lines = input.iter().filter(|&&b| matches!(b, b'\n' | b'\r')).count() + 1;
    for warning in &reading.warnings {
        assert!(warning.line() >= 1 && warning.line() as usize <= lines, "{warning}");
    }
    let zones = TimeZones::of(&calendar);
    for event in calendar.events() {
        let _ = (event.summary(), event.start(), event.end());
        for property in event.component().properties() {
            let _ = (property.text(), property.date_times(), property.periods());
            let _ = property.parameter("TZID").map(|tzid| zones.resolve(&tzid));
        }
        let _ = event.attendees().map(|person| person.email()).count();
    }
    let mended = apply_fixes(input, &check(&calendar));
    assert_eq!(Calendar::read(&mended).calendar.to_bytes(), mended);
});
