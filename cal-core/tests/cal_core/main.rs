//! Specification of cal-core, one module for each of its parts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::string_slice,
    reason = "tests stop at the first surprise"
)]

mod corpus;
mod lossless;
