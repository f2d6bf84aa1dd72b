//! Secrets: what opens the accounts of people elsewhere, encrypted at rest.

mod envelope;
mod key;
mod sealer;

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

use crate::{AuditAction, Error, SourceId, Timestamp};

pub use envelope::Envelope;
pub use sealer::Sealer;

/// What the keys of all secrets of a store are derived from. It is kept outside
/// the store, and is wiped from memory when it is dropped.
pub struct ServerSecret(Zeroizing<Vec<u8>>);

impl ServerSecret {
    /// The fewest bytes that it may have.
    pub const MIN_BYTES: usize = 16;

    /// Takes a secret, best of 32 random bytes or their base64.
    ///
    /// # Errors
    ///
    /// [`Error::WeakSecret`] if it is shorter than [`MIN_BYTES`](Self::MIN_BYTES).
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.len() < Self::MIN_BYTES {
            let least = Self::MIN_BYTES;
            return Err(Error::WeakSecret { least });
        }
        Ok(Self(bytes))
    }
}

/// Hides the secret.
impl fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerSecret(..)")
    }
}

/// A password, token or key of a source, in the clear. It is wiped from memory
/// when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes a secret.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The secret itself, for who signs in with it.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// Hides the secret.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A secret as a store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeptSecret {
    /// The source that it is for.
    pub source: SourceId,
    /// The secret, encrypted.
    pub envelope: Envelope,
    /// When it was set, or sealed anew.
    pub modified: Timestamp,
}

/// Why a secret cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretFault {
    /// A newer program has sealed it: use that one.
    #[error("is sealed in version {0}, which this program does not know")]
    UnknownVersion(String),
    /// It is no envelope at all.
    #[error("is malformed")]
    Malformed,
    /// It was sealed with another server secret or for another source, or it
    /// was altered since; nobody can tell which.
    #[error("does not open: it was sealed with another server secret, or altered")]
    WrongKey,
}

impl SecretFault {
    /// The error about the secret of this source.
    pub(crate) fn of(self, source: &SourceId) -> Error {
        Error::Secret {
            of: source.clone(),
            fault: self,
        }
    }
}

/// What a check of all secrets has found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecretReport {
    /// How many open.
    pub opened: u64,
    /// Those that do not, and why.
    pub faults: Vec<(SourceId, SecretFault)>,
}

/// A change of secrets.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum SecretWrite {
    /// Sets the secret of a source.
    Set(SourceId, Envelope),
    /// Removes it.
    Remove(SourceId),
    /// Replaces all secrets, if these are all and each is as it is said here.
    SealAnew(Vec<SealedAnew>),
}

/// A secret before and after it was sealed anew.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SealedAnew {
    /// The source that it is for.
    pub source: SourceId,
    /// What must be there.
    pub before: Envelope,
    /// What takes its place.
    pub after: Envelope,
}

impl SecretWrite {
    /// What an audit chain says of it.
    pub(crate) fn audited(&self) -> (AuditAction, Cow<'_, str>) {
        match self {
            Self::Set(source, _) => (AuditAction::SetSecret, source.as_str().into()),
            Self::Remove(source) => (AuditAction::RemoveSecret, source.as_str().into()),
            Self::SealAnew(all) => {
                let summary = format!("{} secrets", all.len());
                (AuditAction::RotateSecrets, summary.into())
            }
        }
    }
}

impl SealedAnew {
    /// Whether these secrets are all that are kept, by source.
    #[must_use]
    pub fn cover<'k>(all: &[Self], kept: impl IntoIterator<Item = (&'k str, &'k str)>) -> bool {
        let mut before: Vec<_> = all
            .iter()
            .map(|it| (it.source.as_str(), it.before.as_str()))
            .collect();
        before.sort_unstable();
        let mut kept: Vec<_> = kept.into_iter().collect();
        kept.sort_unstable();
        before == kept
    }
}
