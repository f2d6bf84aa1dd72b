//! The client against servers: a real one, and small ones that are odd.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod addresses;
mod collections;
mod discovery;
mod ladder;
mod objects;
mod peer;
mod radicale;
mod server;
mod transport;
