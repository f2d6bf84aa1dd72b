//! What SQLite promises beyond the kit.

mod backup;
mod concurrency;
mod index;
mod migration;
