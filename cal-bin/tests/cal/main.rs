//! The `cal` command as its users meet it: every test runs the real binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    missing_docs,
    reason = "tests stop at the first surprise and say what was skipped"
)]

mod at;
mod audit;
mod bad_input;
mod check;
mod configuration;
mod convert;
mod corpus;
mod crash;
#[cfg(feature = "postgres")]
mod database;
mod expand;
mod export;
mod find_a_time;
mod forwarded;
mod free;
mod free_busy_report;
mod import;
mod interop;
mod jobs;
mod own_client;
mod recurrence_cases;
mod reindex;
mod rooms;
mod running;
mod secrets;
mod serve;
mod server;
mod sharing;
mod sign_in;
mod store;
mod stranger;
mod trash;
mod two_servers;
mod user;
