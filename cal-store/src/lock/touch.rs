//! Whether a write may be done beside locks (RFC 4918 sections 7.2 to 7.5).

use super::{Lock, LockDepth, LockRoot, LockToken};
use crate::{Cause, CollectionId, Error, ObjectName};

/// Resources that a write changes, in or at one collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch<'w> {
    /// The collection.
    pub collection: CollectionId,
    /// What of it.
    pub reach: Reach<'w>,
}

/// What of a collection a write changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'w> {
    /// The content or the properties of a member.
    Member(&'w ObjectName),
    /// Which members there are.
    Members,
    /// Its own details and properties.
    Itself,
    /// It goes, with all that is below.
    Tree,
}

/// A lock with how its root lies to the collection of a [`Touch`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearby {
    /// How.
    pub relation: Relation,
    /// The lock.
    pub lock: Lock,
}

/// How the root of a lock lies to a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is one of the collections that the collection is in.
    Above,
    /// It is the collection, or an object of it.
    Here,
    /// It is somewhere in a collection that is below the collection.
    Below,
}

impl<'w> Touch<'w> {
    /// What of a collection a write changes.
    #[must_use]
    pub const fn new(collection: CollectionId, reach: Reach<'w>) -> Self {
        Self { collection, reach }
    }

    /// What a write of a member changes: the member, and which members there are unless it was
    /// there and stays.
    pub fn of_member(
        collection: CollectionId,
        name: &'w ObjectName,
        stays: bool,
    ) -> impl Iterator<Item = Self> {
        let member = Self::new(collection, Reach::Member(name));
        let members = Self::new(collection, Reach::Members);
        [Some(member), Some(members).filter(|_| !stays)]
            .into_iter()
            .flatten()
    }

    /// Whether it matters what is locked below.
    #[must_use]
    pub const fn goes_below(&self) -> bool {
        matches!(self.reach, Reach::Tree)
    }

    /// Whether a lock covers the one resource that is touched first.
    pub(super) fn is_covered_by(&self, near: &Nearby) -> bool {
        let reaches = |lock: &Lock| lock.depth == LockDepth::Infinity;
        match (near.relation, &near.lock.root.name, self.reach) {
            (Relation::Above, None, _) => reaches(&near.lock),
            (Relation::Here, None, Reach::Member(_)) => reaches(&near.lock),
            (Relation::Here, None, _) => true,
            (Relation::Here, Some(locked), Reach::Member(name)) => locked == name,
            (Relation::Above | Relation::Here, Some(_), _) | (Relation::Below, ..) => false,
        }
    }

    /// Whether the root of a lock is touched besides the first resource.
    pub(super) fn covers(&self, near: &Nearby) -> bool {
        self.goes_below()
            && match near.relation {
                Relation::Above => false,
                Relation::Here => near.lock.root.name.is_some(),
                Relation::Below => true,
            }
    }
}

/// What a transaction may write in spite of locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// What is covered by the locks of these tokens, where the principal of the cause has made
    /// them.
    Tokens(Vec<LockToken>),
    /// Anything: it is taken over what has happened already, out of reach of locks.
    Bypass,
}

impl Default for Submitted {
    fn default() -> Self {
        Self::Tokens(Vec::new())
    }
}

impl Submitted {
    /// Holds a write against the locks that are nearby: the check that every backend makes.
    ///
    /// Of several shared locks of a resource one that was submitted is enough. Where a tree
    /// goes, one is wanted of the locks of each root in it.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] with the roots of the locks that were not submitted.
    pub fn check(&self, touch: Touch<'_>, nearby: &[Nearby], cause: &Cause) -> Result<(), Error> {
        let Self::Tokens(tokens) = self else {
            return Ok(());
        };
        let nearby = || {
            let in_force = |near: &&Nearby| near.lock.is_in_force(cause.at);
            nearby.iter().filter(in_force)
        };
        let opens = |near: &Nearby| {
            cause.principal.as_ref() == Some(&near.lock.principal)
                && tokens.contains(&near.lock.token)
        };
        let mut roots: Vec<&LockRoot> = Vec::new();
        let covering = || nearby().filter(|near| touch.is_covered_by(near));
        if !covering().any(opens) {
            roots.extend(covering().map(|near| &near.lock.root));
        }
        for near in nearby().filter(|near| touch.covers(near)) {
            let root = &near.lock.root;
            let mut same = nearby().filter(|other| other.lock.root == *root);
            if !same.any(opens) {
                roots.push(root);
            }
        }
        if roots.is_empty() {
            return Ok(());
        }
        roots.sort_unstable();
        roots.dedup();
        Err(Error::Locked {
            roots: roots.into_iter().cloned().collect(),
        })
    }
}
