//! Adding to the audit chains.

use std::sync::Arc;

use deadpool_postgres::Object as Connection;
use tokio_postgres::types::{ToSql, Type};

use super::Session;
use super::flush::{column, principal};
use crate::audit::Audited;
use crate::postgres::copy::{MANY, Rows, Table};
use crate::postgres::pipeline::{self, Bounds, Call, Value};
use crate::postgres::row::{audit_hash, integer, natural};
use crate::{AuditChain, AuditHash, AuditRecord, Cause, CollectionId, ETag, Error};

/// Stores entries that follow each other in their chains.
pub(super) fn entries<'b>(workspace: i64, records: &'b [AuditRecord]) -> Result<Call<'b>, Error> {
    const SQL: &str = "INSERT INTO audit_entries (workspace_id, chain, number, at, via, \
         principal, note, action, subject, name, before, after, hash) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], \
         $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::bytea[], \
         $12::bytea[], $13::bytea[]) AS k";
    if records.len() >= MANY {
        let mut rows = Rows::of(&ENTRIES);
        for record in records {
            push_entry(workspace, record, &mut rows)?;
        }
        return Ok(Call::copy(&ENTRIES, rows));
    }
    let rows: Vec<&AuditRecord> = records.iter().collect();
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(&rows, |it| it.entry.chain.into_raw()),
        column(&rows, |it| integer(it.entry.number)),
        column(&rows, |it| it.entry.cause.at.millis()),
        column(&rows, |it| it.entry.cause.via.as_str()),
        column(&rows, |it| principal(&it.entry.cause)),
        column(&rows, |it| it.entry.cause.note.as_deref()),
        column(&rows, |it| it.entry.action.as_str()),
        column(&rows, |it| it.entry.subject),
        column(&rows, |it| &*it.entry.name),
        column(&rows, |it| tag(it.entry.before.as_ref())),
        column(&rows, |it| tag(it.entry.after.as_ref())),
        column(&rows, |it| &it.hash.as_bytes()[..]),
    ];
    Ok(Call::new(SQL, values))
}

/// Entries, where many come at once.
pub(in crate::postgres) const ENTRIES: Table = Table {
    sql: "COPY audit_entries (workspace_id, chain, number, at, via, principal, note, action, \
         subject, name, before, after, hash) FROM STDIN (FORMAT binary)",
    types: &[
        Type::INT8,
        Type::INT8,
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::INT8,
        Type::TEXT,
        Type::BYTEA,
        Type::BYTEA,
        Type::BYTEA,
    ],
};

/// Adds a row of [`ENTRIES`].
pub(in crate::postgres) fn push_entry(
    workspace: i64,
    AuditRecord { entry, hash }: &AuditRecord,
    rows: &mut Rows,
) -> Result<(), Error> {
    let values: [&(dyn ToSql + Sync); 13] = [
        &workspace,
        &entry.chain.into_raw(),
        &integer(entry.number),
        &entry.cause.at.millis(),
        &entry.cause.via.as_str(),
        &principal(&entry.cause),
        &entry.cause.note,
        &entry.action.as_str(),
        &entry.subject,
        &entry.name,
        &tag(entry.before.as_ref()),
        &tag(entry.after.as_ref()),
        &&hash.as_bytes()[..],
    ];
    rows.push(&values)
}

fn tag(etag: Option<&ETag>) -> Option<&[u8]> {
    etag.map(|etag| &etag.as_bytes()[..])
}

/// Notes where chains stand now.
pub(super) fn heads<'b>(workspace: i64, heads: &[(AuditChain, u64, &'b AuditHash)]) -> Call<'b> {
    const SQL: &str = "INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, \
         anchor) SELECT $1, k.chain, k.number, k.hash, 0, $5 \
         FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS k (chain, number, hash) \
         ON CONFLICT (workspace_id, chain) \
         DO UPDATE SET number = excluded.number, hash = excluded.hash";
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(heads, |(chain, ..)| chain.into_raw()),
        column(heads, |(_, number, _)| integer(*number)),
        column(heads, |(.., hash)| &hash.as_bytes()[..]),
        Box::new(&AuditHash::START.as_bytes()[..]),
    ];
    Call::new(SQL, values)
}

/// Adds an entry to a chain, under this number or the next one, within a transaction.
pub(in crate::postgres) async fn append(
    connection: &Connection,
    workspace: i64,
    (chain, number): (AuditChain, Option<u64>),
    cause: &Arc<Cause>,
    audited: &Audited<'_>,
) -> Result<(), Error> {
    // A write in either case: of two that add to a chain, also to one that was
    // not there, the later waits and sees what the earlier has added.
    const LOCK: &str = "INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, \
         anchor) VALUES ($1, $2, 0, $3, 0, $3) ON CONFLICT (workspace_id, chain) \
         DO UPDATE SET number = audit_chains.number RETURNING number, hash";
    let start = AuditHash::START;
    let key: [&(dyn ToSql + Sync); 3] = [&workspace, &chain.into_raw(), &&start.as_bytes()[..]];
    let statement = connection.prepare_cached(LOCK).await?;
    let last = connection.query_one(&statement, &key).await?;
    let next = natural(&last, 0)?.saturating_add(1);
    let entry = audited.entry(chain, number.unwrap_or(next), cause);
    let hash = entry.hash(&audit_hash(&last, 1)?);
    let record = [AuditRecord { entry, hash }];
    let head = record
        .each_ref()
        .map(|it| (chain, it.entry.number, &it.hash));
    let calls = [entries(workspace, &record)?, heads(workspace, &head)];
    let added = pipeline::run(connection, Bounds::Within, &calls).await;
    added.map(drop)
}

impl Session<'_> {
    /// Adds an entry to the chain of a collection, for the change of this sequence.
    pub(super) async fn audit(
        &self,
        collection: CollectionId,
        sequence: u64,
        audited: &Audited<'_>,
    ) -> Result<(), Error> {
        let number = (AuditChain::Collection(collection), Some(sequence));
        self.append(number, audited).await
    }

    /// Adds an entry to the chain of the store, which all nodes share: the
    /// last thing that a write does.
    pub(super) async fn audit_store(&self, audited: &Audited<'_>) -> Result<(), Error> {
        self.append((AuditChain::Store, None), audited).await
    }

    async fn append(
        &self,
        number: (AuditChain, Option<u64>),
        audited: &Audited<'_>,
    ) -> Result<(), Error> {
        let cause = &self.transaction.cause;
        append(self.connection, self.workspace, number, cause, audited).await
    }
}
