//! Bodies of REPORT (RFC 3253 section 3.6), and which report a body asks for.

mod acl_principals;
mod calendar_data;
mod calendar_query;
mod collation;
mod component_filter;
mod expand_property;
mod filter_rules;
mod free_busy;
mod multiget;
mod parameter_filter;
mod principal_match;
mod principal_search;
mod property_filter;
mod report_kind;
mod search_properties;
mod sync_collection;
mod text_match;
mod time_range;

pub use acl_principals::AclPrincipalPropSet;
pub use calendar_data::{
    CalendarData, ComponentSelection, Components, Properties, PropertyChoice, Recurrences,
};
pub use calendar_query::{CalendarQuery, QueryZone};
pub use collation::Collation;
pub use component_filter::{ComponentFilter, ComponentTest};
pub use expand_property::{ExpandProperty, ExpandedProperty};
pub use free_busy::FreeBusyQuery;
pub use multiget::CalendarMultiget;
pub use parameter_filter::{ParameterFilter, ParameterTest};
pub use principal_match::{PrincipalMatch, PrincipalTarget};
pub use principal_search::{PrincipalPropertySearch, PropertySearch, SearchTest};
pub use property_filter::{PropertyFilter, PropertyTest, ValueTest};
pub use report_kind::{Report, ReportKind};
pub use search_properties::PrincipalSearchPropertySet;
pub use sync_collection::{SyncCollection, SyncLevel};
pub use text_match::{MatchType, TextMatch};
pub use time_range::TimeRange;
