//! A backend by somebody else, made of nothing but what is public: it counts what
//! another one is asked. `docs/backend.md` sends its readers here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use cal_store::{
    AppToken, AuditChain, AuditPage, Backend, BusyQuery, CalendarBusy, CategoryCount, Cause,
    Change, Collection, CollectionAt, CollectionId, CollectionKey, Entry, Epoch, Error, HoldToken,
    IndexBasis, Indexed, Job, JobCount, JobFilter, JobKind, KeptSecret, Lease, LeaseRequest,
    LeasedJob, Location, Lock, LogPage, LogQuery, MarkQuery, Marked, Memory, NewHold, Object,
    ObjectName, OldLetters, Page, PageRequest, PasswordHash, PastCollection, Principal,
    PrincipalId, PrincipalKey, PrincipalName, Properties, Pruned, Pruning, RebuiltBusy, Receipt,
    Record, RecordKey, Reindexed, ReminderMark, SearchQuery, SourceId, SpanQuery, Store, Timestamp,
    TokenHash, Transaction, Uid, Version, VersionBody, VersionId, conformance,
};
use tokio::sync::broadcast;

/// Counts the questions to the backend below.
#[derive(Debug)]
struct Counting<B> {
    inner: B,
    asked: Arc<AtomicU64>,
}

impl<B> Counting<B> {
    fn count(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }
}

#[async_trait]
impl<B: Backend> Backend for Counting<B> {
    fn epoch(&self) -> Epoch {
        self.inner.epoch()
    }

    fn relay(&self, changes: broadcast::Sender<Change>) {
        self.inner.relay(changes);
    }

    async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error> {
        self.count();
        self.inner.commit(transaction).await
    }

    async fn commit_each(
        &self,
        transactions: Vec<Transaction>,
    ) -> Vec<Result<Vec<Receipt>, Error>> {
        self.count();
        self.inner.commit_each(transactions).await
    }

    async fn principal(&self, key: PrincipalKey) -> Result<Option<Principal>, Error> {
        self.count();
        self.inner.principal(key).await
    }

    async fn principals(&self, page: PageRequest) -> Result<Page<Principal>, Error> {
        self.count();
        self.inner.principals(page).await
    }

    async fn password(&self, principal: PrincipalId) -> Result<Option<PasswordHash>, Error> {
        self.count();
        self.inner.password(principal).await
    }

    async fn tokens(&self, principal: PrincipalId) -> Result<Vec<AppToken>, Error> {
        self.count();
        self.inner.tokens(principal).await
    }

    async fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error> {
        self.count();
        self.inner.token(hash).await
    }

    async fn collection(&self, key: CollectionKey) -> Result<Option<Collection>, Error> {
        self.count();
        self.inner.collection(key).await
    }

    async fn locate(&self, owner: &PrincipalName, path: &[ObjectName]) -> Result<Location, Error> {
        self.count();
        self.inner.locate(owner, path).await
    }

    async fn children(
        &self,
        parent: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Collection>, Error> {
        self.count();
        self.inner.children(parent, page).await
    }

    async fn trash(&self, owner: PrincipalId) -> Result<Vec<(Timestamp, Collection)>, Error> {
        self.count();
        self.inner.trash(owner).await
    }

    async fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error> {
        self.count();
        self.inner.locks(owner).await
    }

    async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        self.count();
        self.inner.object(collection, name).await
    }

