#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod calendar;
mod check;
mod component;
mod converted;
mod difference;
mod edit;
mod error;
mod fault;
#[cfg(feature = "icalendar")]
mod icalendar_crate;
pub mod itip;
mod jcal;
mod jscal;
mod limits;
mod lint;
mod object;
mod occurrence;
mod parameter;
mod property;
mod rule;
mod rule_calendar;
pub mod series_edit;
mod span;
mod text;
mod tree;
mod value;
mod view;
mod vocabulary;
mod window;
mod xcal;
mod zone;
mod zone_update;

pub use calendar::{Calendar, Reader, Reading};
pub use component::{Component, Components, Properties};
pub use converted::{Converted, NotCarried};
pub use difference::{ComponentDifference, Difference, Presence, PropertyDifference};
pub use edit::{ComponentId, ComponentMut, NewComponent, NewProperty};
pub use error::Error;
pub use fault::{Fault, Position};
pub use limits::Limits;
pub use lint::{Finding, Fix, apply_fixes, check, check_down_to};
pub use object::{ContentHash, Export, Object, ResourceFault, validate_resource};
pub use occurrence::{
    Agenda, Expansion, ExpansionWarning, Occurrence, OccurrenceRun, OccurrenceTime, Occurrences,
    Oddity,
};
pub use parameter::{Parameter, Parameters};
pub use property::Property;
pub use rule::{Rule, Severity};
pub use rule_calendar::RuleCalendar;
pub use span::Span;
pub use tree::decode::decode_text;
pub use value::duration::Duration;
pub use value::geo::Geo;
pub use value::moment::{Moment, TzId};
pub use value::period::{Period, PeriodEnd};
pub use value::request_status::RequestStatus;
pub use value::utc_offset::UtcOffset;
pub use view::{
    Alarm, Attachment, Availability, Available, Conference, Event, Extent, FreeBusy, Journal,
    Length, Link, NeededResource, Observance, Participant, Person, Place, Relation, TimeZoneBlock,
    Todo, Trigger,
};
pub use vocabulary::{ComponentKind, PropertyKind, ValueType};
pub use window::Window;
pub use zone::{
    CompiledZone, ResolvedZone, TabledZone, TimeZones, ZoneDataset, ZoneDefinition, ZoneRules,
    ZoneSource, tzdata_version,
};
pub use zone_update::{Instants, MovedEvent, MovedOccurrence, ZoneUpdate, ZoneUpdateReport};
