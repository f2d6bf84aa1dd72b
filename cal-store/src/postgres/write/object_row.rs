//! The row of an object, and the two ways in which rows are brought in.

use tokio_postgres::types::{ToSql, Type};

use super::batch::Made;
use super::flush::{column, principal};
use super::load::{Spot, Stored};
use crate::postgres::copy::{Rows, Table};
use crate::postgres::pipeline::{Call, Value};
use crate::postgres::row::{content_type, integer, uid_hash};
use crate::record::ObjectRecord;
use crate::{Cause, ETag, Error, IndexRow, Recurrence, ScheduleTag};

/// What the table of objects holds of one.
pub(in crate::postgres) struct ObjectRow<'r> {
    collection: i64,
    name: &'r str,
    etag: ETag,
    schedule_tag: Option<&'r ScheduleTag>,
    content_type: Option<&'r str>,
    created: i64,
    sequence: i64,
    version: i64,
    made: &'r Cause,
    index: Option<&'r IndexRow>,
    uid_hash: Option<Vec<u8>>,
    body: &'r [u8],
}

const TABLE: Table = Table {
    sql: "COPY objects (workspace_id, collection_id, name, etag, schedule_tag, content_type, \
         size, created, modified, sequence, component, version, via, principal, note, uid, \
         uid_hash, is_series, span_class, span_start, span_end, body) \
         FROM STDIN (FORMAT binary)",
    types: &[
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::BYTEA,
        Type::BYTEA,
        Type::TEXT,
        Type::INT8,
        Type::INT8,
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::INT8,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::BYTEA,
        Type::BOOL,
        Type::INT2,
        Type::INT8,
        Type::INT8,
        Type::BYTEA,
    ],
};

impl<'r> ObjectRow<'r> {
    pub(super) fn written(spot: &'r Spot, now: &'r Stored, made: Made<'r>) -> Self {
        let index = made.put.index.as_ref();
        Self {
            collection: spot.0.into_raw(),
            name: spot.1.as_str(),
            etag: made.put.etag,
            schedule_tag: made.put.schedule_tag.as_ref(),
            content_type: content_type(&made.put.content_type),
            created: now.created,
            sequence: integer(now.sequence),
            version: integer(made.version),
            made: made.cause,
            uid_hash: index.map(|row| uid_hash(&row.uid)),
            index,
            body: &made.put.body,
        }
    }

    pub(in crate::postgres) fn copied(record: &'r ObjectRecord) -> Self {
        let index = record.index.as_ref();
        Self {
            collection: record.collection.into_raw(),
            name: record.name.as_str(),
            etag: ETag::of(&record.body),
            schedule_tag: record.schedule_tag.as_ref(),
            content_type: content_type(&record.content_type),
            created: record.created.millis(),
            sequence: integer(record.sequence),
            version: integer(record.version),
            made: &record.made,
            uid_hash: index.map(|row| uid_hash(&row.uid)),
            index,
            body: &record.body,
        }
    }

    fn etag(&self) -> &[u8] {
        &self.etag.as_bytes()[..]
    }

    fn schedule_tag(&self) -> Option<&[u8]> {
        self.schedule_tag.map(|tag| &tag.as_bytes()[..])
    }

    fn size(&self) -> i64 {
        i64::try_from(self.body.len()).unwrap_or(i64::MAX)
    }

    fn component(&self) -> Option<&str> {
        self.index.map(|row| row.component.as_str())
    }

    fn uid(&self) -> Option<&str> {
        self.index.map(|row| row.uid.as_str())
    }

    fn is_series(&self) -> Option<bool> {
        self.index.map(|row| row.recurrence == Recurrence::Series)
    }

    fn span_class(&self) -> Option<i16> {
        self.index
            .map(|row| i16::from(row.span.length_class().number()))
    }

    fn span_start(&self) -> Option<i64> {
        self.index.map(|row| row.span.first_millis())
    }

    fn span_end(&self) -> Option<i64> {
        self.index.map(|row| row.span.end_millis())
    }

    fn push(&self, workspace: i64, rows: &mut Rows) -> Result<(), Error> {
        let values: [&(dyn ToSql + Sync); 22] = [
            &workspace,
            &self.collection,
            &self.name,
            &self.etag(),
            &self.schedule_tag(),
            &self.content_type,
            &self.size(),
            &self.created,
            &self.made.at.millis(),
            &self.sequence,
            &self.component(),
            &self.version,
            &self.made.via.as_str(),
            &principal(self.made),
            &self.made.note,
            &self.uid(),
            &self.uid_hash,
            &self.is_series(),
            &self.span_class(),
            &self.span_start(),
            &self.span_end(),
            &self.body,
        ];
        rows.push(&values)
    }
}

/// Brings in objects whose names are free.
pub(in crate::postgres) fn copied<'b>(
    workspace: i64,
    objects: &[ObjectRow<'_>],
) -> Result<Call<'b>, Error> {
    let mut rows = Rows::of(&TABLE);
    for object in objects {
        object.push(workspace, &mut rows)?;
    }
    Ok(Call::copy(&TABLE, rows))
}

/// Writes objects, over what has their names.
pub(super) fn written<'b>(workspace: i64, objects: &[ObjectRow<'b>]) -> Call<'b> {
    const SQL: &str = "INSERT INTO objects (workspace_id, collection_id, name, etag, \
         schedule_tag, content_type, size, created, modified, sequence, component, version, via, \
         principal, note, uid, uid_hash, is_series, span_class, span_start, span_end, body) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::bytea[], \
         $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], \
         $12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bytea[], \
         $18::boolean[], $19::smallint[], $20::bigint[], $21::bigint[], $22::bytea[]) AS k \
         ON CONFLICT (workspace_id, collection_id, name) DO UPDATE SET etag = excluded.etag, \
         schedule_tag = excluded.schedule_tag, content_type = excluded.content_type, \
         size = excluded.size, created = excluded.created, modified = excluded.modified, \
         sequence = excluded.sequence, component = excluded.component, \
         version = excluded.version, via = excluded.via, principal = excluded.principal, \
         note = excluded.note, uid = excluded.uid, uid_hash = excluded.uid_hash, \
         is_series = excluded.is_series, span_class = excluded.span_class, \
         span_start = excluded.span_start, span_end = excluded.span_end, body = excluded.body";
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(objects, |it| it.collection),
        column(objects, |it| it.name),
        column(objects, |it| it.etag().to_vec()),
        column(objects, |it| it.schedule_tag.map(|tag| &tag.as_bytes()[..])),
        column(objects, |it| it.content_type),
        column(objects, ObjectRow::size),
        column(objects, |it| it.created),
        column(objects, |it| it.made.at.millis()),
        column(objects, |it| it.sequence),
        column(objects, |it| it.index.map(|row| row.component.as_str())),
        column(objects, |it| it.version),
        column(objects, |it| it.made.via.as_str()),
        column(objects, |it| principal(it.made)),
        column(objects, |it| it.made.note.as_deref()),
        column(objects, |it| it.index.map(|row| row.uid.as_str())),
        column(objects, |it| it.uid_hash.clone()),
        column(objects, ObjectRow::is_series),
        column(objects, ObjectRow::span_class),
        column(objects, ObjectRow::span_start),
        column(objects, ObjectRow::span_end),
        column(objects, |it| it.body),
    ];
    Call::new(SQL, values)
}
