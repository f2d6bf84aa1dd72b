#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod audit;
mod backend;
mod busy;
mod cache;
mod calendar_object;
mod cause;
mod change;
mod collection;
mod component;
pub mod conformance;
mod content_type;
mod credential;
mod error;
mod etag;
mod folder;
mod form;
mod group_commit;
mod id;
mod index;
mod job;
mod limits;
mod location;
mod lock;
mod memory;
mod name;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod news;
mod object;
mod page;
mod past;
mod placing;
#[cfg(feature = "postgres")]
mod postgres;
mod precondition;
mod principal;
mod property;
mod record;
#[cfg(feature = "redis")]
mod redis;
mod secret;
mod span;
mod sqlite;
mod store;
mod sync_token;
mod timestamp;
mod version;
mod weight;
mod write;

pub use audit::{
    AuditAction, AuditChain, AuditEntry, AuditFault, AuditHash, AuditHead, AuditPage, AuditRecord,
    AuditReport, BrokenChain, ChainCheck, Pruning,
};
pub use backend::{Backend, Pruned};
pub use busy::{
    Beside, Booking, BusyBasis, BusyHorizon, BusyPage, BusyQuery, BusySlots, CalendarBusy,
    DoubleBooked, DoubleBooking, Hold, HoldToken, Keeping, NewHold, ObjectBusy, PageTimes,
    RebuiltBusy, Standing, StandingBooking, Taken, Wanted, defined_zone,
};
pub use cache::SharedCache;
pub use calendar_object::{InvalidObject, ObjectFault};
pub use cause::{Cause, Via};
pub use change::{Change, Effect, LogPage, LogQuery, MemberState, Subject, SyncChange, SyncPage};
pub use collection::{
    Collection, CollectionChanges, CollectionKey, CollectionKind, Details, NewCollection,
    Transparency,
};
pub use component::{ComponentKind, Components};
pub use content_type::ContentType;
pub use credential::{AppToken, PasswordHash, TokenHash};
pub use error::Error;
pub use etag::{ETag, ScheduleTag};
pub use folder::{Folder, Opening};
pub use id::{CollectionId, Epoch, JobId, PrincipalId, TokenId};
pub use index::{
    Category, CategoryCount, IndexBasis, Indexed, MarkQuery, Marked, Reindexed, ReminderKind,
    ReminderMark, SearchQuery, Words,
};
pub use job::{
    AfterAttempt, Job, JobCount, JobFilter, JobOutcome, JobState, JobWrite, Lease, LeaseRequest,
    LeasedJob, NewJob, OldLetters, RetrySchedule,
};
pub use limits::Limits;
pub use location::Location;
pub use lock::{
    Lock, LockDepth, LockRoot, LockScope, LockToken, LockWrite, Nearby, Reach, Relation, Submitted,
    Touch,
};
pub use memory::Memory;
pub use name::{
    CollectionName, Fault as NameFault, JobKey, JobKind, ObjectName, PrincipalName, SourceId, Uid,
};
pub use object::{Entry, IndexRow, Object, Recurrence, SpanQuery};
pub use page::{Cursor, OBJECT_BYTES, Page, PageRequest, Weight};
pub use past::{CollectionAt, PastCollection, PastEntry};
pub use placing::unreadable_time;
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
pub use precondition::{CurrentVersion, Precondition};
pub use principal::{
    EmailAddress, NewPrincipal, Principal, PrincipalChanges, PrincipalKey, PrincipalKind, Role,
};
pub use property::{Properties, PropertyChanges, PropertyName};
pub use record::{
    ChainRecord, CollectionRecord, HoldRecord, ObjectRecord, PastRecord, PrincipalRecord, Record,
    RecordKey, StateRecord, TombstoneRecord, VersionRecord,
};
#[cfg(feature = "redis")]
pub use redis::{FanOut, Redis};
pub use secret::{
    Envelope, KeptSecret, SealedAnew, Sealer, Secret, SecretFault, SecretReport, SecretWrite,
    ServerSecret,
};
pub use span::{LengthClass, Span};
pub use sqlite::{Durability, Sqlite};
pub use store::{
    Changes, CopyReport, Delete, Edit, Found, MovedObject, Overwrite, Place, PlacedLock,
    PlannedChange, PlannedEffect, Put, Reindex, ReindexReport, Relocate, Relocation, Reminder,
    RestorePlan, Restored, Store, Stored, Unindexed, Unsound, Written, managed_id, managed_ids,
};
pub use sync_token::{SyncToken, TokenFault};
pub use timestamp::Timestamp;
pub use version::{Ending, EndingKind, Version, VersionBody, VersionId};
pub use weight::is_light;
pub use write::{DeleteObject, MoveCollection, PutObject, Receipt, Transaction, Write};
