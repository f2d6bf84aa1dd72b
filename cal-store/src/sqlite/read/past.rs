//! Reading collections as they were at an instant.

use rusqlite::Row;

use super::history::version;
use crate::sqlite::readers::Reader;
use crate::sqlite::row::{collection_kind, one_more, text};
use crate::{
    CollectionAt, CollectionId, CollectionKey, CollectionName, Cursor, Details, Error, ObjectName,
    Page, PageRequest, PastCollection, PastEntry, Properties, PropertyName, Timestamp,
    Transparency,
};

impl Reader<'_> {
    pub(in crate::sqlite) fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: &PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        self.check_known(at)?;
        match self.state_at(id, at)? {
            Some(collection) => Ok(Some(CollectionAt {
                collection,
                entries: self.entries_at(id, at, page)?,
            })),
            None => Ok(None),
        }
    }

    pub(in crate::sqlite) fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        const EVER: &str = "SELECT collection_id FROM collections WHERE parent_id = ?1 \
             UNION SELECT collection_id FROM past_collections WHERE parent_id = ?1";
        self.check_known(at)?;
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let mut children = Vec::new();
        let ever = self.rows(EVER, [parent.into_raw()], |row| {
            Ok(CollectionId::from_raw(row.get(0)?))
        })?;
        for id in ever {
            let state = self.state_at(id, at)?;
            let is_child = |state: &PastCollection| {
                state.parent == Some(parent) && state.name.as_str() > after
            };
            children.extend(state.filter(is_child));
        }
        children.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
        children.truncate(page.limit.saturating_add(1));
        Ok(Page::cut(children, page.limit, |last: &PastCollection| {
            Cursor::new(last.name.as_str())
        }))
    }

    /// What a collection was, unless it was not there or in the trash.
    fn state_at(&self, id: CollectionId, at: Timestamp) -> Result<Option<PastCollection>, Error> {
        const STATE: &str = "SELECT s.state, s.parent_id, s.name, c.kind, c.components, \
             s.display_name, s.description, s.color, s.sort_order, s.time_zone, \
             s.is_transparent, s.since, s.is_trashed FROM past_collections s \
             JOIN collections c USING (collection_id) \
             WHERE collection_id = ?1 AND s.since <= ?2 ORDER BY s.state DESC LIMIT 1";
        const BEGUN: &str = "SELECT since, trashed_at IS NOT NULL FROM collections \
             WHERE collection_id = ?1 AND since <= ?2";
        let key = (id.into_raw(), at.millis());
        let begun = self.row(BEGUN, key, |row| {
            Ok((Timestamp::from_millis(row.get(0)?), row.get(1)?))
        })?;
        match begun {
            Some((_, true)) => return Ok(None),
            Some((since, false)) => {
                let present = self.collection(&CollectionKey::Id(id))?;
                return Ok(present.map(|present| PastCollection::of(&present, since)));
            }
            None => {}
        }
        let past = self.row(STATE, key, |row| {
            let is_trashed: bool = row.get(12)?;
            Ok((row.get(0)?, is_trashed, state(id, row)?))
        })?;
        match past {
            Some((number, false, mut state)) => {
                state.properties = self.past_properties(id, number)?;
                Ok(Some(state))
            }
            Some((_, true, _)) | None => Ok(None),
        }
    }

    fn past_properties(&self, id: CollectionId, state: i64) -> Result<Properties, Error> {
        const PROPERTIES: &str = "SELECT namespace, local, value FROM past_properties \
             WHERE collection_id = ?1 AND state = ?2";
        let rows = self.rows(PROPERTIES, (id.into_raw(), state), |row| {
            let name = PropertyName::from_stored(row.get(0)?, row.get(1)?);
            Ok((name, row.get(2)?))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// The objects of a collection as they were: both parts walk their primary
    /// keys from the cursor on and are merged, so that a page costs what lies
    /// between its first and its last name.
    fn entries_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PastEntry>, Error> {
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let key = (id.into_raw(), after, at.millis(), one_more(page.limit));
        let found = self.rows(ENTRIES_AT, key, |row| {
            Ok(PastEntry {
                name: text(row, 13, ObjectName::from_stored)?,
                version: version(row)?,
            })
        })?;
        Ok(Page::cut(found, page.limit, |last: &PastEntry| {
            Cursor::new(last.name.as_str())
        }))
    }
}

/// The columns are those that a version is read from, and the name.
const ENTRIES_AT: &str = "SELECT version, etag, content_type, size, made_at, made_via, \
     made_principal, made_note, is_deletion, ended_at, ended_via, ended_principal, ended_note, \
     name FROM versions v WHERE collection_id = ?1 AND name > ?2 AND made_at <= ?3 \
     AND ended_at > ?3 AND NOT EXISTS (SELECT 1 FROM versions later \
     WHERE later.collection_id = ?1 AND later.name = v.name AND later.version > v.version \
     AND later.made_at <= ?3) AND NOT EXISTS (SELECT 1 FROM objects present \
     WHERE present.collection_id = ?1 AND present.name = v.name AND present.modified <= ?3) \
     UNION ALL SELECT version, etag, content_type, size, modified, via, principal, note, NULL, \
     NULL, NULL, NULL, NULL, name FROM objects WHERE collection_id = ?1 AND name > ?2 \
     AND modified <= ?3 ORDER BY name LIMIT ?4";

fn state(id: CollectionId, row: &Row<'_>) -> rusqlite::Result<PastCollection> {
    Ok(PastCollection {
        id,
        parent: row.get::<_, Option<_>>(1)?.map(CollectionId::from_raw),
        name: text(row, 2, CollectionName::from_stored)?,
        kind: collection_kind(row, 3)?,
        details: Details {
            display_name: row.get(5)?,
            description: row.get(6)?,
            color: row.get(7)?,
            order: row.get(8)?,
            time_zone: row.get(9)?,
            transparency: match row.get(10)? {
                true => Transparency::Transparent,
                false => Transparency::Opaque,
            },
        },
        properties: Properties::new(),
        since: Timestamp::from_millis(row.get(11)?),
    })
}
