//! The zones of chrono and chrono-tz.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{DAY, OffsetSpan, Zone, change_within, probe};

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

    fn knows_transitions(&self) -> bool {
        true
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

    fn knows_transitions(&self) -> bool {
        true
    }
}

impl Zone for Tz {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        self.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    }

    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        let mut span = probe(self, utc, reach(utc));
        if utc < FIRST_CHANGES {
            span.start = NaiveDateTime::MIN;
        }
        if utc >= LAST_CHANGES {
            span.end = NaiveDateTime::MAX;
        }
        span
    }

    fn span_from(&self, utc: NaiveDateTime) -> OffsetSpan {
        let offset = self.offset_at(utc);
        let span = |end| OffsetSpan {
            offset,
            start: utc,
            end,
        };
        let mut end = if utc < FIRST_CHANGES {
            FIRST_CHANGES
        } else {
            utc
        };
        // Most changes are followed by another within a year.
        while end < LAST_CHANGES {
            let step = reach(end);
            if let Some(change) = change_within(self, (end, offset), step) {
                return span(change);
            }
            end += TimeDelta::seconds(step);
            if end - utc.max(FIRST_CHANGES) > TimeDelta::days(366) {
                return span(end);
            }
        }
        span(NaiveDateTime::MAX)
    }
}

/// The database knows of no change before this.
const FIRST_CHANGES: NaiveDateTime = new_year(1800);

/// The database writes changes out until here.
const LAST_CHANGES: NaiveDateTime = new_year(2100);

/// A time, in seconds, in which no zone of the database changes twice.
///
/// The shortest time that an offset was ever in force is four days (Freetown,
/// 1939), and just under seven since then (Brazil in 2000, Gaza in 2040). In
/// the years in which most calendars live it is twenty (Cairo, 2010).
fn reach(utc: NaiveDateTime) -> i64 {
    if utc < const { new_year(1940) } {
        3 * DAY
    } else if utc >= const { new_year(2009) } && utc < const { new_year(2040) } {
        18 * DAY
    } else {
        6 * DAY
    }
}

const fn new_year(year: i32) -> NaiveDateTime {
    match NaiveDate::from_ymd_opt(year, 1, 1) {
        Some(date) => NaiveDateTime::new(date, NaiveTime::MIN),
        None => NaiveDateTime::MIN,
    }
}
