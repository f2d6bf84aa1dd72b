#![doc = include_str!("../README.md")]

mod body;
mod canonical;
pub mod endpoint;
mod error;
mod merge;
mod name;
mod object;
mod policy;
mod side;
mod state;
mod state_store;

pub use body::Body;
pub use endpoint::Endpoint;
pub use error::Error;
pub use name::{Identity, ItemId, Uid, Version};
pub use object::{Object, Unreadable};
pub use policy::{Collisions, DeletionGuard, Direction, Policy};
pub use side::{Pair, Side};
pub use state::{Half, Intent, Link, Loss, Record, State};
pub use state_store::{Journal, Lock, Memory, StateStore};
