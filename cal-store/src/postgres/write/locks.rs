//! Changing write locks, and holding writes against them.
//!
//! Whoever makes a lock holds the rows of all collections that it covers, and
//! so waits for those who write there; who comes after them sees the lock.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::Session;
use super::flush::Rows;
use super::load::Spot;
use crate::postgres::locks::{lock, lock_columns};
use crate::postgres::pipeline::Call;
use crate::{
    CollectionId, Effect, Error, Lock, LockDepth, LockToken, LockWrite, Nearby, ObjectName,
    Receipt, Relation, Timestamp, Touch,
};

/// The locks of some collections, their objects, and all that the collections
/// are in, each with the collection that was asked about. Mostly there are no
/// locks at all, and nothing more is looked for.
pub(super) const ABOVE: &str = concat!(
    "WITH RECURSIVE above (origin, id) AS (SELECT k, k FROM unnest($2::bigint[]) AS k \
     WHERE EXISTS (SELECT 1 FROM locks WHERE workspace_id = $1) \
     UNION SELECT above.origin, c.parent_id FROM above JOIN collections c \
     ON c.workspace_id = $1 AND c.collection_id = above.id WHERE c.parent_id IS NOT NULL) \
     SELECT above.origin, ",
    lock_columns!(),
    " FROM above JOIN locks l ON l.workspace_id = $1 AND l.collection_id = above.id"
);

/// A lock beside the collection that was asked about, in the first column.
pub(super) fn nearby(row: &Row) -> Result<(CollectionId, Nearby), Error> {
    let origin = CollectionId::from_raw(row.try_get(0)?);
    let lock = lock(row, 1)?;
    let relation = match lock.root.collection == origin {
        true => Relation::Here,
        false => Relation::Above,
    };
    Ok((origin, Nearby { relation, lock }))
}

/// Ends the locks of the objects that were deleted, where there are any.
pub(super) fn freed(workspace: i64, freed: &[Spot]) -> Option<Call<'_>> {
    const SQL: &str = "DELETE FROM locks l \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
         WHERE l.workspace_id = $1 AND l.collection_id = k.collection_id AND l.name = k.name";
    Rows::of(freed).call(workspace, SQL, Vec::new())
}

