//! Time zones: which rules a TZID stands for, and rules written out as VTIMEZONE.

mod alias;
mod by_reference;
mod changes;
mod compiled;
mod dataset;
mod definition;
mod missing;
mod name;
mod observance;
mod onsets;
mod resolve;
mod rules;
mod tabled;
mod utc_offset;
mod windows;
mod yearly;

pub use compiled::CompiledZone;
pub use dataset::ZoneDataset;
pub use definition::ZoneDefinition;
pub use resolve::{ResolvedZone, TimeZones, ZoneSource};
pub use rules::ZoneRules;
pub use tabled::TabledZone;

/// Which release of the IANA database the rules of IANA ids are those of, such
/// as `2025b`.
///
/// ```
/// let version = cal_core::tzdata_version();
/// assert!(version.starts_with("20"), "{version}");
/// ```
#[must_use]
pub fn tzdata_version() -> &'static str {
    chrono_tz::IANA_TZDB_VERSION
}
