//! Entity tags: the version of an object's bytes.

use std::fmt::{self, Write};
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::Error;
use crate::name::{Fault, invalid};

/// The first 128 bits of SHA-256.
type Digest128 = [u8; 16];

fn digest(bytes: &[u8]) -> Digest128 {
    let mut digest = Digest128::default();
    for (to, from) in digest.iter_mut().zip(Sha256::digest(bytes)) {
        *to = from;
    }
    digest
}

macro_rules! tag {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Digest128);

        impl $name {
            /// The tag of these bytes: the same in every process, on every machine.
            #[must_use]
            pub fn of(bytes: &[u8]) -> Self {
                Self(digest(bytes))
            }

            /// The tag as a backend keeps it.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// The tag that [`as_bytes`](Self::as_bytes) gave.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_char('"')?;
                fmt::Display::fmt(self, f)?;
                f.write_char('"')
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                parse(text).map(Self).ok_or_else(|| invalid($noun, Fault::Malformed))
            }
        }
    };
}

tag! {
    /// The strong entity tag of an object: equal exactly when the bytes are.
    ///
    /// ```
    /// use cal_store::ETag;
    ///
    /// let etag = ETag::of(b"BEGIN:VCALENDAR");
    /// assert_eq!(etag.to_string().parse::<ETag>()?, etag);
    /// # Ok::<(), cal_store::Error>(())
    /// ```
    ///
    /// Its text has neither quotes nor a weakness mark: those belong to
    /// whoever writes headers. A tag a client sends that does not parse is
    /// no tag of ours and matches nothing.
    ETag, "ETag"
}

tag! {
    /// The tag of a scheduling object that changes of other people's
    /// participation leave as it was (RFC 6638 3.2.10).
    ScheduleTag, "schedule tag"
}

fn parse(text: &str) -> Option<Digest128> {
    let mut digest = Digest128::default();
    // A sign is a digit to `from_str_radix`, but never to us.
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (to, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *to = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}
