//! From a decided batch to statements, each of which writes many rows.

use super::batch::{Batch, Ended, Made, Member};
use super::load::{Spot, Stored};
use super::object_row::{self, ObjectRow};
use super::{audit, busy, index, locks};
use crate::postgres::copy::MANY;
use crate::postgres::pipeline::{Call, Value};
use crate::postgres::row::{content_type, integer};
use crate::{
    AuditChain, Cause, CollectionId, EndingKind, Error, ObjectName, PrincipalName, PropertyName,
};

/// The statements that store what has come of a batch, in the order in which
/// they must be done; none for what nothing has come of.
///
/// # Errors
///
/// [`Error::Backend`] for what cannot be brought into the form of a statement.
pub(in crate::postgres) fn flush<'b>(
    workspace: i64,
    batch: &'b Batch<'_>,
) -> Result<Vec<Call<'b>>, Error> {
    if batch.is_unchanged() {
        return Ok(Vec::new());
    }
    let mut members: Vec<_> = batch.members.iter().collect();
    members.sort_unstable_by_key(|(_, member)| member.sequence());
    let before = [
        ended_stored(workspace, &batch.ended),
        ended_unstored(workspace, &batch.ended),
        removed(workspace, &members),
    ];
    let after = [
        touched(workspace, &members),
        unburied(workspace, &members),
        buried(workspace, &members),
        cleared_properties(workspace, &members),
        removed_properties(workspace, &members),
        set_properties(workspace, &members),
        locks::freed(workspace, &batch.freed),
        Some(audit::entries(workspace, &batch.audited)?),
        Some(chained(workspace, batch)),
        Some(moved_on(workspace, batch)),
    ];
    let busy = busy::flush(workspace, batch, &members);
    let mut calls: Vec<_> = before.into_iter().flatten().collect();
    calls.extend(stored(workspace, &members)?);
    calls.extend(after.into_iter().chain(busy).flatten());
    calls.extend(index::flush(workspace, &members)?);
    Ok(calls)
}

pub(super) type Members<'b, 'w> = [(&'b Spot, &'b Member<'w>)];

impl Member<'_> {
    /// The sequence of the last change of the name.
    fn sequence(&self) -> u64 {
        let now = self.now.as_ref().map(|now| now.sequence);
        let deleted = self.deleted.map(|(sequence, _)| sequence);
        now.or(deleted).unwrap_or(0)
    }

    /// Whether the row must go before the new ones are written: for good, or
    /// because its UID may have become another's.
    fn gives_way(&self) -> bool {
        let uid = |stored: &Option<Stored>| stored.as_ref().and_then(|it| it.uid.clone());
        match (&self.before, &self.now) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(_), Some(_)) => self.bytes.is_some() && uid(&self.before) != uid(&self.now),
        }
    }
}

/// Columns of names in collections, and the values of a statement about them.
#[derive(Default)]
pub(super) struct Rows<'b> {
    collections: Vec<i64>,
    names: Vec<&'b str>,
}

impl<'b> Rows<'b> {
    pub(super) fn of(spots: impl IntoIterator<Item = &'b Spot>) -> Self {
        Self::of_names(
            spots
                .into_iter()
                .map(|(collection, name)| (*collection, name)),
        )
    }

    pub(super) fn of_names(
        spots: impl IntoIterator<Item = (CollectionId, &'b ObjectName)>,
    ) -> Self {
        let mut rows = Self::default();
        for (collection, name) in spots {
            rows.collections.push(collection.into_raw());
            rows.names.push(name.as_str());
        }
        rows
    }

    /// A statement, unless it has no rows.
    pub(super) fn call(
        self,
        workspace: i64,
        sql: &'static str,
        more: Vec<Value<'b>>,
    ) -> Option<Call<'b>> {
        if self.names.is_empty() {
            return None;
        }
        let mut values: Vec<Value<'b>> = vec![
            Box::new(workspace),
            Box::new(self.collections),
            Box::new(self.names),
        ];
        values.extend(more);
        Some(Call::new(sql, values))
    }
}

/// A column of a statement.
pub(in crate::postgres) fn column<'b, T, C>(rows: &[T], value: impl Fn(&T) -> C) -> Value<'b>
where
    Vec<C>: tokio_postgres::types::ToSql + Sync + Send + 'b,
{
    Box::new(rows.iter().map(value).collect::<Vec<_>>())
}

pub(in crate::postgres) fn principal(cause: &Cause) -> Option<&str> {
    cause.principal.as_ref().map(PrincipalName::as_str)
}

