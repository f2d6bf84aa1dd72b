//! What cal-rrule promises.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "tests stop at the first surprise"
)]

mod counting;
mod differential;
mod explain;
mod hard_rules;
mod laws;
mod limits;
mod lint;
mod lint_laws;
mod oracle;
mod rfc_examples;
#[cfg(feature = "rrule")]
mod rrule_crate;
#[cfg(feature = "rscale")]
mod rscale;
#[cfg(feature = "rscale")]
mod rscale_laws;
#[cfg(feature = "rscale")]
mod rscale_oracle;
mod sets;
mod shared_cases;
mod strategy;
mod text;
mod unions;
mod value;
mod zones;
