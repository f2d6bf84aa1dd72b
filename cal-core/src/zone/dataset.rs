//! Rules of named zones that stand in for those built in: another release of
//! the zone database.

use std::collections::HashMap;
use std::sync::Arc;

use super::{CompiledZone, ZoneRules, name};
use crate::Calendar;

/// A release of the zone database: which rules an IANA id stands for. What it
/// does not name has the rules that are built in (see
/// [`tzdata_version`](crate::tzdata_version)).
///
/// ```
/// use cal_core::{Calendar, ZoneDataset};
/// use cal_rrule::Zone;
/// use chrono::NaiveDate;
///
/// let release = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\n\
///     DTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\n\
///     END:VTIMEZONE\nEND:VCALENDAR\n";
/// let dataset = ZoneDataset::of_definitions(&Calendar::read(release).calendar);
/// let noon = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
/// assert_eq!(dataset.rules("Europe/Berlin").unwrap().offset_at(noon), 3600);
/// assert_eq!(dataset.rules("Europe/Paris").unwrap().offset_at(noon), 7200);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ZoneDataset {
    zones: Arc<HashMap<String, ZoneRules>>,
}

impl ZoneDataset {
    /// The release that is built in.
    #[must_use]
    pub fn built_in() -> Self {
        Self::default()
    }

    /// The VTIMEZONEs of a calendar, by their TZIDs. One without an observance
    /// that makes sense is left out; of several with one TZID the first counts.
    #[must_use]
    pub fn of_definitions(calendar: &Calendar) -> Self {
        let mut zones = HashMap::new();
        for block in calendar.time_zones() {
            if let (Some(tzid), Some(rules)) = (block.tzid(), CompiledZone::of(&block)) {
                let tzid = tzid.trim().to_owned();
                zones.entry(tzid).or_insert_with(|| rules.into());
            }
        }
        Self {
            zones: Arc::new(zones),
        }
    }

    /// With other rules for one zone.
    #[must_use]
    pub fn with_zone(mut self, tzid: impl Into<String>, rules: impl Into<ZoneRules>) -> Self {
        Arc::make_mut(&mut self.zones).insert(tzid.into(), rules.into());
        self
    }

    /// The rules of a zone; `None` if neither this release nor the one built in
    /// knows its name.
    #[must_use]
    pub fn rules(&self, tzid: &str) -> Option<ZoneRules> {
        let own = self.zones.get(tzid).cloned();
        own.or_else(|| name::iana(tzid).map(ZoneRules::from))
    }

    /// These rules as this release has them, if they are those of an IANA id.
    pub(super) fn instead_of(&self, rules: ZoneRules) -> ZoneRules {
        let named = rules.iana().and_then(|zone| self.zones.get(zone.name()));
        named.cloned().unwrap_or(rules)
    }
}
