//! Identifiers that a store hands out: opaque, random, never reused.

use crate::Error;
use crate::name::{Fault, invalid};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// A fresh identifier, random in 62 bits.
            #[must_use]
            pub fn random() -> Self {
                Self($crate::id::random_positive())
            }

            /// The identifier as a backend keeps it: a positive integer.
            #[must_use]
            pub const fn into_raw(self) -> i64 {
                self.0
            }

            /// The identifier that [`into_raw`](Self::into_raw) gave.
            #[must_use]
            pub const fn from_raw(raw: i64) -> Self {
                Self(raw)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Error;

            fn from_str(text: &str) -> Result<Self, $crate::Error> {
                $crate::id::parse(text, $noun).map(Self)
            }
        }
    };
}
pub(crate) use id;

id! {
    /// A principal (user, group, room or resource), for as long as it exists.
    ///
    /// The [name](crate::PrincipalName) of a principal may change; this does not.
    PrincipalId, "principal id"
}

id! {
    /// A collection, wherever it is moved and however it is renamed.
    CollectionId, "collection id"
}

id! {
    /// An app password or API token.
    TokenId, "token id"
}

id! {
    /// A job of the queue.
    JobId, "job id"
}

/// The life of a store between two points where its history was broken.
///
/// A store draws its epoch when it is created and a new one when it is
/// restored from a backup, so that [sync tokens](crate::SyncToken) given out
/// after the backup was taken are refused instead of missing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Epoch(i64);

impl Epoch {
    /// A fresh epoch.
    #[must_use]
    pub fn random() -> Self {
        Self(random_positive())
    }

    /// The epoch as a backend keeps it: a positive integer.
    #[must_use]
    pub const fn into_raw(self) -> i64 {
        self.0
    }

    /// The epoch that [`into_raw`](Self::into_raw) gave.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }
}

/// The raw form of an identifier that was written as text.
pub(crate) fn parse(text: &str, noun: &'static str) -> Result<i64, Error> {
    i64::from_str_radix(text, 16)
        .ok()
        .filter(|raw| *raw > 0)
        .ok_or_else(|| invalid(noun, Fault::Malformed))
}

/// Random in 62 bits and never zero, so that it fits the signed integers of
/// every database and a zero is always a mistake.
pub(crate) fn random_positive() -> i64 {
    let (high, low) = uuid::Uuid::new_v4().as_u64_pair();
    // A version 4 UUID fixes four bits of one half and two of the other; folded, all are random.
    let folded = (high ^ low.rotate_left(32)) & (u64::MAX >> 2);
    i64::try_from(folded).unwrap_or(i64::MAX).max(1)
}
