//! The facade: every read, and the one way to write.

mod attachments;
mod audit;
mod busy;
mod check;
mod collections;
mod copy;
mod double_bookings;
mod due;
mod edit;
mod history;
mod holds;
mod job_tally;
mod jobs;
mod locks;
mod objects;
mod prepare;
mod principals;
mod reindex;
mod relocate;
mod restore;
mod rooms;
mod search;
mod secrets;
mod workers;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::broadcast;

use crate::{
    Backend, Cause, Change, CollectionId, CollectionKey, CollectionKind, Effect, Epoch, Error,
    Limits, Memory, PageRequest, Receipt, SharedCache, Subject, Submitted, SyncToken, Transaction,
    Write,
};

pub use attachments::{managed_id, managed_ids};
use busy::{Reckonings, keeps_busy};
pub use check::Unsound;
pub use copy::CopyReport;
pub use due::Reminder;
pub use edit::{Delete, Edit, Put, Stored, Written};
use job_tally::JobTally;
pub use locks::PlacedLock;
pub(crate) use prepare::{index_records, prepared};
pub use reindex::{MovedObject, Reindex, ReindexReport, Unindexed};
pub use relocate::{Overwrite, Place, Relocate, Relocation};
pub use restore::{PlannedChange, PlannedEffect, RestorePlan, Restored};
use rooms::reaches_beyond;
pub use search::Found;
use workers::Workers;

/// Calendars and files of many principals, over any [`Backend`].
///
/// Clones share everything. All writes go through here: bytes are parsed and
/// validated, an index is made of them, and the backend commits object,
/// history, log and index in one transaction that checks the preconditions.
/// Then the change is published to all [subscribers](Self::subscribe). A write whose future is dropped still happens as a whole, or not
/// at all.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    backend: Arc<dyn Backend>,
    limits: Limits,
    changes: broadcast::Sender<Change>,
    kinds: Mutex<HashMap<CollectionId, CollectionKind>>,
    cache: OnceLock<Arc<dyn SharedCache>>,
    reckonings: Reckonings,
    jobs: JobTally,
    workers: Workers,
}

/// The changes published from a moment on; see [`Store::subscribe`].
///
/// A reader that falls too far behind is told how many it missed, and reads
/// the logs of the collections it cares about.
pub type Changes = broadcast::Receiver<Change>;

/// Changes that wait for the slowest subscriber before it is told that it lags.
const PUBLISHED: usize = 4096;

/// Collections whose kind is remembered; a kind never changes.
const REMEMBERED_KINDS: usize = 65_536;

impl Store {
    /// A store over this backend, with the usual [`Limits`].
    #[must_use]
    pub fn new(backend: impl Backend + 'static) -> Self {
        Self::with_limits(backend, Limits::default())
    }

    /// A store over this backend with limits of one's own.
    #[must_use]
    pub fn with_limits(backend: impl Backend + 'static, limits: Limits) -> Self {
        let (changes, _) = broadcast::channel(PUBLISHED);
        backend.relay(changes.clone());
        Self {
            inner: Arc::new(Inner {
                backend: Arc::new(backend),
                limits,
                changes,
                kinds: Mutex::default(),
                cache: OnceLock::new(),
                reckonings: Reckonings::default(),
                jobs: JobTally::default(),
                workers: Workers::default(),
            }),
        }
    }

    /// A store that lives in memory and ends with its last clone.
    #[must_use]
    pub fn memory() -> Self {
        Self::new(Memory::new())
    }

    /// What the store accepts at most.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Shares what is costly to read with other processes over the same data, from
    /// now on and for good: a second cache is not used.
    pub fn use_cache(&self, cache: Arc<dyn SharedCache>) {
        // The first stays.
        let _ = self.inner.cache.set(cache);
    }

