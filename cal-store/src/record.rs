//! Records: all that a store keeps, piece by piece, for copying it whole.

use bytes::Bytes;
use cal_freebusy::Interval;
use serde::{Deserialize, Serialize};

use crate::{
    AppToken, AuditChain, AuditHash, AuditRecord, Cause, Collection, CollectionId, CollectionKind,
    CollectionName, ComponentKind, ContentType, Cursor, Details, EmailAddress, Ending, Hold,
    HoldToken, IndexRow, Job, JobId, KeptSecret, ObjectName, PageRequest, PasswordHash, Principal,
    PrincipalId, PrincipalKind, PrincipalName, Properties, Pruning, Role, ScheduleTag, SourceId,
    Timestamp,
};

/// One piece of what a store keeps, whole and without what follows from it.
///
/// The records of two stores are equal exactly when the stores hold the same:
/// principals with their credentials, collections, also in the trash, objects
/// byte for byte, what they and their collections were, deletions, the log's
/// sequences, the audit chains, secrets as they are sealed, the queue of jobs,
/// and the times that are held. Only the [epoch](crate::Epoch) is each store's
/// own, and so are the leases of jobs: whoever has one works on that store.
/// What is worked out from objects, their index and the times they take, is no
/// part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Record {
    /// A principal with its credentials.
    Principal(PrincipalRecord),
    /// A collection with what it was.
    Collection(Box<CollectionRecord>),
    /// An object in its current version.
    Object(Box<ObjectRecord>),
    /// A version that has ended.
    Version(Box<VersionRecord>),
    /// A name that is gone.
    Tombstone(TombstoneRecord),
    /// Where an audit chain stands.
    Chain(ChainRecord),
    /// An entry of an audit chain.
    Entry(Box<AuditRecord>),
    /// A pruning with its number, from 1.
    Pruning(u64, Box<Pruning>),
    /// The secret of a source, as it is sealed.
    Secret(KeptSecret),
    /// A job of the queue. One that is leased waits, here, until the lease
    /// runs out.
    Job(Box<Job>),
    /// A time that is held, or was and is not forgotten yet.
    Hold(HoldRecord),
}

/// Which record it is; their order is that of a listing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RecordKey {
    /// [`Record::Principal`].
    Principal(PrincipalId),
    /// [`Record::Collection`].
    Collection(CollectionId),
    /// [`Record::Object`].
    Object(CollectionId, ObjectName),
    /// [`Record::Version`], with its number.
    Version(CollectionId, ObjectName, u64),
    /// [`Record::Tombstone`].
    Tombstone(CollectionId, ObjectName),
    /// [`Record::Chain`].
    Chain(AuditChain),
    /// [`Record::Entry`], with its number.
    Entry(AuditChain, u64),
    /// [`Record::Pruning`], with its number.
    Pruning(u64),
    /// [`Record::Secret`].
    Secret(SourceId),
    /// [`Record::Job`].
    Job(JobId),
    /// [`Record::Hold`].
    Hold(CollectionId, HoldToken),
}

impl RecordKey {
    /// The place of the last kind of records in a listing.
    pub(crate) const LAST_STAGE: u8 = 10;

    /// The place of its kind in a listing.
    pub(crate) const fn stage(&self) -> u8 {
        match self {
            Self::Principal(_) => 0,
            Self::Collection(_) => 1,
            Self::Object(..) => 2,
            Self::Version(..) => 3,
            Self::Tombstone(..) => 4,
            Self::Chain(_) => 5,
            Self::Entry(..) => 6,
            Self::Pruning(_) => 7,
            Self::Secret(_) => 8,
            Self::Job(_) => 9,
            Self::Hold(..) => Self::LAST_STAGE,
        }
    }

    /// What is asked for to go on behind it, in a listing of what has pages of
    /// its own: secrets and jobs.
    pub(crate) fn page_after(after: Option<&Self>, limit: usize) -> PageRequest {
        let cursor = match after {
            Some(Self::Secret(source)) => Cursor::new(source.as_str()),
            Some(Self::Job(id)) => Cursor::new(id.to_string()),
            _ => return PageRequest::first(limit),
        };
        PageRequest::after(cursor, limit)
    }

