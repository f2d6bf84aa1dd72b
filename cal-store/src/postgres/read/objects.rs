//! Reading objects by name, by UID, and listing them.

use tokio_postgres::Row;

use super::{Reader, after};
use crate::postgres::row::{
    entry, entry_columns, heavy_rows, object, one_more, properties, uid_hash,
};
use crate::{
    CollectionId, Cursor, Entry, Error, Object, ObjectName, Page, PageRequest, Properties, Uid,
    Weight,
};

impl Reader {
    pub(in crate::postgres) async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        const OBJECT: &str = concat!(
            "SELECT ",
            entry_columns!(),
            ", o.body FROM objects o JOIN collections c USING (workspace_id, collection_id) \
             WHERE o.workspace_id = $1 AND o.collection_id = $2 AND o.name = $3 \
             AND c.trashed_at IS NULL"
        );
        let key = (collection.into_raw(), name.as_str());
        let row = self.row(OBJECT, &[&self.workspace, &key.0, &key.1]).await?;
        row.map(|row| object(&row, 0)).transpose()
    }

    /// Objects of the first of some names in any collections, each in its place.
    pub(in crate::postgres) async fn objects_of_many(
        &self,
        names: impl Iterator<Item = (CollectionId, &ObjectName)>,
    ) -> Result<Vec<Option<Object>>, Error> {
        const OBJECTS: &str = heavy_rows!(
            "t.place",
            "SELECT k.place, ",
            entry_columns!(),
            ", o.body FROM unnest($2::bigint[], $3::text[]) \
             WITH ORDINALITY AS k (collection_id, name, place) \
             JOIN objects o ON o.workspace_id = $1 AND o.collection_id = k.collection_id \
             AND o.name = k.name \
             JOIN collections c ON c.workspace_id = $1 AND c.collection_id = k.collection_id \
             WHERE c.trashed_at IS NULL"
        );
        let (ids, names): (Vec<i64>, Vec<&str>) = names
            .map(|(id, name)| (id.into_raw(), name.as_str()))
            .unzip();
        let rows = self.rows(OBJECTS, &[&self.workspace, &ids, &names]).await?;
        each_in_place(&rows, names.len())
    }

    pub(in crate::postgres) async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        const OBJECTS: &str = heavy_rows!(
            "t.place",
            "SELECT k.place, ",
            entry_columns!(),
            ", o.body FROM collections c \
             CROSS JOIN unnest($3::text[]) WITH ORDINALITY AS k (name, place) \
             JOIN objects o ON o.workspace_id = $1 AND o.collection_id = $2 AND o.name = k.name \
             WHERE c.workspace_id = $1 AND c.collection_id = $2 AND c.trashed_at IS NULL"
        );
        let names: Vec<&str> = names.iter().map(ObjectName::as_str).collect();
        self.in_place(OBJECTS, collection, &names).await
    }

    pub(in crate::postgres) async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        const OBJECTS: &str = heavy_rows!(
            "t.place",
            "SELECT k.place, ",
            entry_columns!(),
            ", o.body FROM collections c \
             CROSS JOIN unnest($3::bytea[]) WITH ORDINALITY AS k (hash, place) \
             JOIN objects o ON o.workspace_id = $1 AND o.collection_id = $2 \
             AND o.uid_hash = k.hash \
             WHERE c.workspace_id = $1 AND c.collection_id = $2 AND c.trashed_at IS NULL"
        );
        let hashes: Vec<Vec<u8>> = uids.iter().map(uid_hash).collect();
        self.in_place(OBJECTS, collection, &hashes).await
    }

    /// Objects, each in the place of its key.
    async fn in_place<K>(
        &self,
        sql: &str,
        collection: CollectionId,
        keys: &Vec<K>,
    ) -> Result<Vec<Option<Object>>, Error>
    where
        Vec<K>: tokio_postgres::types::ToSql + Sync,
    {
        let id = collection.into_raw();
        let rows = self.rows(sql, &[&self.workspace, &id, keys]).await?;
        each_in_place(&rows, keys.len())
    }

    pub(in crate::postgres) async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error> {
        const PROPERTIES: &str = "SELECT coalesce(array_agg(namespace), '{}'), \
             coalesce(array_agg(local), '{}'), coalesce(array_agg(value), '{}') FROM properties \
             WHERE workspace_id = $1 AND collection_id = $2 AND name = $3";
        let key = (collection.into_raw(), name.as_str());
        let row = self
            .row(PROPERTIES, &[&self.workspace, &key.0, &key.1])
            .await?;
        row.map_or_else(|| Ok(Properties::new()), |row| properties(&row, 0))
    }

    pub(in crate::postgres) async fn entries(
        &self,
        collection: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<Entry>, Error> {
        // A row without an object says that the collection is there.
        const ENTRIES: &str = concat!(
            "SELECT o.* FROM collections c LEFT JOIN LATERAL (SELECT ",
            entry_columns!(),
            " FROM objects o WHERE o.workspace_id = $1 AND o.collection_id = $2 \
             AND o.name > $3 ORDER BY o.name LIMIT $4) o ON true \
             WHERE c.workspace_id = $1 AND c.collection_id = $2 AND c.trashed_at IS NULL \
             ORDER BY o.name"
        );
        let (id, after, limit) = (collection.into_raw(), after(page)?, one_more(page.limit));
        let rows = self
            .rows(ENTRIES, &[&self.workspace, &id, &after, &limit])
            .await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            if row.try_get::<_, Option<&str>>(0)?.is_some() {
                found.push(entry(row, 0)?);
            }
        }
        Ok(Page::cut(found, page.limit, |last: &Entry| {
            Cursor::new(last.name.as_str())
        }))
    }
}

/// Objects from rows that begin with their place, of which 1 is the first: up to
/// the one with which there is no room any more.
fn each_in_place(rows: &[Row], places: usize) -> Result<Vec<Option<Object>>, Error> {
    let mut placed = Vec::with_capacity(rows.len());
    for row in rows {
        let place = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0);
        placed.push((place, row));
    }
    placed.sort_unstable_by_key(|(place, _)| *place);
    let mut found: Vec<Option<Object>> = (0..places).map(|_| None).collect();
    let mut weight = Weight::default();
    for (place, row) in placed {
        let object = object(row, 1)?;
        let has_room = weight.add(object.entry.size);
        if let Some(found) = found.get_mut(place.saturating_sub(1)) {
            *found = Some(object);
        }
        if !has_room {
            found.truncate(place);
            break;
        }
    }
    Ok(found)
}