    /// The epoch that all its sync tokens carry.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.inner.backend.epoch()
    }

    /// Everything that is committed through this store and its clones from now
    /// on, and in short what other processes commit, where the backend hears
    /// of it.
    #[must_use]
    pub fn subscribe(&self) -> Changes {
        self.inner.changes.subscribe()
    }

    /// Where what other processes commit is published, too.
    #[cfg(feature = "redis")]
    pub(crate) fn sink(&self) -> broadcast::Sender<Change> {
        self.inner.changes.clone()
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        &*self.inner.backend
    }

    fn token_at(&self, collection: CollectionId, sequence: u64) -> SyncToken {
        SyncToken::new(self.epoch(), collection, sequence)
    }

    /// The page that is asked for, no larger than the limit.
    fn bounded(&self, page: PageRequest) -> PageRequest {
        PageRequest {
            limit: page.limit.clamp(1, self.inner.limits.page_items),
            ..page
        }
    }

    /// The kind of a collection, remembered: each write needs it before it is prepared.
    async fn kind(&self, id: CollectionId) -> Result<CollectionKind, Error> {
        if let Some(kind) = self.inner.remembered_kind(id) {
            return Ok(kind);
        }
        let found = self.backend().collection(CollectionKey::Id(id)).await?;
        let kind = found.ok_or(Error::ParentMissing)?.kind;
        self.inner.remember_kind(id, kind);
        Ok(kind)
    }

    /// Commits all or nothing and publishes what happened.
    async fn commit(&self, writes: Vec<Write>, cause: &Cause) -> Result<Vec<Receipt>, Error> {
        self.check_jobs(&writes).await?;
        if !writes.iter().any(keeps_busy) {
            return self.commit_once(writes, Vec::new(), cause).await;
        }
        let again = writes.clone();
        match self.commit_compared(writes, cause).await {
            Err(Error::BusyOutdated { collection }) => {
                self.commit_reckoned(again, collection, cause).await
            }
            done => done,
        }
    }

    /// The same, after what they take beyond the horizon was held against what is there.
    async fn commit_compared(
        &self,
        writes: Vec<Write>,
        cause: &Cause,
    ) -> Result<Vec<Receipt>, Error> {
        let unmoved = self.compared(&writes).await?;
        self.commit_once(writes, unmoved, cause).await
    }

    async fn commit_once(
        &self,
        writes: Vec<Write>,
        unmoved: Vec<(CollectionId, u64)>,
        cause: &Cause,
    ) -> Result<Vec<Receipt>, Error> {
        let inner = Arc::clone(&self.inner);
        let (cause, submitted) = submitted(Arc::new(cause.clone()));
        let transaction = Transaction {
            cause,
            depth: inner.limits.depth,
            writes,
            submitted,
            unmoved,
        };
        // In a task of its own: a caller that goes away must not take the
        // news of a committed change with it.
        let task = tokio::spawn(async move { inner.commit(transaction).await });
        task.await.unwrap_or_else(|gone| Err(Error::backend(gone)))
    }

    /// Commits each of many writes by itself and publishes what happened.
    async fn commit_each(
        &self,
        writes: Vec<Write>,
        cause: &Cause,
    ) -> Result<Vec<Result<Receipt, Error>>, Error> {
        let inner = Arc::clone(&self.inner);
        let shared = Arc::new(cause.clone());
        let again = writes.clone();
        let together = writes.into_iter().filter(|write| !reaches_beyond(write));
        let together: Vec<_> = together.collect();
        let task = tokio::spawn(async move { inner.commit_each(together, shared).await });
        let mut committed = task.await.map_err(Error::backend)?.into_iter();
        let mut results = Vec::with_capacity(again.len());
        for write in again {
            if reaches_beyond(&write) {
                results.push(self.commit(vec![write], cause).await.and_then(only));
                continue;
            }
            let missing = || Err(Error::backend("the backend gave too few results"));
            results.push(match committed.next().unwrap_or_else(missing) {
                Err(Error::BusyOutdated { collection }) => {
                    let done = self.commit_reckoned(vec![write], collection, cause).await;
                    done.and_then(only)
                }
                done => done,
            });
        }
        Ok(results)
    }
}

