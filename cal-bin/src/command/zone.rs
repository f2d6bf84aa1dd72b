//! Zones on the command line.

use cal_core::{TimeZones, ZoneRules};

/// The rules of a zone by its IANA id, Windows name or a known alias.
pub(super) fn parse(name: &str) -> Result<ZoneRules, String> {
    TimeZones::default()
        .resolve(name)
        .map(|zone| zone.rules)
        .ok_or_else(|| "a zone is named like Europe/Berlin or UTC".to_owned())
}
