//! The contract of a storage backend.

use std::fmt::Debug;

use async_trait::async_trait;
use tokio::sync::broadcast;

use crate::{
    AppToken, AuditChain, AuditPage, BusyQuery, CalendarBusy, CategoryCount, Cause, Change,
    Collection, CollectionAt, CollectionId, CollectionKey, Entry, Epoch, Error, HoldToken,
    IndexBasis, Indexed, Job, JobCount, JobFilter, JobKind, KeptSecret, Lease, LeaseRequest,
    LeasedJob, Location, Lock, LogPage, LogQuery, MarkQuery, Marked, NewHold, Object, ObjectName,
    OldLetters, Page, PageRequest, PasswordHash, PastCollection, Principal, PrincipalId,
    PrincipalKey, PrincipalName, Properties, Pruning, RebuiltBusy, Receipt, Record, RecordKey,
    Reindexed, ReminderMark, SearchQuery, SourceId, SpanQuery, Timestamp, TokenHash, Transaction,
    Uid, Version, VersionBody, VersionId,
};

/// Where a [`Store`](crate::Store) keeps its data.
///
#[doc = include_str!("../docs/backend.md")]
#[async_trait]
pub trait Backend: Debug + Send + Sync {
    /// The epoch of the store, drawn when it was created or restored.
    fn epoch(&self) -> Epoch;

    /// Publishes to this channel, from now on, what other processes commit to
    /// the same data: as [`Subject::Members`](crate::Subject::Members),
    /// [`Collection`](crate::Subject::Collection),
    /// [`Principal`](crate::Subject::Principal) or, after news may have been
    /// lost, [`Everything`](crate::Subject::Everything). What goes through this
    /// backend itself the [`Store`](crate::Store) publishes.
    ///
    /// A backend that hears nothing of others does nothing.
    fn relay(&self, changes: broadcast::Sender<Change>) {
        drop(changes);
    }

    /// Does all writes of a transaction or none, and answers when they are durable.
    ///
    /// # Errors
    ///
    /// The error of the first write that could not be done.
    async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error>;

