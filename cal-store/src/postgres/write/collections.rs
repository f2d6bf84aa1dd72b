//! Writing collections: the tree and the trash.
//!
//! Who changes the tree of an owner holds the lock of the owner's home, which
//! [`Session::lock_homes`] takes first: nobody else moves anything there
//! meanwhile. The rows of collections are locked besides, against those who
//! write objects.

use tokio_postgres::types::ToSql;

use super::Session;
use crate::audit::Audited;
use crate::postgres::row::{collection_kind, details, integer, kind_columns, natural, optional};
use crate::{
    AuditAction, CollectionChanges, CollectionId, CollectionName, Details, Effect, Error,
    LockWrite, MoveCollection, NewCollection, PrincipalId, Reach, Receipt, Touch, Transparency,
    Write,
};

/// A collection that is about to change.
struct There {
    parent: Option<CollectionId>,
    name: CollectionName,
    details: Details,
}

/// A collection, and what another reads of it with its lock.
const LIVE: &str = "SELECT parent_id, name, display_name, description, color, sort_order, \
     time_zone, is_transparent FROM collections \
     WHERE workspace_id = $1 AND collection_id = $2 AND trashed_at IS NULL FOR NO KEY UPDATE";

impl Session<'_> {
    /// Locks the homes of all whose tree of collections may change, in the
    /// order in which everybody does; answers whether it has got hold of all.
    ///
    /// A collection that goes to another owner just before leaves one out:
    /// then the transaction has to be begun anew.
    pub(in crate::postgres) async fn lock_homes(&self) -> Result<bool, Error> {
        const LOCK: &str = "SELECT owner_id FROM collections WHERE workspace_id = $1 \
             AND parent_id IS NULL AND owner_id = ANY($2) ORDER BY collection_id FOR UPDATE";
        let (collections, mut owners) = self.concerned();
        owners.extend(self.owners(&collections).await?);
        let locked = self.rows(LOCK, &[&self.workspace, &owners]).await?;
        let locked = locked.iter().map(|row| row.try_get(0));
        let locked = locked.collect::<Result<Vec<i64>, _>>()?;
        let now = self.owners(&collections).await?;
        Ok(now.iter().all(|owner| locked.contains(owner)))
    }

    async fn owners(&self, collections: &Vec<i64>) -> Result<Vec<i64>, Error> {
        const OWNERS: &str = "SELECT DISTINCT owner_id FROM collections \
             WHERE workspace_id = $1 AND collection_id = ANY($2)";
        let rows = self.rows(OWNERS, &[&self.workspace, collections]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// The collections and the principals that a transaction names.
    fn concerned(&self) -> (Vec<i64>, Vec<i64>) {
        let mut collections = Vec::new();
        let mut principals = Vec::new();
        for write in &self.transaction.writes {
            match write {
                Write::CreateCollection(new) => collections.push(new.parent.into_raw()),
                Write::UpdateCollection(id, _) | Write::DeleteCollection(id) => {
                    collections.push(id.into_raw());
                }
                Write::MoveCollection(to) | Write::RestoreCollection(to) => {
                    collections.extend([to.id.into_raw(), to.parent.into_raw()]);
                }
                Write::RemovePrincipal(id) => principals.push(id.into_raw()),
                Write::Lock(LockWrite::Place(lock)) => {
                    collections.push(lock.root.collection.into_raw());
                }
                Write::CreatePrincipal(..)
                | Write::UpdatePrincipal(..)
                | Write::SetPassword(..)
                | Write::AddToken(_)
                | Write::RevokeToken(..)
                | Write::PutObject(_)
                | Write::DeleteObject(_)
                | Write::UpdateObject(..)
                | Write::Job(_)
                | Write::Secret(_)
                | Write::Lock(_) => {}
            }
        }
        (collections, principals)
    }

    pub(super) async fn create_collection(&self, new: &NewCollection) -> Result<Receipt, Error> {
        const TAKEN: &str =
            "SELECT 1 FROM collections WHERE workspace_id = $1 AND collection_id = $2";
        let owner = self.check_place(new.id, new.parent, &new.name).await?;
        if self
            .exists(TAKEN, &[&self.workspace, &new.id.into_raw()])
            .await?
        {
            return Err(Error::Exists);
        }
        self.guard(&[Touch::new(new.parent, Reach::Members)])
            .await?;
        let sequence = self.enter(new.parent, &new.name).await?;
        self.insert_collection(new, owner, Some((new.parent, sequence)))
            .await?;
        self.set_properties(new.id, &new.properties).await?;
        let action = AuditAction::CreateCollection;
        self.audit_collection(new.parent, sequence, (action, new.id, &new.name))
            .await?;
        Ok(Receipt::new(Effect::Created, sequence))
    }

    /// Writes the row of a collection; a home has neither parent nor place in its log.
    pub(super) async fn insert_collection(
        &self,
        new: &NewCollection,
        owner: PrincipalId,
        parent: Option<(CollectionId, u64)>,
    ) -> Result<(), Error> {
        const INSERT: &str = "INSERT INTO collections (workspace_id, collection_id, owner_id, \
             parent_id, name, kind, components, display_name, description, color, sort_order, \
             time_zone, is_transparent, created, modified, since, parent_sequence) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14, $15)";
        let (kind, components) = kind_columns(new.kind);
        let details = &new.details;
        let row: [&(dyn ToSql + Sync); 15] = [
            &self.workspace,
            &new.id.into_raw(),
            &owner.into_raw(),
            &parent.map(|(parent, _)| parent.into_raw()),
            &new.name.as_str(),
            &kind,
            &components,
            &details.display_name,
            &details.description,
            &details.color,
            &details.order,
            &details.time_zone,
            &(details.transparency == Transparency::Transparent),
            &self.at(),
            &parent.map(|(_, sequence)| integer(sequence)),
        ];
        self.execute(INSERT, &row).await.map(drop)
    }

    pub(super) async fn update_collection(
        &self,
        id: CollectionId,
        changes: &CollectionChanges,
    ) -> Result<Receipt, Error> {
        let mut there = self.collection_at(id).await?.ok_or(Error::NotFound)?;
        self.guard(&[Touch::new(id, Reach::Itself)]).await?;
        self.end_states(&vec![id.into_raw()]).await?;
        changes.apply(&mut there.details);
        self.update_details(id, &there.details).await?;
        self.change_properties(id, &changes.properties).await?;
        let action = AuditAction::UpdateCollection;
        let sequence = match there.parent {
            Some(parent) => {
                let sequence = self.touch(id, parent).await?;
                self.audit_collection(parent, sequence, (action, id, &there.name))
                    .await?;
                sequence
            }
            None => {
                let audited = Audited::subject(action, id.into_raw(), there.name.as_str());
                self.audit_store(&audited).await?;
                0
            }
        };
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    async fn update_details(&self, id: CollectionId, details: &Details) -> Result<(), Error> {
        const UPDATE: &str = "UPDATE collections SET display_name = $3, description = $4, \
             color = $5, sort_order = $6, time_zone = $7, is_transparent = $8, modified = $9 \
             WHERE workspace_id = $1 AND collection_id = $2";
        let row: [&(dyn ToSql + Sync); 9] = [
            &self.workspace,
            &id.into_raw(),
            &details.display_name,
            &details.description,
            &details.color,
            &details.order,
            &details.time_zone,
            &(details.transparency == Transparency::Transparent),
            &self.at(),
        ];
        self.execute(UPDATE, &row).await.map(drop)
    }

    pub(super) async fn move_collection(&self, to: &MoveCollection) -> Result<Receipt, Error> {
        let there = self.collection_at(to.id).await?.ok_or(Error::NotFound)?;
        let parent = there.parent.ok_or(Error::WrongPlace)?;
        if self.is_inside(to.parent, to.id).await? {
            return Err(Error::WrongPlace);
        }
        let owner = self.check_place(to.id, to.parent, &to.name).await?;
        self.guard(&[
            Touch::new(to.id, Reach::Tree),
            Touch::new(parent, Reach::Members),
            Touch::new(to.parent, Reach::Members),
        ])
        .await?;
        self.free_tree(to.id).await?;
        self.end_states(&vec![to.id.into_raw()]).await?;
        let left = self.next_sequence(parent).await?;
        self.bury(parent, there.name.as_str(), left).await?;
        let action = AuditAction::CollectionLeft;
        self.audit_collection(parent, left, (action, to.id, &there.name))
            .await?;
        let sequence = self.arrive(to, owner).await?;
        let action = AuditAction::CollectionArrived;
        self.audit_collection(to.parent, sequence, (action, to.id, &to.name))
            .await?;
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    pub(super) async fn delete_collection(&self, id: CollectionId) -> Result<Receipt, Error> {
        const TRASH: &str = "UPDATE collections SET trashed_at = $3, trash_root = $4 \
             WHERE workspace_id = $1 AND collection_id = ANY($2)";
        let there = self.collection_at(id).await?.ok_or(Error::NotFound)?;
        let parent = there.parent.ok_or(Error::WrongPlace)?;
        self.guard(&[
            Touch::new(id, Reach::Tree),
            Touch::new(parent, Reach::Members),
        ])
        .await?;
        self.free_tree(id).await?;
        let sequence = self.next_sequence(parent).await?;
        let below = self.subtree(id).await?;
        self.end_states(&below).await?;
        let trash: [&(dyn ToSql + Sync); 4] = [&self.workspace, &below, &self.at(), &id.into_raw()];
        self.execute(TRASH, &trash).await?;
        self.bury(parent, there.name.as_str(), sequence).await?;
        let action = AuditAction::TrashCollection;
        self.audit_collection(parent, sequence, (action, id, &there.name))
            .await?;
        Ok(Receipt::new(Effect::Deleted, sequence))
    }

    pub(super) async fn untrash_collection(&self, to: &MoveCollection) -> Result<Receipt, Error> {
        const TRASHED: &str = "SELECT collection_id FROM collections WHERE workspace_id = $1 \
             AND trash_root = $2 AND trashed_at IS NOT NULL ORDER BY collection_id FOR UPDATE";
        // The name it is restored under comes first: its old one may be taken.
        const UNTRASH: &str = "UPDATE collections SET trashed_at = NULL, trash_root = NULL, \
             parent_id = CASE collection_id WHEN $2 THEN $3 ELSE parent_id END, \
             name = CASE collection_id WHEN $2 THEN $4 ELSE name END \
             WHERE workspace_id = $1 AND trash_root = $2 AND trashed_at IS NOT NULL";
        let id = to.id.into_raw();
        let trashed = self.rows(TRASHED, &[&self.workspace, &id]).await?;
        let trashed = trashed.iter().map(|row| row.try_get(0));
        let trashed = trashed.collect::<Result<Vec<i64>, _>>()?;
        if !trashed.contains(&id) {
            return Err(Error::NotFound);
        }
        let owner = self.check_place(to.id, to.parent, &to.name).await?;
        self.guard(&[Touch::new(to.parent, Reach::Members)]).await?;
        let row: [&(dyn ToSql + Sync); 4] = [
            &self.workspace,
            &id,
            &to.parent.into_raw(),
            &to.name.as_str(),
        ];
        self.end_states(&trashed).await?;
        self.execute(UNTRASH, &row).await?;
        let sequence = self.arrive(to, owner).await?;
        let action = AuditAction::RestoreCollection;
        self.audit_collection(to.parent, sequence, (action, to.id, &to.name))
            .await?;
        Ok(Receipt::new(Effect::Created, sequence))
    }

    /// Adds an entry about a collection to the chain of its parent.
    async fn audit_collection(
        &self,
        parent: CollectionId,
        sequence: u64,
        (action, id, name): (AuditAction, CollectionId, &CollectionName),
    ) -> Result<(), Error> {
        let audited = Audited::subject(action, id.into_raw(), name.as_str());
        self.audit(parent, sequence, &audited).await
    }

    /// Gives a collection, with all below it, its place, name and owner.
    async fn arrive(&self, to: &MoveCollection, owner: PrincipalId) -> Result<u64, Error> {
        const PLACE: &str = "UPDATE collections SET parent_id = $3, name = $4, \
             parent_sequence = $5 WHERE workspace_id = $1 AND collection_id = $2";
        // What was put into the trash stays with its owner when what held it
        // goes to another: it hangs below the owner's home from then on.
        const KEEP_TRASH: &str = "UPDATE collections c SET parent_id = home.collection_id \
             FROM collections home WHERE home.workspace_id = $1 AND home.owner_id = c.owner_id \
             AND home.parent_id IS NULL AND c.workspace_id = $1 AND c.parent_id = ANY($2) \
             AND c.trash_root = c.collection_id AND c.trashed_at IS NOT NULL \
             AND c.owner_id <> $3";
        const ADOPT: &str = "UPDATE collections SET owner_id = $3 WHERE workspace_id = $1 \
             AND collection_id = ANY($2) AND owner_id <> $3";
        let sequence = self.enter(to.parent, &to.name).await?;
        let place: [&(dyn ToSql + Sync); 5] = [
            &self.workspace,
            &to.id.into_raw(),
            &to.parent.into_raw(),
            &to.name.as_str(),
            &integer(sequence),
        ];
        self.execute(PLACE, &place).await?;
        let (below, owner) = (self.subtree(to.id).await?, owner.into_raw());
        self.execute(KEEP_TRASH, &[&self.workspace, &below, &owner])
            .await?;
        self.execute(ADOPT, &[&self.workspace, &below, &owner])
            .await?;
        Ok(sequence)
    }

    /// A collection and all below it that is not already in the trash.
    pub(super) async fn subtree(&self, id: CollectionId) -> Result<Vec<i64>, Error> {
        const SUBTREE: &str = "WITH RECURSIVE below (id) AS (SELECT $2::bigint UNION \
             SELECT c.collection_id FROM below JOIN collections c \
             ON c.workspace_id = $1 AND c.parent_id = below.id AND c.trashed_at IS NULL) \
             SELECT id FROM below ORDER BY id";
        let rows = self
            .rows(SUBTREE, &[&self.workspace, &id.into_raw()])
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Whether a collection may be made here; answers whose it will be.
    async fn check_place(
        &self,
        id: CollectionId,
        parent: CollectionId,
        name: &CollectionName,
    ) -> Result<PrincipalId, Error> {
        const PARENT: &str = "SELECT kind, components, owner_id FROM collections \
             WHERE workspace_id = $1 AND collection_id = $2 AND trashed_at IS NULL \
             FOR NO KEY UPDATE";
        const TAKEN: &str = "SELECT 1 FROM collections \
             WHERE workspace_id = $1 AND parent_id = $2 AND name = $3 AND trashed_at IS NULL \
             UNION ALL SELECT 1 FROM objects \
             WHERE workspace_id = $1 AND collection_id = $2 AND name = $3";
        let found = self
            .row(PARENT, &[&self.workspace, &parent.into_raw()])
            .await?
            .ok_or(Error::ParentMissing)?;
        let kind = collection_kind(&found, 0)?;
        if !kind.holds_collections() {
            return Err(Error::WrongPlace);
        }
        kind.admits(name.as_str())?;
        let key = (parent.into_raw(), name.as_str());
        if self
            .exists(TAKEN, &[&self.workspace, &key.0, &key.1])
            .await?
        {
            return Err(Error::Exists);
        }
        let levels = self.level(parent).await?;
        let levels = levels.saturating_add(self.height(id).await?);
        self.transaction.check_depth(levels)?;
        Ok(PrincipalId::from_raw(found.try_get(2)?))
    }

    /// The levels between a collection and its home; 0 for the home itself.
    async fn level(&self, id: CollectionId) -> Result<usize, Error> {
        const LEVEL: &str = "WITH RECURSIVE above (id, level) AS (\
             SELECT $2::bigint, 0::bigint UNION ALL \
             SELECT c.parent_id, level + 1 FROM above JOIN collections c \
             ON c.workspace_id = $1 AND c.collection_id = above.id \
             WHERE c.parent_id IS NOT NULL) SELECT max(level) FROM above";
        self.levels(LEVEL, id).await
    }

    /// The levels of a collection and what is, or will be restored, below it.
    async fn height(&self, id: CollectionId) -> Result<usize, Error> {
        const HEIGHT: &str = "WITH RECURSIVE below (id, level) AS (\
             SELECT $2::bigint, 1::bigint UNION ALL \
             SELECT c.collection_id, level + 1 FROM below JOIN collections c \
             ON c.workspace_id = $1 AND c.parent_id = below.id \
             WHERE c.trashed_at IS NULL OR c.trash_root = $2) SELECT max(level) FROM below";
        self.levels(HEIGHT, id).await
    }

    async fn levels(&self, sql: &str, id: CollectionId) -> Result<usize, Error> {
        let row = self.row(sql, &[&self.workspace, &id.into_raw()]).await?;
        let levels = row.map_or(Ok(0), |row| natural(&row, 0))?;
        Ok(usize::try_from(levels).unwrap_or(usize::MAX))
    }

    /// Logs that a name is new in a collection.
    async fn enter(&self, parent: CollectionId, name: &CollectionName) -> Result<u64, Error> {
        let sequence = self.next_sequence(parent).await?;
        self.unbury(parent, name.as_str()).await?;
        Ok(sequence)
    }

    /// Logs that a collection has changed in its parent.
    async fn touch(&self, id: CollectionId, parent: CollectionId) -> Result<u64, Error> {
        const TOUCH: &str = "UPDATE collections SET parent_sequence = $3 \
             WHERE workspace_id = $1 AND collection_id = $2";
        let sequence = self.next_sequence(parent).await?;
        let row = (id.into_raw(), integer(sequence));
        self.execute(TOUCH, &[&self.workspace, &row.0, &row.1])
            .await?;
        Ok(sequence)
    }

    /// A collection that is not in the trash, locked.
    async fn collection_at(&self, id: CollectionId) -> Result<Option<There>, Error> {
        let row = self.row(LIVE, &[&self.workspace, &id.into_raw()]).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(There {
            parent: optional(&row, 0, CollectionId::from_raw)?,
            name: CollectionName::from_stored(row.try_get(1)?),
            details: details(&row, 2)?,
        }))
    }

    async fn is_inside(&self, inner: CollectionId, outer: CollectionId) -> Result<bool, Error> {
        const ABOVE: &str = "WITH RECURSIVE above (id) AS (SELECT $2::bigint UNION \
             SELECT c.parent_id FROM above JOIN collections c \
             ON c.workspace_id = $1 AND c.collection_id = above.id \
             WHERE c.parent_id IS NOT NULL) SELECT 1 FROM above WHERE id = $3";
        let (inner, outer) = (inner.into_raw(), outer.into_raw());
        self.exists(ABOVE, &[&self.workspace, &inner, &outer]).await
    }
}
