//! Reading collections.

use rusqlite::Params;

use crate::sqlite::readers::Reader;
use crate::sqlite::row::{COLLECTION, collection, one_more};
use crate::{
    Collection, CollectionId, CollectionKey, CollectionName, Cursor, Error, Location, ObjectName,
    Page, PageRequest, PrincipalId, PrincipalName, Timestamp,
};

impl Reader<'_> {
    pub(in crate::sqlite) fn collection(
        &self,
        key: &CollectionKey,
    ) -> Result<Option<Collection>, Error> {
        match key {
            CollectionKey::Id(id) => self.found(
                "c.collection_id = ?1 AND c.trashed_at IS NULL",
                [id.into_raw()],
            ),
            CollectionKey::Home(owner) => self.found(
                "c.owner_id = ?1 AND c.parent_id IS NULL",
                [owner.into_raw()],
            ),
            CollectionKey::Child(parent, name) => self.found(
                "c.parent_id = ?1 AND c.name = ?2 AND c.trashed_at IS NULL",
                (parent.into_raw(), name.as_str()),
            ),
        }
    }

    fn found(&self, clause: &str, params: impl Params) -> Result<Option<Collection>, Error> {
        let sql = format!("SELECT {COLLECTION} FROM collections c WHERE {clause}");
        match self.row(&sql, params, |row| collection(row, self.epoch))? {
            Some(found) => self.with_properties(found).map(Some),
            None => Ok(None),
        }
    }

    pub(in crate::sqlite) fn children(
        &self,
        parent: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<Collection>, Error> {
        self.check_collection(parent)?;
        let sql = format!(
            "SELECT {COLLECTION} FROM collections c WHERE c.parent_id = ?1 AND c.name > ?2 \
             AND c.trashed_at IS NULL ORDER BY c.name LIMIT ?3"
        );
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let params = (parent.into_raw(), after, one_more(page.limit));
        let found = self.rows(&sql, params, |row| collection(row, self.epoch))?;
        let found = found.into_iter().map(|each| self.with_properties(each));
        let found = found.collect::<Result<_, _>>()?;
        Ok(Page::cut(found, page.limit, |last: &Collection| {
            Cursor::new(last.name.as_str())
        }))
    }

    pub(in crate::sqlite) fn trash(
        &self,
        owner: PrincipalId,
    ) -> Result<Vec<(Timestamp, Collection)>, Error> {
        let sql = format!(
            "SELECT {COLLECTION}, c.trashed_at FROM collections c WHERE c.owner_id = ?1 \
             AND c.trashed_at IS NOT NULL AND c.trash_root = c.collection_id \
             ORDER BY c.trashed_at DESC, c.collection_id"
        );
        let found = self.rows(&sql, [owner.into_raw()], |row| {
            let at = Timestamp::from_millis(row.get("trashed_at")?);
            Ok((at, collection(row, self.epoch)?))
        })?;
        let found = found.into_iter();
        found
            .map(|(at, collection)| Ok((at, self.with_properties(collection)?)))
            .collect()
    }

    pub(in crate::sqlite) fn locate(
        &self,
        owner: &PrincipalName,
        path: &[ObjectName],
    ) -> Result<Location, Error> {
        const HOME: &str = "SELECT c.collection_id FROM collections c \
             JOIN principals p ON p.principal_id = c.owner_id \
             WHERE p.workspace_id = ?1 AND p.name = ?2 AND c.parent_id IS NULL";
        let home = (self.workspace, owner.as_str());
        let Some(home) = self.row(HOME, home, |row| row.get(0))? else {
            return Ok(Location::Missing);
        };
        let mut here = CollectionId::from_raw(home);
        for (depth, name) in path.iter().enumerate() {
            match self.child_id(here, &name.into())? {
                Some(child) => here = child,
                None if depth + 1 == path.len() => {
                    let parent = self.collection(&CollectionKey::Id(here))?;
                    return Ok(parent.map_or(Location::Missing, |parent| Location::Member {
                        parent: Box::new(parent),
                        name: name.clone(),
                    }));
                }
                None => return Ok(Location::Missing),
            }
        }
        let found = self.collection(&CollectionKey::Id(here))?;
        Ok(found.map_or(Location::Missing, |found| {
            Location::Collection(Box::new(found))
        }))
    }

    fn child_id(
        &self,
        parent: CollectionId,
        name: &CollectionName,
    ) -> Result<Option<CollectionId>, Error> {
        const CHILD: &str = "SELECT collection_id FROM collections \
             WHERE parent_id = ?1 AND name = ?2 AND trashed_at IS NULL";
        let key = (parent.into_raw(), name.as_str());
        self.row(CHILD, key, |row| Ok(CollectionId::from_raw(row.get(0)?)))
    }

    fn with_properties(&self, mut collection: Collection) -> Result<Collection, Error> {
        collection.properties = self.properties(collection.id, "")?;
        Ok(collection)
    }
}
