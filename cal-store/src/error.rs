//! What can go wrong, told apart by what the caller does next.

use std::sync::Arc;

use crate::name::Fault;
use crate::{
    ComponentKind, Components, ETag, InvalidObject, ObjectName, SecretFault, SourceId, Timestamp,
    TokenFault, Uid,
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
