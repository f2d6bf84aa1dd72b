//! Sync tokens (RFC 6578): a place in the change log of one collection.

use std::fmt;
use std::str::FromStr;

use crate::{CollectionId, Epoch, Error};

/// Where a reader of a collection's changes stands.
///
/// It names the store's [epoch](Epoch), the collection and the sequence of
/// the last change seen, so that a token of another store, another collection,
/// a restored backup or the future is refused, never answered with silence.
///
/// Its text is opaque to clients and needs no escaping in a URI:
///
/// ```
/// use cal_store::{CollectionId, Epoch, SyncToken};
///
/// let token = SyncToken::new(Epoch::from_raw(7), CollectionId::from_raw(9), 42);
/// assert_eq!(token.to_string(), "7-9-2a");
/// assert_eq!("7-9-2a".parse::<SyncToken>()?, token);
/// # Ok::<(), cal_store::Error>(())
/// ```
///
/// The token of a collection is also its `ctag`: it changes exactly when a
/// member does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SyncToken {
    epoch: Epoch,
    collection: CollectionId,
    sequence: u64,
    horizon: u64,
}

/// Why a sync token cannot be continued from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// It is not a text that [`SyncToken`] writes.
    #[error("is malformed")]
    Malformed,
    /// It was given out by another store, or before a restore.
    #[error("is of another epoch")]
    Epoch,
    /// It belongs to another collection.
    #[error("is of another collection")]
    Collection,
    /// It is ahead of everything that has happened.
    #[error("is ahead of the collection")]
    Future,
    /// Deletions since then have been pruned from the log.
    #[error("is older than the log reaches")]
    Expired,
}

impl SyncToken {
    /// The token of `sequence` in `collection`.
    #[must_use]
    pub const fn new(epoch: Epoch, collection: CollectionId, sequence: u64) -> Self {
        Self {
            epoch,
            collection,
            sequence,
            horizon: sequence,
        }
    }

    /// The same place, of a reader that began with nothing when the
    /// collection stood at `horizon`: what was deleted up to then it never saw.
    #[must_use]
    pub fn with_horizon(mut self, horizon: u64) -> Self {
        self.horizon = horizon.max(self.sequence);
        self
    }

    /// The epoch of the store that gave it.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The collection it belongs to.
    #[must_use]
    pub const fn collection(&self) -> CollectionId {
        self.collection
    }

    /// The sequence of the last change it has seen; 0 before the first.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The sequence up to which deletions are of no concern: that of the token
    /// itself, or further on in the middle of a first listing.
    #[must_use]
    pub const fn horizon(&self) -> u64 {
        self.horizon
    }
}

impl fmt::Display for SyncToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (epoch, collection) = (self.epoch.into_raw(), self.collection.into_raw());
        write!(f, "{epoch:x}-{collection:x}-{:x}", self.sequence)?;
        if self.horizon > self.sequence {
            write!(f, "-{:x}", self.horizon)?;
        }
        Ok(())
    }
}

impl FromStr for SyncToken {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).ok_or(Error::InvalidToken(TokenFault::Malformed))
    }
}

fn parse(text: &str) -> Option<SyncToken> {
    let mut parts = text.split('-').map(hexadecimal);
    let epoch = i64::try_from(parts.next()??).ok()?;
    let collection = i64::try_from(parts.next()??).ok()?;
    let sequence = parts.next()??;
    let horizon = parts.next().unwrap_or(Some(sequence))?;
    if parts.next().is_some() {
        return None;
    }
    let (epoch, collection) = (Epoch::from_raw(epoch), CollectionId::from_raw(collection));
    Some(SyncToken::new(epoch, collection, sequence).with_horizon(horizon))
}

fn hexadecimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}
