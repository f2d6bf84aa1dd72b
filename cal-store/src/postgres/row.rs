//! From rows to values. What is stored is trusted, never judged again.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::{
    AuditHash, Cause, Collection, CollectionId, CollectionKind, CollectionName, Components,
    ContentType, Details, ETag, Entry, Epoch, Error, OBJECT_BYTES, Object, ObjectName, PrincipalId,
    PrincipalName, Properties, PropertyName, ScheduleTag, SyncToken, Timestamp, Transparency, Uid,
    Via,
};

/// The columns that [`entry`] reads, in its order.
macro_rules! entry_columns {
    () => {
        "o.name, o.etag, o.schedule_tag, o.content_type, o.size, o.created, o.modified, \
         o.sequence, o.component"
    };
}
pub(super) use entry_columns;

/// The rows of a question for objects up to and with the first for which there is
/// no room any more, in an order of its columns: of the others no bytes are read.
macro_rules! heavy_rows {
    ($order:literal, $($select:tt)+) => {
        concat!(
            "SELECT h.* FROM (SELECT t.*, sum(t.size) OVER (ORDER BY ",
            $order,
            " ROWS UNBOUNDED PRECEDING) - t.size AS before FROM (",
            $($select)+,
            ") t) h WHERE h.before <= 16777216"
        )
    };
}
pub(super) use heavy_rows;

const _: () = assert!(OBJECT_BYTES == 16_777_216, "as in the question");

/// The columns that [`collection`] reads, in its order; the last three are
/// the namespaces, local names and values of its properties.
macro_rules! collection_columns {
    () => {
        "c.collection_id, c.parent_id, c.owner_id, c.name, c.kind, c.components, \
         c.display_name, c.description, c.color, c.sort_order, c.time_zone, c.is_transparent, \
         c.created, c.modified, c.sequence, \
         ARRAY(SELECT p.namespace FROM properties p \
         WHERE p.workspace_id = c.workspace_id AND p.collection_id = c.collection_id \
         AND p.name = '' ORDER BY p.namespace, p.local), \
         ARRAY(SELECT p.local FROM properties p \
         WHERE p.workspace_id = c.workspace_id AND p.collection_id = c.collection_id \
         AND p.name = '' ORDER BY p.namespace, p.local), \
         ARRAY(SELECT p.value FROM properties p \
         WHERE p.workspace_id = c.workspace_id AND p.collection_id = c.collection_id \
         AND p.name = '' ORDER BY p.namespace, p.local)"
    };
}
pub(super) use collection_columns;

/// An entry from the columns of a row that begin at `first`.
pub(super) fn entry(row: &Row, first: usize) -> Result<Entry, Error> {
    let content_type: Option<&str> = row.try_get(first + 3)?;
    let component: Option<&str> = row.try_get(first + 8)?;
    Ok(Entry {
        name: ObjectName::from_stored(row.try_get(first)?),
        etag: etag(row, first + 1)?,
        schedule_tag: schedule_tag(row, first + 2)?,
        content_type: content_type.map_or_else(ContentType::calendar, ContentType::new),
        size: natural(row, first + 4)?,
        created: Timestamp::from_millis(row.try_get(first + 5)?),
        modified: Timestamp::from_millis(row.try_get(first + 6)?),
        sequence: natural(row, first + 7)?,
        component: component.and_then(|name| name.parse().ok()),
    })
}

/// An object from the columns of an entry and one with the bytes.
pub(super) fn object(row: &Row, first: usize) -> Result<Object, Error> {
    Ok(Object {
        entry: entry(row, first)?,
        body: bytes(row, first + 9)?,
    })
}

/// The column for a content type: nothing for the commonest.
pub(super) fn content_type(content_type: &ContentType) -> Option<&str> {
    Some(content_type.as_str()).filter(|_| *content_type != ContentType::calendar())
}

/// The key by which a UID is unique.
pub(super) fn uid_hash(uid: &Uid) -> Vec<u8> {
    Sha256::digest(uid.as_str()).to_vec()
}

/// A collection from the first columns of a row.
pub(super) fn collection(row: &Row, epoch: Epoch) -> Result<Collection, Error> {
    let id = CollectionId::from_raw(row.try_get(0)?);
    Ok(Collection {
        id,
        parent: optional(row, 1, CollectionId::from_raw)?,
        owner: PrincipalId::from_raw(row.try_get(2)?),
        name: CollectionName::from_stored(row.try_get(3)?),
        kind: collection_kind(row, 4)?,
        details: details(row, 6)?,
        properties: properties(row, 15)?,
        created: Timestamp::from_millis(row.try_get(12)?),
        modified: Timestamp::from_millis(row.try_get(13)?),
        token: SyncToken::new(epoch, id, natural(row, 14)?),
    })
}

