//! The text in which a sealed secret is kept: `v1:SALT:NONCE:TEXT`, each part in
//! base64, with the tag at the end of the text.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::SecretFault;

/// The version that this program writes.
const VERSION: &str = "v1";

/// The longest version that is told of.
const VERSION_BYTES: usize = 16;

/// Bytes of the salt from which, with the server secret, the key is derived.
pub(super) const SALT: usize = 16;

/// Bytes of the number that is used once with a key.
pub(super) const NONCE: usize = 12;

/// A secret, encrypted for one source, with its version.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope(String);

impl Envelope {
    /// The envelope as it was stored: whether it opens is for
    /// [`Sealer::open`](super::Sealer::open) to say.
    #[must_use]
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn write(parts: &Parts) -> Self {
        let [salt, nonce, text] =
            [&parts.salt[..], &parts.nonce, &parts.text].map(|part| STANDARD.encode(part));
        Self(format!("{VERSION}:{salt}:{nonce}:{text}"))
    }

    pub(super) fn read(&self) -> Result<Parts, SecretFault> {
        let (version, rest) = self.0.split_once(':').ok_or(SecretFault::Malformed)?;
        if version != VERSION {
            return Err(unknown(version));
        }
        let mut parts = rest.split(':').map(|part| STANDARD.decode(part));
        let mut next = || parts.next().and_then(Result::ok);
        let (salt, nonce, text) = (next(), next(), next());
        if parts.next().is_some() {
            return Err(SecretFault::Malformed);
        }
        let read = || {
            Some(Parts {
                salt: salt?.try_into().ok()?,
                nonce: nonce?.try_into().ok()?,
                text: text?,
            })
        };
        read().ok_or(SecretFault::Malformed)
    }
}

/// A version is a short word; anything else is no envelope.
fn unknown(version: &str) -> SecretFault {
    let is_word = version.chars().all(|c| c.is_ascii_alphanumeric());
    match is_word && (1..=VERSION_BYTES).contains(&version.len()) {
        true => SecretFault::UnknownVersion(version.to_owned()),
        false => SecretFault::Malformed,
    }
}

/// Hides even the encrypted secret: it is of no use in a log.
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Envelope(..)")
    }
}

/// What an envelope says.
pub(super) struct Parts {
    pub(super) salt: [u8; SALT],
    pub(super) nonce: [u8; NONCE],
    /// The encrypted secret and its tag.
    pub(super) text: Vec<u8>,
}
