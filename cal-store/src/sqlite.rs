//! The SQLite backend.

mod audit;
mod backup;
mod busy;
mod connection;
mod jobs;
mod locks;
mod migration;
mod prune;
mod read;
mod readers;
mod records;
mod reindex;
mod row;
mod words;
mod write;
mod writer;

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use self::readers::{Reader, Readers};
use self::writer::WritingConnection;
use crate::group_commit::Writer;
use crate::{
    AppToken, AuditChain, AuditPage, Backend, BusyQuery, CalendarBusy, CategoryCount, Cause,
    Collection, CollectionAt, CollectionId, CollectionKey, Entry, Epoch, Error, HoldToken,
    IndexBasis, Indexed, Job, JobCount, JobFilter, JobKind, KeptSecret, Lease, LeaseRequest,
    LeasedJob, Location, Lock, LogPage, LogQuery, MarkQuery, Marked, NewHold, Object, ObjectName,
    OldLetters, Page, PageRequest, PasswordHash, PastCollection, Principal, PrincipalId,
    PrincipalKey, PrincipalName, Properties, Pruned, Pruning, RebuiltBusy, Receipt, Record,
    RecordKey, Reindexed, ReminderMark, SearchQuery, SourceId, SpanQuery, Timestamp, TokenHash,
    Transaction, Uid, Version, VersionBody, VersionId,
};

/// A store in one SQLite file.
///
/// Writes go to one thread, which commits all that has queued up as one
/// transaction (group commit) and answers each caller when that is durable.
/// Reads run beside it on connections of their own and see the last commit.
/// Other processes may open the same file: they wait for each other, and no
/// "database is locked" comes out of here.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("cal.db");
/// use cal_store::{Sqlite, Store};
///
/// let store = Store::new(Sqlite::open(path).await?);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Sqlite {
    place: Place,
    writer: Writer<WritingConnection>,
    readers: Readers,
}

/// What every connection to one store needs to know.
#[derive(Debug, Clone)]
struct Place {
    path: PathBuf,
    durability: Durability,
    workspace: i64,
    epoch: Epoch,
}

/// What "written" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Durability {
    /// A write is answered when it is on the disk: it survives a power cut.
    #[default]
    Full,
    /// A write is answered when it is with the operating system: it survives
    /// the end of the process in any manner, but a power cut may take the
    /// last seconds. Many times faster where flushing a disk is slow.
    Process,
}

impl Sqlite {
    /// Opens a store, making or upgrading it as needed, with [`Durability::Full`].
    ///
    /// # Errors
    ///
    /// [`Error::NewerSchema`] if a newer program has written it;
    /// [`Error::Backend`] if it is no store or cannot be opened.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::open_with(path, Durability::Full).await
    }

    /// Opens a store with this durability.
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
        let mut connection = connection::open_writer(&path, durability)?;
        migration::run(&mut connection)?;
        let (workspace, epoch) = migration::workspace(&mut connection)?;
        let place = Place {
            path,
            durability,
            workspace,
            epoch,
        };
        Ok(Self {
            writer: Writer::start(WritingConnection::new(connection, place.clone()))?,
            readers: Readers::new(place.clone()),
            place,
        })
    }

    /// The file of the store.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// What "written" means in this store.
    #[must_use]
    pub fn durability(&self) -> Durability {
        self.place.durability
    }
}

#[async_trait]
impl Backend for Sqlite {
    fn epoch(&self) -> Epoch {
        self.place.epoch
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
        self.readers
            .read(move |reader| reader.principal(&key))
            .await
    }

    async fn principals(&self, page: PageRequest) -> Result<Page<Principal>, Error> {
        self.readers
            .read(move |reader| reader.principals(&page))
            .await
    }

    async fn password(&self, principal: PrincipalId) -> Result<Option<PasswordHash>, Error> {
        self.readers
            .read(move |reader| reader.password(principal))
            .await
    }

    async fn tokens(&self, principal: PrincipalId) -> Result<Vec<AppToken>, Error> {
        self.readers
            .read(move |reader| reader.tokens(principal))
            .await
    }

    async fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error> {
        let hash = hash.clone();
        self.readers.read(move |reader| reader.token(&hash)).await
    }

    async fn collection(&self, key: CollectionKey) -> Result<Option<Collection>, Error> {
        self.readers
            .read(move |reader| reader.collection(&key))
            .await
    }

    async fn locate(&self, owner: &PrincipalName, path: &[ObjectName]) -> Result<Location, Error> {
        let (owner, path) = (owner.clone(), path.to_vec());
        self.readers
            .read(move |reader| reader.locate(&owner, &path))
            .await
    }

    async fn children(
        &self,
        parent: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Collection>, Error> {
        self.readers
            .read(move |reader| reader.children(parent, &page))
            .await
    }

    async fn trash(&self, owner: PrincipalId) -> Result<Vec<(Timestamp, Collection)>, Error> {
        self.readers.read(move |reader| reader.trash(owner)).await
    }

    async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        let name = name.clone();
        self.readers
            .read(move |reader| reader.object(collection, &name))
            .await
    }

    async fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error> {
        self.readers.read(move |reader| reader.locks(owner)).await
    }

