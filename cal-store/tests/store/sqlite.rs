//! What SQLite promises beyond the kit.

mod audit;
mod backup;
mod concurrency;
mod dirty;
mod faults;
mod index;
mod migration;
mod reindex;
mod released;
