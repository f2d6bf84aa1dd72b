//! Finding by words, by category and by reminder.

use rusqlite::{Row, params};

use super::objects::object;
use crate::sqlite::readers::Reader;
use crate::sqlite::row::{ENTRY, natural, one_more, text};
use crate::sqlite::words::question;
use crate::{
    Category, CategoryCount, CollectionId, Cursor, Error, IndexBasis, Indexed, MarkQuery, Marked,
    Object, ObjectName, Page, PageRequest, PrincipalId, ReminderKind, ReminderMark, SearchQuery,
    Timestamp,
};

impl Reader<'_> {
    pub(in crate::sqlite) fn search(
        &self,
        query: &SearchQuery,
        page: &PageRequest,
    ) -> Result<Page<Object>, Error> {
        self.check_collection(query.collection)?;
        let category = query.category.as_ref();
        // Each has all parameters: one that is bound must be in the statement.
        let (found, order) = match (query.words.is_empty(), category) {
            (false, None) => (
                "object_words w CROSS JOIN objects o ON o.body_id = w.rowid \
                 WHERE object_words MATCH ?5 AND ?6 IS NULL",
                "o.name",
            ),
            (false, Some(_)) => (
                "object_words w CROSS JOIN objects o ON o.body_id = w.rowid \
                 WHERE object_words MATCH ?5 AND EXISTS (SELECT 1 FROM object_categories k \
                 WHERE k.collection_id = ?1 AND k.category = ?6 AND k.name = o.name)",
                "o.name",
            ),
            (true, _) => (
                "object_categories k CROSS JOIN objects o \
                 ON o.collection_id = k.collection_id AND o.name = k.name \
                 WHERE k.collection_id = ?1 AND k.category = ?6 AND k.name > ?2 AND ?5 = ''",
                "k.name",
            ),
        };
        let sql = format!(
            "SELECT {ENTRY}, b.body FROM (SELECT o.name FROM {found} \
             AND o.collection_id = ?1 AND o.name > ?2 AND (?3 IS NULL OR o.component = ?3) \
             ORDER BY {order} LIMIT ?4) k \
             CROSS JOIN objects o ON o.collection_id = ?1 AND o.name = k.name \
             JOIN bodies b USING (body_id) ORDER BY k.name"
        );
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let params = params![
            query.collection.into_raw(),
            after,
            query.component.map(crate::ComponentKind::as_str),
            one_more(page.limit),
            question(query.collection, &query.words),
            category.map(Category::as_str),
        ];
        let size = |object: &Object| object.entry.size;
        let found = self.heavy_rows(&sql, params, object, size)?;
        Ok(Page::cut_by_bytes(found, page.limit, size, |last| {
            Cursor::new(last.entry.name.as_str())
        }))
    }

    pub(in crate::sqlite) fn categories(
        &self,
        collection: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        const CATEGORIES: &str = "SELECT category, count(*) FROM object_categories \
             WHERE collection_id = ?1 AND category > ?2 GROUP BY category \
             ORDER BY category LIMIT ?3";
        self.check_collection(collection)?;
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let key = (collection.into_raw(), after, one_more(page.limit));
        let found = self.rows(CATEGORIES, key, |row| {
            Ok(CategoryCount {
                category: text(row, 0, Category::from_stored)?,
                objects: natural(row, 1)?,
            })
        })?;
        Ok(Page::cut(found, page.limit, |last: &CategoryCount| {
            Cursor::new(last.category.as_str())
        }))
    }

    pub(in crate::sqlite) fn marked(
        &self,
        query: &MarkQuery,
        page: &PageRequest,
    ) -> Result<Page<Marked>, Error> {
        const MARKED: &str = "SELECT r.at, r.collection_id, r.name FROM reminders r \
             CROSS JOIN collections c ON c.collection_id = r.collection_id \
             WHERE r.kind = ?1 AND r.at >= ?2 AND r.at < ?3 \
             AND (r.at, r.collection_id, r.name) > (?4, ?5, ?6) AND c.trashed_at IS NULL \
             ORDER BY r.at, r.collection_id, r.name LIMIT ?7";
        let after = page.after.as_ref().map(Marked::parse).transpose()?;
        let first = query.span.first_millis();
        let at = after.as_ref().map_or(first, |mark| mark.at.millis());
        let params = params![
            query.kind.number(),
            first.max(at),
            query.span.end_millis(),
            at,
            after
                .as_ref()
                .map_or(i64::MIN, |mark| mark.collection.into_raw()),
            after.as_ref().map_or("", |mark| mark.name.as_str()),
            one_more(page.limit),
        ];
        let found = self.rows(MARKED, params, |row| {
            Ok(Marked {
                at: Timestamp::from_millis(row.get(0)?),
                collection: CollectionId::from_raw(row.get(1)?),
                name: text(row, 2, ObjectName::from_stored)?,
            })
        })?;
        Ok(Page::cut(found, page.limit, Marked::cursor))
    }

    pub(in crate::sqlite) fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error> {
        const MARKS: &str = "SELECT kind, at FROM reminders \
             WHERE collection_id = ?1 AND name = ?2";
        let marks = objects.iter().map(|(collection, name)| {
            self.rows(MARKS, (collection.into_raw(), name.as_str()), |row| {
                Ok(ReminderMark {
                    kind: ReminderKind::from_number(row.get(0)?),
                    at: Timestamp::from_millis(row.get(1)?),
                })
            })
        });
        marks.collect()
    }

    pub(in crate::sqlite) fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: &PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        let sql = format!(
            "SELECT {ENTRY}, b.body, o.collection_id FROM objects o JOIN bodies b USING (body_id) \
             WHERE (o.collection_id, o.name) > (?1, ?2) AND o.component IS NOT NULL \
             AND (?3 IS NULL OR o.collection_id IN \
             (SELECT collection_id FROM collections WHERE owner_id = ?3)) \
             ORDER BY o.collection_id, o.name LIMIT ?4"
        );
        let after = page.after.as_ref().map(Indexed::parse).transpose()?;
        let (collection, name) = after.unwrap_or((i64::MIN, ""));
        let owner = owner.map(PrincipalId::into_raw);
        let params = (collection, name, owner, one_more(page.limit));
        let indexed = |row: &Row<'_>| {
            Ok(Indexed {
                collection: CollectionId::from_raw(row.get(10)?),
                object: object(row)?,
            })
        };
        let found = self.heavy_rows(&sql, params, indexed, Indexed::size)?;
        let (limit, size) = (page.limit, Indexed::size);
        Ok(Page::cut_by_bytes(found, limit, size, Indexed::cursor))
    }

    pub(in crate::sqlite) fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        const BASIS: &str = "SELECT form, tzdata, zones FROM index_basis WHERE workspace_id = ?1";
        self.row(BASIS, [self.workspace], |row| {
            let tzdata: String = row.get(1)?;
            let zones: String = row.get(2)?;
            Ok(IndexBasis::new(row.get(0)?, tzdata, zones))
        })
    }
}
