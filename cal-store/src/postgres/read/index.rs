//! Finding by words, by category and by reminder.

use tokio_postgres::Row;

use super::{Reader, after};
use crate::postgres::pipeline::Call;
use crate::postgres::row::{entry_columns, heavy_rows, natural, object, one_more};
use crate::postgres::write::question;
use crate::{
    Category, CategoryCount, CollectionId, ComponentKind, Cursor, Error, IndexBasis, Indexed,
    MarkQuery, Marked, Object, ObjectName, Page, PageRequest, PrincipalId, ReminderKind,
    ReminderMark, SearchQuery, Timestamp,
};

/// The objects of a calendar that a condition holds for. A row without an
/// object says that the collection is there.
macro_rules! searching {
    ($condition:literal) => {
        concat!(
            "SELECT o.* FROM collections c LEFT JOIN LATERAL (",
            heavy_rows!(
                "t.name",
                "SELECT ",
                entry_columns!(),
                ", o.body FROM objects o WHERE o.workspace_id = $1 AND o.collection_id = $2 \
                 AND o.name > $3 AND ($4::text IS NULL OR o.component = $4) AND ",
                $condition,
                " ORDER BY o.name LIMIT $5"
            ),
            ") o ON true \
             WHERE c.workspace_id = $1 AND c.collection_id = $2 AND c.trashed_at IS NULL \
             ORDER BY o.name"
        )
    };
}

const BY_WORDS: &str = searching!(
    "$7::text IS NULL AND o.name IN (SELECT w.name FROM object_words w \
     WHERE w.workspace_id = $1 AND w.collection_id = $2 AND w.words @@ $6::text::tsquery)"
);

const BY_CATEGORY: &str = searching!(
    "$6::text = '' AND o.name IN (SELECT k.name FROM object_categories k \
     WHERE k.workspace_id = $1 AND k.collection_id = $2 AND k.category = $7)"
);

const BY_BOTH: &str = searching!(
    "o.name IN (SELECT w.name FROM object_words w \
     WHERE w.workspace_id = $1 AND w.collection_id = $2 AND w.words @@ $6::text::tsquery) \
     AND EXISTS (SELECT 1 FROM object_categories k WHERE k.workspace_id = $1 \
     AND k.collection_id = $2 AND k.category = $7 AND k.name = o.name)"
);

/// The index of words is one that PostgreSQL only looks through in this way.
const BITMAPS: &str = "SELECT set_config('enable_bitmapscan', 'on', true)";

