//! The sync engine between real stores, badly behaved servers, and CalDAV.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod capability;
mod direction;
mod duplicates;
mod guard;
mod interruption;
mod journal;
mod merging;
mod pair;
mod plan;
mod propagation;
mod quirks;
mod simulation;
mod stores;
