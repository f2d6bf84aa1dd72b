//! Giving objects another index.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::connection::patiently;
use super::words;
use super::write::index;
use crate::{ETag, Error, IndexBasis, Recurrence, Reindexed};

pub(super) fn reindex(connection: &Connection, objects: &[Reindexed]) -> Result<(), Error> {
    let begin = || Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
    let transaction = patiently(begin)?;
    for object in objects {
        one(&transaction, object)?;
    }
    patiently(|| transaction.execute_batch("COMMIT"))
}

fn one(connection: &Connection, object: &Reindexed) -> Result<(), Error> {
    const THERE: &str = "SELECT etag, body_id FROM objects WHERE collection_id = ?1 AND name = ?2";
    const INDEX: &str = "UPDATE objects SET component = ?3, uid = ?4, is_series = ?5, \
         span_class = ?6, span_start = ?7, span_end = ?8 \
         WHERE collection_id = ?1 AND name = ?2";
    let Reindexed {
        collection,
        name,
        index: row,
        ..
    } = object;
    let key = (collection.into_raw(), name.as_str());
    let mut there = connection.prepare_cached(THERE)?;
    let there = there
        .query_row(key, |row| Ok((ETag::from_bytes(row.get(0)?), row.get(1)?)))
        .optional()?;
    let Some((_, body_id)) = there.filter(|(etag, _)| *etag == object.etag) else {
        return Ok(());
    };
    connection.prepare_cached(INDEX)?.execute(params![
        key.0,
        key.1,
        row.component.as_str(),
        row.uid.as_str(),
        row.recurrence == Recurrence::Series,
        row.span.length_class().number(),
        row.span.first_millis(),
        row.span.end_millis(),
    ])?;
    words::replace(connection, body_id, *collection, &row.words)?;
    index::remove(connection, *collection, name)?;
    index::insert(connection, *collection, name, row)
}

pub(super) fn set_basis(
    connection: &Connection,
    workspace: i64,
    basis: &IndexBasis,
) -> Result<(), Error> {
    const SET: &str = "INSERT OR REPLACE INTO index_basis (workspace_id, form, tzdata, zones) \
         VALUES (?1, ?2, ?3, ?4)";
    let row = (workspace, basis.form, &basis.tzdata, &basis.zones);
    patiently(|| connection.prepare_cached(SET)?.execute(row))?;
    Ok(())
}
