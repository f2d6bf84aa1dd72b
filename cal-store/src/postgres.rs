//! The PostgreSQL backend.

mod busy;
mod commit;
mod connection;
mod copy;
mod gather;
mod jobs;
mod lanes;
mod locks;
mod migration;
mod news;
mod pipeline;
mod prune;
mod read;
mod records;
mod reindex;
mod removal;
mod row;
mod statistics;
mod tls;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_postgres::Pool;
use tokio::sync::broadcast;

use self::connection::{InTransaction, Patience, connection};
use self::gather::Gatherer;
use self::lanes::{LANES, Lanes};
use self::news::Herald;
use self::read::Reader;
use crate::{
    AppToken, AuditChain, AuditPage, Backend, BusyQuery, CalendarBusy, CategoryCount, Cause,
    Change, Collection, CollectionAt, CollectionId, CollectionKey, Entry, Epoch, Error, HoldToken,
    IndexBasis, Indexed, Job, JobCount, JobFilter, JobKind, KeptSecret, Lease, LeaseRequest,
    LeasedJob, Location, Lock, LogPage, LogQuery, MarkQuery, Marked, NewHold, Object, ObjectName,
    OldLetters, Page, PageRequest, PasswordHash, PastCollection, Principal, PrincipalId,
    PrincipalKey, PrincipalName, Properties, Pruned, Pruning, RebuiltBusy, Receipt, Record,
    RecordKey, Reindexed, ReminderMark, SearchQuery, SourceId, SpanQuery, Timestamp, TokenHash,
    Transaction, Uid, Version, VersionBody, VersionId,
};

/// A store in a PostgreSQL database (13 or newer), for any number of nodes.
///
/// Writes go to a few lanes, each of which commits all that has queued up as
/// one transaction and answers each caller when that is durable. Other nodes
/// may use the same database: rows of collections are locked in one order, and
/// what the database takes back for the sake of another is done again. What
/// one node commits, [subscribers](crate::Store::subscribe) of all others hear.
///
/// While the database is away, calls wait for it for some seconds, then they
/// are [`Error::Unavailable`]. A connection that is lost in the middle of a
/// write never leaves half of it, and whether it was committed is found out
/// before anyone is answered.
///
/// `sslmode` in the URL says what is asked of TLS, in the words of libpq:
/// `disable`, `prefer` (the default: TLS if the server has it), `require`,
/// `verify-ca`, or `verify-full`, the only one by which nobody can pretend to
/// be the server. `sslrootcert=FILE` names the certificate authorities to
/// trust, in PEM; without it (or with `system`) they are those of the machine.
/// What the other modes encrypt they do not verify. Certificates of clients
/// are not supported.
///
/// PostgreSQL text has no NUL: free text with one, such as a display name, is
/// refused with [`Error::InvalidName`].
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cal_store::{Postgres, Store};
///
/// let store = Store::new(Postgres::connect("postgres://cal@localhost/cal").await?);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Postgres {
    lanes: Lanes,
    readers: Pool,
    gatherer: Arc<Gatherer>,
    herald: Arc<Herald>,
    workspace: i64,
    epoch: Epoch,
}

/// Connections that read at the same time; more callers wait their turn.
const READERS: usize = 8;

/// Makes a read, again while the database is away.
macro_rules! read {
    ($self:ident, $reader:ident => $read:expr) => {{
        let mut patience = Patience::new();
        loop {
            let result = match $self.reader().await {
                Ok($reader) => $read.await,
                Err(error) => Err(error),
            };
            if let Some(result) = patience.settle(result).await {
                break result;
            }
        }
    }};
}

/// Does something in a transaction of its own, again while others are in the way.
macro_rules! alone {
    ($self:ident, $connection:ident => $work:expr) => {{
        let mut patience = Patience::new();
        loop {
            let error = match alone!(once $self, $connection => $work) {
                Ok(done) => break Ok(done),
                Err(error) => error,
            };
            let contended = connection::Fault::of(&error) == connection::Fault::Contention;
            if !contended || !patience.again().await {
                break Err(error);
            }
        }
    }};
    (once $self:ident, $connection:ident => $work:expr) => {{
        let transaction = InTransaction::begin(connection(&$self.readers).await?).await?;
        let $connection = transaction.connection()?;
        let done = $work.await;
        transaction.end(done).await
    }};
}

