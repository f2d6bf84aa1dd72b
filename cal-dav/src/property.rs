//! Properties: their names, and the values that are more than text.

mod acl;
mod calendar_format;
mod collation_set;
mod component_set;
mod current_user_principal;
mod href_set;
mod lock;
mod privilege;
mod privilege_set;
mod property_name;
mod report_set;
mod resource_type;
mod schedule_transparency;
mod supported_privilege;

pub use acl::{Ace, AcePrincipal, Acl, Permission};
pub use calendar_format::{CalendarFormat, SupportedCalendarData};
pub use collation_set::SupportedCollationSet;
pub use component_set::SupportedComponentSet;
pub use current_user_principal::CurrentUserPrincipal;
pub use href_set::HrefSet;
pub use lock::{ActiveLock, LockDiscovery, SupportedLock};
pub use privilege::Privilege;
pub use privilege_set::CurrentUserPrivilegeSet;
pub use property_name::PropertyName;
pub use report_set::SupportedReportSet;
pub use resource_type::ResourceType;
pub use schedule_transparency::ScheduleTransparency;
pub use supported_privilege::{PrivilegeUse, SupportedPrivilege, SupportedPrivilegeSet};
