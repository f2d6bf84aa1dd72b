//! Changing write locks, and holding writes against them.

use rusqlite::params;

use super::Session;
use super::collections::SUBTREE;
use crate::sqlite::locks::{LOCK, lock};
use crate::{
    CollectionId, Effect, Error, Lock, LockDepth, LockToken, LockWrite, Nearby, ObjectName,
    Receipt, Relation, Timestamp, Touch,
};

impl Session<'_> {
    pub(super) fn lock(&self, write: &LockWrite) -> Result<Receipt, Error> {
        match write {
            LockWrite::Place(lock) => self.place_lock(lock)?,
            LockWrite::Refresh(token, until) => self.refresh_lock(*token, *until)?,
            LockWrite::Release(token) => self.release_lock(*token)?,
        }
        Ok(Receipt::new(Effect::Unchanged, 0))
    }

    fn place_lock(&self, lock: &Lock) -> Result<(), Error> {
        const THERE: &str = "SELECT 1 FROM collections c WHERE collection_id = ?1 \
             AND trashed_at IS NULL AND (?2 = '' OR EXISTS (SELECT 1 FROM objects o \
             WHERE o.collection_id = c.collection_id AND o.name = ?2))";
        const EXPIRED: &str = "DELETE FROM locks WHERE principal = ?1 AND expires <= ?2";
        const HELD: &str = "SELECT count(*) FROM locks l \
             JOIN collections c ON c.collection_id = l.collection_id \
             WHERE l.principal = ?1 AND c.workspace_id = ?2";
        const PLACE: &str = "INSERT INTO locks (collection_id, name, token, scope, is_deep, \
             principal, owner, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let root = (lock.root.collection.into_raw(), name(lock));
        if !self.exists(THERE, root)? {
            return Err(Error::NotFound);
        }
        lock.check_beside(&self.nearby(lock.touch())?, self.cause().at)?;
        let principal = lock.principal.as_str();
        self.execute(EXPIRED, (principal, self.at()))?;
        let key = (principal, self.place.workspace);
        let held: Option<i64> = self.row(HELD, key, |row| row.get(0))?;
        Lock::check_count(usize::try_from(held.unwrap_or(0)).unwrap_or(usize::MAX))?;
        let row = params![
            root.0,
            root.1,
            lock.token.as_bytes(),
            lock.scope.as_str(),
            lock.depth == LockDepth::Infinity,
            principal,
            lock.owner,
            lock.expires.millis(),
        ];
        self.execute(PLACE, row).map(drop)
    }

    fn refresh_lock(&self, token: LockToken, until: Timestamp) -> Result<(), Error> {
        const REFRESH: &str = "UPDATE locks SET expires = ?4 \
             WHERE token = ?1 AND principal = ?2 AND expires > ?3";
        let row = (token.as_bytes(), self.principal(), self.at());
        some(self.execute(REFRESH, (row.0, row.1, row.2, until.millis()))?)
    }

    fn release_lock(&self, token: LockToken) -> Result<(), Error> {
        const RELEASE: &str = "DELETE FROM locks \
             WHERE token = ?1 AND principal = ?2 AND expires > ?3";
        let row = (token.as_bytes(), self.principal(), self.at());
        some(self.execute(RELEASE, row)?)
    }

    /// Refuses what locks keep the transaction from touching.
    pub(super) fn guard<'w>(
        &self,
        touches: impl IntoIterator<Item = Touch<'w>>,
    ) -> Result<(), Error> {
        if !self.has_locks()? {
            return Ok(());
        }
        let (submitted, cause) = (&self.transaction.submitted, self.cause());
        touches
            .into_iter()
            .try_for_each(|touch| submitted.check(touch, &self.nearby(touch)?, cause))
    }

    /// Ends the locks of an object that goes.
    pub(super) fn free_member(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<(), Error> {
        const FREE: &str = "DELETE FROM locks WHERE collection_id = ?1 AND name = ?2";
        self.execute(FREE, (collection.into_raw(), name.as_str()))
            .map(drop)
    }

    /// Ends the locks of a collection that goes, and of all that is below.
    pub(super) fn free_tree(&self, collection: CollectionId) -> Result<(), Error> {
        if !self.has_locks()? {
            return Ok(());
        }
        let free =
            format!("{SUBTREE} DELETE FROM locks WHERE collection_id IN (SELECT id FROM below)");
        self.execute(&free, [collection.into_raw()]).map(drop)
    }

    /// Whether there is any lock at all: mostly there is none, and nothing more to ask.
    fn has_locks(&self) -> Result<bool, Error> {
        self.exists("SELECT 1 FROM locks LIMIT 1", [])
    }

    /// The locks that may matter for a touch.
    fn nearby(&self, touch: Touch<'_>) -> Result<Vec<Nearby>, Error> {
        let above = format!(
            "WITH RECURSIVE above (id) AS (SELECT ?1 UNION \
             SELECT c.parent_id FROM collections c JOIN above ON c.collection_id = above.id \
             WHERE c.parent_id IS NOT NULL) \
             SELECT {LOCK} FROM above JOIN locks l ON l.collection_id = above.id"
        );
        let mut nearby = self.locks(&above, (touch, Relation::Above))?;
        if touch.goes_below() {
            let below = format!(
                "{SUBTREE} SELECT {LOCK} FROM below JOIN locks l ON l.collection_id = below.id \
                 WHERE below.id <> ?1"
            );
            nearby.extend(self.locks(&below, (touch, Relation::Below))?);
        }
        Ok(nearby)
    }

    fn locks(
        &self,
        sql: &str,
        (touch, elsewhere): (Touch<'_>, Relation),
    ) -> Result<Vec<Nearby>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([touch.collection.into_raw()], |row| {
            let lock = lock(row)?;
            let relation = match lock.root.collection == touch.collection {
                true => Relation::Here,
                false => elsewhere,
            };
            Ok(Nearby { relation, lock })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The column for the name of what is locked: nothing for a collection.
fn name(lock: &Lock) -> &str {
    lock.root.name.as_ref().map_or("", ObjectName::as_str)
}

fn some(changed: usize) -> Result<(), Error> {
    match changed {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
