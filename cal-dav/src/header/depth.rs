//! `Depth` (RFC 4918 section 10.2).

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// How deep below a resource a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Depth {
    /// The resource.
    Zero,
    /// The resource and its members.
    One,
    /// The resource and all below it.
    Infinity,
}

impl Depth {
    /// Its text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::One => "1",
            Self::Infinity => "infinity",
        }
    }
}

impl FromStr for Depth {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        // "1,noroot" is what some clients sent before `Prefer: depth-noroot`.
        let depth = text.split(',').next().unwrap_or_default().trim();
        [Self::Zero, Self::One, Self::Infinity]
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(depth))
            .ok_or_else(|| Error::value("Depth", "0, 1 or infinity", text))
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
