//! Changes: as they are published, and as a sync reads them from the log.

use std::sync::Arc;

use crate::{Cause, CollectionId, Entry, ObjectName, PrincipalId, SyncToken};

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Something new is there.
    Created,
    /// Something has changed.
    Updated,
    /// Something is gone.
    Deleted,
    /// All was already so; nothing was logged.
    Unchanged,
}

/// What a published change is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// An object of a collection.
    Object(CollectionId, ObjectName),
    /// A collection itself: made, renamed, moved, deleted, other properties.
    Collection(CollectionId),
    /// A principal or its credentials.
    Principal(PrincipalId),
    /// Members of a collection, changed by another process; which ones, the
    /// log tells.
    Members(CollectionId),
    /// The queue of jobs: one may be due earlier than any was before.
    Jobs,
    /// The secrets of sources: some were set, removed or sealed anew.
    Secrets,
    /// Anything: other processes may have made changes of which the news was lost.
    Everything,
}

/// A change that has been committed, as published in the process that made it,
/// and by some backends in others.
///
/// Of what another process has done, the effect is always
/// [`Updated`](Effect::Updated), and the cause tells the instant of the last
/// change and nothing else.
///
/// Changes of concurrent writers may arrive in another order than they were
/// committed in. Take one as the news that a collection has moved on to at
/// least [`sequence`](Self::sequence), and read the log for what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// What happened to it.
    pub effect: Effect,
    /// The sequence of the change in the collection's log; for a collection
    /// itself in the log of its parent; 0 for all else.
    pub sequence: u64,
    /// Who did it, by which way and when.
    pub cause: Arc<Cause>,
    /// Whether another process did it.
    pub elsewhere: bool,
}

impl Change {
    /// A change to be published.
    #[must_use]
    pub fn new(subject: Subject, effect: Effect, sequence: u64, cause: &Arc<Cause>) -> Self {
        Self {
            subject,
            effect,
            sequence,
            cause: Arc::clone(cause),
            elsewhere: false,
        }
    }

    /// A change that another process has made.
    #[must_use]
    pub fn elsewhere(subject: Subject, sequence: u64, cause: &Arc<Cause>) -> Self {
        Self {
            elsewhere: true,
            ..Self::new(subject, Effect::Updated, sequence, cause)
        }
    }
}

/// One member that has changed since a token, in its latest state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncChange {
    /// The member's name.
    pub name: ObjectName,
    /// The sequence of its last change.
    pub sequence: u64,
    /// What it is now.
    pub state: MemberState,
}

/// What a changed member is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberState {
    /// An object, new or changed.
    Object(Entry),
    /// A collection inside the collection.
    Collection(CollectionId),
    /// Nothing: it was deleted or moved away.
    Gone,
}

/// Changes since a token, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncPage {
    /// The members, each once.
    pub changes: Vec<SyncChange>,
    /// Where to continue: with more changes, or in the future.
    pub token: SyncToken,
    /// Whether the collection has changes beyond this page.
    pub more: bool,
}

/// A question for the log of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogQuery {
    /// The collection.
    pub collection: CollectionId,
    /// Only changes after this sequence.
    pub after: u64,
    /// Only deletions after this sequence, if that is later.
    pub horizon: u64,
    /// At most this many members.
    pub limit: usize,
}

/// What a backend reads from the log, in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// Members changed after the sequences asked for, each once, oldest first.
    pub changes: Vec<SyncChange>,
    /// The sequence of the collection.
    pub head: u64,
    /// The smallest sequence from which no deletion has been pruned.
    pub floor: u64,
    /// Whether there are changes beyond these.
    pub more: bool,
}
