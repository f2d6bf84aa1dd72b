//! Reading write locks.

use tokio_postgres::Row;

use super::read::Reader;
use crate::{
    CollectionId, Error, Lock, LockDepth, LockRoot, LockScope, LockToken, ObjectName, PrincipalId,
    PrincipalName, Timestamp,
};

/// The columns that [`lock`] reads, in its order.
macro_rules! lock_columns {
    () => {
        "l.collection_id, l.name, l.token, l.scope, l.is_deep, l.principal, l.owner, l.expires"
    };
}
pub(super) use lock_columns;

impl Reader {
    pub(super) async fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error> {
        const LOCKS: &str = concat!(
            "SELECT ",
            lock_columns!(),
            " FROM collections c JOIN locks l ON l.workspace_id = c.workspace_id \
             AND l.collection_id = c.collection_id \
             WHERE c.workspace_id = $1 AND c.owner_id = $2 AND c.trashed_at IS NULL \
             ORDER BY l.collection_id, l.name, l.token"
        );
        let rows = self
            .rows(LOCKS, &[&self.workspace, &owner.into_raw()])
            .await?;
        rows.iter().map(|row| lock(row, 0)).collect()
    }
}

/// A lock from the columns of a row that begin at `first`.
pub(super) fn lock(row: &Row, first: usize) -> Result<Lock, Error> {
    let name: &str = row.try_get(first + 1)?;
    let token: &[u8] = row.try_get(first + 2)?;
    let token = token
        .try_into()
        .map_err(|_| Error::backend("a lock token of another length"))?;
    Ok(Lock {
        token: LockToken::from_bytes(token),
        root: LockRoot {
            collection: CollectionId::from_raw(row.try_get(first)?),
            name: Some(name)
                .filter(|name| !name.is_empty())
                .map(ObjectName::from_stored),
        },
        scope: LockScope::from_stored(row.try_get(first + 3)?),
        depth: match row.try_get(first + 4)? {
            true => LockDepth::Infinity,
            false => LockDepth::Zero,
        },
        principal: PrincipalName::from_stored(row.try_get(first + 5)?),
        owner: row.try_get(first + 6)?,
        expires: Timestamp::from_millis(row.try_get(first + 7)?),
    })
}
