//! What can go wrong, told apart by what the caller does next.

use std::fmt;
use std::sync::Arc;

use crate::name::Fault;
use crate::{
    CollectionId, ComponentKind, Components, ETag, InvalidObject, LockRoot, ObjectName,
    SecretFault, SourceId, Timestamp, TokenFault, Uid,
};

/// Why a store did not do what it was asked to.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The object is not in the version that the caller requires: read it
    /// again, merge, and write with the current tag.
    #[error("the object is not in the required version")]
    PreconditionFailed {
        /// The version that is there; `None` if there is none.
        current: Option<ETag>,
    },
    /// Another object of the calendar has this UID.
    #[error("the UID is taken by the object {holder}")]
    UidConflict {
        /// The name of that object.
        holder: ObjectName,
    },
    /// The object that would be replaced has another UID (RFC 4791 5.3.2.1):
    /// delete it first, or write under another name.
    #[error("the object of this name has another UID, {held}")]
    OtherUid {
        /// The UID that it has.
        held: Uid,
    },
    /// The time is taken in a calendar that may not be busy twice: a room's, or
    /// one that [refuses](crate::DoubleBooking) it. The first has won.
    #[error("the time from {} to {} is taken by {}", start.in_words(), end.in_words(), Holder(holder.as_ref()))]
    DoubleBooking {
        /// The UID of the object that takes it; `None` if it is held.
        holder: Option<Uid>,
        /// When that starts, as far as it is in the way.
        start: Timestamp,
        /// When that ends.
        end: Timestamp,
    },
    /// There is no such hold, or it is not in force any more: somebody else may
    /// have taken the time.
    #[error("the hold has lapsed, or was never there")]
    HoldLapsed,
    /// Nothing can be held so.
    #[error("a hold {reason}")]
    InvalidHold {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The times that are kept of a calendar were worked out from something
    /// else, or not at all: a backend says so to the [`Store`](crate::Store),
    /// which works them out anew and writes again.
    #[error("the busy times of calendar {collection} are worked out from something else")]
    BusyOutdated {
        /// The calendar.
        collection: CollectionId,
    },
    /// The bytes are not a calendar object that a calendar can hold.
    #[error("not a valid calendar object")]
    InvalidObject(#[source] InvalidObject),
    /// The calendar does not take objects of this kind.
    #[error("the calendar takes {supported} only")]
    UnsupportedComponent {
        /// The kind that was offered, if it is one a store knows.
        component: Option<ComponentKind>,
        /// The kinds that it takes.
        supported: Components,
    },
    /// The body is over the limit.
    #[error("{size} bytes are more than the limit of {limit}")]
    TooLarge {
        /// The number of bytes offered.
        size: u64,
        /// The greatest number of bytes accepted.
        limit: u64,
    },
    /// What would be written is locked, and no token of a lock was submitted that whoever
    /// writes has made (RFC 4918 section 7): get one, or wait for the locks to end.
    #[error("a lock is in the way, and its token was not submitted by its owner")]
    Locked {
        /// What the locks are rooted at.
        roots: Vec<LockRoot>,
    },
    /// The lock cannot be beside others (RFC 4918 section 6.2).
    #[error("another lock is in the way of this one")]
    LockConflict {
        /// What the others are rooted at.
        roots: Vec<LockRoot>,
    },
    /// There is nothing of that name or identity.
    #[error("not found")]
    NotFound,
    /// The name (or the address) is taken.
    #[error("already exists")]
    Exists,
    /// The collection that should hold it is not there.
    #[error("the parent collection is missing")]
    ParentMissing,
    /// A calendar cannot hold collections, and a home cannot be moved.
    #[error("the collection cannot be there")]
    WrongPlace,
    /// The name is kept for something else.
    #[error("the name {name} is reserved in a calendar home")]
    ReservedName {
        /// The name.
        name: &'static str,
    },
    /// The sync token cannot be continued from: start over with a full listing.
    #[error("the sync token {0}")]
    InvalidToken(TokenFault),
    /// What is asked for was pruned: ask for an instant that is known.
    #[error("the state at that time is not known any more")]
    Forgotten {
        /// The first instant of which everything is known.
        known_since: Timestamp,
    },
    /// A cursor was not given out by this listing.
    #[error("the cursor is malformed")]
    InvalidCursor,
    /// A text cannot be the name it was offered as.
    #[error("the {noun} {fault}")]
    InvalidName {
        /// What it should have been.
        noun: &'static str,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The lease has run out and another has the job, or it was settled or
    /// removed: leave it alone.
    #[error("the lease of the job is lost")]
    LeaseLost,
    /// The secret of a source cannot be opened: use the program, or the server
    /// secret, that sealed it, or set it anew.
    #[error("the secret of {of} {fault}")]
    Secret {
        /// The source.
        of: SourceId,
        /// What is wrong with its secret.
        fault: SecretFault,
    },
    /// Others set secrets while all were sealed anew: try again.
    #[error("the secrets have changed meanwhile")]
    SecretsChanged,
    /// The server secret is too short to keep anything secret.
    #[error("the server secret has fewer than {least} bytes")]
    WeakSecret {
        /// The fewest bytes that it may have.
        least: usize,
    },
    /// Another process has the store open, and only one at a time may.
    #[error("another process has the store open")]
    InUse,
    /// What should be copied to holds something else: empty it or name another.
    #[error("the store copied to holds something else: {0}")]
    NotEmpty(String),
    /// After copying, the two stores do not hold the same: the one copied from
    /// was written to meanwhile. Empty the other and copy again.
    #[error("the copy differs from what was copied: {0}")]
    CopyDiffers(String),
    /// A bound on what is kept was reached.
    #[error("more than {limit} {what}")]
    Limit {
        /// What there would be too many of.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
    /// The store was written by a newer program: use that one.
    #[error("the store has schema version {found}, this program knows {supported}")]
    NewerSchema {
        /// The version of the store.
        found: i64,
        /// The newest version this program knows.
        supported: i64,
    },
    /// The file was left by a program that ended while it made a new store of it.
    #[error(
        "the store was left half made when it was created: nothing was kept in it yet, so move \
         the file away, with those beside it whose names go on with -wal and -shm, and start again"
    )]
    HalfMade,
    /// The file has the tables of another program.
    #[error("the file is a database of another program")]
    Foreign,
    /// The store is closing, cannot be reached, or another process has held it
    /// for too long: try again later. A write has not happened.
    #[error("the store is not available")]
    Unavailable,
    /// The connection was lost while a write was committed, and did not come
    /// back: it has happened as a whole or not at all. Read before it is tried
    /// again.
    #[error("the connection was lost while the write was committed")]
    OutcomeUnknown,
    /// The storage below failed; the write has not happened.
    #[error("storage failed")]
    Backend(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps an error of the storage below.
    pub fn backend(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Backend(Arc::from(source.into()))
    }
}

/// Writes what takes a time.
struct Holder<'u>(Option<&'u Uid>);

impl fmt::Display for Holder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(uid) => write!(f, "{uid}"),
            None => f.write_str("a hold"),
        }
    }
}
