//! Reading collections.

use tokio_postgres::types::ToSql;

use super::{Reader, after};
use crate::postgres::row::{collection, collection_columns, one_more};
use crate::{
    Collection, CollectionId, CollectionKey, Cursor, Error, Location, ObjectName, Page,
    PageRequest, PrincipalId, PrincipalName, Timestamp,
};

macro_rules! select_collection {
    ($clause:literal) => {
        concat!(
            "SELECT ",
            collection_columns!(),
            " FROM collections c WHERE c.workspace_id = $1 AND ",
            $clause
        )
    };
}

impl Reader {
    pub(in crate::postgres) async fn collection(
        &self,
        key: &CollectionKey,
    ) -> Result<Option<Collection>, Error> {
        const BY_ID: &str = select_collection!("c.collection_id = $2 AND c.trashed_at IS NULL");
        const HOME: &str = select_collection!("c.owner_id = $2 AND c.parent_id IS NULL");
        const CHILD: &str =
            select_collection!("c.parent_id = $2 AND c.name = $3 AND c.trashed_at IS NULL");
        match key {
            CollectionKey::Id(id) => self.found(BY_ID, &[&self.workspace, &id.into_raw()]).await,
            CollectionKey::Home(owner) => {
                self.found(HOME, &[&self.workspace, &owner.into_raw()])
                    .await
            }
            CollectionKey::Child(parent, name) => {
                let key: [&(dyn ToSql + Sync); 3] =
                    [&self.workspace, &parent.into_raw(), &name.as_str()];
                self.found(CHILD, &key).await
            }
        }
    }

    async fn found(
        &self,
        sql: &str,
        key: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Collection>, Error> {
        let row = self.row(sql, key).await?;
        row.map(|row| collection(&row, self.epoch)).transpose()
    }

    pub(in crate::postgres) async fn children(
        &self,
        parent: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<Collection>, Error> {
        // A row without a child says that the parent is there.
        const CHILDREN: &str = concat!(
            "SELECT c.* FROM collections it LEFT JOIN LATERAL (SELECT ",
            collection_columns!(),
            " FROM collections c WHERE c.workspace_id = $1 AND c.parent_id = $2 \
             AND c.name > $3 AND c.trashed_at IS NULL ORDER BY c.name LIMIT $4) c ON true \
             WHERE it.workspace_id = $1 AND it.collection_id = $2 AND it.trashed_at IS NULL \
             ORDER BY c.name"
        );
        let (after, limit) = (after(page)?, one_more(page.limit));
        let values: [&(dyn ToSql + Sync); 4] =
            [&self.workspace, &parent.into_raw(), &after, &limit];
        let rows = self.rows(CHILDREN, &values).await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            if row.try_get::<_, Option<i64>>(0)?.is_some() {
                found.push(collection(row, self.epoch)?);
            }
        }
        Ok(Page::cut(found, page.limit, |last: &Collection| {
            Cursor::new(last.name.as_str())
        }))
    }

    pub(in crate::postgres) async fn locate(
        &self,
        owner: &PrincipalName,
        path: &[ObjectName],
    ) -> Result<Location, Error> {
        // The deepest collection on the path, with its depth after its columns.
        const LOCATE: &str = concat!(
            "WITH RECURSIVE walk (depth, id) AS (\
             SELECT 0, home.collection_id FROM principals p JOIN collections home \
             ON home.workspace_id = $1 AND home.owner_id = p.principal_id \
             AND home.parent_id IS NULL WHERE p.workspace_id = $1 AND p.name = $2 \
             UNION ALL SELECT walk.depth + 1, c.collection_id FROM walk JOIN collections c \
             ON c.workspace_id = $1 AND c.parent_id = walk.id \
             AND c.name = ($3::text[])[walk.depth + 1] AND c.trashed_at IS NULL) \
             SELECT ",
            collection_columns!(),
            ", walk.depth FROM walk \
             JOIN collections c ON c.workspace_id = $1 AND c.collection_id = walk.id \
             ORDER BY walk.depth DESC LIMIT 1"
        );
        let names: Vec<&str> = path.iter().map(ObjectName::as_str).collect();
        let row = self
            .row(LOCATE, &[&self.workspace, &owner.as_str(), &names])
            .await?;
        let Some(row) = row else {
            return Ok(Location::Missing);
        };
        let found = Box::new(collection(&row, self.epoch)?);
        let depth: i32 = row.try_get("depth")?;
        let left = path.get(usize::try_from(depth).unwrap_or(0)..);
        Ok(match left {
            Some([]) => Location::Collection(found),
            Some([name]) => Location::Member {
                parent: found,
                name: name.clone(),
            },
            Some(_) | None => Location::Missing,
        })
    }

    pub(in crate::postgres) async fn trash(
        &self,
        owner: PrincipalId,
    ) -> Result<Vec<(Timestamp, Collection)>, Error> {
        const TRASH: &str = concat!(
            "SELECT ",
            collection_columns!(),
            ", c.trashed_at FROM collections c WHERE c.workspace_id = $1 AND c.owner_id = $2 \
             AND c.trashed_at IS NOT NULL AND c.trash_root = c.collection_id \
             ORDER BY c.trashed_at DESC, c.collection_id"
        );
        let rows = self
            .rows(TRASH, &[&self.workspace, &owner.into_raw()])
            .await?;
        let found = rows.iter().map(|row| {
            let at = Timestamp::from_millis(row.try_get("trashed_at")?);
            Ok((at, collection(row, self.epoch)?))
        });
        found.collect()
    }
}
