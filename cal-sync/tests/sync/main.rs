//! The sync engine between real stores, badly behaved servers, and CalDAV.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests stop at the first surprise"
)]

mod capability;
mod corpus;
mod direction;
mod duplicates;
mod guard;
mod interruption;
mod journal;
mod merging;
mod pair;
#[path = "../../../cal-caldav-client/tests/client/peer.rs"]
mod peer;
mod plan;
mod propagation;
mod quirks;
mod radicale;
mod simulation;
mod stores;
