//! Write locks in memory.

use super::state::State;
use crate::{
    Cause, CollectionId, Effect, Error, Lock, LockRoot, LockWrite, Nearby, ObjectName, PrincipalId,
    Receipt, Relation, Touch, Transaction,
};

impl State {
    pub(super) fn lock(&mut self, write: &LockWrite, cause: &Cause) -> Result<Receipt, Error> {
        match write {
            LockWrite::Place(lock) => self.place_lock(lock, cause)?,
            LockWrite::Refresh(token, until) => {
                let lock = self.locks.get_mut(token);
                let lock = lock.filter(|lock| is_of(lock, cause));
                lock.ok_or(Error::NotFound)?.expires = *until;
            }
            LockWrite::Release(token) => {
                let lock = self.locks.get(token);
                lock.filter(|lock| is_of(lock, cause))
                    .ok_or(Error::NotFound)?;
                self.locks.remove(token);
            }
        }
        Ok(Receipt::new(Effect::Unchanged, 0))
    }

    fn place_lock(&mut self, lock: &Lock, cause: &Cause) -> Result<(), Error> {
        let folder = self.folder(lock.root.collection).ok_or(Error::NotFound)?;
        if let Some(name) = &lock.root.name {
            folder.kept(name).ok_or(Error::NotFound)?;
        }
        lock.check_beside(&self.nearby(lock.touch()), cause.at)?;
        self.locks.retain(|_, there| there.is_in_force(cause.at));
        let of_principal = |there: &&Lock| there.principal == lock.principal;
        Lock::check_count(self.locks.values().filter(of_principal).count())?;
        self.locks.insert(lock.token, lock.clone());
        Ok(())
    }

    /// Refuses what locks keep the transaction from touching.
    pub(super) fn guard<'w>(
        &self,
        touches: impl IntoIterator<Item = Touch<'w>>,
        within: &Transaction,
    ) -> Result<(), Error> {
        if self.locks.is_empty() {
            return Ok(());
        }
        touches.into_iter().try_for_each(|touch| {
            let nearby = self.nearby(touch);
            within.submitted.check(touch, &nearby, &within.cause)
        })
    }

    /// The locks that may matter for a touch.
    fn nearby(&self, touch: Touch<'_>) -> Vec<Nearby> {
        let locks = self.locks.values().filter_map(|lock| {
            let (root, here) = (lock.root.collection, touch.collection);
            let relation = if root == here {
                Relation::Here
            } else if self.is_inside(here, root) {
                Relation::Above
            } else if touch.goes_below() && self.is_inside(root, here) {
                Relation::Below
            } else {
                return None;
            };
            let lock = lock.clone();
            Some(Nearby { relation, lock })
        });
        locks.collect()
    }

    /// Ends the locks of an object that goes.
    pub(super) fn free_member(&mut self, collection: CollectionId, name: &ObjectName) {
        if !self.locks.is_empty() {
            let root = LockRoot::member(collection, name.clone());
            self.locks.retain(|_, lock| lock.root != root);
        }
    }

    /// Ends the locks of a collection that goes, and of all that is below.
    pub(super) fn free_tree(&mut self, collection: CollectionId) {
        if self.locks.is_empty() {
            return;
        }
        let below = self.subtree(collection);
        let is_below = |lock: &Lock| below.contains(&lock.root.collection);
        self.locks.retain(|_, lock| !is_below(lock));
    }

    pub(super) fn locks(&self, owner: PrincipalId) -> Vec<Lock> {
        let is_owned = |lock: &&Lock| {
            let folder = self.folder(lock.root.collection);
            folder.is_some_and(|folder| folder.collection.owner == owner)
        };
        self.locks.values().filter(is_owned).cloned().collect()
    }
}

/// Whether a lock is in force, and the principal of a cause has made it.
fn is_of(lock: &Lock, cause: &Cause) -> bool {
    lock.is_in_force(cause.at) && cause.principal.as_ref() == Some(&lock.principal)
}