impl Postgres {
    /// Connects to the database of this URL (`postgres://user@host/name`) or
    /// list of settings (`host=/run/postgresql dbname=cal`), and makes or
    /// upgrades what it holds as needed. Many nodes may do so at once.
    ///
    /// # Errors
    ///
    /// [`Error::NewerSchema`] if a newer program has written it;
    /// [`Error::Backend`] if it cannot be reached or used.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let address = connection::configuration(url)?;
        let (workspace, epoch) = migration::run(&address).await?;
        let writers = connection::pool(&address, LANES + 1)?;
        let readers = connection::pool(&address, READERS)?;
        let herald = Arc::new(Herald::start(address, workspace));
        Ok(Self {
            lanes: Lanes::start(&writers, workspace, &herald),
            gatherer: Gatherer::new(readers.clone(), workspace, epoch),
            readers,
            herald,
            workspace,
            epoch,
        })
    }

    async fn reader(&self) -> Result<Reader, Error> {
        Ok(Reader {
            connection: connection(&self.readers).await?,
            workspace: self.workspace,
            epoch: self.epoch,
        })
    }

    async fn try_reindex(&self, objects: &[Reindexed]) -> Result<(), Error> {
        alone!(self, connection => reindex::reindex(connection, self.workspace, objects))
    }
}

#[async_trait]
impl Backend for Postgres {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn relay(&self, changes: broadcast::Sender<Change>) {
        self.herald.publish_to(changes);
    }

    async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error> {
        let outcomes = self.lanes.commit_each(vec![transaction]).await;
        let outcome = outcomes.into_iter().next();
        outcome.unwrap_or(Err(Error::Unavailable))
    }

    async fn commit_each(
        &self,
        transactions: Vec<Transaction>,
    ) -> Vec<Result<Vec<Receipt>, Error>> {
        self.lanes.commit_each(transactions).await
    }

    async fn principal(&self, key: PrincipalKey) -> Result<Option<Principal>, Error> {
        read!(self, reader => reader.principal(&key))
    }

    async fn principals(&self, page: PageRequest) -> Result<Page<Principal>, Error> {
        read!(self, reader => reader.principals(&page))
    }

    async fn password(&self, principal: PrincipalId) -> Result<Option<PasswordHash>, Error> {
        read!(self, reader => reader.password(principal))
    }

    async fn tokens(&self, principal: PrincipalId) -> Result<Vec<AppToken>, Error> {
        read!(self, reader => reader.tokens(principal))
    }

    async fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error> {
        read!(self, reader => reader.token(hash))
    }

    async fn collection(&self, key: CollectionKey) -> Result<Option<Collection>, Error> {
        read!(self, reader => reader.collection(&key))
    }

    async fn locate(&self, owner: &PrincipalName, path: &[ObjectName]) -> Result<Location, Error> {
        read!(self, reader => reader.locate(owner, path))
    }

    async fn children(
        &self,
        parent: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Collection>, Error> {
        read!(self, reader => reader.children(parent, &page))
    }

    async fn trash(&self, owner: PrincipalId) -> Result<Vec<(Timestamp, Collection)>, Error> {
        read!(self, reader => reader.trash(owner))
    }

    async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        let mut patience = Patience::new();
        loop {
            let result = self.gatherer.object(collection, name).await;
            if let Some(result) = patience.settle(result).await {
                break result;
            }
        }
    }

