//! The audit chains: every committed change, each entry bound to the one before it.

mod verify;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::name::{Fault, invalid};
use crate::{Cause, CollectionId, ETag, Error, PrincipalName, Timestamp};

pub use verify::{AuditFault, AuditReport, BrokenChain, ChainCheck};

/// One of the chains of a store.
///
/// There is one for each collection, because its sequence already puts its
/// changes in order, on many nodes as on one: a single chain would make all
/// writers wait for each other. What belongs to no collection is rare and has
/// the chain of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuditChain {
    /// Principals, their credentials, changes of homes, secrets, and prunings.
    Store,
    /// The changes of the members of a collection. Its numbers are the
    /// sequences of their changes.
    Collection(CollectionId),
}

impl AuditChain {
    /// The number under which a backend keeps it.
    #[must_use]
    pub const fn into_raw(self) -> i64 {
        match self {
            Self::Store => 0,
            Self::Collection(id) => id.into_raw(),
        }
    }

    /// The chain kept under this number.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        match raw {
            0 => Self::Store,
            raw => Self::Collection(CollectionId::from_raw(raw)),
        }
    }
}

impl fmt::Display for AuditChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store => f.write_str("store"),
            Self::Collection(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl FromStr for AuditChain {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "store" => Ok(Self::Store),
            id => id.parse().map(Self::Collection),
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditAction {
    /// An object was stored.
    Put,
    /// An object was deleted.
    Delete,
    /// Properties of an object were changed.
    ObjectProperties,
    /// A collection was made.
    CreateCollection,
    /// Details or properties of a collection were changed.
    UpdateCollection,
    /// A collection came here from elsewhere.
    CollectionArrived,
    /// A collection went elsewhere.
    CollectionLeft,
    /// A collection was put into the trash.
    TrashCollection,
    /// A collection came back from the trash.
    RestoreCollection,
    /// A principal was made.
    CreatePrincipal,
    /// A principal was changed.
    UpdatePrincipal,
    /// A principal was removed with all it had.
    RemovePrincipal,
    /// A password was set or removed.
    Password,
    /// An app token was added.
    AddToken,
    /// An app token was revoked.
    RevokeToken,
    /// What was older than the retention was forgotten.
    Prune,
    /// The secret of a source elsewhere was set.
    SetSecret,
    /// The secret of a source elsewhere was removed.
    RemoveSecret,
    /// All secrets were sealed with another server secret.
    RotateSecrets,
}

impl AuditAction {
    const ALL: [Self; 19] = [
        Self::Put,
        Self::Delete,
        Self::ObjectProperties,
        Self::CreateCollection,
        Self::UpdateCollection,
        Self::CollectionArrived,
        Self::CollectionLeft,
        Self::TrashCollection,
        Self::RestoreCollection,
        Self::CreatePrincipal,
        Self::UpdatePrincipal,
        Self::RemovePrincipal,
        Self::Password,
        Self::AddToken,
        Self::RevokeToken,
        Self::Prune,
        Self::SetSecret,
        Self::RemoveSecret,
        Self::RotateSecrets,
    ];

    /// A short word for it, which [`FromStr`] reads back.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Delete => "delete",
            Self::ObjectProperties => "object-properties",
            Self::CreateCollection => "create-collection",
            Self::UpdateCollection => "update-collection",
            Self::CollectionArrived => "collection-arrived",
            Self::CollectionLeft => "collection-left",
            Self::TrashCollection => "trash-collection",
            Self::RestoreCollection => "restore-collection",
            Self::CreatePrincipal => "create-principal",
            Self::UpdatePrincipal => "update-principal",
            Self::RemovePrincipal => "remove-principal",
            Self::Password => "password",
            Self::AddToken => "add-token",
            Self::RevokeToken => "revoke-token",
            Self::Prune => "prune",
            Self::SetSecret => "set-secret",
            Self::RemoveSecret => "remove-secret",
            Self::RotateSecrets => "rotate-secrets",
        }
    }
}

impl fmt::Display for AuditAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AuditAction {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|action| action.as_str() == text)
            .ok_or_else(|| invalid("audited action", Fault::Malformed))
    }
}

/// SHA-256 of an entry and of all before it in its chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditHash([u8; 32]);

impl AuditHash {
    /// What stands before the first entry of a chain.
    pub const START: Self = Self([0; 32]);

    /// The hash as a backend keeps it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash that [`as_bytes`](Self::as_bytes) gave.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for AuditHash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let malformed = || invalid("audit hash", Fault::Malformed);
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(malformed());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| malformed())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| malformed())?;
        }
        Ok(Self(bytes))
    }
}

/// One change that was committed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuditEntry {
    /// The chain it is in.
    pub chain: AuditChain,
    /// Its number in the chain: one more than that of the entry before it.
    pub number: u64,
    /// Who did it, by which way, when and why.
    pub cause: Arc<Cause>,
    /// What was done.
    pub action: AuditAction,
    /// The identity of the collection, principal or token that it was done to;
    /// objects are known by their name.
    pub subject: Option<i64>,
    /// The name of the object, collection or principal, or the label of the token.
    pub name: String,
    /// The version of the object before.
    pub before: Option<ETag>,
    /// The version of the object after.
    pub after: Option<ETag>,
}

