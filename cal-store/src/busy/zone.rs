//! The zone in which a calendar's dates and floating times are taken (RFC 4791
//! 5.2.2).

use cal_core::{Calendar, ResolvedZone, TimeZones, ZoneRules};

/// The one zone that an iCalendar text defines, and its name. Read leniently: a
/// quirk in it must not keep a client from making its calendar.
#[must_use]
pub fn defined_zone(text: &str) -> Option<(String, ResolvedZone)> {
    let reading = Calendar::read(text.trim_start());
    if reading.incomplete {
        return None;
    }
    let calendar = reading.calendar;
    let mut components = calendar.components();
    let (Some(_), None) = (components.next(), components.next()) else {
        return None;
    };
    let tzid = calendar.time_zones().next()?.tzid()?.into_owned();
    let zone = TimeZones::of(&calendar).resolve(&tzid)?;
    Some((tzid, zone))
}

/// What the owner has set, UTC otherwise.
pub(super) fn rules(text: Option<&str>) -> ZoneRules {
    text.and_then(defined_zone)
        .map_or_else(ZoneRules::utc, |(_, zone)| zone.rules)
}
