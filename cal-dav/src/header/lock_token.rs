//! `Lock-Token` (RFC 4918 sections 6.5 and 10.5).

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The URI that names a lock. Its header form is `<uri>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LockToken(String);

impl LockToken {
    /// The token with this URI.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] for text that is no absolute URI.
    pub fn new(uri: &str) -> Result<Self, Error> {
        let absolute = uri.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        });
        let plain = |byte: u8| byte > b' ' && byte < 0x7F && !b"<>\"".contains(&byte);
        if !absolute || !uri.bytes().all(plain) {
            return Err(Error::value("Lock-Token", "not an absolute URI", uri));
        }
        Ok(Self(uri.to_owned()))
    }

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LockToken {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.trim()
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
            .ok_or_else(|| Error::value("Lock-Token", "not in angle brackets", text))
            .and_then(Self::new)
    }
}

impl fmt::Display for LockToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<{}>", self.0)
    }
}
