//! Whatever the bytes, reading a request ends with a value or an error; what
//! was read is written as a document that reads the same.
#![no_main]

use cal_dav::report::CalendarQuery;
use cal_dav::request::{PropertyUpdate, Propfind};
use cal_dav::{Limits, XmlElement};
use libfuzzer_sys::fuzz_target;

fn round_trip<E: XmlElement + PartialEq + std::fmt::Debug>(document: &[u8]) {
    let limits = Limits::REQUEST;
    if let Ok(value) = E::parse(document, &limits) {
        let again = E::parse(&value.to_bytes(), &limits).expect("what was written is read");
        assert_eq!(again, value);
    }
}

fuzz_target!(|document: &[u8]| {
    round_trip::<Propfind>(document);
    round_trip::<PropertyUpdate>(document);
    round_trip::<CalendarQuery>(document);
});
