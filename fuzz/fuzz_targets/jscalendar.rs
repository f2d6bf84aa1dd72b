//! Whatever the JSON, it is refused or read; what was read is written as
//! JSCalendar that reads the same.
#![no_main]

use cal_core::Calendar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &str| {
    let Ok(read) = Calendar::from_jscal(json) else {
        return;
    };
    let written = read.value.to_jscal();
    let again = Calendar::from_jscal(&written.value).expect("what was written is read");
    let twice = again.value.to_jscal();
    let third = Calendar::from_jscal(&twice.value).expect("what was written is read");
    assert_eq!(third.value.to_string(), again.value.to_string());
});
