//! The texts that identify things.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
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
    /// Which object it is, the same on both sides (RFC 5545 section 3.8.4.7).
    Uid
}

name! {
    /// Where an object is at its endpoint: an href, a name, a vendor's id.
    ItemId
}

name! {
    /// Which version of an object an endpoint has: an ETag or what it uses
    /// instead. Only equality means anything.
    Version
}

name! {
    /// Which collection an endpoint is, so that a state is never used with
    /// another one.
    Identity
}
