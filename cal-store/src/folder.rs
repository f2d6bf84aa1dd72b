//! The backend that keeps a store in a folder of plain files.

mod desk;
mod durable;
mod journal;
mod mirror;
mod names;
mod notes;
mod replay;
mod scan;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::sync::{RwLock, RwLockReadGuard, broadcast};

use self::desk::Desk;
use crate::group_commit::Writer;
use crate::{
    AppToken, AuditChain, AuditPage, Backend, BusyQuery, CalendarBusy, CategoryCount, Cause,
    Change, Collection, CollectionAt, CollectionId, CollectionKey, Durability, Entry, Epoch, Error,
    HoldToken, IndexBasis, Indexed, Job, JobCount, JobFilter, JobKind, KeptSecret, Lease,
    LeaseRequest, LeasedJob, Lock, LogPage, LogQuery, MarkQuery, Marked, Memory, NewHold, Object,
    ObjectName, OldLetters, Page, PageRequest, PasswordHash, PastCollection, Principal,
    PrincipalId, PrincipalKey, Properties, Pruned, Pruning, RebuiltBusy, Receipt, Record,
    RecordKey, Reindexed, ReminderMark, SearchQuery, SourceId, SpanQuery, Timestamp, TokenHash,
    Transaction, Uid, Version, VersionBody, VersionId,
};

#[doc = include_str!("../docs/folder.md")]
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    epoch: Epoch,
    /// Readers hold it while they read: see [`Desk`].
    gate: Arc<RwLock<()>>,
    memory: Arc<Memory>,
    writer: Writer<Desk>,
    changes: Arc<Mutex<Option<broadcast::Sender<Change>>>>,
    /// When the files were last looked at.
    looked: Mutex<Instant>,
    opening: Opening,
}

/// What was to be done to open a store in a folder: nothing of it where nothing
/// has changed since it was closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opening {
    /// Files of objects that were read, for they did not look as they did when
    /// the store was closed.
    pub files_read: u64,
    /// Objects, also earlier versions in the journal, that were indexed.
    pub objects_indexed: u64,
}

/// How long a read trusts that nobody has changed the files.
const TRUST: Duration = Duration::from_secs(1);

impl Folder {
    /// Opens the store in a folder with [`Durability::Full`], making it as needed, and takes over what
    /// others did to its files since it was closed.
    ///
    /// # Errors
    ///
    /// [`Error::InUse`] if another process has it open; [`Error::NewerSchema`]
    /// if a newer program has written it; [`Error::Backend`] if it cannot be
    /// read or its journal is damaged.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::open_with(path, Durability::Full).await
    }

    /// Opens the store in a folder with this durability.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn open_with(
        path: impl Into<PathBuf>,
        durability: Durability,
    ) -> Result<Self, Error> {
        let path = path.into();
        let open = move || Self::open_blocking(path, durability);
        tokio::task::spawn_blocking(open)
            .await
            .map_err(Error::backend)?
    }

    fn open_blocking(path: PathBuf, durability: Durability) -> Result<Self, Error> {
        let (desk, shared) = Desk::open(&path, durability)?;
        Ok(Self {
            path,
            epoch: shared.epoch,
            gate: shared.gate,
            memory: shared.memory,
            writer: Writer::start(desk)?,
            changes: shared.changes,
            looked: Mutex::new(Instant::now()),
            opening: shared.opening,
        })
    }

    /// What was to be done to open it.
    #[must_use]
    pub const fn opening(&self) -> Opening {
        self.opening
    }

    /// The folder of the store.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes over at once what others did to the files. Reads do so by
    /// themselves when a second has passed since it was last done.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if the files cannot be read.
    pub async fn rescan(&self) -> Result<(), Error> {
        *self.looked() = Instant::now();
        self.writer.run(Desk::scan).await
    }

    fn looked(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Memory, with what others did to the files, and nothing that is not on
    /// the disk.
    async fn reading(&self) -> Reading<'_> {
        let is_due = self.looked().elapsed() >= TRUST;
        if is_due && let Err(error) = self.rescan().await {
            tracing::warn!(%error, "the files of the store cannot be looked at");
        }
        Reading {
            _gate: self.gate.read().await,
            memory: &self.memory,
        }
    }
}

/// Memory while nobody writes to it.
struct Reading<'f> {
    _gate: RwLockReadGuard<'f, ()>,
    memory: &'f Memory,
}

impl std::ops::Deref for Reading<'_> {
    type Target = Memory;

    fn deref(&self) -> &Memory {
        self.memory
    }
}

