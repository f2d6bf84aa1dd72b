//! Forgetting what is older than the retention.

use std::sync::Arc;

use deadpool_postgres::Object as Connection;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::removal;
use super::row::{integer, natural};
use super::write::append;
use crate::audit::Audited;
use crate::{
    AuditAction, AuditChain, Cause, Error, OldLetters, PrincipalName, Pruned, Pruning, Timestamp,
};

/// Prunes within a transaction.
pub(super) async fn prune(
    connection: &Connection,
    workspace: i64,
    before: Timestamp,
    cause: &Cause,
) -> Result<Pruned, Error> {
    let millis = before.millis();
    // The more there is to forget the longer it takes.
    connection
        .batch_execute("SET LOCAL statement_timeout = 0")
        .await?;
    connection.query(ALONE, &[&workspace]).await?;
    let pruned = Pruned {
        collections: collections(connection, workspace, millis).await?,
        tombstones: tombstones(connection, workspace, millis).await?,
        versions: versions(connection, workspace, millis).await?,
        states: count(connection, STATES, workspace, millis).await?,
        audit_entries: count(connection, AUDIT_ENTRIES, workspace, millis).await?,
        dead_letters: 0,
    };
    if pruned != Pruned::default() {
        let pruning = Pruning {
            before,
            cause: cause.clone(),
            pruned,
        };
        record(connection, workspace, &pruning).await?;
    }
    Ok(pruned)
}

/// Forgets dead letters within a transaction.
pub(super) async fn prune_dead_letters(
    connection: &Connection,
    workspace: i64,
    old: OldLetters,
    cause: &Cause,
) -> Result<u64, Error> {
    // One that somebody is just taking back is left alone.
    const PRUNE: &str = "WITH old AS MATERIALIZED (SELECT job_id FROM jobs \
         WHERE workspace_id = $1 AND dead_at IS NOT NULL AND (dead_at < $2 OR job_id IN \
         (SELECT job_id FROM jobs WHERE workspace_id = $1 AND dead_at IS NOT NULL \
         ORDER BY dead_at DESC, job_id OFFSET $3)) FOR UPDATE SKIP LOCKED) \
         DELETE FROM jobs j USING old WHERE j.workspace_id = $1 AND j.job_id = old.job_id";
    connection.query(ALONE, &[&workspace]).await?;
    let statement = connection.prepare_cached(PRUNE).await?;
    let row: [&(dyn ToSql + Sync); 3] = [&workspace, &old.before.millis(), &integer(old.kept)];
    let dead_letters = connection.execute(&statement, &row).await?;
    if dead_letters > 0 {
        let pruning = Pruning {
            before: Timestamp::BEGINNING,
            cause: cause.clone(),
            pruned: Pruned {
                dead_letters,
                ..Pruned::default()
            },
        };
        record(connection, workspace, &pruning).await?;
    }
    Ok(dead_letters)
}

/// One pruning at a time: each goes on from the anchors that the one before it has
/// left. Whoever makes a principal, which refers to the row, is not kept.
const ALONE: &str = "SELECT 1 FROM workspaces WHERE workspace_id = $1 FOR NO KEY UPDATE";

const STATES: &str = "WITH pruned AS (DELETE FROM past_collections \
     WHERE workspace_id = $1 AND ended_at < $2 RETURNING collection_id, state), \
     properties AS (DELETE FROM past_properties p USING pruned WHERE p.workspace_id = $1 \
     AND p.collection_id = pruned.collection_id AND p.state = pruned.state) \
     SELECT count(*) FROM pruned";

/// The oldest entries of each chain, up to the last before the first that is
/// not old, whose hash is kept. Those who add entries meanwhile add them after
/// that one. A chain in which it is missing was tampered with and stays as it is.
const AUDIT_ENTRIES: &str = "WITH cuts AS MATERIALIZED (\
     SELECT cut.chain, cut.number, e.hash FROM (\
     SELECT c.chain, c.pruned, coalesce((SELECT e.number - 1 FROM audit_entries e \
     WHERE e.workspace_id = $1 AND e.chain = c.chain AND e.at >= $2 \
     ORDER BY e.number LIMIT 1), c.number) AS number \
     FROM audit_chains c WHERE c.workspace_id = $1) cut \
     JOIN audit_entries e ON e.workspace_id = $1 AND e.chain = cut.chain \
     AND e.number = cut.number WHERE cut.number > cut.pruned), \
     anchored AS (UPDATE audit_chains c SET pruned = cuts.number, anchor = cuts.hash \
     FROM cuts WHERE c.workspace_id = $1 AND c.chain = cuts.chain), \
     pruned AS (DELETE FROM audit_entries e USING cuts WHERE e.workspace_id = $1 \
     AND e.chain = cuts.chain AND e.number <= cuts.number RETURNING 1) \
     SELECT count(*) FROM pruned";

/// Records what was forgotten, in the table of prunings and in the chain of the store.
async fn record(connection: &Connection, workspace: i64, pruning: &Pruning) -> Result<(), Error> {
    const RECORD: &str = "INSERT INTO prunings (workspace_id, number, before, at, via, \
         principal, note, versions, tombstones, collections, states, audit_entries, dead_letters) \
         SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 \
         FROM prunings WHERE workspace_id = $1";
    let Pruning { cause, pruned, .. } = pruning;
    let row: [&(dyn ToSql + Sync); 12] = [
        &workspace,
        &pruning.before.millis(),
        &cause.at.millis(),
        &cause.via.as_str(),
        &cause.principal.as_ref().map(PrincipalName::as_str),
        &cause.note,
        &integer(pruned.versions),
        &integer(pruned.tombstones),
        &integer(pruned.collections),
        &integer(pruned.states),
        &integer(pruned.audit_entries),
        &integer(pruned.dead_letters),
    ];
    connection.execute(RECORD, &row).await?;
    let summary = pruning.summary();
    let audited = Audited::object(AuditAction::Prune, &summary, None, None);
    let (next, cause) = ((AuditChain::Store, None), Arc::new(cause.clone()));
    append(connection, workspace, next, &cause, &audited).await
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
    count(connection, PRUNE, workspace, before).await
}

/// What a statement that answers a count has counted.
async fn count(
    connection: &Connection,
    sql: &str,
    workspace: i64,
    before: i64,
) -> Result<u64, Error> {
    let counted = rows(connection, sql, workspace, before).await?;
    counted.first().map_or(Ok(0), |row| natural(row, 0))
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
