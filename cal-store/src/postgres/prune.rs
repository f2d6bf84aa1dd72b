//! Forgetting what is older than the retention.

use deadpool_postgres::Object as Connection;
use tokio_postgres::Row;

use super::removal;
use super::row::natural;
use crate::{Error, Pruned, Timestamp};

/// Prunes within a transaction.
pub(super) async fn prune(
    connection: &Connection,
    workspace: i64,
    before: Timestamp,
) -> Result<Pruned, Error> {
    let before = before.millis();
    // The more there is to forget the longer it takes.
    connection
        .batch_execute("SET LOCAL statement_timeout = 0")
        .await?;
    Ok(Pruned {
        collections: collections(connection, workspace, before).await?,
        tombstones: tombstones(connection, workspace, before).await?,
        versions: versions(connection, workspace, before).await?,
    })
}

async fn collections(connection: &Connection, workspace: i64, before: i64) -> Result<u64, Error> {
    const OLD: &str = "SELECT collection_id FROM collections \
         WHERE workspace_id = $1 AND trashed_at < $2 ORDER BY collection_id FOR UPDATE";
    let old = rows(connection, OLD, workspace, before).await?;
    let old = old.iter().map(|row| row.try_get(0));
    let old = old.collect::<Result<Vec<i64>, _>>()?;
    removal::remove(connection, workspace, &old).await?;
    Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
}

async fn versions(connection: &Connection, workspace: i64, before: i64) -> Result<u64, Error> {
    const VERSIONS: &str = "DELETE FROM versions WHERE workspace_id = $1 AND ended_at < $2";
    let statement = connection.prepare_cached(VERSIONS).await?;
    Ok(connection
        .execute(&statement, &[&workspace, &before])
        .await?)
}

async fn tombstones(connection: &Connection, workspace: i64, before: i64) -> Result<u64, Error> {
    // Names come back only under the lock of their collection: under it, what
    // is counted is what is deleted.
    const LOCK: &str = "SELECT collection_id FROM collections WHERE workspace_id = $1 \
         AND collection_id IN (SELECT collection_id FROM tombstones \
         WHERE workspace_id = $1 AND at < $2) ORDER BY collection_id FOR NO KEY UPDATE";
    const PRUNE: &str = "WITH pruned AS (DELETE FROM tombstones \
         WHERE workspace_id = $1 AND at < $2 RETURNING collection_id, sequence), \
         floors AS (SELECT collection_id, max(sequence) AS sequence FROM pruned \
         GROUP BY collection_id), \
         moved AS (UPDATE collections c SET floor = greatest(c.floor, floors.sequence) \
         FROM floors WHERE c.workspace_id = $1 AND c.collection_id = floors.collection_id) \
         SELECT count(*) FROM pruned";
    rows(connection, LOCK, workspace, before).await?;
    let pruned = rows(connection, PRUNE, workspace, before).await?;
    pruned.first().map_or(Ok(0), |row| natural(row, 0))
}

async fn rows(
    connection: &Connection,
    sql: &str,
    workspace: i64,
    before: i64,
) -> Result<Vec<Row>, Error> {
    let statement = connection.prepare_cached(sql).await?;
    Ok(connection.query(&statement, &[&workspace, &before]).await?)
}
