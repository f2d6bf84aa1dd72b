//! Whatever a VTIMEZONE says, its rules answer: an offset holds for as long as
//! they say, and local times find an instant.
#![no_main]

use cal_core::{Calendar, CompiledZone};
use cal_rrule::Zone;
use chrono::{NaiveDate, TimeDelta};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|observances: &[u8]| {
    let mut text = b"BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Its own\r\n".to_vec();
    text.extend_from_slice(observances);
    let calendar = Calendar::read(text).calendar;
    for block in calendar.time_zones().take(4) {
        let Some(zone) = CompiledZone::of(&block) else {
            continue;
        };
        for year in [1500, 1970, 2026, 2100, 9998] {
            let at = NaiveDate::from_ymd_opt(year, 3, 31).and_then(|day| day.and_hms_opt(2, 30, 0));
            let at = at.expect("a day in March");
            let span = zone.span_at(at);
            assert!(span.start <= at && at < span.end, "{at} in {span:?}");
            assert_eq!(zone.offset_at(at), span.offset);
            if let Some(last) = span.end.checked_sub_signed(TimeDelta::seconds(1)) {
                assert_eq!(zone.offset_at(last), span.offset, "{last} in {span:?}");
            }
            let apart = (zone.to_utc(at) - at).num_seconds().abs();
            assert!(apart <= 86_400, "{at} is {apart} seconds from UTC");
        }
    }
});
