//! Whatever the bytes, the lenient reader answers and the strict one answers
//! or refuses; neither panics.
#![no_main]

use cal_core::Calendar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let reading = Calendar::read(input.to_vec());
    for component in reading.calendar.components() {
        for property in component.properties() {
            let _ = property.text();
            let _ = property.moment();
        }
    }
    if let Ok(text) = std::str::from_utf8(input) {
        let _ = text.parse::<Calendar>();
    }
});