    /// The columns by which the tables of a database are ordered: an id, a
    /// name and a number, as far as there are such.
    pub(crate) fn columns(&self) -> (i64, &str, i64) {
        let integer = |number: &u64| i64::try_from(*number).unwrap_or(i64::MAX);
        match self {
            Self::Principal(id) => (id.into_raw(), "", 0),
            Self::Collection(id) => (id.into_raw(), "", 0),
            Self::Object(id, name) | Self::Tombstone(id, name) => (id.into_raw(), name.as_str(), 0),
            Self::Version(id, name, number) => (id.into_raw(), name.as_str(), integer(number)),
            Self::Chain(chain) => (chain.into_raw(), "", 0),
            Self::Entry(chain, number) => (chain.into_raw(), "", integer(number)),
            Self::Pruning(number) => (0, "", integer(number)),
            Self::Secret(source) => (0, source.as_str(), 0),
            Self::Job(id) => (id.into_raw(), "", 0),
            Self::Hold(id, token) => (id.into_raw(), "", token.into_raw()),
        }
    }
}

impl Record {
    /// Which record this is.
    #[must_use]
    pub fn key(&self) -> RecordKey {
        match self {
            Self::Principal(record) => RecordKey::Principal(record.id),
            Self::Collection(record) => RecordKey::Collection(record.id),
            Self::Object(record) => RecordKey::Object(record.collection, record.name.clone()),
            Self::Version(record) => {
                RecordKey::Version(record.collection, record.name.clone(), record.version)
            }
            Self::Tombstone(record) => RecordKey::Tombstone(record.collection, record.name.clone()),
            Self::Chain(record) => RecordKey::Chain(record.chain),
            Self::Entry(record) => RecordKey::Entry(record.entry.chain, record.entry.number),
            Self::Pruning(number, _) => RecordKey::Pruning(*number),
            Self::Secret(record) => RecordKey::Secret(record.source.clone()),
            Self::Job(record) => RecordKey::Job(record.id),
            Self::Hold(record) => RecordKey::Hold(record.collection, record.token),
        }
    }
}

/// See [`Principal`](crate::Principal) for what is not said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a principal")]
pub struct PrincipalRecord {
    pub id: PrincipalId,
    pub name: PrincipalName,
    pub kind: PrincipalKind,
    pub role: Role,
    pub display_name: Option<String>,
    pub emails: Vec<EmailAddress>,
    pub created: Timestamp,
    pub credential_generation: u64,
    pub password: Option<PasswordHash>,
    /// Oldest first.
    pub tokens: Vec<AppToken>,
}

/// See [`Collection`](crate::Collection) for what is not said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a collection")]
pub struct CollectionRecord {
    pub id: CollectionId,
    pub parent: Option<CollectionId>,
    pub owner: PrincipalId,
    pub name: CollectionName,
    pub kind: CollectionKind,
    pub details: Details,
    pub properties: Properties,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// Where its log stands.
    pub sequence: u64,
    /// The last sequence whose deletion was pruned.
    pub floor: u64,
    /// Its own place in the log of its parent; none of a home, and of what was
    /// itself put into the trash.
    pub place: Option<u64>,
    /// When it was put into the trash, and with which collection.
    pub trashed: Option<(Timestamp, CollectionId)>,
    /// When it came to be what it is.
    pub since: Timestamp,
    /// What it was before, oldest first.
    pub states: Vec<StateRecord>,
}

impl PrincipalRecord {
    /// The record of a principal.
    #[must_use]
    pub fn of(principal: Principal, password: Option<PasswordHash>, tokens: Vec<AppToken>) -> Self {
        Self {
            id: principal.id,
            name: principal.name,
            kind: principal.kind,
            role: principal.role,
            display_name: principal.display_name,
            emails: principal.emails,
            created: principal.created,
            credential_generation: principal.credential_generation,
            password,
            tokens,
        }
    }
}