    async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        let names = names.to_vec();
        self.readers
            .read(move |reader| reader.objects(collection, &names))
            .await
    }

    async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        let uids = uids.to_vec();
        self.readers
            .read(move |reader| reader.objects_by_uid(collection, &uids))
            .await
    }

    async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error> {
        let name = name.clone();
        self.readers
            .read(move |reader| reader.properties(collection, name.as_str()))
            .await
    }

    async fn entries(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Entry>, Error> {
        self.readers
            .read(move |reader| reader.entries(collection, &page))
            .await
    }

    async fn overlapping(
        &self,
        query: SpanQuery,
        page: PageRequest,
    ) -> Result<Page<Object>, Error> {
        self.readers
            .read(move |reader| reader.overlapping(&query, &page))
            .await
    }

    async fn search(&self, query: SearchQuery, page: PageRequest) -> Result<Page<Object>, Error> {
        self.readers
            .read(move |reader| reader.search(&query, &page))
            .await
    }

    async fn categories(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        self.readers
            .read(move |reader| reader.categories(collection, &page))
            .await
    }

    async fn marked(&self, query: MarkQuery, page: PageRequest) -> Result<Page<Marked>, Error> {
        self.readers
            .read(move |reader| reader.marked(&query, &page))
            .await
    }

    async fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error> {
        let objects = objects.to_vec();
        self.readers
            .read(move |reader| reader.marks(&objects))
            .await
    }

    async fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        self.readers
            .read(move |reader| reader.indexed(owner, &page))
            .await
    }

    async fn reindex(&self, objects: Vec<Reindexed>) -> Result<(), Error> {
        self.writer
            .run(move |connection| reindex::reindex(connection, &objects))
            .await
    }

    async fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        self.readers
            .read(|reader: &Reader<'_>| reader.index_basis())
            .await
    }

    async fn set_index_basis(&self, basis: IndexBasis) -> Result<(), Error> {
        let workspace = self.place.workspace;
        self.writer
            .run(move |connection| reindex::set_basis(connection, workspace, &basis))
            .await
    }

    async fn changes(&self, query: LogQuery) -> Result<LogPage, Error> {
        self.readers
            .read(move |reader| reader.changes(&query))
            .await
    }

    async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: PageRequest,
    ) -> Result<Page<Version>, Error> {
        let name = name.clone();
        self.readers
            .read(move |reader| reader.versions(collection, &name, &page))
            .await
    }

    async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        let name = name.clone();
        self.readers
            .read(move |reader| reader.version(collection, &name, id))
            .await
    }

    async fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        self.readers
            .read(move |reader| reader.collection_at(id, at, &page))
            .await
    }

    async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        self.readers
            .read(move |reader| reader.children_at(parent, at, &page))
            .await
    }

    async fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error> {
        let query = query.clone();
        self.readers.read(move |reader| reader.busy(&query)).await
    }

    async fn set_busy(&self, rebuilt: RebuiltBusy) -> Result<bool, Error> {
        self.writer
            .run(move |connection| busy::set(connection, &rebuilt))
            .await
    }

    async fn place_hold(&self, new: NewHold) -> Result<(), Error> {
        self.writer
            .run(move |connection| busy::place(connection, &new))
            .await
    }

    async fn release_hold(
        &self,
        collection: CollectionId,
        token: HoldToken,
        at: Timestamp,
    ) -> Result<bool, Error> {
        self.writer
            .run(move |connection| busy::release(connection, collection, token, at))
            .await
    }

    async fn prune(&self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error> {
        let (place, cause) = (self.place.clone(), cause.clone());
        self.writer
            .run(move |connection| prune::prune(connection, &place, before, &cause))
            .await
    }

    async fn prune_dead_letters(&self, old: OldLetters, cause: &Cause) -> Result<u64, Error> {
        let (place, cause) = (self.place.clone(), cause.clone());
        self.writer
            .run(move |connection| prune::prune_dead_letters(connection, &place, old, &cause))
            .await
    }

    async fn prunings(&self, page: PageRequest) -> Result<Page<Pruning>, Error> {
        self.readers
            .read(move |reader| reader.prunings(&page))
            .await
    }

    async fn audit_chains(&self, page: PageRequest) -> Result<Page<AuditChain>, Error> {
        self.readers
            .read(move |reader| reader.audit_chains(&page))
            .await
    }

    async fn audit(&self, chain: AuditChain, after: u64, limit: usize) -> Result<AuditPage, Error> {
        self.readers
            .read(move |reader| reader.audit(chain, after, limit))
            .await
    }

    async fn lease_jobs(&self, request: LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        let place = self.place.clone();
        self.writer
            .run(move |connection| jobs::lease(connection, &place, &request))
            .await
    }

    async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        self.writer
            .run(move |connection| jobs::extend(connection, lease, until))
            .await
    }

    async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        let kind = kind.clone();
        self.readers
            .read(move |reader| reader.next_job(&kind))
            .await
    }

    async fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        self.readers
            .read(|reader: &Reader<'_>| reader.job_counts())
            .await
    }

    async fn jobs(&self, filter: JobFilter, page: PageRequest) -> Result<Page<Job>, Error> {
        self.readers
            .read(move |reader| reader.jobs(&filter, &page))
            .await
    }

    async fn secret(&self, source: &SourceId) -> Result<Option<KeptSecret>, Error> {
        let source = source.clone();
        self.readers
            .read(move |reader| reader.secret(&source))
            .await
    }

    async fn secrets(&self, page: PageRequest) -> Result<Page<KeptSecret>, Error> {
        self.readers.read(move |reader| reader.secrets(&page)).await
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>, Error> {
        let after = after.cloned();
        self.readers
            .read(move |reader| reader.records(after.as_ref(), limit))
            .await
    }

    async fn record_count(&self) -> Result<Option<u64>, Error> {
        self.readers
            .read(|reader: &Reader<'_>| reader.record_count())
            .await
    }

    async fn load(&self, records: Vec<Record>) -> Result<(), Error> {
        let place = self.place.clone();
        self.writer
            .run(move |connection| records::load(connection, &place, &records))
            .await
    }
}
