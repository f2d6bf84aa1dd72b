//! The vocabulary, read and written.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod document;
mod filters;
mod headers;
mod hrefs;
mod reports;
mod requests;
mod responses;
mod round_trip;
mod strategies;
