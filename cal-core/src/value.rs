//! Typed values (RFC 5545 3.3).

pub(crate) mod duration;
pub(crate) mod geo;
pub(crate) mod lexical;
pub(crate) mod moment;
pub(crate) mod period;
pub(crate) mod request_status;
pub(crate) mod utc_offset;
