//! From rows to values. What is stored is trusted, never judged again.

use bytes::Bytes;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};

use crate::{
    Cause, Collection, CollectionId, CollectionKind, CollectionName, Components, ContentType,
    Details, ETag, Entry, Epoch, ObjectName, PrincipalId, PrincipalName, Properties, ScheduleTag,
    SyncToken, Timestamp, Transparency, Via,
};

/// The columns that [`entry`] reads, in its order.
pub(super) const ENTRY: &str = "o.name, o.etag, o.schedule_tag, o.content_type, o.size, o.created, \
     o.modified, o.sequence, o.component";

/// The columns that [`collection`] reads, in its order.
pub(super) const COLLECTION: &str = "c.collection_id, c.parent_id, c.owner_id, c.name, c.kind, \
     c.components, c.display_name, c.description, c.color, c.sort_order, c.time_zone, \
     c.is_transparent, c.created, c.modified, c.sequence";

/// An entry from the first columns of a row.
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let content_type: Option<Text<ContentType>> = row.get(3)?;
    let component: Option<String> = row.get(8)?;
    Ok(Entry {
        name: text(row, 0, ObjectName::from_stored)?,
        etag: ETag::from_bytes(row.get(1)?),
        schedule_tag: row.get::<_, Option<_>>(2)?.map(ScheduleTag::from_bytes),
        content_type: content_type.map_or_else(ContentType::calendar, |text| text.0),
        size: natural(row, 4)?,
        created: Timestamp::from_millis(row.get(5)?),
        modified: Timestamp::from_millis(row.get(6)?),
        sequence: natural(row, 7)?,
        component: component.and_then(|name| name.parse().ok()),
    })
}

/// The column for a content type: nothing for the commonest.
pub(super) fn content_type(content_type: &ContentType) -> Option<&str> {
    Some(content_type.as_str()).filter(|_| *content_type != ContentType::calendar())
}

/// A collection, but for its properties, from the first columns of a row.
pub(super) fn collection(row: &Row<'_>, epoch: Epoch) -> rusqlite::Result<Collection> {
    let id = CollectionId::from_raw(row.get(0)?);
    let details = Details {
        display_name: row.get(6)?,
        description: row.get(7)?,
        color: row.get(8)?,
        order: row.get(9)?,
        time_zone: row.get(10)?,
        transparency: match row.get(11)? {
            true => Transparency::Transparent,
            false => Transparency::Opaque,
        },
    };
    Ok(Collection {
        id,
        parent: row.get::<_, Option<_>>(1)?.map(CollectionId::from_raw),
        owner: PrincipalId::from_raw(row.get(2)?),
        name: text(row, 3, CollectionName::from_stored)?,
        kind: collection_kind(row, 4)?,
        details,
        properties: Properties::new(),
        created: Timestamp::from_millis(row.get(12)?),
        modified: Timestamp::from_millis(row.get(13)?),
        token: SyncToken::new(epoch, id, natural(row, 14)?),
    })
}

/// A kind from two columns: the word and the components.
pub(super) fn collection_kind(row: &Row<'_>, first: usize) -> rusqlite::Result<CollectionKind> {
    let kind = match row.get_ref(first)?.as_str()? {
        "home" => CollectionKind::Home,
        "attachments" => CollectionKind::Attachments,
        "calendar" => {
            let names: Option<String> = row.get(first + 1)?;
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
pub(super) fn cause(row: &Row<'_>, first: usize) -> rusqlite::Result<Cause> {
    let at = Timestamp::from_millis(row.get(first)?);
    let via = row.get_ref(first + 1)?.as_str()?;
    let mut cause = Cause::new(via.parse().unwrap_or(Via::System), at);
    let principal: Option<String> = row.get(first + 2)?;
    cause.principal = principal.map(|name| PrincipalName::from_stored(&name));
    cause.note = row.get(first + 3)?;
    Ok(cause)
}

/// A name from a column, without a copy on the way.
pub(super) fn text<T>(
    row: &Row<'_>,
    column: usize,
    from: impl FnOnce(&str) -> T,
) -> rusqlite::Result<T> {
    Ok(from(row.get_ref(column)?.as_str()?))
}

/// Bytes from a column.
pub(super) fn bytes(row: &Row<'_>, column: usize) -> rusqlite::Result<Bytes> {
    Ok(Bytes::copy_from_slice(row.get_ref(column)?.as_blob()?))
}

/// A value that is made from text without a copy on the way.
struct Text<T>(T);

impl FromSql for Text<ContentType> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str().map_err(|_| FromSqlError::InvalidType)?;
        Ok(Self(ContentType::new(text)))
    }
}

/// A count from a column; SQLite has signed integers only, and never a negative one here.
pub(super) fn natural(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// A count as SQLite keeps it.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A limit with one more, to see whether there is more.
pub(super) fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}
