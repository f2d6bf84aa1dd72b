//! Which addresses a client may connect to.

mod address_policy;
mod block;
mod resolver;

pub use address_policy::AddressPolicy;
pub use block::{Block, InvalidBlock};
pub(crate) use resolver::{Refused, Resolver};
