//! Whatever the XML, it is refused or read; what was read is written as xCal
//! that reads the same.
#![no_main]

use cal_core::Calendar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|xml: &str| {
    let Ok(calendar) = Calendar::from_xcal(xml) else {
        return;
    };
    let written = calendar.to_xcal();
    let again = Calendar::from_xcal(&written.value).expect("what was written is read");
    if written.not_carried.is_empty() {
        assert_eq!(again.to_string(), calendar.to_string());
        assert_eq!(again.to_xcal().value, written.value);
    }
});
