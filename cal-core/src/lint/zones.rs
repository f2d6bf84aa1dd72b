//! TZID parameters and VTIMEZONEs.

use std::collections::HashSet;

use super::{Finding, each_component};
use crate::{Calendar, CompiledZone, Property, PropertyKind, Rule, TimeZones, ZoneSource};

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
