//! From TZID to rules, for one calendar.

use std::collections::HashMap;
use std::sync::Arc;

use super::tabled::TabledZones;
use super::{CompiledZone, ZoneDataset, ZoneRules, name};
use crate::{Calendar, Moment, TimeZoneBlock};

/// How it was found out which rules a TZID stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ZoneSource {
    /// The TZID is an id of the IANA database.
    Iana,
    /// The calendar defines it in a VTIMEZONE.
    Definition,
    /// It is a Windows name.
    Windows,
    /// It is another spelling, a path with an IANA id at its end, a display
    /// name, a city: a guess, though a good one.
    Alias,
    /// It spells a fixed offset, such as `(GMT +01:00)`.
    Offset,
}

impl ZoneSource {
    /// Whether the calendar or a registry says so, and nothing was guessed.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::Iana | Self::Definition | Self::Windows)
    }
}

/// The rules a TZID stands for, and how that is known.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResolvedZone {
    /// The rules.
    pub rules: ZoneRules,
    /// How the TZID led to them.
    pub source: ZoneSource,
}

/// The time zones of one calendar: tells which rules each TZID stands for.
///
/// In this order, the first that knows wins: an id of the IANA database (its
/// rules hold even if the calendar defines the id otherwise), a VTIMEZONE of
/// the calendar, a Windows name, a known alias or vendor's path with an IANA
/// id at its end, a name that spells an offset. A name that is none of these
/// is unknown; what to use instead is for the caller to say, and UTC is never
/// assumed.
///
/// ```
/// use cal_core::{Calendar, TimeZones, ZoneSource};
///
/// let calendar: Calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nEND:VCALENDAR\r\n".parse()?;
/// let zones = TimeZones::of(&calendar);
/// let found = zones.resolve("W. Europe Standard Time").unwrap();
/// assert_eq!(found.rules.iana(), Some(chrono_tz::Europe::Berlin));
/// assert_eq!(found.source, ZoneSource::Windows);
/// assert!(zones.resolve("Customized Time Zone").is_none());
/// # Ok::<(), cal_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TimeZones {
    definitions: HashMap<String, Definition>,
    feed: Option<String>,
    tabled: TabledZones,
    dataset: ZoneDataset,
}

/// What a VTIMEZONE gives.
#[derive(Clone, Debug)]
struct Definition {
    /// Its own rules, if it has any that make sense.
    rules: Option<Arc<CompiledZone>>,
    /// The IANA id that it says it stands for.
    stands_for: Option<String>,
}

impl TimeZones {
    /// The zones of a calendar.
    #[must_use]
    pub fn of(calendar: &Calendar) -> Self {
        let mut definitions = HashMap::new();
        for block in calendar.time_zones() {
            let Some((tzid, definition)) = Definition::read(&block) else {
                continue;
            };
            let known = definitions
                .entry(tzid)
                .or_insert_with(|| definition.clone());
            if known.rules.is_none() {
                *known = definition;
            }
        }
        let feed = calendar.property("X-WR-TIMEZONE");
        Self {
            definitions,
            feed: feed.map(|property| property.text().trim().to_owned()),
            tabled: TabledZones::default(),
            dataset: ZoneDataset::default(),
        }
    }

    /// Takes the rules of IANA ids from another release of the database than
    /// the one that is built in.
    #[must_use]
    pub fn with_dataset(mut self, dataset: &ZoneDataset) -> Self {
        self.dataset = dataset.clone();
        self
    }

    /// The rules a TZID stands for; `None` if nothing is known by that name.
    #[must_use]
    pub fn resolve(&self, tzid: &str) -> Option<ResolvedZone> {
        let found = |rules, source| {
            let rules = self.dataset.instead_of(rules);
            Some(ResolvedZone { rules, source })
        };
        if let Some(zone) = name::iana(tzid) {
            return found(zone.into(), ZoneSource::Iana);
        }
        let definition = self.definition(tzid);
        if let Some(rules) = definition.and_then(|definition| definition.rules.clone()) {
            return found(rules.into(), ZoneSource::Definition);
        }
        if let Some((rules, source)) = name::guess(tzid) {
            return found(rules, source);
        }
        let stands_for = definition?.stands_for.as_deref()?;
        let (rules, _) = name::iana(stands_for)
            .map(|zone| (zone.into(), ZoneSource::Iana))
            .or_else(|| name::guess(stands_for))?;
        found(rules, ZoneSource::Alias)
    }

    /// The rules a TZID stands for, or `default` if nothing is known by that name.
    #[must_use]
    pub fn rules_or(&self, tzid: &str, default: &ZoneRules) -> ZoneRules {
        self.resolve(tzid)
            .map_or_else(|| default.clone(), |zone| zone.rules)
    }

    /// The rules by which a moment becomes an instant; `default` for dates,
    /// floating times and zones that nothing is known of.
    #[must_use]
    pub fn rules_of(&self, moment: &Moment, default: &ZoneRules) -> ZoneRules {
        match moment {
            Moment::Utc(_) => ZoneRules::utc(),
            Moment::Zoned { tzid, .. } => self.rules_or(tzid, default),
            Moment::Date(_) | Moment::Floating(_) => default.clone(),
        }
    }

    /// The same rules; those of the IANA database with the tables that all
    /// series of the calendar share.
    pub(crate) fn shared(&self, rules: ZoneRules) -> ZoneRules {
        match rules {
            ZoneRules::Iana(zone) => self.tabled.share(zone).into(),
            other => other,
        }
    }

    /// Shares the tables that these rules have, if any, with all series of the
    /// calendar that are in their zone.
    pub(crate) fn adopt(&self, rules: &ZoneRules) {
        if let ZoneRules::Tabled(zone) = rules {
            self.tabled.adopt(zone);
        }
    }

    /// The zone that a published calendar says its floating times are in
    /// (`X-WR-TIMEZONE`). Pass it as the default zone to honour it.
    ///
    /// ```
    /// # use cal_core::{Calendar, TimeZones};
    /// let feed = Calendar::read("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Madrid\nEND:VCALENDAR\n").calendar;
    /// let zone = TimeZones::of(&feed).feed_zone().unwrap();
    /// assert_eq!(zone.rules.iana(), Some(chrono_tz::Europe::Madrid));
    /// ```
    #[must_use]
    pub fn feed_zone(&self) -> Option<ResolvedZone> {
        self.resolve(self.feed.as_deref()?)
    }

    /// The definition under this name; exporters that quote it in one place
    /// and not in the other are understood.
    fn definition(&self, tzid: &str) -> Option<&Definition> {
        if self.definitions.is_empty() {
            return None;
        }
        let plain = || tzid.trim().trim_matches('"');
        self.definitions
            .get(tzid)
            .or_else(|| self.definitions.get(plain()))
    }
}

impl Definition {
    fn read(block: &TimeZoneBlock<'_>) -> Option<(String, Self)> {
        let tzid = block.tzid()?.trim().trim_matches('"').to_owned();
        if name::iana(&tzid).is_some() {
            return None;
        }
        let alias = block
            .property("TZID-ALIAS-OF")
            .or_else(|| block.property("X-LIC-LOCATION"));
        let definition = Self {
            rules: CompiledZone::of(block).map(Arc::new),
            stands_for: alias.map(|alias| alias.text().trim().to_owned()),
        };
        Some((tzid, definition))
    }
}
