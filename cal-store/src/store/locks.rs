//! Write locks.

use super::{Put, Store, Stored};
use crate::calendar_object::Reading;
use crate::{
    Cause, CollectionKey, Error, Lock, LockToken, LockWrite, ObjectName, PrincipalId, Timestamp,
    Write,
};

/// A lock in force, and where its root is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedLock {
    /// The lock.
    pub lock: Lock,
    /// The names from below the home of the owner down to the root; none for the home itself.
    pub path: Vec<ObjectName>,
}

impl Store {
    /// Makes a lock of what is there.
    ///
    /// From then on nobody writes what it covers but its principal with its token in the
    /// [cause](Cause::with_lock_tokens), until it expires, is released, or its root goes
    /// elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without its root; [`Error::LockConflict`]; [`Error::Limit`] of too
    /// many locks; [`Error::TooLarge`] of an owner beyond [`Lock::MAX_OWNER_BYTES`].
    pub async fn lock(&self, lock: Lock, cause: &Cause) -> Result<(), Error> {
        let write = placed(lock)?;
        self.commit(vec![write], cause).await.map(drop)
    }

    /// Stores an object and makes a lock of it, both or none.
    ///
    /// # Errors
    ///
    /// As [`put`](Self::put) and [`lock`](Self::lock).
    pub async fn put_locked(&self, put: Put, lock: Lock, cause: &Cause) -> Result<Stored, Error> {
        let lock = placed(lock)?;
        let prepared = self.prepare(put, Reading::Validating, cause.at).await?;
        let (collection, etag) = (prepared.collection, prepared.etag);
        let receipts = self.commit(vec![prepared.into(), lock], cause).await?;
        let receipt = super::only(receipts)?;
        Ok(self.stored(collection, etag, receipt))
    }

    /// Lets a lock that the principal of the cause has made last until another instant, of
    /// which [`Lock::expiry`] says what is allowed.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a lock in force.
    pub async fn refresh_lock(
        &self,
        token: LockToken,
        until: Timestamp,
        cause: &Cause,
    ) -> Result<(), Error> {
        let latest = Lock::expiry(cause.at, Lock::MAX_SECONDS);
        let write = Write::Lock(LockWrite::Refresh(token, until.min(latest)));
        self.commit(vec![write], cause).await.map(drop)
    }

    /// Ends a lock that the principal of the cause has made.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a lock in force.
    pub async fn unlock(&self, token: LockToken, cause: &Cause) -> Result<(), Error> {
        let write = Write::Lock(LockWrite::Release(token));
        self.commit(vec![write], cause).await.map(drop)
    }

    /// The locks in force at an instant of what is in the home of a principal, whoever made
    /// them, with the paths of their roots.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn locks(&self, owner: PrincipalId, at: Timestamp) -> Result<Vec<PlacedLock>, Error> {
        let locks = self.backend().locks(owner).await?;
        let mut placed = Vec::with_capacity(locks.len());
        for lock in locks.into_iter().filter(|lock| lock.is_in_force(at)) {
            if let Some(path) = self.path_of(&lock).await? {
                placed.push(PlacedLock { lock, path });
            }
        }
        Ok(placed)
    }

    /// The names down to the root of a lock, unless that has gone meanwhile.
    async fn path_of(&self, lock: &Lock) -> Result<Option<Vec<ObjectName>>, Error> {
        let mut path: Vec<ObjectName> = lock.root.name.iter().cloned().collect();
        let mut here = lock.root.collection;
        loop {
            let found = self.backend().collection(CollectionKey::Id(here)).await?;
            let Some(collection) = found else {
                return Ok(None);
            };
            let Some(parent) = collection.parent else {
                path.reverse();
                return Ok(Some(path));
            };
            path.push((&collection.name).into());
            here = parent;
        }
    }
}

/// The write that makes a lock, within its bounds.
fn placed(lock: Lock) -> Result<Write, Error> {
    let size = lock.owner.as_ref().map_or(0, String::len);
    if size > Lock::MAX_OWNER_BYTES {
        return Err(Error::TooLarge {
            size: u64::try_from(size).unwrap_or(u64::MAX),
            limit: u64::try_from(Lock::MAX_OWNER_BYTES).unwrap_or(u64::MAX),
        });
    }
    Ok(Write::Lock(LockWrite::Place(Box::new(lock))))
}
