//! Names at the border: of principals, collections and objects, and UIDs.
//!
//! All are UTF-8, compared byte for byte, never case-folded or normalised; only
//! that a new principal does not look like another is held against
//! [`PrincipalName::folded`].
//! Names of collections and objects are *decoded* path segments: percent
//! encoding belongs to whoever writes URLs.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::Error;

/// Why a text cannot be the name it was offered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It has no characters.
    #[error("is empty")]
    Empty,
    /// It is longer than the bound, in bytes.
    #[error("is longer than {0} bytes")]
    TooLong(usize),
    /// It holds a character that such a name may not have.
    #[error("holds the character {0:?}")]
    Character(char),
    /// It is `.` or `..`, which every URL library removes from a path.
    #[error("is a relative path segment")]
    Relative,
    /// It is not of the form that its `Display` writes.
    #[error("is malformed")]
    Malformed,
}

pub(crate) fn invalid(noun: &'static str, fault: Fault) -> Error {
    Error::InvalidName { noun, fault }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $noun:literal, $max:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The greatest length in bytes.
            pub const MAX_BYTES: usize = $max;

            /// Checks a text and takes it as a name.
            ///
            /// # Errors
            ///
            /// [`Error::InvalidName`] says what is wrong with it.
            pub fn new(text: impl AsRef<str>) -> Result<Self, Error> {
                let text = text.as_ref();
                let fault = if text.is_empty() {
                    Some(Fault::Empty)
                } else if text.len() > Self::MAX_BYTES {
                    Some(Fault::TooLong(Self::MAX_BYTES))
                } else {
                    $check(text)
                };
                match fault {
                    Some(fault) => Err(invalid($noun, fault)),
                    None => Ok(Self(text.into())),
                }
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A name that was checked when it was stored: reads never
            /// judge again what a store holds.
            #[must_use]
            pub fn from_stored(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name! {
    /// The name of a principal, as used to sign in and in URLs.
    ///
    /// Any UTF-8 text without control characters: `ada`, `The King`,
    /// `a@b.c`, `cn=a,dc=b` and `Zoë/x` are all fine.
    PrincipalName, "principal name", 255, control_character
}

name! {
    /// The name of a collection inside its parent: one decoded path segment.
    CollectionName, "collection name", 255, segment_fault
}

name! {
    /// The name of an object inside its collection: one decoded path segment.
    ///
    /// Objects and collections share the names of their parent: a collection
    /// holds one or the other under a name, never both.
    ObjectName, "object name", 255, segment_fault
}

name! {
    /// The UID of a calendar object (RFC 5545 3.8.4.7), compared byte for byte.
    Uid, "UID", 4096, control_character
}

name! {
    /// What a job is about, such as `prune`: lower case letters, digits, `.`
    /// and `-`.
    JobKind, "kind of job", 64, word_fault
}

name! {
    /// What tells a job from others of its kind.
    JobKey, "job key", 255, control_character
}

name! {
    /// The source elsewhere (an account, a feed) that a secret is for.
    SourceId, "source id", 255, control_character
}

impl PrincipalName {
    /// The form in which names that people cannot tell apart are equal: without
    /// case, and decomposed (canonical caseless matching, Unicode 3.13). No two
    /// principals have the same.
    #[must_use]
    pub fn folded(&self) -> String {
        let decomposed = DecomposingNormalizerBorrowed::new_nfd();
        let name = decomposed.normalize(self.as_str());
        // By way of upper case letters that have two lower case ones, as the
        // sigma, become one.
        let upper = name.chars().flat_map(char::to_uppercase);
        let folded: String = upper.flat_map(char::to_lowercase).collect();
        decomposed.normalize(&folded).into_owned()
    }
}

impl From<&CollectionName> for ObjectName {
    fn from(name: &CollectionName) -> Self {
        Self(Arc::clone(&name.0))
    }
}

impl From<&ObjectName> for CollectionName {
    fn from(name: &ObjectName) -> Self {
        Self(Arc::clone(&name.0))
    }
}

fn control_character(text: &str) -> Option<Fault> {
    text.chars().find(|c| c.is_control()).map(Fault::Character)
}

fn word_fault(text: &str) -> Option<Fault> {
    let fine = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    text.chars().find(|c| !fine(c)).map(Fault::Character)
}

fn segment_fault(text: &str) -> Option<Fault> {
    if text == "." || text == ".." {
        return Some(Fault::Relative);
    }
    text.chars()
        .find(|c| matches!(c, '/' | '\0'))
        .map(Fault::Character)
}