    /// Commits each of many transactions by itself.
    ///
    /// A backend may do them in one physical transaction with a savepoint
    /// each; one that fails must not take others down.
    async fn commit_each(
        &self,
        transactions: Vec<Transaction>,
    ) -> Vec<Result<Vec<Receipt>, Error>> {
        let mut results = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            results.push(self.commit(transaction).await);
        }
        results
    }

    /// A principal, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if it cannot be read; this goes for all reads.
    async fn principal(&self, key: PrincipalKey) -> Result<Option<Principal>, Error>;

    /// The principals, by name.
    ///
    /// # Errors
    ///
    /// Also [`Error::InvalidCursor`]; this goes for all pages.
    async fn principals(&self, page: PageRequest) -> Result<Page<Principal>, Error>;

    /// The password of a principal, if it has one.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn password(&self, principal: PrincipalId) -> Result<Option<PasswordHash>, Error>;

    /// The app tokens of a principal, oldest first.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn tokens(&self, principal: PrincipalId) -> Result<Vec<AppToken>, Error>;

    /// The app token with this hash, if it is not revoked.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error>;

    /// A collection that is not in the trash.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn collection(&self, key: CollectionKey) -> Result<Option<Collection>, Error>;

    /// What a path below the home of a principal leads to.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn locate(&self, owner: &PrincipalName, path: &[ObjectName]) -> Result<Location, Error> {
        crate::location::walk(self, owner, path).await
    }

    /// The collections directly inside another, by name.
    ///
    /// # Errors
    ///
    /// As for all pages; [`Error::NotFound`] if there is no such collection.
    async fn children(
        &self,
        parent: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Collection>, Error>;

    /// The collections of a principal that were put into the trash, with
    /// the instant of their deletion, latest first.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn trash(&self, owner: PrincipalId) -> Result<Vec<(Timestamp, Collection)>, Error>;

    /// One object.
    ///
    /// # Errors
    ///
    /// As for all reads. No collection, no object: that is no error.
    async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error>;

    /// The locks of what is in the home of a principal, whoever made them; those that have
    /// expired may be among them.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error>;

    /// The objects of the first of some names in one snapshot, each in the place of
    /// its name: at least one, and no further one once they have
    /// [`OBJECT_BYTES`](crate::OBJECT_BYTES) ([`Weight`](crate::Weight) adds them up).
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error>;

    /// The objects of a calendar that have the first of these UIDs, in one snapshot,
    /// each in the place of its UID, as many as [`objects`](Self::objects) answers.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error>;

    /// The properties of an object, empty if there is none.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error>;

    /// The objects of a collection, by name, without loading bodies.
    ///
    /// # Errors
    ///
    /// As for all pages; [`Error::NotFound`] if there is no such collection.
    async fn entries(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Entry>, Error>;

    /// The objects whose [span](crate::Span) overlaps a window, in a stable
    /// order, found by an index: the time taken depends on what is found, not
    /// on what the calendar holds.
    ///
    /// # Errors
    ///
    /// As for all pages; [`Error::NotFound`] if there is no such collection.
    async fn overlapping(&self, query: SpanQuery, page: PageRequest)
    -> Result<Page<Object>, Error>;

    /// The objects of a calendar that have words beginning with all those asked
    /// for, and the category, by name: found by index. A question has words, a
    /// category, or both.
    ///
    /// # Errors
    ///
    /// As for all pages; [`Error::NotFound`] if there is no such collection.
    async fn search(&self, query: SearchQuery, page: PageRequest) -> Result<Page<Object>, Error>;

    /// The categories of the objects of a calendar, in order.
    ///
    /// # Errors
    ///
    /// As for all pages; [`Error::NotFound`] if there is no such collection.
    async fn categories(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<CategoryCount>, Error>;

    /// The reminders of one kind in a span, in order, of all collections that
    /// are not in the trash: found by an index of times.
    ///
    /// # Errors
    ///
    /// As for all pages.
    async fn marked(&self, query: MarkQuery, page: PageRequest) -> Result<Page<Marked>, Error>;

    /// The reminders in the index of some objects, in any order, each in the
    /// place of its object; none of one that is not there.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error>;

    /// The objects with an index, those in the trash included, in any stable
    /// order: of a principal, or all.
    ///
    /// # Errors
    ///
    /// As for all pages.
    async fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: PageRequest,
    ) -> Result<Page<Indexed>, Error>;

    /// Gives objects another index, also in the trash. That is no change: no log,
    /// history or audit chain shows it. An object that is not there in the
    /// version that its index is made of is passed over.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; then none has got one.
    async fn reindex(&self, objects: Vec<Reindexed>) -> Result<(), Error>;

    /// What the index was made with, if that was ever noted.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn index_basis(&self) -> Result<Option<IndexBasis>, Error>;

    /// Notes what the index was made with.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`].
    async fn set_index_basis(&self, basis: IndexBasis) -> Result<(), Error>;

    /// The members changed after a sequence, each in its latest state, in the
    /// order of their last change.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such collection.
    async fn changes(&self, query: LogQuery) -> Result<LogPage, Error>;

    /// The versions that a name of a collection has had, latest first, the
    /// current one included; also of a collection in the trash.
    ///
    /// # Errors
    ///
    /// As for all pages.
    async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: PageRequest,
    ) -> Result<Page<Version>, Error>;

    /// One version with its bytes.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error>;

    /// A collection as it was at an instant, with a page of its objects as
    /// they were, by name; `None` if it was not there then, or in the trash.
    /// It may be in the trash now.
    ///
    /// # Errors
    ///
    /// [`Error::Forgotten`] for an instant before the latest that history was
    /// pruned up to; else as for all pages.
    async fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Option<CollectionAt>, Error>;

    /// The collections that were directly inside another at an instant, by
    /// name, each as it was. Both may be in the trash now.
    ///
    /// # Errors
    ///
    /// As for [`collection_at`](Self::collection_at).
    async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Page<PastCollection>, Error>;

    /// What is kept of the times of some calendars, in the order of the query and
    /// all in one snapshot; nothing of one that is not there.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error>;

    /// Replaces all that is kept of the times of a calendar, unless its log has
    /// moved on from where it stood; answers whether it was replaced. It is no
    /// change of the calendar: neither its log nor a chain tells of it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such collection.
    async fn set_busy(&self, rebuilt: RebuiltBusy) -> Result<bool, Error>;

    /// Places a hold, and forgets those of the calendar that have lapsed. It is
    /// no change of the calendar: neither its log nor a chain tells of it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such collection;
    /// [`Error::BusyOutdated`] by [`Standing::holds`](crate::Standing::holds);
    /// [`Error::DoubleBooking`] if the time is taken by an object (of a calendar
    /// that is opaque) or held; [`Error::Limit`] beyond [`Hold::MAX`](crate::Hold::MAX).
    async fn place_hold(&self, new: NewHold) -> Result<(), Error>;

    /// Ends a hold; answers whether it was in force at an instant.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`].
    async fn release_hold(
        &self,
        collection: CollectionId,
        token: HoldToken,
        at: Timestamp,
    ) -> Result<bool, Error>;

    /// Forgets what ended before an instant: versions, states and deletions,
    /// collections that were put into the trash, and the oldest entries of
    /// each audit chain up to the first that is not older. If there is any of
    /// it, that is recorded in the same transaction: as a [`Pruning`], and as
    /// an entry in the chain of the store.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; then nothing is forgotten.
    async fn prune(&self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error>;

    /// Forgets dead letters that were given up before an instant, and of the others
    /// all but so many of the latest. If there are any, that is recorded in the
    /// same transaction, as by [`prune`](Self::prune); nothing else is forgotten
    /// with them, and so their [`Pruning`] is of what was before the beginning of
    /// time.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; then none is forgotten.
    async fn prune_dead_letters(&self, old: OldLetters, cause: &Cause) -> Result<u64, Error>;

    /// The records of prunings, latest first. They are never forgotten.
    ///
    /// # Errors
    ///
    /// As for all pages.
    async fn prunings(&self, page: PageRequest) -> Result<Page<Pruning>, Error>;

    /// All audit chains, in any stable order: also those of collections that
    /// are gone, and of collections that have changed and whose chain is gone.
    ///
    /// # Errors
    ///
    /// As for all pages.
    async fn audit_chains(&self, page: PageRequest) -> Result<Page<AuditChain>, Error>;

    /// At most `limit` entries of a chain after one of its numbers, with where
    /// the chain stands, in one snapshot and exactly as they are kept.
    ///
    /// # Errors
    ///
    /// As for all reads. A chain that is not there is one without entries.
    async fn audit(&self, chain: AuditChain, after: u64, limit: usize) -> Result<AuditPage, Error>;

    /// Leases jobs that are due, each with an attempt more: those that were due
    /// first, answered in any order. Each is leased to nobody else until the
    /// lease runs out, whoever asks at the same time, and nobody waits for a
    /// job that another is about to lease.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; jobs that were leased all the same come back when
    /// the lease runs out.
    async fn lease_jobs(&self, request: LeaseRequest) -> Result<Vec<LeasedJob>, Error>;

    /// Lets a lease run until another instant, also one that has run out
    /// without anyone having leased the job since.
    ///
    /// # Errors
    ///
    /// [`Error::LeaseLost`].
    async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error>;

    /// The earliest instant at which a job of a kind is or will be due, be it
    /// because it is to run then or because a lease runs out.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error>;

    /// How many jobs there are of each kind that has any, by kind.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn job_counts(&self) -> Result<Vec<JobCount>, Error>;

    /// The secret of a source, if it has one.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn secret(&self, source: &SourceId) -> Result<Option<KeptSecret>, Error>;

    /// The secrets of all sources, by source.
    ///
    /// # Errors
    ///
    /// As for all pages.
    async fn secrets(&self, page: PageRequest) -> Result<Page<KeptSecret>, Error>;

    /// The jobs that pass a filter, in any stable order.
    ///
    /// # Errors
    ///
    /// As for all pages.
    async fn jobs(&self, filter: JobFilter, page: PageRequest) -> Result<Page<Job>, Error>;

    /// At most `limit` (at least 1) of all [records](Record), those after one
    /// of them in the order of their keys; none after the last. This is for
    /// copying a store that nobody writes to: pages are not of one snapshot.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>, Error>;

    /// How many [records](Self::records) there are, for whoever shows how far a
    /// copy has come; nothing where that is not known without reading them.
    ///
    /// # Errors
    ///
    /// As for all reads.
    async fn record_count(&self) -> Result<Option<u64>, Error> {
        Ok(None)
    }

    /// Takes in records of another store, all or none: what
    /// [`records`](Self::records) gave, in its order, with the index rows of
    /// calendar objects. Nothing is checked but that they are new, and nothing
    /// is logged: the log is among them.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] or [`Error::Backend`] if one of them is there.
    async fn load(&self, records: Vec<Record>) -> Result<(), Error>;
}

/// What [`Backend::prune`] has forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Pruned {
    /// Versions of objects.
    pub versions: u64,
    /// Marks of deleted names; sync tokens from before them have expired.
    pub tombstones: u64,
    /// Collections in the trash.
    pub collections: u64,
    /// Earlier states of collections: their names, places and properties.
    pub states: u64,
    /// Entries of audit chains.
    pub audit_entries: u64,
    /// Jobs that were given up.
    #[serde(default)]
    pub dead_letters: u64,
}