/// Keeps versions whose bytes are in the rows of their objects.
fn ended_stored<'b>(workspace: i64, ended: &'b [Ended<'_>]) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO versions (workspace_id, collection_id, name, version, etag, \
         content_type, size, body, made_at, made_via, made_principal, made_note, is_deletion, \
         ended_at, ended_via, ended_principal, ended_note) \
         SELECT o.workspace_id, o.collection_id, o.name, o.version, o.etag, o.content_type, \
         o.size, o.body, o.modified, o.via, o.principal, o.note, k.is_deletion, k.ended_at, \
         k.ended_via, k.ended_principal, k.ended_note \
         FROM unnest($2::bigint[], $3::text[], $4::boolean[], $5::bigint[], $6::text[], \
         $7::text[], $8::text[]) AS k (collection_id, name, is_deletion, ended_at, ended_via, \
         ended_principal, ended_note) \
         JOIN objects o ON o.workspace_id = $1 AND o.collection_id = k.collection_id \
         AND o.name = k.name";
    let rows: Vec<_> = ended.iter().filter(|it| it.bytes.is_none()).collect();
    let more = vec![
        column(&rows, |it| it.kind == EndingKind::Deleted),
        column(&rows, |it| it.cause.at.millis()),
        column(&rows, |it| it.cause.via.as_str()),
        column(&rows, |it| principal(it.cause)),
        column(&rows, |it| it.cause.note.as_deref()),
    ];
    Rows::of(rows.iter().map(|it| &it.spot)).call(workspace, SQL, more)
}

/// Keeps versions that were made and ended in the same batch.
fn ended_unstored<'b>(workspace: i64, ended: &'b [Ended<'_>]) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO versions (workspace_id, collection_id, name, version, etag, \
         content_type, size, body, made_at, made_via, made_principal, made_note, is_deletion, \
         ended_at, ended_via, ended_principal, ended_note) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bytea[], \
         $6::text[], $7::bigint[], $8::bytea[], $9::bigint[], $10::text[], $11::text[], \
         $12::text[], $13::boolean[], $14::bigint[], $15::text[], $16::text[], $17::text[]) \
         AS k";
    let rows = ended.iter().filter_map(|it| Some((it, it.bytes?)));
    let rows: Vec<(&Ended<'_>, Made<'_>)> = rows.collect();
    let more = vec![
        column(&rows, |(_, made)| integer(made.version)),
        column(&rows, |(_, made)| &made.put.etag.as_bytes()[..]),
        column(&rows, |(_, made)| content_type(&made.put.content_type)),
        column(&rows, |(_, made)| size(made)),
        column(&rows, |(_, made)| &*made.put.body),
        column(&rows, |(_, made)| made.cause.at.millis()),
        column(&rows, |(_, made)| made.cause.via.as_str()),
        column(&rows, |(_, made)| principal(made.cause)),
        column(&rows, |(_, made)| made.cause.note.as_deref()),
        column(&rows, |(it, _)| it.kind == EndingKind::Deleted),
        column(&rows, |(it, _)| it.cause.at.millis()),
        column(&rows, |(it, _)| it.cause.via.as_str()),
        column(&rows, |(it, _)| principal(it.cause)),
        column(&rows, |(it, _)| it.cause.note.as_deref()),
    ];
    Rows::of(rows.iter().map(|(it, _)| &it.spot)).call(workspace, SQL, more)
}

fn size(made: &Made<'_>) -> i64 {
    i64::try_from(made.put.body.len()).unwrap_or(i64::MAX)
}

fn removed<'b>(workspace: i64, members: &Members<'b, '_>) -> Option<Call<'b>> {
    const SQL: &str = "DELETE FROM objects o \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
         WHERE o.workspace_id = $1 AND o.collection_id = k.collection_id AND o.name = k.name";
    let rows = members.iter().filter(|(_, member)| member.gives_way());
    Rows::of(rows.map(|(spot, _)| *spot)).call(workspace, SQL, Vec::new())
}

/// Writes the rows of objects with their index and their bytes.
fn stored<'b>(workspace: i64, members: &Members<'b, '_>) -> Result<Vec<Call<'b>>, Error> {
    let rows = |is_new: bool| {
        let members = members.iter();
        let members = members.filter(move |(_, member)| member.before.is_none() == is_new);
        members.filter_map(|(spot, member)| {
            let now = member.now.as_ref()?;
            Some(ObjectRow::written(spot, now, member.bytes?))
        })
    };
    let mut calls = Vec::new();
    let mut new: Vec<_> = rows(true).collect();
    if new.len() >= MANY {
        calls.push(object_row::copied(workspace, &new)?);
        new.clear();
    }
    new.extend(rows(false));
    if !new.is_empty() {
        calls.push(object_row::written(workspace, &new));
    }
    Ok(calls)
}

/// Moves objects on in the log whose bytes stay as they are.
fn touched<'b>(workspace: i64, members: &Members<'b, '_>) -> Option<Call<'b>> {
    const SQL: &str = "UPDATE objects o SET sequence = k.sequence \
         FROM unnest($2::bigint[], $3::text[], $4::bigint[]) \
         AS k (collection_id, name, sequence) \
         WHERE o.workspace_id = $1 AND o.collection_id = k.collection_id AND o.name = k.name";
    let rows = members.iter().filter_map(|(spot, member)| {
        let now = member.now.as_ref().filter(|_| member.bytes.is_none())?;
        Some((*spot, now.sequence))
    });
    let rows: Vec<_> = rows.collect();
    let more = vec![column(&rows, |(_, sequence)| integer(*sequence))];
    Rows::of(rows.iter().map(|(spot, _)| *spot)).call(workspace, SQL, more)
}

