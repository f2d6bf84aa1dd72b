//! Reading objects by name, by UID, and listing them.

use rusqlite::{Params, Row};

use crate::sqlite::readers::Reader;
use crate::sqlite::row::{ENTRY, bytes, entry, one_more};
use crate::{
    CollectionId, Cursor, Entry, Error, Object, ObjectName, Page, PageRequest, Uid, Weight,
};

impl Reader<'_> {
    pub(in crate::sqlite) fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        let key = (collection.into_raw(), name.as_str());
        self.one_object("o.name = ?2", key)
    }

    pub(in crate::sqlite) fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        within_bytes(names, |name| self.object(collection, name))
    }

    pub(in crate::sqlite) fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        within_bytes(uids, |uid| {
            let key = (collection.into_raw(), uid.as_str());
            self.one_object("o.uid = ?2", key)
        })
    }

    fn one_object(&self, clause: &str, key: impl Params) -> Result<Option<Object>, Error> {
        let sql = format!(
            "SELECT {ENTRY}, b.body FROM objects o JOIN bodies b USING (body_id) \
             JOIN collections c USING (collection_id) \
             WHERE o.collection_id = ?1 AND {clause} AND c.trashed_at IS NULL"
        );
        self.row(&sql, key, object)
    }

    pub(in crate::sqlite) fn entries(
        &self,
        collection: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<Entry>, Error> {
        self.check_collection(collection)?;
        let sql = format!(
            "SELECT {ENTRY} FROM objects o WHERE o.collection_id = ?1 AND o.name > ?2 \
             ORDER BY o.name LIMIT ?3"
        );
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let params = (collection.into_raw(), after, one_more(page.limit));
        let found = self.rows(&sql, params, entry)?;
        Ok(Page::cut(found, page.limit, |last: &Entry| {
            Cursor::new(last.name.as_str())
        }))
    }
}

/// The objects of the first of some keys, as many as there is room for.
fn within_bytes<K>(
    keys: &[K],
    mut read: impl FnMut(&K) -> Result<Option<Object>, Error>,
) -> Result<Vec<Option<Object>>, Error> {
    let (mut found, mut weight) = (Vec::new(), Weight::default());
    for key in keys {
        let object = read(key)?;
        let size = object.as_ref().map_or(0, |object| object.entry.size);
        found.push(object);
        if !weight.add(size) {
            break;
        }
    }
    Ok(found)
}

/// An object from the columns of an entry and one with the bytes.
pub(super) fn object(row: &Row<'_>) -> rusqlite::Result<Object> {
    Ok(Object {
        entry: entry(row)?,
        body: bytes(row, 9)?,
    })
}
