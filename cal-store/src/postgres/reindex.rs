//! Giving objects another index.

use std::collections::HashSet;

use deadpool_postgres::Object as Connection;

use super::pipeline::{self, Bounds, Call};
use super::row::uid_hash;
use super::write::{column, inserted, removed};
use crate::{CollectionId, Error, IndexBasis, ObjectName, Recurrence, Reindexed};

/// Whoever writes an object holds the lock of its collection, here too.
const LOCK: &str = "SELECT collection_id FROM collections \
     WHERE workspace_id = $1 AND collection_id = ANY($2) ORDER BY collection_id \
     FOR NO KEY UPDATE";

/// Answers the objects that are in the version that the index is made of.
const INDEX: &str = "UPDATE objects o SET component = k.component, uid = k.uid, \
     uid_hash = k.uid_hash, is_series = k.is_series, span_class = k.span_class, \
     span_start = k.span_start, span_end = k.span_end \
     FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bytea[], \
     $8::boolean[], $9::smallint[], $10::bigint[], $11::bigint[]) AS k (collection_id, name, \
     etag, component, uid, uid_hash, is_series, span_class, span_start, span_end) \
     WHERE o.workspace_id = $1 AND o.collection_id = k.collection_id AND o.name = k.name \
     AND o.etag = k.etag RETURNING o.collection_id, o.name";

/// Does all, in a transaction that has begun.
pub(super) async fn reindex(
    connection: &Connection,
    workspace: i64,
    objects: &[Reindexed],
) -> Result<(), Error> {
    let mut collections: Vec<_> = objects.iter().map(|it| it.collection.into_raw()).collect();
    collections.sort_unstable();
    collections.dedup();
    let lock = Call::new(LOCK, vec![Box::new(workspace), Box::new(collections)]);
    let calls = [lock, index(workspace, objects)];
    let answers = pipeline::run(connection, Bounds::Within, &calls).await?;
    let mut there = HashSet::new();
    for row in answers.into_iter().nth(1).into_iter().flatten() {
        let name = ObjectName::from_stored(row.try_get(1)?);
        there.insert((CollectionId::from_raw(row.try_get(0)?), name));
    }
    let objects = objects.iter();
    let objects = objects.filter(|it| there.contains(&(it.collection, it.name.clone())));
    let rows: Vec<_> = objects
        .map(|it| (it.collection, &it.name, &it.index))
        .collect();
    let spots: Vec<_> = rows.iter().map(|(id, name, _)| (*id, *name)).collect();
    let mut calls = removed(workspace, &spots);
    calls.extend(inserted(workspace, &rows)?);
    pipeline::run(connection, Bounds::Within, &calls).await?;
    Ok(())
}

fn index(workspace: i64, objects: &[Reindexed]) -> Call<'_> {
    let rows: Vec<&Reindexed> = objects.iter().collect();
    Call::new(
        INDEX,
        vec![
            Box::new(workspace),
            column(&rows, |it| it.collection.into_raw()),
            column(&rows, |it| it.name.as_str()),
            column(&rows, |it| &it.etag.as_bytes()[..]),
            column(&rows, |it| it.index.component.as_str()),
            column(&rows, |it| it.index.uid.as_str()),
            column(&rows, |it| uid_hash(&it.index.uid)),
            column(&rows, |it| it.index.recurrence == Recurrence::Series),
            column(&rows, |it| i16::from(it.index.span.length_class().number())),
            column(&rows, |it| it.index.span.first_millis()),
            column(&rows, |it| it.index.span.end_millis()),
        ],
    )
}

pub(super) async fn set_basis(
    connection: &Connection,
    workspace: i64,
    basis: &IndexBasis,
) -> Result<(), Error> {
    const SET: &str = "INSERT INTO index_basis (workspace_id, form, tzdata, zones) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id) DO UPDATE SET \
         form = excluded.form, tzdata = excluded.tzdata, zones = excluded.zones";
    let form = i64::from(basis.form);
    connection
        .execute(SET, &[&workspace, &form, &basis.tzdata, &basis.zones])
        .await?;
    Ok(())
}
