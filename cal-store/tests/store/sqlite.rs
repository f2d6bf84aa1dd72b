//! What SQLite promises beyond the kit.

mod backup;
mod concurrency;
mod dirty;
mod index;
mod migration;
