//! Credentials: password hashes and app tokens, opaque to the store.

use std::fmt;

use crate::{PrincipalId, Timestamp, TokenId};

/// A password as a PHC string (`$argon2id$...`), which the store never reads.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes the hash as its maker printed it.
    #[must_use]
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides the hash: it must not end up in a log.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// The hash of an app token, by which it is found.
///
/// Tokens are long and random, so a plain fast hash of them is enough and
/// lets a store look one up; no two tokens may have the same.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash(Vec<u8>);

impl TokenHash {
    /// Takes the hash as its maker computed it.
    #[must_use]
    pub fn new(hash: impl Into<Vec<u8>>) -> Self {
        Self(hash.into())
    }

    /// The hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Hides the hash: it must not end up in a log.
impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

/// An app password or API token of a principal. A revoked one is gone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AppToken {
    /// Its identity, for showing and revoking it.
    pub id: TokenId,
    /// Whose it is.
    pub principal: PrincipalId,
    /// What its owner calls it.
    pub label: String,
    /// The hash of the token itself.
    pub hash: TokenHash,
    /// What it is good for, in the words of whoever checks it; empty for everything.
    pub scope: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it stops to work, if ever.
    pub expires: Option<Timestamp>,
}
