//! What PostgreSQL promises beyond the kit.

mod faults;
mod migration;
mod news;
mod nodes;
pub(crate) mod server;
mod text;
