//! What cal-rrule promises.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "tests stop at the first surprise"
)]

mod laws;
mod oracle;
mod rfc_examples;
mod shared_cases;
mod strategy;
mod value;
mod zones;
