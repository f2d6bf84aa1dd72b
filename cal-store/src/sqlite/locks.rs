//! Reading write locks.

use rusqlite::Row;

use super::readers::Reader;
use super::row::text;
use crate::{
    CollectionId, Error, Lock, LockDepth, LockRoot, LockScope, LockToken, ObjectName, PrincipalId,
    PrincipalName, Timestamp,
};

/// The columns that [`lock`] reads, in its order.
pub(super) const LOCK: &str =
    "l.collection_id, l.name, l.token, l.scope, l.is_deep, l.principal, l.owner, l.expires";

impl Reader<'_> {
    pub(super) fn locks(&self, owner: PrincipalId) -> Result<Vec<Lock>, Error> {
        let sql = format!(
            "SELECT {LOCK} FROM locks l JOIN collections c ON c.collection_id = l.collection_id \
             WHERE c.workspace_id = ?1 AND c.owner_id = ?2 AND c.trashed_at IS NULL \
             ORDER BY l.collection_id, l.name, l.token"
        );
        self.rows(&sql, (self.workspace, owner.into_raw()), lock)
    }
}

/// A lock from the first columns of a row.
pub(super) fn lock(row: &Row<'_>) -> rusqlite::Result<Lock> {
    let name: String = row.get(1)?;
    let name = Some(name).filter(|name| !name.is_empty());
    Ok(Lock {
        token: LockToken::from_bytes(row.get(2)?),
        root: LockRoot {
            collection: CollectionId::from_raw(row.get(0)?),
            name: name.map(|name| ObjectName::from_stored(&name)),
        },
        scope: text(row, 3, LockScope::from_stored)?,
        depth: match row.get(4)? {
            true => LockDepth::Infinity,
            false => LockDepth::Zero,
        },
        principal: text(row, 5, PrincipalName::from_stored)?,
        owner: row.get(6)?,
        expires: Timestamp::from_millis(row.get(7)?),
    })
}
