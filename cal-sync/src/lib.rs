#![doc = include_str!("../README.md")]

mod apply;
mod body;
mod canonical;
pub mod endpoint;
mod error;
mod mapping;
mod merge;
mod name;
mod object;
mod plan;
mod policy;
mod report;
mod side;
#[cfg(feature = "simulate")]
pub mod simulate;
mod snapshot;
mod state;
mod state_store;

pub use body::Body;
pub use endpoint::{Endpoint, Run};
pub use error::Error;
pub use mapping::{Approval, Mapping};
pub use name::{Identity, ItemId, Uid, Version};
pub use object::{Object, Unreadable};
pub use plan::{Action, Hold, Lost, Outcome, Plan, Reason, Skip, SkipReason, Step, Write};
pub use policy::{Collisions, DeletionGuard, Direction, Policy};
pub use report::{Counts, Failure, Report, Status};
pub use side::{Pair, Side};
pub use snapshot::{Item, Seen, Snapshot};
pub use state::{Half, Intent, Link, Loss, Record, State, Then};
pub use state_store::{Journal, Lock, Memory, StateStore};