impl AuditEntry {
    /// The hash of this entry after one whose hash is `previous`: SHA-256 of
    /// that hash and of all fields, each with its length before it, so that no
    /// two entries have the same form.
    #[must_use]
    pub fn hash(&self, previous: &AuditHash) -> AuditHash {
        let mut digest = Sha256::new_with_prefix(previous.as_bytes());
        let mut field = |bytes: Option<&[u8]>| {
            let length = bytes.map_or(u64::MAX, |bytes| {
                u64::try_from(bytes.len()).unwrap_or(u64::MAX)
            });
            digest.update(length.to_be_bytes());
            digest.update(bytes.unwrap_or_default());
        };
        let cause = &self.cause;
        field(Some(&self.chain.into_raw().to_be_bytes()));
        field(Some(&self.number.to_be_bytes()));
        field(Some(&cause.at.millis().to_be_bytes()));
        field(Some(cause.via.as_str().as_bytes()));
        let principal = cause.principal.as_ref().map(PrincipalName::as_str);
        field(principal.map(str::as_bytes));
        field(cause.note.as_deref().map(str::as_bytes));
        field(Some(self.action.as_str().as_bytes()));
        let subject = self.subject.map(i64::to_be_bytes);
        field(subject.as_ref().map(<[u8; 8]>::as_slice));
        field(Some(self.name.as_bytes()));
        field(self.before.as_ref().map(|etag| etag.as_bytes().as_slice()));
        field(self.after.as_ref().map(|etag| etag.as_bytes().as_slice()));
        AuditHash(digest.finalize().into())
    }
}

/// What an entry says, beside its place and cause.
pub(crate) struct Audited<'a> {
    pub(crate) action: AuditAction,
    pub(crate) subject: Option<i64>,
    pub(crate) name: &'a str,
    pub(crate) before: Option<ETag>,
    pub(crate) after: Option<ETag>,
}

impl<'a> Audited<'a> {
    /// Something that has an identity.
    pub(crate) const fn subject(action: AuditAction, subject: i64, name: &'a str) -> Self {
        Self {
            action,
            subject: Some(subject),
            name,
            before: None,
            after: None,
        }
    }

    /// An object, in the versions that it had before and has after.
    pub(crate) const fn object(
        action: AuditAction,
        name: &'a str,
        before: Option<ETag>,
        after: Option<ETag>,
    ) -> Self {
        Self {
            action,
            subject: None,
            name,
            before,
            after,
        }
    }

    /// The entry of this number, for a change of this cause.
    pub(crate) fn entry(&self, chain: AuditChain, number: u64, cause: &Arc<Cause>) -> AuditEntry {
        AuditEntry {
            chain,
            number,
            cause: Arc::clone(cause),
            action: self.action,
            subject: self.subject,
            name: self.name.to_owned(),
            before: self.before,
            after: self.after,
        }
    }
}

/// An entry with the hash that was kept with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuditRecord {
    /// The entry.
    pub entry: AuditEntry,
    /// The hash that was made when it was written.
    pub hash: AuditHash,
}

/// Where a chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// The chain.
    pub chain: AuditChain,
    /// The number of its last entry; 0 if it never had one.
    pub number: u64,
    /// The hash of its last entry.
    pub hash: AuditHash,
    /// The number of the last entry that was pruned; 0 if none was.
    pub pruned: u64,
    /// The hash of the last entry that was pruned: what the first that is left
    /// is bound to.
    pub anchor: AuditHash,
    /// The sequence of the collection, if it is one that is there or in the trash.
    pub sequence: Option<u64>,
}

impl AuditHead {
    /// The head of a chain without entries.
    #[must_use]
    pub const fn start(chain: AuditChain) -> Self {
        Self {
            chain,
            number: 0,
            hash: AuditHash::START,
            pruned: 0,
            anchor: AuditHash::START,
            sequence: None,
        }
    }
}

/// Entries of a chain and where it stands, of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// Where the chain stands.
    pub head: AuditHead,
    /// The entries after the number that was asked for, in order.
    pub records: Vec<AuditRecord>,
    /// Whether there are entries beyond these.
    pub more: bool,
}

/// What a pruning forgot, and when it was done.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Pruning {
    /// Nothing is known any more of instants before this one; where dead letters
    /// were forgotten, which are no history, that is the beginning of time.
    pub before: Timestamp,
    /// Who pruned, how and when.
    pub cause: Cause,
    /// How much was forgotten.
    pub pruned: crate::Pruned,
}

impl Pruning {
    /// What its entry in the chain of the store says, beside its cause.
    #[must_use]
    pub fn summary(&self) -> String {
        let pruned = &self.pruned;
        format!(
            "before={} versions={} tombstones={} collections={} states={} audit_entries={} \
             dead_letters={}",
            self.before.millis(),
            pruned.versions,
            pruned.tombstones,
            pruned.collections,
            pruned.states,
            pruned.audit_entries,
            pruned.dead_letters
        )
    }
}
