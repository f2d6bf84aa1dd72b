//! The zones of chrono and chrono-tz.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::{DAY, OffsetSpan, Zone, probe};

impl Zone for Utc {
    fn offset_at(&self, _utc: NaiveDateTime) -> i32 {
        0
    }
    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        local
    }
    fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        utc
    }
    fn span_at(&self, _utc: NaiveDateTime) -> OffsetSpan {
        OffsetSpan {
            offset: 0,
            start: NaiveDateTime::MIN,
            end: NaiveDateTime::MAX,
        }
    }
}

impl Zone for FixedOffset {
    fn offset_at(&self, _utc: NaiveDateTime) -> i32 {
        self.local_minus_utc()
    }
    fn span_at(&self, _utc: NaiveDateTime) -> OffsetSpan {
        OffsetSpan {
            offset: self.local_minus_utc(),
            start: NaiveDateTime::MIN,
            end: NaiveDateTime::MAX,
        }
    }
}

/// The shortest time that an offset was ever in force in the tz database is
/// four days (Freetown, 1939), and just under seven since then (Brazil, Gaza).
const REACH: i64 = 6 * DAY;
const EARLY_REACH: i64 = 3 * DAY;
const EARLY: NaiveDate = match NaiveDate::from_ymd_opt(1940, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

impl Zone for Tz {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        self.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    }

    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        let early = utc.date() < EARLY;
        probe(self, utc, if early { EARLY_REACH } else { REACH })
    }
}
