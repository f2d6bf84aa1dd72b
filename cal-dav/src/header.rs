//! Header fields of WebDAV and CalDAV, as text to values and back.
//!
//! Nothing here knows an HTTP library: values are read from and written to
//! strings.

mod conditions;
mod depth;
mod destination;
mod flag;
mod if_header;
mod lock_token;
mod prefer;
mod timeout;

pub use conditions::{ETagCondition, Strictness};
pub use depth::Depth;
pub use destination::Destination;
pub use flag::Flag;
pub use if_header::{Condition, ConditionList, IfHeader, State};
pub use lock_token::LockToken;
pub use prefer::{Prefer, Return};
pub use timeout::Timeout;

/// The name of the header field of [`Depth`].
pub const DEPTH: &str = "depth";
/// The name of the header field of [`Destination`].
pub const DESTINATION: &str = "destination";
/// Whether COPY and MOVE may replace: a [`Flag`], true where absent.
pub const OVERWRITE: &str = "overwrite";
/// The name of the header field of [`IfHeader`].
pub const IF: &str = "if";
/// The name of the header field of [`LockToken`].
pub const LOCK_TOKEN: &str = "lock-token";
/// The name of the header field of [`Timeout`].
pub const TIMEOUT: &str = "timeout";
/// The name of the header field of [`Prefer`].
pub const PREFER: &str = "prefer";
/// Says which preferences were heeded.
pub const PREFERENCE_APPLIED: &str = "preference-applied";
/// What clients sent before there was `Prefer: return=minimal`.
pub const BRIEF: &str = "brief";
/// The classes of WebDAV that a resource complies with.
pub const DAV: &str = "dav";
/// The version of a scheduling object (RFC 6638 section 8.2), an
/// [`ETag`](crate::ETag).
pub const SCHEDULE_TAG: &str = "schedule-tag";
/// The scheduling version that must still be there (RFC 6638 section 8.3).
pub const IF_SCHEDULE_TAG_MATCH: &str = "if-schedule-tag-match";
/// Whether removing an object sends a reply (RFC 6638 section 8.1): a
/// [`Flag`], true where absent.
pub const SCHEDULE_REPLY: &str = "schedule-reply";
/// Whether objects are wanted with their time zones (RFC 7809 section 7.1): a
/// [`Flag`].
pub const CALDAV_TIMEZONES: &str = "caldav-timezones";
/// The id of an attachment that was added or changed (RFC 8607 section 5.1).
pub const CAL_MANAGED_ID: &str = "cal-managed-id";
