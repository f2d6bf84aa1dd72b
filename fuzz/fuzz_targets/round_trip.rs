//! What was read and not touched is printed byte for byte.
#![no_main]

use cal_core::Calendar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let reading = Calendar::read(input.to_vec());
    assert_eq!(reading.calendar.to_bytes(), input);
});
