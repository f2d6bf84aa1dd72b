//! TZID parameters and VTIMEZONEs.

use std::collections::{HashMap, HashSet};

use cal_rrule::Zone as _;
use chrono::{Months, NaiveDateTime};

use super::{Finding, each_component};
use crate::{
    Calendar, CompiledZone, Component, Moment, Property, PropertyKind, Rule, TimeZoneBlock,
    TimeZones, ZoneRules, ZoneSource,
};

/// How many months from its start on the zone of a series is looked at: a
/// year, so that both its summer and its winter are.
const MONTHS_OF_SERIES: u32 = 12;

/// The zones that a calendar defines in vain, because their definitions change
/// more often than any zone does.
pub(super) fn excessive(calendar: &Calendar, zones: &TimeZones) -> HashSet<String> {
    let defined = calendar.time_zones().filter_map(|block| {
        let tzid = block.tzid()?;
        let is_one = zones.resolve(&tzid).is_none() && CompiledZone::is_excessive(&block);
        is_one.then(|| tzid.into_owned())
    });
    defined.collect()
}

pub(super) fn check_property(
    property: &Property<'_>,
    zones: &TimeZones,
    excessive: &HashSet<String>,
    findings: &mut Vec<Finding>,
) {
    let Some(tzid) = property.parameter("TZID") else {
        return;
    };
    let finding = |rule| Finding::at(rule, property).about(&tzid);
    let raw = property.raw_value();
    if raw.split(',').all(|value| value.ends_with('Z')) {
        findings.push(finding(Rule::TzIdOnUtc));
        return;
    }
    match zones.resolve(&tzid).map(|zone| zone.source) {
        // That is told of the definition.
        None if excessive.contains(tzid.as_ref()) => {}
        None => findings.push(finding(Rule::UnknownZone)),
        Some(ZoneSource::Alias | ZoneSource::Offset) => {
            findings.push(finding(Rule::GuessedZone));
        }
        Some(_) => {}
    }
}

/// Zones that are used and not defined, or defined and not used.
pub(super) fn check_definitions(
    calendar: &Calendar,
    excessive: &HashSet<String>,
    findings: &mut Vec<Finding>,
) {
    let mut defined: HashSet<String> = HashSet::new();
    for zone in calendar.time_zones() {
        if let Some(tzid) = zone.tzid()
            && !defined.insert(tzid.clone().into_owned())
        {
            findings.push(Finding::of(Rule::ZoneDefinedTwice, zone.component()).about(&tzid));
        }
    }
    let mut used: HashSet<String> = HashSet::new();
    each_component(calendar, |component| {
        for property in component.properties() {
            if property.kind() == PropertyKind::TzId {
                continue;
            }
            let Some(tzid) = property.parameter("TZID") else {
                continue;
            };
            if !defined.contains(tzid.as_ref()) && !used.contains(tzid.as_ref()) {
                findings.push(Finding::at(Rule::MissingZone, &property).about(&tzid));
            }
            used.insert(tzid.into_owned());
        }
    });
    for zone in calendar.time_zones() {
        if let Some(tzid) = zone.tzid()
            && excessive.contains(tzid.as_ref())
        {
            let finding = Finding::of(Rule::ZoneChangesTooOften, zone.component());
            findings.push(finding.about(&tzid));
        }
        if let Some(tzid) = zone.tzid()
            && !used.contains(tzid.as_ref())
        {
            findings.push(Finding::of(Rule::UnusedZone, zone.component()).about(&tzid));
        }
    }
}

/// Definitions of ids of the zone database that give a time of the calendar
/// another instant than the database. The first such time is told: its event
/// is at one instant for who reads the id, at another for who reads the
/// definition.
pub(super) fn check_differences(
    calendar: &Calendar,
    zones: &TimeZones,
    findings: &mut Vec<Finding>,
) {
    let mut defined: HashMap<String, Both<'_>> = HashMap::new();
    for block in calendar.time_zones() {
        if let Some(both) = Both::of(block, zones) {
            defined.entry(both.tzid.clone()).or_insert(both);
        }
    }
    each_component(calendar, |component| {
        for property in component.properties() {
            if defined.is_empty() {
                return;
            }
            let Some(tzid) = property.parameter("TZID") else {
                continue;
            };
            let Some(both) = defined.get(tzid.as_ref()) else {
                continue;
            };
            let times = times_of(component, &property);
            if let Some(time) = times.into_iter().find(|&time| both.differ_at(time)) {
                let what = format!("{tzid} at {}", time.format("%Y%m%dT%H%M%S"));
                findings.push(Finding::of(Rule::ZoneDiffers, both.block.component()).about(&what));
                defined.remove(tzid.as_ref());
            }
        }
    });
}

/// The rules of an id of the zone database, and those that a VTIMEZONE gives it.
struct Both<'a> {
    tzid: String,
    block: TimeZoneBlock<'a>,
    definition: CompiledZone,
    database: ZoneRules,
}

impl<'a> Both<'a> {
    fn of(block: TimeZoneBlock<'a>, zones: &TimeZones) -> Option<Self> {
        let tzid = block.tzid()?.into_owned();
        let resolved = zones.resolve(&tzid)?;
        if resolved.source != ZoneSource::Iana {
            return None;
        }
        Some(Self {
            definition: CompiledZone::of(&block)?,
            database: resolved.rules,
            tzid,
            block,
        })
    }

    fn differ_at(&self, time: NaiveDateTime) -> bool {
        self.definition.to_utc(time) != self.database.to_utc(time)
    }
}

/// The local times of a property; for the start of a series also those of the
/// months that follow. A value that is no time has none: it is told elsewhere.
fn times_of(component: Component<'_>, property: &Property<'_>) -> Vec<NaiveDateTime> {
    let values = property.date_times().unwrap_or_default();
    let zoned = values.iter().filter(|value| value.tzid().is_some());
    let mut times: Vec<NaiveDateTime> = zoned.map(Moment::local).collect();
    let recurs = || component.property("RRULE").is_some();
    if property.kind() == PropertyKind::DtStart
        && let Some(&start) = times.first()
        && recurs()
    {
        let later = (1..=MONTHS_OF_SERIES).map(Months::new);
        times.extend(later.filter_map(|months| start.checked_add_months(months)));
    }
    times
}
