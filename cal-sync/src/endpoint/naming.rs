//! Names for new objects.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::Uid;

/// The names under which an object with this UID may be created, the one to try
/// first first: its UID where that makes a plain file name, and a hash of it.
/// The same UID always has the same names, so that a create that is tried again
/// meets the first one.
pub(crate) fn object_names(uid: &Uid) -> impl Iterator<Item = String> {
    let text = uid.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
    let is_plain =
        (1..=120).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with('.');
    let mut hashed = String::with_capacity(36);
    for byte in Sha256::digest(text).iter().take(16) {
        let written = write!(hashed, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes all that is written");
    }
    let first = is_plain.then(|| format!("{text}.ics"));
    first.into_iter().chain([hashed + ".ics"])
}
