//! Reading history.

use rusqlite::Row;

use crate::sqlite::readers::Reader;
use crate::sqlite::row::{bytes, cause, integer, natural, one_more};
use crate::{
    CollectionId, ContentType, Cursor, ETag, Ending, EndingKind, Error, ObjectName, Page,
    PageRequest, Version, VersionBody, VersionId,
};

/// All versions of a name, the current one among them.
const ALL: &str = "SELECT version, etag, content_type, size, made_at, made_via, made_principal, \
     made_note, is_deletion, ended_at, ended_via, ended_principal, ended_note, body_id \
     FROM versions WHERE collection_id = ?1 AND name = ?2 \
     UNION ALL SELECT version, etag, content_type, size, modified, via, principal, note, \
     NULL, NULL, NULL, NULL, NULL, body_id FROM objects WHERE collection_id = ?1 AND name = ?2";

impl Reader<'_> {
    pub(in crate::sqlite) fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: &PageRequest,
    ) -> Result<Page<Version>, Error> {
        let before = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => i64::MAX,
        };
        let sql =
            format!("SELECT * FROM ({ALL}) WHERE version < ?3 ORDER BY version DESC LIMIT ?4");
        let (id, limit) = (collection.into_raw(), one_more(page.limit));
        let found = self.rows(&sql, (id, name.as_str(), before, limit), version)?;
        Ok(Page::cut(found, page.limit, |last: &Version| {
            Cursor::new(last.id.sequence().to_string())
        }))
    }

    pub(in crate::sqlite) fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        let sql = format!(
            "SELECT v.*, b.body FROM ({ALL}) v JOIN bodies b USING (body_id) \
             WHERE v.version = ?3"
        );
        let key = (collection.into_raw(), name.as_str(), integer(id.sequence()));
        self.row(&sql, key, |row| {
            Ok(VersionBody {
                version: version(row)?,
                body: bytes(row, 14)?,
            })
        })
    }
}

pub(super) fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    let content: Option<String> = row.get(2)?;
    let deletion: Option<bool> = row.get(8)?;
    let ended = match deletion {
        Some(deletion) => Some(Ending {
            kind: match deletion {
                true => EndingKind::Deleted,
                false => EndingKind::Replaced,
            },
            cause: cause(row, 9)?,
        }),
        None => None,
    };
    Ok(Version {
        id: VersionId::new(natural(row, 0)?),
        etag: ETag::from_bytes(row.get(1)?),
        content_type: content.map_or_else(ContentType::calendar, |text| ContentType::new(&text)),
        size: natural(row, 3)?,
        made: cause(row, 4)?,
        ended,
    })
}
