//! Header fields that are `T` or `F`, as `Overwrite` (RFC 4918 section 10.6).

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// `T` or `F`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// `T`
    True,
    /// `F`
    False,
}

impl Flag {
    /// Whether it is `T`.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::True
    }
}

impl FromStr for Flag {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim() {
            "T" | "t" => Ok(Self::True),
            "F" | "f" => Ok(Self::False),
            other => Err(Error::value("header field", "T or F", other)),
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_true() { "T" } else { "F" })
    }
}