/// Details from the columns of a row that begin at `first`.
pub(super) fn details(row: &Row, first: usize) -> Result<Details, Error> {
    Ok(Details {
        display_name: row.try_get(first)?,
        description: row.try_get(first + 1)?,
        color: row.try_get(first + 2)?,
        order: row.try_get(first + 3)?,
        time_zone: row.try_get(first + 4)?,
        transparency: match row.try_get(first + 5)? {
            true => Transparency::Transparent,
            false => Transparency::Opaque,
        },
    })
}

/// Properties from three columns: namespaces, local names and values.
pub(super) fn properties(row: &Row, first: usize) -> Result<Properties, Error> {
    let namespaces: Vec<String> = row.try_get(first)?;
    let locals: Vec<String> = row.try_get(first + 1)?;
    let values: Vec<String> = row.try_get(first + 2)?;
    let names = namespaces.into_iter().zip(locals);
    let names = names.map(|(namespace, local)| PropertyName::from_stored(namespace, local));
    Ok(names.zip(values).collect())
}

/// A kind from two columns: the word and the components.
pub(super) fn collection_kind(row: &Row, first: usize) -> Result<CollectionKind, Error> {
    let kind = match row.try_get(first)? {
        "home" => CollectionKind::Home,
        "attachments" => CollectionKind::Attachments,
        "calendar" => {
            let names: Option<&str> = row.try_get(first + 1)?;
            let names = names.unwrap_or_default();
            CollectionKind::Calendar(names.parse::<Components>().unwrap_or_default())
        }
        _ => CollectionKind::Plain,
    };
    Ok(kind)
}

/// The two columns of a kind.
pub(super) fn kind_columns(kind: CollectionKind) -> (&'static str, Option<String>) {
    match kind {
        CollectionKind::Home => ("home", None),
        CollectionKind::Attachments => ("attachments", None),
        CollectionKind::Plain => ("plain", None),
        CollectionKind::Calendar(components) => ("calendar", Some(components.to_string())),
    }
}

/// A cause from four columns: at, via, principal, note.
pub(super) fn cause(row: &Row, first: usize) -> Result<Cause, Error> {
    let at = Timestamp::from_millis(row.try_get(first)?);
    let via: &str = row.try_get(first + 1)?;
    let mut cause = Cause::new(via.parse().unwrap_or(Via::System), at);
    cause.principal = optional(row, first + 2, PrincipalName::from_stored)?;
    cause.note = row.try_get(first + 3)?;
    Ok(cause)
}

/// Bytes from a column.
pub(super) fn bytes(row: &Row, column: usize) -> Result<Bytes, Error> {
    Ok(Bytes::copy_from_slice(row.try_get(column)?))
}

pub(super) fn etag(row: &Row, column: usize) -> Result<ETag, Error> {
    let bytes: &[u8] = row.try_get(column)?;
    Ok(ETag::from_bytes(bytes.try_into().map_err(Error::backend)?))
}

pub(super) fn schedule_tag(row: &Row, column: usize) -> Result<Option<ScheduleTag>, Error> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    let tag = bytes.map(|bytes| bytes.try_into().map(ScheduleTag::from_bytes));
    tag.transpose().map_err(Error::backend)
}

/// The hash of an audit entry. Bytes of another length are none of ours, and
/// become one that fits nothing.
pub(super) fn audit_hash(row: &Row, column: usize) -> Result<AuditHash, Error> {
    let bytes: &[u8] = row.try_get(column)?;
    Ok(bytes
        .try_into()
        .map_or(AuditHash::START, AuditHash::from_bytes))
}

/// What a column that may be empty stands for.
pub(super) fn optional<'r, C: FromSql<'r>, T>(
    row: &'r Row,
    column: usize,
    from: impl FnOnce(C) -> T,
) -> Result<Option<T>, Error> {
    Ok(row.try_get::<_, Option<C>>(column)?.map(from))
}

/// A count from a column; the database has signed integers only, and never a negative one here.
pub(super) fn natural(row: &Row, column: usize) -> Result<u64, Error> {
    let number: i64 = row.try_get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// A count as the database keeps it.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A limit with one more, to see whether there is more.
pub(super) fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}
