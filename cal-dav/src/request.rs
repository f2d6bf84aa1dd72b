//! Bodies of the methods that are no REPORT.

mod lock_info;
mod make_collection;
mod property_update;
mod propfind;
mod selection;

pub use lock_info::{LockInfo, LockScope};
pub use make_collection::{Mkcalendar, Mkcol};
pub use property_update::{Instruction, PropertyUpdate};
pub use propfind::Propfind;
pub use selection::{Requested, Selection};
