//! Write locks (RFC 4918 sections 6 and 7), and what they keep whom from doing.
//!
//! A lock is rooted at a collection or at an object of one. Every writer is held to it, not
//! only WebDAV clients: who does not submit its token, or did not make it, writes nothing that
//! it covers. The checks are made by [`Submitted`] inside the transaction of the write; a
//! backend brings the locks that may matter, each with how it lies to what is written.

mod token;
mod touch;

use chrono::TimeDelta;

use crate::{CollectionId, Error, ObjectName, PrincipalName, Timestamp};

pub use token::LockToken;
pub use touch::{Nearby, Reach, Relation, Submitted, Touch};

/// A write lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// What it is known by.
    pub token: LockToken,
    /// What it was asked for.
    pub root: LockRoot,
    /// Whether it shuts others out.
    pub scope: LockScope,
    /// How deep it goes.
    pub depth: LockDepth,
    /// Who made it: nobody else may use or remove it.
    pub principal: PrincipalName,
    /// What the client says of itself, kept as it came.
    pub owner: Option<String>,
    /// The instant from which it no longer is.
    pub expires: Timestamp,
}

/// What a lock was asked for: a collection, or an object of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LockRoot {
    /// The collection.
    pub collection: CollectionId,
    /// The object; `None` for the collection itself.
    pub name: Option<ObjectName>,
}

/// Whether others may have a lock too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockScope {
    /// One lock.
    Exclusive,
    /// Any number of shared locks.
    Shared,
}

/// How deep a lock goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockDepth {
    /// It covers its root: of a collection the properties and which members there are.
    Zero,
    /// It covers its root and all that is, or comes to be, below.
    Infinity,
}

impl Lock {
    /// The most locks that a principal may have at a time.
    pub const MAX: usize = 256;
    /// For how many seconds a lock may be asked for.
    pub const MAX_SECONDS: u32 = 24 * 60 * 60;
    /// The most bytes of what a client says of itself.
    pub const MAX_OWNER_BYTES: usize = 8 << 10;

    /// An exclusive lock of `root` and all below it, made by `principal` at an instant, for as
    /// many seconds but no more than [`MAX_SECONDS`](Self::MAX_SECONDS).
    #[must_use]
    pub fn new(root: LockRoot, principal: PrincipalName, at: Timestamp, seconds: u32) -> Self {
        Self {
            token: LockToken::random(),
            root,
            scope: LockScope::Exclusive,
            depth: LockDepth::Infinity,
            principal,
            owner: None,
            expires: Self::expiry(at, seconds),
        }
    }

    /// Of this scope.
    #[must_use]
    pub const fn with_scope(mut self, scope: LockScope) -> Self {
        self.scope = scope;
        self
    }

    /// As deep as this.
    #[must_use]
    pub const fn with_depth(mut self, depth: LockDepth) -> Self {
        self.depth = depth;
        self
    }

    /// With what the client says of itself.
    #[must_use]
    pub fn with_owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// When a lock ends that is asked for, or refreshed, at an instant for so many seconds.
    #[must_use]
    pub fn expiry(at: Timestamp, seconds: u32) -> Timestamp {
        let seconds = seconds.clamp(1, Self::MAX_SECONDS);
        let length = TimeDelta::seconds(i64::from(seconds)).num_milliseconds();
        Timestamp::from_millis(at.millis().saturating_add(length))
    }

    /// Whether it holds at an instant.
    #[must_use]
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        at < self.expires
    }

    /// Whether a principal that has so many locks in force may have one more: the check that
    /// every backend makes.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`].
    pub fn check_count(held: usize) -> Result<(), Error> {
        if held < Self::MAX {
            return Ok(());
        }
        Err(Error::Limit {
            what: "locks of one principal",
            limit: u64::try_from(Self::MAX).unwrap_or(u64::MAX),
        })
    }

    /// What is looked at to see whether it can be: its root, and all below if it goes so deep.
    #[must_use]
    pub fn touch(&self) -> Touch<'_> {
        let reach = match (&self.root.name, self.depth) {
            (Some(name), _) => Reach::Member(name),
            (None, LockDepth::Zero) => Reach::Itself,
            (None, LockDepth::Infinity) => Reach::Tree,
        };
        Touch::new(self.root.collection, reach)
    }

    /// Whether it can be beside the locks that are there (RFC 4918 section 6.2).
    ///
    /// # Errors
    ///
    /// [`Error::LockConflict`] with the roots of those that it cannot be beside.
    pub fn check_beside(&self, nearby: &[Nearby], at: Timestamp) -> Result<(), Error> {
        let touch = self.touch();
        let excludes =
            |lock: &Lock| LockScope::Exclusive == self.scope || lock.scope == LockScope::Exclusive;
        let mut roots: Vec<LockRoot> = nearby
            .iter()
            .filter(|near| near.lock.is_in_force(at) && excludes(&near.lock))
            .filter(|near| touch.is_covered_by(near) || touch.covers(near))
            .map(|near| near.lock.root.clone())
            .collect();
        roots.sort_unstable();
        roots.dedup();
        match roots.is_empty() {
            true => Ok(()),
            false => Err(Error::LockConflict { roots }),
        }
    }
}

impl LockRoot {
    /// A collection.
    #[must_use]
    pub const fn collection(collection: CollectionId) -> Self {
        Self {
            collection,
            name: None,
        }
    }

    /// An object of a collection.
    #[must_use]
    pub const fn member(collection: CollectionId, name: ObjectName) -> Self {
        Self {
            collection,
            name: Some(name),
        }
    }
}

impl LockScope {
    /// A word for it, as a backend keeps it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exclusive => "exclusive",
            Self::Shared => "shared",
        }
    }

    /// The scope that [`as_str`](Self::as_str) gave the word for; what is unknown shuts out.
    #[must_use]
    pub fn from_stored(word: &str) -> Self {
        match word {
            "shared" => Self::Shared,
            _ => Self::Exclusive,
        }
    }
}

/// A change of the locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockWrite {
    /// Makes a lock. [`NotFound`](Error::NotFound) without its root,
    /// [`LockConflict`](Error::LockConflict), [`Limit`](Error::Limit) beyond
    /// [`Lock::MAX`] of its principal.
    Place(Box<Lock>),
    /// Lets a lock in force that the principal of the cause has made last until another
    /// instant. [`NotFound`](Error::NotFound) without one.
    Refresh(LockToken, Timestamp),
    /// Ends a lock in force that the principal of the cause has made.
    /// [`NotFound`](Error::NotFound) without one.
    Release(LockToken),
}
