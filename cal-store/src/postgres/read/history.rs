//! Reading history.

use tokio_postgres::Row;

use super::Reader;
use crate::postgres::row::{bytes, cause, etag, integer, natural, one_more};
use crate::{
    CollectionId, ContentType, Cursor, Ending, EndingKind, Error, ObjectName, Page, PageRequest,
    Version, VersionBody, VersionId,
};

/// All versions of a name, the current one among them, with what else is
/// selected of each.
macro_rules! versions {
    ($more:literal, $clause:literal) => {
        concat!(
            "SELECT v.* FROM (SELECT version, etag, content_type, size, made_at, made_via, \
             made_principal, made_note, is_deletion, ended_at, ended_via, ended_principal, \
             ended_note",
            $more,
            " FROM versions \
             WHERE workspace_id = $1 AND collection_id = $2 AND name = $3 \
             UNION ALL SELECT version, etag, content_type, size, modified, via, principal, note, \
             NULL, NULL, NULL, NULL, NULL",
            $more,
            " FROM objects \
             WHERE workspace_id = $1 AND collection_id = $2 AND name = $3) v \
             WHERE v.version ",
            $clause
        )
    };
}

impl Reader {
    pub(in crate::postgres) async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: &PageRequest,
    ) -> Result<Page<Version>, Error> {
        const VERSIONS: &str = versions!("", "< $4 ORDER BY v.version DESC LIMIT $5");
        let before: i64 = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => i64::MAX,
        };
        let (id, name, limit) = (collection.into_raw(), name.as_str(), one_more(page.limit));
        let rows = self
            .rows(VERSIONS, &[&self.workspace, &id, &name, &before, &limit])
            .await?;
        let found = rows.iter().map(version).collect::<Result<_, _>>()?;
        Ok(Page::cut(found, page.limit, |last: &Version| {
            Cursor::new(last.id.sequence().to_string())
        }))
    }

    pub(in crate::postgres) async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        const VERSION: &str = versions!(", body", "= $4");
        let (collection, name) = (collection.into_raw(), name.as_str());
        let sequence = integer(id.sequence());
        let row = self
            .row(VERSION, &[&self.workspace, &collection, &name, &sequence])
            .await?;
        let found = row.map(|row| {
            Ok(VersionBody {
                version: version(&row)?,
                body: bytes(&row, 13)?,
            })
        });
        found.transpose()
    }
}

pub(super) fn version(row: &Row) -> Result<Version, Error> {
    let content: Option<&str> = row.try_get(2)?;
    let deletion: Option<bool> = row.try_get(8)?;
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
        etag: etag(row, 1)?,
        content_type: content.map_or_else(ContentType::calendar, ContentType::new),
        size: natural(row, 3)?,
        made: cause(row, 4)?,
        ended,
    })
}