impl Inner {
    async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error> {
        let subjects: Vec<_> = transaction.writes.iter().map(subject).collect();
        let cause = Arc::clone(&transaction.cause);
        let receipts = self.backend.commit(transaction).await?;
        for (subject, receipt) in subjects.into_iter().zip(&receipts) {
            self.publish(subject, *receipt, &cause);
        }
        Ok(receipts)
    }

    async fn commit_each(
        &self,
        writes: Vec<Write>,
        cause: Arc<Cause>,
    ) -> Vec<Result<Receipt, Error>> {
        let subjects: Vec<_> = writes.iter().map(subject).collect();
        let (cause, submitted) = submitted(cause);
        let transactions = writes.into_iter().map(|write| Transaction {
            cause: Arc::clone(&cause),
            depth: self.limits.depth,
            writes: vec![write],
            submitted: submitted.clone(),
            unmoved: Vec::new(),
        });
        let committed = self.backend.commit_each(transactions.collect()).await;
        let mut results = Vec::with_capacity(committed.len());
        for (subject, result) in subjects.into_iter().zip(committed) {
            let receipt = result.and_then(only);
            if let Ok(receipt) = &receipt {
                self.publish(subject, *receipt, &cause);
            }
            results.push(receipt);
        }
        results
    }

    fn publish(&self, subject: Subject, receipt: Receipt, cause: &Arc<Cause>) {
        if receipt.effect != Effect::Unchanged {
            self.reckonings.forget(&subject);
            let change = Change::new(subject, receipt.effect, receipt.sequence, cause);
            // Without subscribers there is nobody to tell.
            let _ = self.changes.send(change);
        }
    }

    fn remembered_kind(&self, id: CollectionId) -> Option<CollectionKind> {
        let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.get(&id).copied()
    }

    fn remember_kind(&self, id: CollectionId, kind: CollectionKind) {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.len() >= REMEMBERED_KINDS {
            kinds.clear();
        }
        kinds.insert(id, kind);
    }
}

/// What was submitted with a cause, taken out of what is kept of it.
fn submitted(cause: Arc<Cause>) -> (Arc<Cause>, Submitted) {
    if cause.lock_tokens.is_empty() {
        return (cause, Submitted::default());
    }
    let mut kept = Arc::unwrap_or_clone(cause);
    let tokens = std::mem::take(&mut kept.lock_tokens);
    (Arc::new(kept), Submitted::Tokens(tokens))
}

/// The receipt of a transaction of one write.
fn only(receipts: Vec<Receipt>) -> Result<Receipt, Error> {
    let missing = || Error::backend("the backend gave no receipt for a write");
    receipts.into_iter().next().ok_or_else(missing)
}

/// What a write is about.
pub(crate) fn subject(write: &Write) -> Subject {
    match write {
        Write::CreatePrincipal(new, _) => Subject::Principal(new.id),
        Write::UpdatePrincipal(id, _)
        | Write::RemovePrincipal(id)
        | Write::SetPassword(id, _)
        | Write::RevokeToken(id, _) => Subject::Principal(*id),
        Write::AddToken(token) => Subject::Principal(token.principal),
        Write::CreateCollection(new) => Subject::Collection(new.id),
        Write::UpdateCollection(id, _) | Write::DeleteCollection(id) => Subject::Collection(*id),
        Write::MoveCollection(to) | Write::RestoreCollection(to) => Subject::Collection(to.id),
        Write::PutObject(put) => Subject::Object(put.collection, put.name.clone()),
        Write::DeleteObject(delete) => Subject::Object(delete.collection, delete.name.clone()),
        Write::UpdateObject(collection, name, _) => Subject::Object(*collection, name.clone()),
        Write::Job(_) => Subject::Jobs,
        Write::Secret(_) => Subject::Secrets,
        // Nothing is published of it: the effect is `Unchanged`.
        Write::Lock(_) => Subject::Everything,
    }
}
