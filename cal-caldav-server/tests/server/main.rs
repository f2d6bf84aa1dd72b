//! Whole exchanges with the server, in process.
#![allow(missing_docs, unreachable_pub)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::string_slice,
    reason = "tests stop at the first surprise"
)]

mod access_control;
mod attachments;
mod booking;
mod collections;
mod deployment;
mod discovery;
mod folders;
mod forwarded;
mod free_busy;
mod hostile;
mod isolation;
mod locks;
mod methods;
mod multiget;
mod objects;
mod preconditions;
mod properties;
mod query;
mod reports;
mod rule_calendars;
mod sync;
mod transcripts;
mod workers;
mod world;
mod zones_by_reference;
