//! The backend that lives in memory.

mod audit;
mod busy;
mod collections;
mod folder;
mod index;
mod jobs;
mod locks;
mod objects;
mod past;
mod principals;
mod read;
mod records;
mod secrets;
mod state;
mod whole;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

pub(crate) use self::jobs::GrantedLease;
use self::state::State;
use crate::{
    AppToken, AuditChain, AuditPage, Backend, BusyQuery, CalendarBusy, CategoryCount, Cause,
    Collection, CollectionAt, CollectionId, CollectionKey, Entry, Epoch, Error, HoldToken,
    IndexBasis, Indexed, Job, JobCount, JobFilter, JobKind, KeptSecret, Lease, LeaseRequest,
    LeasedJob, Lock, LogPage, LogQuery, MarkQuery, Marked, NewHold, Object, ObjectName, OldLetters,
    Page, PageRequest, PasswordHash, PastCollection, Principal, PrincipalId, PrincipalKey,
    Properties, Pruned, Pruning, RebuiltBusy, Receipt, Record, RecordKey, Reindexed, ReminderMark,
    SearchQuery, SourceId, SpanQuery, Timestamp, TokenHash, Transaction, Uid, Version, VersionBody,
    VersionId,
};

/// A backend without a disk: for tests, previews, and as the plainest
/// statement of what a backend does.
///
/// A transaction of several writes copies the store's structure (not the
/// bodies) to be able to take it back, so it is not for millions of objects.
#[derive(Debug)]
pub struct Memory {
    epoch: Epoch,
    state: Mutex<State>,
}

impl Memory {
    /// An empty store with a fresh epoch.
    #[must_use]
    pub fn new() -> Self {
        Self::with_epoch(Epoch::random())
    }

    /// An empty store of this epoch.
    pub(crate) fn with_epoch(epoch: Epoch) -> Self {
        Self {
            epoch,
            state: Mutex::new(State::new(epoch)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Backend for Memory {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error> {
        self.state().commit(&transaction)
    }

    async fn principal(&self, key: PrincipalKey) -> Result<Option<Principal>, Error> {
        Ok(self.state().principal(&key))
    }

    async fn principals(&self, page: PageRequest) -> Result<Page<Principal>, Error> {
        Ok(self.state().principals(&page))
    }

    async fn password(&self, principal: PrincipalId) -> Result<Option<PasswordHash>, Error> {
        Ok(self.state().password(principal))
    }

    async fn tokens(&self, principal: PrincipalId) -> Result<Vec<AppToken>, Error> {
        Ok(self.state().tokens(principal))
    }

    async fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error> {
        Ok(self.state().token(hash))
    }

    async fn collection(&self, key: CollectionKey) -> Result<Option<Collection>, Error> {
        Ok(self.state().collection(&key))
    }

    async fn children(
        &self,
        parent: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Collection>, Error> {
        self.state().children(parent, &page)
    }

    async fn trash(&self, owner: PrincipalId) -> Result<Vec<(Timestamp, Collection)>, Error> {
        Ok(self.state().trash(owner))
    }

    async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        Ok(self.state().object(collection, name))
    }

    async fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error> {
        Ok(self.state().locks(owner))
    }

    async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        let state = self.state();
        let objects = names.iter().map(|name| state.object(collection, name));
        Ok(objects.collect())
    }

    async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        let state = self.state();
        let objects = uids.iter().map(|uid| state.object_by_uid(collection, uid));
        Ok(objects.collect())
    }

    async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error> {
        Ok(self.state().properties(collection, name))
    }

    async fn entries(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Entry>, Error> {
        self.state().entries(collection, &page)
    }

    async fn overlapping(
        &self,
        query: SpanQuery,
        page: PageRequest,
    ) -> Result<Page<Object>, Error> {
        self.state().overlapping(&query, &page)
    }

    async fn search(&self, query: SearchQuery, page: PageRequest) -> Result<Page<Object>, Error> {
        self.state().search(&query, &page)
    }

    async fn categories(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        self.state().categories(collection, &page)
    }

    async fn marked(&self, query: MarkQuery, page: PageRequest) -> Result<Page<Marked>, Error> {
        self.state().marked(&query, &page)
    }

    async fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error> {
        Ok(self.state().marks(objects))
    }

    async fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        self.state().indexed(owner, &page)
    }

    async fn reindex(&self, objects: Vec<Reindexed>) -> Result<(), Error> {
        self.state().reindex(objects);
        Ok(())
    }

    async fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        Ok(self.state().index_basis.clone())
    }

    async fn set_index_basis(&self, basis: IndexBasis) -> Result<(), Error> {
        self.state().index_basis = Some(basis);
        Ok(())
    }

    async fn changes(&self, query: LogQuery) -> Result<LogPage, Error> {
        self.state().changes(&query)
    }

    async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: PageRequest,
    ) -> Result<Page<Version>, Error> {
        self.state().versions(collection, name, &page)
    }

    async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        Ok(self.state().version(collection, name, id))
    }

    async fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        self.state().collection_at(id, at, &page)
    }

    async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        self.state().children_at(parent, at, &page)
    }

    async fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error> {
        Ok(self.state().busy(query))
    }

    async fn set_busy(&self, rebuilt: RebuiltBusy) -> Result<bool, Error> {
        self.state().set_busy(&rebuilt)
    }

    async fn place_hold(&self, new: NewHold) -> Result<(), Error> {
        self.state().place_hold(&new)
    }

    async fn release_hold(
        &self,
        collection: CollectionId,
        token: HoldToken,
        at: Timestamp,
    ) -> Result<bool, Error> {
        Ok(self.state().release_hold(collection, token, at))
    }

    async fn prune(&self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error> {
        Ok(self.state().prune(before, cause))
    }

    async fn prune_dead_letters(&self, old: OldLetters, cause: &Cause) -> Result<u64, Error> {
        Ok(self.state().prune_dead_letters(old, cause))
    }

    async fn prunings(&self, page: PageRequest) -> Result<Page<Pruning>, Error> {
        self.state().prunings(&page)
    }

    async fn audit_chains(&self, page: PageRequest) -> Result<Page<AuditChain>, Error> {
        self.state().audit_chains(&page)
    }

    async fn audit(&self, chain: AuditChain, after: u64, limit: usize) -> Result<AuditPage, Error> {
        Ok(self.state().audit(chain, after, limit))
    }

    async fn lease_jobs(&self, request: LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        Ok(self.state().lease_jobs(&request))
    }

    async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        self.state().extend_lease(lease, until)
    }

    async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        Ok(self.state().next_job(kind))
    }

    async fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        Ok(self.state().job_counts())
    }

    async fn jobs(&self, filter: JobFilter, page: PageRequest) -> Result<Page<Job>, Error> {
        self.state().list_jobs(&filter, &page)
    }

    async fn secret(&self, source: &SourceId) -> Result<Option<KeptSecret>, Error> {
        Ok(self.state().secret(source))
    }

    async fn secrets(&self, page: PageRequest) -> Result<Page<KeptSecret>, Error> {
        Ok(self.state().secrets(&page))
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>, Error> {
        Ok(self.state().records(after, limit))
    }

    async fn record_count(&self) -> Result<Option<u64>, Error> {
        Ok(Some(self.state().record_count()))
    }

    async fn load(&self, records: Vec<Record>) -> Result<(), Error> {
        self.load_whole(&records)
    }
}
