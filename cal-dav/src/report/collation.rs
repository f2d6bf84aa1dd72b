//! How texts are compared (RFC 4790, RFC 4791 section 7.5, RFC 5051).

use std::borrow::Cow;

use crate::Error;
use crate::name::caldav;
use crate::response::Precondition;

/// A collation that text matches may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Collation {
    /// `i;ascii-casemap`: the case of ASCII letters is ignored.
    #[default]
    AsciiCasemap,
    /// `i;octet`: octet for octet.
    Octet,
    /// `i;unicode-casemap`: the case of all letters is ignored.
    UnicodeCasemap,
}

impl Collation {
    /// All of them, in the order of `CALDAV:supported-collation-set`.
    pub const ALL: [Self; 3] = [Self::AsciiCasemap, Self::Octet, Self::UnicodeCasemap];

    /// Its registered name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsciiCasemap => "i;ascii-casemap",
            Self::Octet => "i;octet",
            Self::UnicodeCasemap => "i;unicode-casemap",
        }
    }

    /// Reads a registered name; `default` is the first of them.
    ///
    /// # Errors
    ///
    /// [`Error::Precondition`] with [`Precondition::SupportedCollation`].
    pub fn parse(name: &str) -> Result<Self, Error> {
        if name == "default" {
            return Ok(Self::default());
        }
        Self::ALL
            .into_iter()
            .find(|collation| collation.as_str() == name)
            .ok_or_else(|| {
                Error::broken(
                    Precondition::SupportedCollation,
                    &caldav::TEXT_MATCH,
                    "the collation is not one of those supported",
                )
            })
    }

    /// The form in which texts that it holds equal are the same.
    ///
    /// ```
    /// use cal_dav::report::Collation;
    ///
    /// assert_eq!(Collation::AsciiCasemap.fold("Caf\u{c9}"), "caf\u{c9}");
    /// assert_eq!(Collation::UnicodeCasemap.fold("Caf\u{c9}"), "caf\u{e9}");
    /// ```
    #[must_use]
    pub fn fold(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Octet => Cow::Borrowed(text),
            Self::AsciiCasemap => Cow::Owned(text.to_ascii_lowercase()),
            Self::UnicodeCasemap => Cow::Owned(text.to_uppercase().to_lowercase()),
        }
    }
}
