//! The index of an object besides the columns of its own row.

use rusqlite::Connection;

use super::Session;
use crate::{CollectionId, Error, IndexRow, ObjectName, PrincipalId};

impl Session<'_> {
    /// Indexes an object that has these bytes now.
    pub(super) fn index(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        (body_id, index): (i64, &IndexRow),
    ) -> Result<(), Error> {
        if !index.words.is_empty() {
            let mut words = self.words.borrow_mut();
            words.add(body_id, collection, &index.words);
        }
        insert(self.connection, collection, name, index)
    }

    /// Takes an object that had these bytes out of the index.
    pub(super) fn unindex(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        body_id: i64,
    ) -> Result<(), Error> {
        self.words.borrow_mut().remove(body_id);
        remove(self.connection, collection, name)
    }

    /// Takes all words of what a principal owns out of the index.
    pub(super) fn unindex_all_of(&self, owner: PrincipalId) -> Result<(), Error> {
        const OWNED: &str = "SELECT o.body_id FROM collections c JOIN objects o \
             USING (collection_id) WHERE c.owner_id = ?1";
        let mut owned = self.connection.prepare_cached(OWNED)?;
        let owned = owned.query_map([owner.into_raw()], |row| row.get(0))?;
        let mut words = self.words.borrow_mut();
        for body_id in owned {
            words.remove(body_id?);
        }
        Ok(())
    }
}

/// Writes categories and reminders of an object that has none.
pub(in crate::sqlite) fn insert(
    connection: &Connection,
    collection: CollectionId,
    name: &ObjectName,
    index: &IndexRow,
) -> Result<(), Error> {
    const CATEGORY: &str = "INSERT INTO object_categories (collection_id, category, name) \
         VALUES (?1, ?2, ?3)";
    const REMINDER: &str = "INSERT INTO reminders (collection_id, name, kind, at) \
         VALUES (?1, ?2, ?3, ?4)";
    let (id, name) = (collection.into_raw(), name.as_str());
    for category in &index.categories {
        let mut insert = connection.prepare_cached(CATEGORY)?;
        insert.execute((id, category.as_str(), name))?;
    }
    for mark in &index.reminders {
        let mut insert = connection.prepare_cached(REMINDER)?;
        insert.execute((id, name, mark.kind.number(), mark.at.millis()))?;
    }
    Ok(())
}

/// Removes categories and reminders of an object.
pub(in crate::sqlite) fn remove(
    connection: &Connection,
    collection: CollectionId,
    name: &ObjectName,
) -> Result<(), Error> {
    const CATEGORIES: &str = "DELETE FROM object_categories \
         WHERE collection_id = ?1 AND name = ?2";
    const REMINDERS: &str = "DELETE FROM reminders WHERE collection_id = ?1 AND name = ?2";
    let key = (collection.into_raw(), name.as_str());
    connection.prepare_cached(CATEGORIES)?.execute(key)?;
    connection.prepare_cached(REMINDERS)?.execute(key)?;
    Ok(())
}
