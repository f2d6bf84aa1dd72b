//! Reading secrets, which stay sealed.

use rusqlite::Row;

use crate::sqlite::readers::Reader;
use crate::sqlite::row::{one_more, text};
use crate::{Cursor, Envelope, Error, KeptSecret, Page, PageRequest, SourceId, Timestamp};

impl Reader<'_> {
    pub(in crate::sqlite) fn secret(&self, source: &SourceId) -> Result<Option<KeptSecret>, Error> {
        const SECRET: &str = "SELECT source, envelope, modified FROM secrets \
             WHERE workspace_id = ?1 AND source = ?2";
        self.row(SECRET, (self.workspace, source.as_str()), kept)
    }

    pub(in crate::sqlite) fn secrets(&self, page: &PageRequest) -> Result<Page<KeptSecret>, Error> {
        const SECRETS: &str = "SELECT source, envelope, modified FROM secrets \
             WHERE workspace_id = ?1 AND source > ?2 ORDER BY source LIMIT ?3";
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let key = (self.workspace, after, one_more(page.limit));
        let found = self.rows(SECRETS, key, kept)?;
        Ok(Page::cut(found, page.limit, |last: &KeptSecret| {
            Cursor::new(last.source.as_str())
        }))
    }
}

fn kept(row: &Row<'_>) -> rusqlite::Result<KeptSecret> {
    Ok(KeptSecret {
        source: text(row, 0, SourceId::from_stored)?,
        envelope: text(row, 1, |text| Envelope::from_stored(text))?,
        modified: Timestamp::from_millis(row.get(2)?),
    })
}
