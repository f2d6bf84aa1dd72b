//! The store as its users see it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests stop at the first surprise"
)]

mod busy;
mod calendar_object;
mod conformance;
mod crash;
mod folder;
mod job_bounds;
mod jobs;
mod locks;
mod model;
mod name;
mod outsider;
mod past;
#[cfg(feature = "postgres")]
mod postgres;
mod put_each;
mod race;
#[cfg(feature = "redis")]
mod redis;
mod reindex;
mod released;
mod reminders;
mod scene;
mod search;
mod secrets;
mod small_disk;
mod span;
mod sqlite;
mod sync_token;
mod word;
mod words;
mod workers;
