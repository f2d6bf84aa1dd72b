//! Reads, each in a snapshot of its own.

mod collections;
mod history;
mod index;
mod log;
mod objects;
mod overlap;
mod past;
mod principals;
mod secrets;

use rusqlite::{OptionalExtension, Params, Row};

use super::readers::Reader;
use crate::{CollectionId, Error, Properties, PropertyName, Weight};

impl Reader<'_> {
    pub(super) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params, read).optional()?)
    }

    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Rows with objects, none after the first for which there is no room any more.
    pub(super) fn heavy_rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
        size: impl Fn(&T) -> u64,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let (mut found, mut weight) = (Vec::new(), Weight::default());
        while let Some(row) = rows.next()? {
            let item = read(row)?;
            let has_room = weight.add(size(&item));
            let is_first = found.is_empty();
            found.push(item);
            if !has_room && !is_first {
                break;
            }
        }
        Ok(found)
    }

    /// The properties of an object or, with an empty name, of a collection.
    pub(super) fn properties(
        &self,
        collection: CollectionId,
        name: &str,
    ) -> Result<Properties, Error> {
        const PROPERTIES: &str = "SELECT namespace, local, value FROM properties \
             WHERE collection_id = ?1 AND name = ?2";
        let rows = self.rows(PROPERTIES, (collection.into_raw(), name), |row| {
            let name = PropertyName::from_stored(row.get(0)?, row.get(1)?);
            Ok((name, row.get(2)?))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Refuses a collection that is not there or in the trash.
    fn check_collection(&self, id: CollectionId) -> Result<(), Error> {
        const LIVE: &str = "SELECT 1 FROM collections \
             WHERE collection_id = ?1 AND trashed_at IS NULL";
        self.row(LIVE, [id.into_raw()], |_| Ok(()))?
            .ok_or(Error::NotFound)
    }
}
