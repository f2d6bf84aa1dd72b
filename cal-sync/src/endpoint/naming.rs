//! Names for new objects.

use sha2::{Digest, Sha256};

use crate::Uid;

/// The name under which an object with this UID is created: its UID where that
/// makes a plain file name, else a hash of it. The same UID always has the same
/// name, so that a create that is tried again meets the first one.
pub(crate) fn object_name(uid: &Uid) -> String {
    let text = uid.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
    if (1..=120).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with('.') {
        return format!("{text}.ics");
    }
    let mut name = String::with_capacity(36);
    for byte in Sha256::digest(text).iter().take(16) {
        name.push_str(&format!("{byte:02x}"));
    }
    name + ".ics"
}
