//! The rules of RFC 5545 that a reading checks as it goes: values by their
//! type, components by what they must and must not have.

pub(crate) mod membership;
pub(crate) mod value;