impl Reader {
    pub(in crate::postgres) async fn search(
        &self,
        query: &SearchQuery,
        page: &PageRequest,
    ) -> Result<Page<Object>, Error> {
        let category = query.category.as_ref().map(Category::as_str);
        let sql = match (query.words.is_empty(), category) {
            (false, None) => BY_WORDS,
            (true, _) => BY_CATEGORY,
            (false, Some(_)) => BY_BOTH,
        };
        let search = Call::new(
            sql,
            vec![
                Box::new(self.workspace),
                Box::new(query.collection.into_raw()),
                Box::new(after(page)?),
                Box::new(query.component.map(ComponentKind::as_str)),
                Box::new(one_more(page.limit)),
                Box::new(question(query.collection, &query.words)),
                Box::new(category),
            ],
        );
        let [_, rows] = self
            .snapshot([Call::new(BITMAPS, Vec::new()), search])
            .await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            if row.try_get::<_, Option<&str>>(0)?.is_some() {
                found.push(object(row, 0)?);
            }
        }
        let size = |object: &Object| object.entry.size;
        Ok(Page::cut_by_bytes(found, page.limit, size, |last| {
            Cursor::new(last.entry.name.as_str())
        }))
    }

    pub(in crate::postgres) async fn categories(
        &self,
        collection: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        const CATEGORIES: &str = "SELECT k.category, k.objects FROM collections c \
             LEFT JOIN LATERAL (SELECT category, count(*) AS objects FROM object_categories \
             WHERE workspace_id = $1 AND collection_id = $2 AND category > $3 \
             GROUP BY category ORDER BY category LIMIT $4) k ON true \
             WHERE c.workspace_id = $1 AND c.collection_id = $2 AND c.trashed_at IS NULL \
             ORDER BY k.category";
        let (id, limit) = (collection.into_raw(), one_more(page.limit));
        let rows = self
            .rows(CATEGORIES, &[&self.workspace, &id, &after(page)?, &limit])
            .await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Some(category) = row.try_get::<_, Option<&str>>(0)? {
                found.push(CategoryCount {
                    category: Category::from_stored(category),
                    objects: natural(row, 1)?,
                });
            }
        }
        Ok(Page::cut(found, page.limit, |last: &CategoryCount| {
            Cursor::new(last.category.as_str())
        }))
    }

    pub(in crate::postgres) async fn marked(
        &self,
        query: &MarkQuery,
        page: &PageRequest,
    ) -> Result<Page<Marked>, Error> {
        const MARKED: &str = "SELECT r.at, r.collection_id, r.name FROM reminders r \
             WHERE r.workspace_id = $1 AND r.kind = $2 AND r.at >= $3 AND r.at < $4 \
             AND (r.at, r.collection_id, r.name) > ($5, $6, $7) \
             AND EXISTS (SELECT 1 FROM collections c WHERE c.workspace_id = $1 \
             AND c.collection_id = r.collection_id AND c.trashed_at IS NULL) \
             ORDER BY r.at, r.collection_id, r.name LIMIT $8";
        let position = page.after.as_ref().map(Marked::parse).transpose()?;
        let first = query.span.first_millis();
        let at = position.as_ref().map_or(first, |mark| mark.at.millis());
        let collection = position.as_ref().map(|mark| mark.collection.into_raw());
        let rows = self
            .rows(
                MARKED,
                &[
                    &self.workspace,
                    &i16::from(query.kind.number()),
                    &first.max(at),
                    &query.span.end_millis(),
                    &at,
                    &collection.unwrap_or(i64::MIN),
                    &position.as_ref().map_or("", |mark| mark.name.as_str()),
                    &one_more(page.limit),
                ],
            )
            .await?;
        let found = rows.iter().map(marked).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(found, page.limit, Marked::cursor))
    }

    pub(in crate::postgres) async fn marks(
        &self,
        objects: &[(CollectionId, ObjectName)],
    ) -> Result<Vec<Vec<ReminderMark>>, Error> {
        const MARKS: &str = "SELECT k.place, r.kind, r.at \
             FROM unnest($2::bigint[], $3::text[]) \
             WITH ORDINALITY AS k (collection_id, name, place) \
             JOIN reminders r ON r.workspace_id = $1 \
             AND r.collection_id = k.collection_id AND r.name = k.name";
        let (ids, names): (Vec<i64>, Vec<&str>) = objects
            .iter()
            .map(|(id, name)| (id.into_raw(), name.as_str()))
            .unzip();
        let mut marks = vec![Vec::new(); objects.len()];
        for row in self.rows(MARKS, &[&self.workspace, &ids, &names]).await? {
            let place = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0);
            let kind = u8::try_from(row.try_get::<_, i16>(1)?).unwrap_or(u8::MAX);
            if let Some(marks) = marks.get_mut(place.saturating_sub(1)) {
                marks.push(ReminderMark {
                    kind: ReminderKind::from_number(kind),
                    at: Timestamp::from_millis(row.try_get(2)?),
                });
            }
        }
        Ok(marks)
    }

    pub(in crate::postgres) async fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: &PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        const INDEXED: &str = concat!(
            heavy_rows!(
                "t.collection_id, t.name",
                "SELECT ",
                entry_columns!(),
                ", o.body, o.collection_id FROM objects o WHERE o.workspace_id = $1 \
                 AND (o.collection_id, o.name) > ($2, $3) AND o.component IS NOT NULL \
                 AND ($4::bigint IS NULL OR EXISTS (SELECT 1 FROM collections c \
                 WHERE c.workspace_id = $1 AND c.collection_id = o.collection_id \
                 AND c.owner_id = $4)) ORDER BY o.collection_id, o.name LIMIT $5"
            ),
            " ORDER BY h.collection_id, h.name"
        );
        let position = page.after.as_ref().map(Indexed::parse).transpose()?;
        let (collection, name) = position.unwrap_or((i64::MIN, ""));
        let (owner, limit) = (owner.map(PrincipalId::into_raw), one_more(page.limit));
        let rows = self
            .rows(
                INDEXED,
                &[&self.workspace, &collection, &name, &owner, &limit],
            )
            .await?;
        let found = rows.iter().map(indexed).collect::<Result<Vec<_>, _>>()?;
        let (limit, size) = (page.limit, Indexed::size);
        Ok(Page::cut_by_bytes(found, limit, size, Indexed::cursor))
    }

    pub(in crate::postgres) async fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        const BASIS: &str = "SELECT form, tzdata, zones FROM index_basis WHERE workspace_id = $1";
        let row = self.row(BASIS, &[&self.workspace]).await?;
        let basis = row.map(|row| {
            let form = u32::try_from(row.try_get::<_, i64>(0)?).unwrap_or(u32::MAX);
            let (tzdata, zones): (String, String) = (row.try_get(1)?, row.try_get(2)?);
            Ok::<_, Error>(IndexBasis::new(form, tzdata, zones))
        });
        basis.transpose()
    }
}

fn marked(row: &Row) -> Result<Marked, Error> {
    Ok(Marked {
        at: Timestamp::from_millis(row.try_get(0)?),
        collection: CollectionId::from_raw(row.try_get(1)?),
        name: ObjectName::from_stored(row.try_get(2)?),
    })
}

fn indexed(row: &Row) -> Result<Indexed, Error> {
    Ok(Indexed {
        collection: CollectionId::from_raw(row.try_get(10)?),
        object: object(row, 0)?,
    })
}
