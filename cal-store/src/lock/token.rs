//! What a lock is known by.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::Error;
use crate::name::{Fault, invalid};

/// The token of a lock: unique for all time (RFC 4918 section 6.5), as text a `urn:uuid:`.
///
/// It is no secret: a lock serves nobody but the principal that made it.
///
/// ```
/// use cal_store::LockToken;
///
/// let token = LockToken::random();
/// assert!(token.to_string().starts_with("urn:uuid:"));
/// assert_eq!(token.to_string().parse::<LockToken>()?, token);
/// # Ok::<(), cal_store::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LockToken(Uuid);

impl LockToken {
    /// A fresh token.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The sixteen bytes that a backend keeps.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The token of which these are the bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for LockToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.urn().fmt(f)
    }
}

impl FromStr for LockToken {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let malformed = || invalid("lock token", Fault::Malformed);
        let (scheme, digits) = text.split_at_checked(9).ok_or_else(malformed)?;
        if !scheme.eq_ignore_ascii_case("urn:uuid:") {
            return Err(malformed());
        }
        Uuid::try_parse(digits).map(Self).map_err(|_| malformed())
    }
}
