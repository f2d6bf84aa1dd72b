//! Reading the log: what has changed after a sequence.

use crate::sqlite::readers::Reader;
use crate::sqlite::row::{ENTRY, entry, integer, natural, one_more, text};
use crate::{CollectionId, Error, LogPage, LogQuery, MemberState, ObjectName, SyncChange};

impl Reader<'_> {
    pub(in crate::sqlite) fn changes(&self, query: &LogQuery) -> Result<LogPage, Error> {
        const STATE: &str = "SELECT sequence, floor FROM collections \
             WHERE collection_id = ?1 AND trashed_at IS NULL";
        let state = self.row(STATE, [query.collection.into_raw()], |row| {
            Ok((natural(row, 0)?, natural(row, 1)?))
        })?;
        let (head, floor) = state.ok_or(Error::NotFound)?;
        let mut changes = self.changed_objects(query)?;
        changes.extend(self.changed_collections(query)?);
        changes.extend(self.gone(query)?);
        // Each part was cut at the limit, so what is left of all is exact up to it.
        changes.sort_by_key(|change| change.sequence);
        let more = changes.len() > query.limit;
        changes.truncate(query.limit);
        Ok(LogPage {
            changes,
            head,
            floor,
            more,
        })
    }

    fn changed_objects(&self, query: &LogQuery) -> Result<Vec<SyncChange>, Error> {
        let sql = format!(
            "SELECT {ENTRY} FROM objects o WHERE o.collection_id = ?1 AND o.sequence > ?2 \
             ORDER BY o.sequence LIMIT ?3"
        );
        self.rows(&sql, range(query, query.after), |row| {
            let entry = entry(row)?;
            Ok(SyncChange {
                name: entry.name.clone(),
                sequence: entry.sequence,
                state: MemberState::Object(entry),
            })
        })
    }

    fn changed_collections(&self, query: &LogQuery) -> Result<Vec<SyncChange>, Error> {
        const CHANGED: &str = "SELECT name, parent_sequence, collection_id FROM collections \
             WHERE parent_id = ?1 AND parent_sequence > ?2 AND trashed_at IS NULL \
             ORDER BY parent_sequence LIMIT ?3";
        self.rows(CHANGED, range(query, query.after), |row| {
            Ok(SyncChange {
                name: text(row, 0, ObjectName::from_stored)?,
                sequence: natural(row, 1)?,
                state: MemberState::Collection(CollectionId::from_raw(row.get(2)?)),
            })
        })
    }

    fn gone(&self, query: &LogQuery) -> Result<Vec<SyncChange>, Error> {
        const GONE: &str = "SELECT name, sequence FROM tombstones \
             WHERE collection_id = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3";
        let after = query.after.max(query.horizon);
        self.rows(GONE, range(query, after), |row| {
            Ok(SyncChange {
                name: text(row, 0, ObjectName::from_stored)?,
                sequence: natural(row, 1)?,
                state: MemberState::Gone,
            })
        })
    }
}

fn range(query: &LogQuery, after: u64) -> (i64, i64, i64) {
    let collection = query.collection.into_raw();
    (collection, integer(after), one_more(query.limit))
}