    async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        read!(self, reader => reader.objects(collection, names))
    }

    async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        read!(self, reader => reader.objects_by_uid(collection, uids))
    }

    async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error> {
        read!(self, reader => reader.properties(collection, name))
    }

    async fn entries(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Entry>, Error> {
        read!(self, reader => reader.entries(collection, &page))
    }

    async fn overlapping(
        &self,
        query: SpanQuery,
        page: PageRequest,
    ) -> Result<Page<Object>, Error> {
        read!(self, reader => reader.overlapping(&query, &page))
    }

    async fn search(&self, query: SearchQuery, page: PageRequest) -> Result<Page<Object>, Error> {
        read!(self, reader => reader.search(&query, &page))
    }

    async fn categories(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        read!(self, reader => reader.categories(collection, &page))
    }

    async fn marked(&self, query: MarkQuery, page: PageRequest) -> Result<Page<Marked>, Error> {
        read!(self, reader => reader.marked(&query, &page))
    }

    async fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error> {
        read!(self, reader => reader.marks(objects))
    }

    async fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        read!(self, reader => reader.indexed(owner, &page))
    }

    async fn reindex(&self, objects: Vec<Reindexed>) -> Result<(), Error> {
        // To do it twice is to do it once: a lost connection is no question here.
        let mut patience = Patience::new();
        loop {
            let done = self.try_reindex(&objects).await;
            if let Some(done) = patience.settle(done).await {
                break done;
            }
        }
    }

    async fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        read!(self, reader => reader.index_basis())
    }

    async fn set_index_basis(&self, basis: IndexBasis) -> Result<(), Error> {
        let connection = connection(&self.readers).await?;
        reindex::set_basis(&connection, self.workspace, &basis).await
    }

    async fn changes(&self, query: LogQuery) -> Result<LogPage, Error> {
        read!(self, reader => reader.changes(&query))
    }

    async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: PageRequest,
    ) -> Result<Page<Version>, Error> {
        read!(self, reader => reader.versions(collection, name, &page))
    }

    async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        read!(self, reader => reader.version(collection, name, id))
    }

    async fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        read!(self, reader => reader.collection_at(id, at, &page))
    }

    async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        read!(self, reader => reader.children_at(parent, at, &page))
    }

    async fn prune_dead_letters(&self, old: OldLetters, cause: &Cause) -> Result<u64, Error> {
        write::check_cause(cause)?;
        alone!(self, connection => prune::prune_dead_letters(connection, self.workspace, old, cause))
    }

    async fn prunings(&self, page: PageRequest) -> Result<Page<Pruning>, Error> {
        read!(self, reader => reader.prunings(&page))
    }

    async fn audit_chains(&self, page: PageRequest) -> Result<Page<AuditChain>, Error> {
        read!(self, reader => reader.audit_chains(&page))
    }

    async fn audit(&self, chain: AuditChain, after: u64, limit: usize) -> Result<AuditPage, Error> {
        read!(self, reader => reader.audit(chain, after, limit))
    }

    async fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error> {
        read!(self, reader => reader.busy(query))
    }

    async fn set_busy(&self, rebuilt: RebuiltBusy) -> Result<bool, Error> {
        alone!(self, connection => busy::set(connection, self.workspace, &rebuilt))
    }

    async fn place_hold(&self, new: NewHold) -> Result<(), Error> {
        alone!(self, connection => busy::place(connection, self.workspace, &new))
    }

    async fn release_hold(
        &self,
        collection: CollectionId,
        token: HoldToken,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let hold = (collection, token);
        alone!(self, connection => busy::release(connection, self.workspace, hold, at))
    }

    async fn prune(&self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error> {
        write::check_cause(cause)?;
        alone!(self, connection => prune::prune(connection, self.workspace, before, cause))
    }

    async fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error> {
        read!(self, reader => reader.locks(owner))
    }

    async fn lease_jobs(&self, request: LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        read!(self, reader => reader.lease_jobs(&request))
    }

    async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        read!(self, reader => reader.extend_lease(lease, until))
    }

    async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        read!(self, reader => reader.next_job(kind))
    }

    async fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        read!(self, reader => reader.job_counts())
    }

    async fn jobs(&self, filter: JobFilter, page: PageRequest) -> Result<Page<Job>, Error> {
        read!(self, reader => reader.jobs(&filter, &page))
    }

    async fn secret(&self, source: &SourceId) -> Result<Option<KeptSecret>, Error> {
        read!(self, reader => reader.secret(source))
    }

    async fn secrets(&self, page: PageRequest) -> Result<Page<KeptSecret>, Error> {
        read!(self, reader => reader.secrets(&page))
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>, Error> {
        read!(self, reader => reader.records(after, limit))
    }

    async fn record_count(&self) -> Result<Option<u64>, Error> {
        read!(self, reader => reader.record_count())
    }

    async fn load(&self, records: Vec<Record>) -> Result<(), Error> {
        records::load(&self.readers, self.workspace, &records).await
    }
}
