//! What the index of a store was made with.

use std::collections::HashMap;
use std::sync::LazyLock;

use cal_core::{Calendar, ZoneDataset, ZoneDefinition, tzdata_version};

/// The program and the zone database that the index of a store was made with.
///
/// A store keeps one. Where it is not the present one, the index is out of
/// date: [`Store::reindex`](crate::Store::reindex) sees to it.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct IndexBasis {
    /// What is indexed, and how: a number that grows with each change of that.
    pub form: u32,
    /// The release of the zone database, such as `2025b`.
    pub tzdata: String,
    /// The rules of its zones, as iCalendar text, so that a later release can
    /// be held against it.
    pub zones: String,
}

impl IndexBasis {
    /// The form that this program makes.
    const FORM: u32 = 2;

    /// The basis of what this program indexes.
    #[must_use]
    pub fn current() -> Self {
        Self {
            form: Self::FORM,
            tzdata: tzdata_version().to_owned(),
            zones: ZONES.clone(),
        }
    }

    /// A basis from its parts: for backends, and for tests of what follows from
    /// another release.
    #[must_use]
    pub fn new(form: u32, tzdata: impl Into<String>, zones: impl Into<String>) -> Self {
        Self {
            form,
            tzdata: tzdata.into(),
            zones: zones.into(),
        }
    }

    /// Whether an index of this basis is as this program would make it.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.has_current_form() && self.tzdata == tzdata_version()
    }

    /// Whether what is indexed is what this program indexes, whatever the zones.
    pub(crate) fn has_current_form(&self) -> bool {
        self.form == Self::FORM
    }

    /// The zones whose rules are others in a later basis, with the rules of this
    /// one; `None` if there are none.
    pub(crate) fn changed_zones(&self, later: &Self) -> Option<ZoneDataset> {
        if self.zones == later.zones {
            return None;
        }
        let (before, now) = (blocks(&self.zones), blocks(&later.zones));
        let changed = before
            .iter()
            .filter(|(tzid, block)| now.get(*tzid) != Some(block));
        let changed: String = changed.map(|(_, block)| block.as_str()).collect();
        if changed.is_empty() {
            return None;
        }
        let calendar = Calendar::read(wrapped(&changed)).calendar;
        Some(ZoneDataset::of_definitions(&calendar))
    }
}

impl std::fmt::Debug for IndexBasis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexBasis")
            .field("form", &self.form)
            .field("tzdata", &self.tzdata)
            .finish_non_exhaustive()
    }
}

/// The rules of all zones of this program: the work of a moment, done once.
static ZONES: LazyLock<String> = LazyLock::new(|| {
    let zones = chrono_tz::TZ_VARIANTS.iter();
    let blocks: String = zones
        .map(|zone| ZoneDefinition::new(zone.name(), *zone).to_string())
        .collect();
    wrapped(&blocks)
});

fn wrapped(blocks: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Cal//Zones//EN\r\n{blocks}END:VCALENDAR\r\n"
    )
}

/// The text of each zone by its name.
fn blocks(text: &str) -> HashMap<String, String> {
    let calendar = Calendar::read(text).calendar;
    let blocks = calendar.time_zones().filter_map(|block| {
        let tzid = block.tzid()?.into_owned();
        let text = String::from_utf8_lossy(&block.component().to_bytes()).into_owned();
        Some((tzid, text))
    });
    blocks.collect()
}
