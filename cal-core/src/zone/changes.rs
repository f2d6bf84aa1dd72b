//! The offset changes of a zone whose rules can only be asked, not listed.

use cal_rrule::Zone;
use chrono::{NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::{OffsetComponents as _, OffsetName as _};

use super::ZoneRules;

/// Two changes closer together than this that cancel out are not seen. No
/// zone has had any since 1970.
const STEP: TimeDelta = TimeDelta::days(7);

/// One offset change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The instant of the change, UTC.
    pub(super) at: NaiveDateTime,
    /// Seconds east of UTC before it.
    pub(super) from: i32,
    /// Seconds east of UTC from then on.
    pub(super) to: i32,
    /// Whether daylight saving time begins.
    pub(super) daylight: bool,
}

/// Every change after `start` and not after `end`, in order.
pub(super) fn between(zone: &ZoneRules, start: NaiveDateTime, end: NaiveDateTime) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut at = start;
    let mut from = zone.offset_at(start);
    while at < end {
        let next = at
            .checked_add_signed(STEP)
            .map_or(end, |next| next.min(end));
        let to = zone.offset_at(next);
        if to != from {
            let at = pinpoint(zone, at, next);
            changes.push(Change {
                at,
                from,
                to,
                daylight: is_daylight(zone, at, from, to),
            });
            from = to;
        }
        at = next;
    }
    changes
}

/// The first instant in `(low, high]` with another offset than `low` has.
fn pinpoint(zone: &ZoneRules, low: NaiveDateTime, high: NaiveDateTime) -> NaiveDateTime {
    let (mut low, mut high) = (low, high);
    let before = zone.offset_at(low);
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if zone.offset_at(middle) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// What the IANA database says; a zone with "winter time" (Dublin, Morocco)
/// counts its summer as daylight saving, as every client expects it.
fn is_daylight(zone: &ZoneRules, at: NaiveDateTime, from: i32, to: i32) -> bool {
    let Some(zone) = zone.iana() else {
        return to > from;
    };
    let saving = |utc: NaiveDateTime| {
        zone.offset_from_utc_datetime(&utc)
            .dst_offset()
            .num_seconds()
    };
    let before = saving(at - TimeDelta::seconds(1));
    saving(at) > 0 || (saving(at) == 0 && before < 0 && to > from)
}

/// The abbreviation in use at an instant (`CEST`, or `+03` where there is
/// none), for zones of the IANA database.
pub(super) fn abbreviation(zone: &ZoneRules, at: NaiveDateTime) -> Option<String> {
    let offset = zone.iana()?.offset_from_utc_datetime(&at);
    if let Some(name) = offset.abbreviation() {
        return Some(name.to_owned());
    }
    let minutes = zone.offset_at(at) / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    Some(match minutes {
        0 => format!("{sign}{hours:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}"),
    })
}
