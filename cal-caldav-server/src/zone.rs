//! The zone in which dates and floating times are taken (RFC 4791 sections 5.2.2 and 9.8,
//! RFC 7809).

use cal_core::{ResolvedZone, TimeZones, ZoneDefinition, ZoneRules, ZoneSource};
use cal_dav::report::QueryZone;
use cal_dav::response::Precondition;
use cal_store::Collection;
pub(crate) use cal_store::defined_zone as defined;

use crate::refusal::Refusal;

/// The zone of a calendar: what its owner has set, UTC otherwise.
pub(crate) fn of_collection(collection: &Collection) -> ZoneRules {
    let text = collection.details.time_zone.as_deref();
    text.and_then(defined)
        .map_or_else(ZoneRules::utc, |(_, zone)| zone.rules)
}

/// The zone that a query names, which must be one.
pub(crate) fn of_query(zone: &QueryZone) -> Result<ZoneRules, Refusal> {
    match zone {
        QueryZone::Data(text) => match defined(text) {
            Some((_, zone)) => Ok(zone.rules),
            None => Err(Precondition::ValidCalendarData.into()),
        },
        QueryZone::Id(id) => match iana(id) {
            Some(zone) => Ok(zone.rules),
            None => Err(Precondition::ValidTimezone.into()),
        },
    }
}

/// The IANA id of the zone that a `CALDAV:calendar-timezone` defines, where it has one.
pub(crate) fn iana_id(text: &str) -> Option<String> {
    let (_, zone) = defined(text)?;
    zone.rules.iana().map(|zone| zone.name().to_owned())
}

/// A `CALDAV:calendar-timezone` for an IANA id, if there is such a zone.
pub(crate) fn definition(id: &str) -> Option<String> {
    let zone = iana(id)?;
    let block = ZoneDefinition::new(id, zone.rules);
    Some(format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//cal-rs//cal-caldav-server//EN\r\n{block}END:VCALENDAR\r\n"
    ))
}

fn iana(id: &str) -> Option<ResolvedZone> {
    TimeZones::default()
        .resolve(id)
        .filter(|zone| zone.source == ZoneSource::Iana)
}
