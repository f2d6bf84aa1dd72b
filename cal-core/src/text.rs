//! The text layer (RFC 5545 3.1): bytes to content lines and back, nothing known of their meaning.

pub(crate) mod caret;
pub(crate) mod escape;
pub(crate) mod fold;
pub(crate) mod head;
pub(crate) mod lines;
pub(crate) mod survey;
