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

mod collections;
mod discovery;
mod free_busy;
mod isolation;
mod multiget;
mod objects;
mod preconditions;
mod query;
mod sync;
mod world;