/// Takes new names out of those that are gone.
fn unburied<'b>(workspace: i64, members: &Members<'b, '_>) -> Option<Call<'b>> {
    const SQL: &str = "DELETE FROM tombstones t \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
         WHERE t.workspace_id = $1 AND t.collection_id = k.collection_id AND t.name = k.name";
    let rows = members.iter();
    let rows = rows.filter(|(_, member)| member.before.is_none() && member.now.is_some());
    Rows::of(rows.map(|(spot, _)| *spot)).call(workspace, SQL, Vec::new())
}

fn buried<'b>(workspace: i64, members: &Members<'b, '_>) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO tombstones (workspace_id, collection_id, name, sequence, at) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) AS k \
         ON CONFLICT (workspace_id, collection_id, name) \
         DO UPDATE SET sequence = excluded.sequence, at = excluded.at";
    let rows = members.iter();
    let rows = rows.filter_map(|(spot, member)| Some((*spot, member.deleted?)));
    let rows: Vec<_> = rows.collect();
    let more = vec![
        column(&rows, |(_, (sequence, _))| integer(*sequence)),
        column(&rows, |(_, (_, at))| *at),
    ];
    Rows::of(rows.iter().map(|(spot, _)| *spot)).call(workspace, SQL, more)
}

fn cleared_properties<'b>(workspace: i64, members: &Members<'b, '_>) -> Option<Call<'b>> {
    const SQL: &str = "DELETE FROM properties p \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
         WHERE p.workspace_id = $1 AND p.collection_id = k.collection_id AND p.name = k.name";
    // A name that was free has none.
    let rows = members.iter();
    let rows = rows.filter(|(_, member)| member.properties.cleared && member.before.is_some());
    Rows::of(rows.map(|(spot, _)| *spot)).call(workspace, SQL, Vec::new())
}

type PropertyRow<'b> = (&'b Spot, &'b PropertyName, Option<&'b str>);

fn property_rows<'b>(
    members: &Members<'b, '_>,
    wanted: impl Fn(&PropertyRow<'b>) -> bool,
) -> Vec<PropertyRow<'b>> {
    let rows = members.iter().flat_map(|(spot, member)| {
        let changes = member.properties.changes.iter();
        changes.map(|(name, value)| (*spot, *name, *value))
    });
    rows.filter(wanted).collect()
}

fn removed_properties<'b>(workspace: i64, members: &Members<'b, '_>) -> Option<Call<'b>> {
    const SQL: &str = "DELETE FROM properties p \
         USING unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) \
         AS k (collection_id, name, namespace, local) \
         WHERE p.workspace_id = $1 AND p.collection_id = k.collection_id AND p.name = k.name \
         AND p.namespace = k.namespace AND p.local = k.local";
    let rows = property_rows(members, |(_, _, value)| value.is_none());
    let more = vec![
        column(&rows, |(_, name, _)| name.namespace()),
        column(&rows, |(_, name, _)| name.local()),
    ];
    Rows::of(rows.iter().map(|(spot, ..)| *spot)).call(workspace, SQL, more)
}

fn set_properties<'b>(workspace: i64, members: &Members<'b, '_>) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO properties \
         (workspace_id, collection_id, name, namespace, local, value) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], \
         $6::text[]) AS k \
         ON CONFLICT (workspace_id, collection_id, name, namespace, local) \
         DO UPDATE SET value = excluded.value";
    let rows = property_rows(members, |(_, _, value)| value.is_some());
    let more = vec![
        column(&rows, |(_, name, _)| name.namespace()),
        column(&rows, |(_, name, _)| name.local()),
        column(&rows, |(_, _, value)| *value),
    ];
    Rows::of(rows.iter().map(|(spot, ..)| *spot)).call(workspace, SQL, more)
}

/// Notes where the audit chains of the collections stand now.
fn chained<'b>(workspace: i64, batch: &'b Batch<'_>) -> Call<'b> {
    let heads = batch.moved_on().map(|(id, locked, _)| {
        let chain = AuditChain::Collection(id);
        (chain, locked.sequence, &locked.audited)
    });
    audit::heads(workspace, &heads.collect::<Vec<_>>())
}

/// Notes where the logs of the collections stand now.
fn moved_on<'b>(workspace: i64, batch: &Batch<'_>) -> Call<'b> {
    const SQL: &str = "UPDATE collections c SET sequence = k.sequence, modified = k.modified \
         FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) \
         AS k (collection_id, sequence, modified) \
         WHERE c.workspace_id = $1 AND c.collection_id = k.collection_id";
    let rows: Vec<_> = batch.moved_on().collect();
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(&rows, |(id, ..)| id.into_raw()),
        column(&rows, |(_, locked, _)| integer(locked.sequence)),
        column(&rows, |(.., at)| *at),
    ];
    Call::new(SQL, values)
}
