//! What PostgreSQL promises beyond the kit.

mod audit;
mod disk;
mod faults;
mod many;
mod migration;
mod news;
mod nodes;
mod reindex;
mod released;
pub(crate) mod server;
mod text;
mod tls;
