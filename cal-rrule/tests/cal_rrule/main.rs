//! What cal-rrule promises.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "tests stop at the first surprise"
)]

mod shared_cases;
mod value;