    async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        self.count();
        self.inner.objects(collection, names).await
    }

    async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        self.count();
        self.inner.objects_by_uid(collection, uids).await
    }

    async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error> {
        self.count();
        self.inner.properties(collection, name).await
    }

    async fn entries(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Entry>, Error> {
        self.count();
        self.inner.entries(collection, page).await
    }

    async fn overlapping(
        &self,
        query: SpanQuery,
        page: PageRequest,
    ) -> Result<Page<Object>, Error> {
        self.count();
        self.inner.overlapping(query, page).await
    }

    async fn search(&self, query: SearchQuery, page: PageRequest) -> Result<Page<Object>, Error> {
        self.count();
        self.inner.search(query, page).await
    }

    async fn categories(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        self.count();
        self.inner.categories(collection, page).await
    }

    async fn marked(&self, query: MarkQuery, page: PageRequest) -> Result<Page<Marked>, Error> {
        self.count();
        self.inner.marked(query, page).await
    }

    async fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error> {
        self.count();
        self.inner.marks(objects).await
    }

    async fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        self.count();
        self.inner.indexed(owner, page).await
    }

    async fn reindex(&self, objects: Vec<Reindexed>) -> Result<(), Error> {
        self.count();
        self.inner.reindex(objects).await
    }

    async fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        self.count();
        self.inner.index_basis().await
    }

    async fn set_index_basis(&self, basis: IndexBasis) -> Result<(), Error> {
        self.count();
        self.inner.set_index_basis(basis).await
    }

    async fn changes(&self, query: LogQuery) -> Result<LogPage, Error> {
        self.count();
        self.inner.changes(query).await
    }

    async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: PageRequest,
    ) -> Result<Page<Version>, Error> {
        self.count();
        self.inner.versions(collection, name, page).await
    }

    async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        self.count();
        self.inner.version(collection, name, id).await
    }

    async fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        self.count();
        self.inner.collection_at(id, at, page).await
    }

    async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        self.count();
        self.inner.children_at(parent, at, page).await
    }

    async fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error> {
        self.count();
        self.inner.busy(query).await
    }

    async fn set_busy(&self, rebuilt: RebuiltBusy) -> Result<bool, Error> {
        self.count();
        self.inner.set_busy(rebuilt).await
    }

    async fn place_hold(&self, new: NewHold) -> Result<(), Error> {
        self.count();
        self.inner.place_hold(new).await
    }

    async fn release_hold(
        &self,
        collection: CollectionId,
        token: HoldToken,
        at: Timestamp,
    ) -> Result<bool, Error> {
        self.count();
        self.inner.release_hold(collection, token, at).await
    }

    async fn prune(&self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error> {
        self.count();
        self.inner.prune(before, cause).await
    }

    async fn prune_dead_letters(&self, old: OldLetters, cause: &Cause) -> Result<u64, Error> {
        self.count();
        self.inner.prune_dead_letters(old, cause).await
    }

    async fn prunings(&self, page: PageRequest) -> Result<Page<Pruning>, Error> {
        self.count();
        self.inner.prunings(page).await
    }

    async fn audit_chains(&self, page: PageRequest) -> Result<Page<AuditChain>, Error> {
        self.count();
        self.inner.audit_chains(page).await
    }

    async fn audit(&self, chain: AuditChain, after: u64, limit: usize) -> Result<AuditPage, Error> {
        self.count();
        self.inner.audit(chain, after, limit).await
    }

    async fn lease_jobs(&self, request: LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        self.count();
        self.inner.lease_jobs(request).await
    }

    async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        self.count();
        self.inner.extend_lease(lease, until).await
    }

    async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        self.count();
        self.inner.next_job(kind).await
    }

    async fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        self.count();
        self.inner.job_counts().await
    }

    async fn secret(&self, source: &SourceId) -> Result<Option<KeptSecret>, Error> {
        self.count();
        self.inner.secret(source).await
    }

    async fn secrets(&self, page: PageRequest) -> Result<Page<KeptSecret>, Error> {
        self.count();
        self.inner.secrets(page).await
    }

    async fn jobs(&self, filter: JobFilter, page: PageRequest) -> Result<Page<Job>, Error> {
        self.count();
        self.inner.jobs(filter, page).await
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>, Error> {
        self.count();
        self.inner.records(after, limit).await
    }

    async fn load(&self, records: Vec<Record>) -> Result<(), Error> {
        self.count();
        self.inner.load(records).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_from_outside_keeps_every_promise() {
    let asked = Arc::new(AtomicU64::new(0));
    let make = async || {
        Ok(Counting {
            inner: Memory::new(),
            asked: Arc::clone(&asked),
        })
    };
    conformance::run(make).await.unwrap();
    assert!(asked.load(Ordering::Relaxed) > 1_000);
}

#[tokio::test]
async fn a_read_through_the_store_is_one_question() {
    let asked = Arc::new(AtomicU64::new(0));
    let store = Store::new(Counting {
        inner: Memory::new(),
        asked: Arc::clone(&asked),
    });
    assert_eq!(store.job_counts().await.unwrap(), []);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}
