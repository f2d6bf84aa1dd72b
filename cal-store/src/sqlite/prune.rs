//! Forgetting what is older than the retention.

use rusqlite::{Connection, TransactionBehavior, params};

use super::connection::patiently;
use super::row::natural;
use crate::{Error, PrincipalId, Pruned, Timestamp};

pub(super) fn prune(connection: &mut Connection, before: Timestamp) -> Result<Pruned, Error> {
    patiently(|| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let pruned = Pruned {
            collections: collections(&transaction, before)?,
            versions: versions(&transaction, before)?,
            tombstones: tombstones(&transaction, before)?,
        };
        transaction.commit()?;
        Ok(pruned)
    })
}

fn collections(connection: &Connection, before: Timestamp) -> rusqlite::Result<u64> {
    const OLD: &str = "SELECT collection_id FROM collections WHERE trashed_at < ?1";
    let count = format!("SELECT count(*) FROM ({OLD})");
    let count = connection.query_row(&count, [before.millis()], |row| natural(row, 0))?;
    remove_bodies(connection, OLD, before.millis())?;
    let remove = format!("DELETE FROM collections WHERE collection_id IN ({OLD})");
    connection.execute(&remove, [before.millis()])?;
    Ok(count)
}

fn versions(connection: &Connection, before: Timestamp) -> rusqlite::Result<u64> {
    const BODIES: &str = "DELETE FROM bodies WHERE body_id IN \
         (SELECT body_id FROM versions WHERE ended_at < ?1)";
    const VERSIONS: &str = "DELETE FROM versions WHERE ended_at < ?1";
    connection.execute(BODIES, [before.millis()])?;
    let removed = connection.execute(VERSIONS, [before.millis()])?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

fn tombstones(connection: &Connection, before: Timestamp) -> rusqlite::Result<u64> {
    const FLOORS: &str = "UPDATE collections SET floor = max(floor, pruned.sequence) FROM \
         (SELECT collection_id, max(sequence) AS sequence FROM tombstones WHERE at < ?1 \
         GROUP BY collection_id) AS pruned WHERE collections.collection_id = pruned.collection_id";
    const TOMBSTONES: &str = "DELETE FROM tombstones WHERE at < ?1";
    connection.execute(FLOORS, params![before.millis()])?;
    let removed = connection.execute(TOMBSTONES, params![before.millis()])?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

/// Removes the bytes of everything that a principal owns.
pub(super) fn remove_bodies_of_owner(
    connection: &Connection,
    owner: PrincipalId,
) -> rusqlite::Result<()> {
    const OWNED: &str = "SELECT collection_id FROM collections WHERE owner_id = ?1";
    remove_bodies(connection, OWNED, owner.into_raw())
}

/// Removes the bytes of the collections that a query with one parameter selects.
fn remove_bodies(connection: &Connection, select: &str, key: i64) -> rusqlite::Result<()> {
    for table in ["objects", "versions"] {
        let remove = format!(
            "DELETE FROM bodies WHERE body_id IN \
             (SELECT body_id FROM {table} WHERE collection_id IN ({select}))"
        );
        connection.execute(&remove, [key])?;
    }
    Ok(())
}
