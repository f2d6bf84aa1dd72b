//! What request headers ask for.

pub(crate) mod conditional;
pub(crate) mod depth;
pub(crate) mod prefer;