#[async_trait]
impl Backend for Folder {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Others are those who change the files.
    fn relay(&self, changes: broadcast::Sender<Change>) {
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) = Some(changes);
    }

    async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error> {
        self.writer.commit(transaction).await
    }

    async fn commit_each(
        &self,
        transactions: Vec<Transaction>,
    ) -> Vec<Result<Vec<Receipt>, Error>> {
        self.writer.commit_each(transactions).await
    }

    async fn principal(&self, key: PrincipalKey) -> Result<Option<Principal>, Error> {
        self.reading().await.principal(key).await
    }

    async fn principals(&self, page: PageRequest) -> Result<Page<Principal>, Error> {
        self.reading().await.principals(page).await
    }

    async fn password(&self, principal: PrincipalId) -> Result<Option<PasswordHash>, Error> {
        self.reading().await.password(principal).await
    }

    async fn tokens(&self, principal: PrincipalId) -> Result<Vec<AppToken>, Error> {
        self.reading().await.tokens(principal).await
    }

    async fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error> {
        self.reading().await.token(hash).await
    }

    async fn collection(&self, key: CollectionKey) -> Result<Option<Collection>, Error> {
        self.reading().await.collection(key).await
    }

    async fn children(
        &self,
        parent: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Collection>, Error> {
        self.reading().await.children(parent, page).await
    }

    async fn trash(&self, owner: PrincipalId) -> Result<Vec<(Timestamp, Collection)>, Error> {
        self.reading().await.trash(owner).await
    }

    async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        self.reading().await.object(collection, name).await
    }

    /// They are in memory alone: they end with the process, as a lock may at any time
    /// (RFC 4918 section 6.6).
    async fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error> {
        self.reading().await.locks(owner).await
    }

    async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        self.reading().await.objects(collection, names).await
    }

    async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        self.reading().await.objects_by_uid(collection, uids).await
    }

    async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error> {
        self.reading().await.properties(collection, name).await
    }

    async fn entries(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Entry>, Error> {
        self.reading().await.entries(collection, page).await
    }

    async fn overlapping(
        &self,
        query: SpanQuery,
        page: PageRequest,
    ) -> Result<Page<Object>, Error> {
        self.reading().await.overlapping(query, page).await
    }

    async fn search(&self, query: SearchQuery, page: PageRequest) -> Result<Page<Object>, Error> {
        self.reading().await.search(query, page).await
    }

    async fn categories(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        self.reading().await.categories(collection, page).await
    }

    async fn marked(&self, query: MarkQuery, page: PageRequest) -> Result<Page<Marked>, Error> {
        self.reading().await.marked(query, page).await
    }

    async fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error> {
        self.reading().await.marks(objects).await
    }

    async fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        self.reading().await.indexed(owner, page).await
    }

    async fn reindex(&self, objects: Vec<Reindexed>) -> Result<(), Error> {
        self.reading().await.reindex(objects).await
    }

    async fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        self.reading().await.index_basis().await
    }

    async fn set_index_basis(&self, basis: IndexBasis) -> Result<(), Error> {
        self.writer
            .run(move |desk| desk.set_index_basis(basis))
            .await
    }

    async fn changes(&self, query: LogQuery) -> Result<LogPage, Error> {
        self.reading().await.changes(query).await
    }

    async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: PageRequest,
    ) -> Result<Page<Version>, Error> {
        self.reading().await.versions(collection, name, page).await
    }

    async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        self.reading().await.version(collection, name, id).await
    }

    async fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        self.reading().await.collection_at(id, at, page).await
    }

    async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        self.reading().await.children_at(parent, at, page).await
    }

    async fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error> {
        self.reading().await.busy(query).await
    }

    /// They are in memory alone: after the store was opened, whoever asks for
    /// them first has them worked out.
    async fn set_busy(&self, rebuilt: RebuiltBusy) -> Result<bool, Error> {
        self.writer.run(move |desk| desk.set_busy(&rebuilt)).await
    }

    async fn place_hold(&self, new: NewHold) -> Result<(), Error> {
        self.writer.run(move |desk| desk.hold(&new)).await
    }

    async fn release_hold(
        &self,
        collection: CollectionId,
        token: HoldToken,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let hold = (collection, token);
        self.writer.run(move |desk| desk.release(hold, at)).await
    }

    async fn prune(&self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error> {
        let cause = cause.clone();
        self.writer
            .run(move |desk| desk.prune(before, &cause))
            .await
    }

    async fn prune_dead_letters(&self, old: OldLetters, cause: &Cause) -> Result<u64, Error> {
        let cause = cause.clone();
        self.writer
            .run(move |desk| desk.prune_dead_letters(old, &cause))
            .await
    }

    async fn prunings(&self, page: PageRequest) -> Result<Page<Pruning>, Error> {
        self.reading().await.prunings(page).await
    }

    async fn audit_chains(&self, page: PageRequest) -> Result<Page<AuditChain>, Error> {
        self.reading().await.audit_chains(page).await
    }

    async fn audit(&self, chain: AuditChain, after: u64, limit: usize) -> Result<AuditPage, Error> {
        self.reading().await.audit(chain, after, limit).await
    }

    async fn lease_jobs(&self, request: LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        self.writer.run(move |desk| desk.lease(&request)).await
    }

    async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        self.writer.run(move |desk| desk.extend(lease, until)).await
    }

    async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        self.reading().await.next_job(kind).await
    }

    async fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        self.reading().await.job_counts().await
    }

    async fn jobs(&self, filter: JobFilter, page: PageRequest) -> Result<Page<Job>, Error> {
        self.reading().await.jobs(filter, page).await
    }

    async fn secret(&self, source: &SourceId) -> Result<Option<KeptSecret>, Error> {
        self.reading().await.secret(source).await
    }

    async fn secrets(&self, page: PageRequest) -> Result<Page<KeptSecret>, Error> {
        self.reading().await.secrets(page).await
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>, Error> {
        self.reading().await.records(after, limit).await
    }

    async fn record_count(&self) -> Result<Option<u64>, Error> {
        self.reading().await.record_count().await
    }

    async fn load(&self, records: Vec<Record>) -> Result<(), Error> {
        self.writer.run(move |desk| desk.load(records)).await
    }
}