impl From<PrincipalRecord> for Record {
    fn from(record: PrincipalRecord) -> Self {
        Self::Principal(record)
    }
}

impl CollectionRecord {
    /// The record of a collection that has been what it is since an instant,
    /// with nothing else known yet: for backends, which fill in the rest.
    #[must_use]
    pub fn of(collection: Collection, since: Timestamp) -> Self {
        Self {
            id: collection.id,
            parent: collection.parent,
            owner: collection.owner,
            name: collection.name,
            kind: collection.kind,
            details: collection.details,
            properties: collection.properties,
            created: collection.created,
            modified: collection.modified,
            sequence: collection.token.sequence(),
            floor: 0,
            place: None,
            trashed: None,
            since,
            states: Vec::new(),
        }
    }
}

/// What a collection was for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRecord {
    /// From when on.
    pub since: Timestamp,
    /// Until when.
    pub ended: Timestamp,
    /// What it was; none while it was in the trash.
    pub was: Option<PastRecord>,
}

/// See [`PastCollection`](crate::PastCollection).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a past collection")]
pub struct PastRecord {
    pub parent: Option<CollectionId>,
    pub name: CollectionName,
    pub details: Details,
    pub properties: Properties,
}

/// See [`Entry`](crate::Entry) for what is not said here; ETag, size and the
/// instant of the last change follow from the bytes and the cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of an entry")]
pub struct ObjectRecord {
    pub collection: CollectionId,
    pub name: ObjectName,
    pub schedule_tag: Option<ScheduleTag>,
    pub content_type: ContentType,
    pub created: Timestamp,
    pub sequence: u64,
    pub component: Option<ComponentKind>,
    /// The sequence of the change that made these bytes.
    pub version: u64,
    /// The cause of that change.
    pub made: Cause,
    pub properties: Properties,
    #[serde(with = "crate::form::body")]
    pub body: Bytes,
    /// The index, where it is needed: no part of the record, it follows from
    /// the bytes.
    #[serde(skip)]
    pub index: Option<IndexRow>,
}

/// See [`Version`](crate::Version) for what is not said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a version")]
pub struct VersionRecord {
    pub collection: CollectionId,
    pub name: ObjectName,
    pub version: u64,
    pub content_type: ContentType,
    pub made: Cause,
    pub ended: Ending,
    #[serde(with = "crate::form::body")]
    pub body: Bytes,
}

/// A name that is gone, for whoever syncs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TombstoneRecord {
    /// Where it was.
    pub collection: CollectionId,
    /// The name.
    pub name: ObjectName,
    /// The sequence of its deletion.
    pub sequence: u64,
    /// The instant of its deletion.
    pub at: Timestamp,
}

/// See [`AuditHead`](crate::AuditHead).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a head")]
pub struct ChainRecord {
    pub chain: AuditChain,
    pub number: u64,
    pub hash: AuditHash,
    pub pruned: u64,
    pub anchor: AuditHash,
}

/// See [`Hold`] for what is not said here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of a hold")]
pub struct HoldRecord {
    pub collection: CollectionId,
    pub token: HoldToken,
    /// When the time that is held begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    pub lapses: Timestamp,
}

impl HoldRecord {
    /// The record of a hold of a calendar.
    #[must_use]
    pub fn of(collection: CollectionId, hold: &Hold) -> Self {
        Self {
            collection,
            token: hold.token,
            start: hold.interval.start().into(),
            end: hold.interval.end().into(),
            lapses: hold.lapses,
        }
    }

    /// The hold that it is a record of.
    #[must_use]
    pub fn hold(&self) -> Hold {
        let instant = |at: Timestamp| at.to_date_time().unwrap_or_default();
        Hold {
            token: self.token,
            interval: Interval::new(instant(self.start), instant(self.end)),
            lapses: self.lapses,
        }
    }
}
