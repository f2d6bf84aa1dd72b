//! Whatever the JSON, it is refused or read; what was read is written as jCal
//! that reads the same.
#![no_main]

use cal_core::Calendar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &str| {
    let Ok(calendar) = Calendar::from_jcal(json) else {
        return;
    };
    let written = calendar.to_jcal();
    let again = Calendar::from_jcal(&written).expect("what was written is read");
    assert_eq!(again.to_jcal(), written);
});
