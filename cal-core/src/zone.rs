//! Time zones: which rules a TZID stands for, and rules written out as VTIMEZONE.

mod alias;
mod changes;
mod compiled;
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
pub use definition::ZoneDefinition;
pub use resolve::{ResolvedZone, TimeZones, ZoneSource};
pub use rules::ZoneRules;
pub use tabled::TabledZone;