impl Session<'_> {
    pub(super) async fn lock(&self, write: &LockWrite) -> Result<Receipt, Error> {
        match write {
            LockWrite::Place(lock) => self.place_lock(lock).await?,
            LockWrite::Refresh(token, until) => self.refresh_lock(*token, *until).await?,
            LockWrite::Release(token) => self.release_lock(*token).await?,
        }
        Ok(Receipt::new(Effect::Unchanged, 0))
    }

    async fn place_lock(&self, lock: &Lock) -> Result<(), Error> {
        const COVER: &str = "SELECT collection_id FROM collections WHERE workspace_id = $1 \
             AND collection_id = ANY($2) AND trashed_at IS NULL \
             ORDER BY collection_id FOR NO KEY UPDATE";
        const OBJECT: &str = "SELECT 1 FROM objects \
             WHERE workspace_id = $1 AND collection_id = $2 AND name = $3";
        let root = lock.root.collection;
        let covered = match lock.touch().goes_below() {
            true => self.subtree(root).await?,
            false => vec![root.into_raw()],
        };
        let held = self.rows(COVER, &[&self.workspace, &covered]).await?;
        let held = held.iter().map(|row| row.try_get(0));
        let held = held.collect::<Result<Vec<i64>, _>>()?;
        if !held.contains(&root.into_raw()) {
            return Err(Error::NotFound);
        }
        if let Some(name) = &lock.root.name {
            let key: [&(dyn ToSql + Sync); 3] = [&self.workspace, &root.into_raw(), &name.as_str()];
            if !self.exists(OBJECT, &key).await? {
                return Err(Error::NotFound);
            }
        }
        lock.check_beside(&self.nearby(lock.touch()).await?, self.cause().at)?;
        self.check_count(lock).await?;
        self.insert_lock(lock).await
    }

    /// Forgets the locks of a principal that have expired, and counts the others.
    async fn check_count(&self, lock: &Lock) -> Result<(), Error> {
        const EXPIRED: &str = "DELETE FROM locks \
             WHERE workspace_id = $1 AND principal = $2 AND expires <= $3";
        const HELD: &str = "SELECT count(*) FROM locks WHERE workspace_id = $1 AND principal = $2";
        let principal = lock.principal.as_str();
        self.execute(EXPIRED, &[&self.workspace, &principal, &self.at()])
            .await?;
        let held = self.row(HELD, &[&self.workspace, &principal]).await?;
        let held: i64 = held.map_or(Ok(0), |row| row.try_get(0))?;
        Lock::check_count(usize::try_from(held).unwrap_or(usize::MAX))
    }

    async fn insert_lock(&self, lock: &Lock) -> Result<(), Error> {
        const PLACE: &str = "INSERT INTO locks (workspace_id, collection_id, name, token, scope, \
             is_deep, principal, owner, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let name = lock.root.name.as_ref().map_or("", ObjectName::as_str);
        let row: [&(dyn ToSql + Sync); 9] = [
            &self.workspace,
            &lock.root.collection.into_raw(),
            &name,
            &lock.token.as_bytes().as_slice(),
            &lock.scope.as_str(),
            &(lock.depth == LockDepth::Infinity),
            &lock.principal.as_str(),
            &lock.owner,
            &lock.expires.millis(),
        ];
        self.execute(PLACE, &row).await.map(drop)
    }

    async fn refresh_lock(&self, token: LockToken, until: Timestamp) -> Result<(), Error> {
        const REFRESH: &str = "UPDATE locks SET expires = $5 \
             WHERE workspace_id = $1 AND token = $2 AND principal = $3 AND expires > $4";
        let (token, principal) = (token.as_bytes().as_slice(), self.principal());
        let row: [&(dyn ToSql + Sync); 5] = [
            &self.workspace,
            &token,
            &principal,
            &self.at(),
            &until.millis(),
        ];
        some(self.execute(REFRESH, &row).await?)
    }

    async fn release_lock(&self, token: LockToken) -> Result<(), Error> {
        const RELEASE: &str = "DELETE FROM locks \
             WHERE workspace_id = $1 AND token = $2 AND principal = $3 AND expires > $4";
        let (token, principal) = (token.as_bytes().as_slice(), self.principal());
        let row: [&(dyn ToSql + Sync); 4] = [&self.workspace, &token, &principal, &self.at()];
        some(self.execute(RELEASE, &row).await?)
    }

    /// Who makes and uses locks; nobody has the empty name.
    fn principal(&self) -> &str {
        let principal = self.cause().principal.as_ref();
        principal.map_or("", |principal| principal.as_str())
    }

    /// Refuses what locks keep the transaction from touching.
    pub(super) async fn guard(&self, touches: &[Touch<'_>]) -> Result<(), Error> {
        for touch in touches {
            let nearby = self.nearby(*touch).await?;
            let submitted = &self.transaction.submitted;
            submitted.check(*touch, &nearby, self.cause())?;
        }
        Ok(())
    }

    /// Ends the locks of a collection that goes, and of all that is below.
    pub(super) async fn free_tree(&self, collection: CollectionId) -> Result<(), Error> {
        const FREE: &str = "DELETE FROM locks WHERE workspace_id = $1 AND collection_id = ANY($2)";
        let below = self.subtree(collection).await?;
        self.execute(FREE, &[&self.workspace, &below])
            .await
            .map(drop)
    }

    /// The locks that may matter for a touch.
    async fn nearby(&self, touch: Touch<'_>) -> Result<Vec<Nearby>, Error> {
        const BELOW: &str = concat!(
            "SELECT l.collection_id, ",
            lock_columns!(),
            " FROM locks l WHERE l.workspace_id = $1 AND l.collection_id = ANY($2)"
        );
        let here = touch.collection.into_raw();
        let rows = self.rows(ABOVE, &[&self.workspace, &vec![here]]).await?;
        let found = rows.iter().map(|row| Ok(nearby(row)?.1));
        let mut found = found.collect::<Result<Vec<Nearby>, Error>>()?;
        if touch.goes_below() {
            let mut below = self.subtree(touch.collection).await?;
            below.retain(|id| *id != here);
            let rows = self.rows(BELOW, &[&self.workspace, &below]).await?;
            for row in &rows {
                let relation = Relation::Below;
                let lock = lock(row, 1)?;
                found.push(Nearby { relation, lock });
            }
        }
        Ok(found)
    }
}

fn some(changed: u64) -> Result<(), Error> {
    match changed {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
