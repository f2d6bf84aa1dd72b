//! Writing collections: the tree and the trash.

use rusqlite::{named_params, params};

use super::Session;
use crate::audit::Audited;
use crate::sqlite::row::{collection, collection_kind, integer, kind_columns, natural};
use crate::{
    AuditAction, CollectionChanges, CollectionId, CollectionKind, CollectionName, Details, Effect,
    Error, MoveCollection, NewCollection, PrincipalId, Reach, Receipt, Touch, Transparency,
};

/// A collection and all below it that is not already in the trash.
pub(super) const SUBTREE: &str = "WITH RECURSIVE below (id) AS (SELECT ?1 UNION \
     SELECT c.collection_id FROM collections c JOIN below ON c.parent_id = below.id \
     WHERE c.trashed_at IS NULL)";

/// What was put into the trash stays with its owner when what held it goes to
/// another: it hangs below the owner's home from then on, and lives as long.
const KEEP_TRASH: &str = "UPDATE collections SET parent_id = (SELECT home.collection_id \
     FROM collections home WHERE home.owner_id = collections.owner_id AND home.parent_id IS NULL) \
     WHERE trash_root = collection_id AND trashed_at IS NOT NULL AND owner_id <> ?2 \
     AND parent_id IN (SELECT id FROM below)";

impl Session<'_> {
    pub(super) fn create_collection(&self, new: &NewCollection) -> Result<Receipt, Error> {
        const TAKEN: &str = "SELECT 1 FROM collections WHERE collection_id = ?1";
        let owner = self.check_place(new.id, new.parent, &new.name)?;
        if self.exists(TAKEN, [new.id.into_raw()])? {
            return Err(Error::Exists);
        }
        self.guard([Touch::new(new.parent, Reach::Members)])?;
        let sequence = self.enter(new.parent, &new.name)?;
        self.insert_collection(new, owner, Some((new.parent, sequence)))?;
        self.set_properties(new.id, "", &new.properties)?;
        let action = AuditAction::CreateCollection;
        self.audit_collection(new.parent, sequence, (action, new.id, &new.name))?;
        Ok(Receipt::new(Effect::Created, sequence))
    }

    /// Writes the row of a collection; a home has neither parent nor place in its log.
    pub(super) fn insert_collection(
        &self,
        new: &NewCollection,
        owner: PrincipalId,
        parent: Option<(CollectionId, u64)>,
    ) -> Result<(), Error> {
        const INSERT: &str = "INSERT INTO collections (collection_id, workspace_id, owner_id, \
             parent_id, name, kind, components, display_name, description, color, sort_order, \
             time_zone, is_transparent, created, modified, since, parent_sequence) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?14, ?15)";
        let (kind, components) = kind_columns(new.kind);
        let details = &new.details;
        let row = params![
            new.id.into_raw(),
            self.place.workspace,
            owner.into_raw(),
            parent.map(|(parent, _)| parent.into_raw()),
            new.name.as_str(),
            kind,
            components,
            details.display_name,
            details.description,
            details.color,
            details.order,
            details.time_zone,
            details.transparency == Transparency::Transparent,
            self.at(),
            parent.map(|(_, sequence)| integer(sequence)),
        ];
        self.execute(INSERT, row).map(drop)
    }

    pub(super) fn update_collection(
        &self,
        id: CollectionId,
        changes: &CollectionChanges,
    ) -> Result<Receipt, Error> {
        let there = self.collection_at(id)?.ok_or(Error::NotFound)?;
        self.guard([Touch::new(id, Reach::Itself)])?;
        self.end_state(id)?;
        let mut details = there.details;
        changes.apply(&mut details);
        self.update_details(id, &details)?;
        self.change_properties(id, "", &changes.properties)?;
        let action = AuditAction::UpdateCollection;
        let sequence = match there.parent {
            Some(parent) => {
                let sequence = self.touch(id, parent)?;
                self.audit_collection(parent, sequence, (action, id, &there.name))?;
                sequence
            }
            None => {
                let name = there.name.as_str();
                self.audit_store(&Audited::subject(action, id.into_raw(), name))?;
                0
            }
        };
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    fn update_details(&self, id: CollectionId, details: &Details) -> Result<(), Error> {
        const UPDATE: &str = "UPDATE collections SET display_name = :display_name, \
             description = :description, color = :color, sort_order = :sort_order, \
             time_zone = :time_zone, is_transparent = :is_transparent, modified = :modified \
             WHERE collection_id = :id";
        let row = named_params! {
            ":id": id.into_raw(),
            ":display_name": details.display_name,
            ":description": details.description,
            ":color": details.color,
            ":sort_order": details.order,
            ":time_zone": details.time_zone,
            ":is_transparent": details.transparency == Transparency::Transparent,
            ":modified": self.at(),
        };
        self.execute(UPDATE, row).map(drop)
    }

    pub(super) fn move_collection(&self, to: &MoveCollection) -> Result<Receipt, Error> {
        let there = self.collection_at(to.id)?.ok_or(Error::NotFound)?;
        let parent = there.parent.ok_or(Error::WrongPlace)?;
        if self.is_inside(to.parent, to.id)? {
            return Err(Error::WrongPlace);
        }
        let owner = self.check_place(to.id, to.parent, &to.name)?;
        self.guard([
            Touch::new(to.id, Reach::Tree),
            Touch::new(parent, Reach::Members),
            Touch::new(to.parent, Reach::Members),
        ])?;
        self.free_tree(to.id)?;
        self.end_state(to.id)?;
        let left = self.next_sequence(parent)?;
        self.bury(parent, there.name.as_str(), left)?;
        let action = AuditAction::CollectionLeft;
        self.audit_collection(parent, left, (action, to.id, &there.name))?;
        let sequence = self.arrive(to, owner)?;
        let action = AuditAction::CollectionArrived;
        self.audit_collection(to.parent, sequence, (action, to.id, &to.name))?;
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    pub(super) fn delete_collection(&self, id: CollectionId) -> Result<Receipt, Error> {
        let there = self.collection_at(id)?.ok_or(Error::NotFound)?;
        let parent = there.parent.ok_or(Error::WrongPlace)?;
        self.guard([
            Touch::new(id, Reach::Tree),
            Touch::new(parent, Reach::Members),
        ])?;
        self.free_tree(id)?;
        let sequence = self.next_sequence(parent)?;
        self.end_states_below(id)?;
        let trash = format!(
            "{SUBTREE} UPDATE collections SET trashed_at = ?2, trash_root = ?1 \
             WHERE collection_id IN (SELECT id FROM below)"
        );
        self.execute(&trash, (id.into_raw(), self.at()))?;
        self.bury(parent, there.name.as_str(), sequence)?;
        let action = AuditAction::TrashCollection;
        self.audit_collection(parent, sequence, (action, id, &there.name))?;
        Ok(Receipt::new(Effect::Deleted, sequence))
    }

    pub(super) fn untrash_collection(&self, to: &MoveCollection) -> Result<Receipt, Error> {
        const TRASHED: &str = "SELECT 1 FROM collections \
             WHERE collection_id = ?1 AND trash_root = ?1 AND trashed_at IS NOT NULL";
        // The name it is restored under comes first: its old one may be taken.
        const UNTRASH: &str = "UPDATE collections SET trashed_at = NULL, trash_root = NULL, \
             parent_id = CASE collection_id WHEN ?1 THEN ?2 ELSE parent_id END, \
             name = CASE collection_id WHEN ?1 THEN ?3 ELSE name END \
             WHERE trash_root = ?1 AND trashed_at IS NOT NULL";
        if !self.exists(TRASHED, [to.id.into_raw()])? {
            return Err(Error::NotFound);
        }
        let owner = self.check_place(to.id, to.parent, &to.name)?;
        self.guard([Touch::new(to.parent, Reach::Members)])?;
        let row = (to.id.into_raw(), to.parent.into_raw(), to.name.as_str());
        self.end_states_in_trash(to.id)?;
        self.execute(UNTRASH, row)?;
        let sequence = self.arrive(to, owner)?;
        let action = AuditAction::RestoreCollection;
        self.audit_collection(to.parent, sequence, (action, to.id, &to.name))?;
        Ok(Receipt::new(Effect::Created, sequence))
    }

    /// Adds an entry about a collection to the chain of its parent.
    fn audit_collection(
        &self,
        parent: CollectionId,
        sequence: u64,
        (action, id, name): (AuditAction, CollectionId, &CollectionName),
    ) -> Result<(), Error> {
        let audited = Audited::subject(action, id.into_raw(), name.as_str());
        self.audit(parent, sequence, &audited)
    }

    /// Gives a collection, with all below it, its place, name and owner.
    fn arrive(&self, to: &MoveCollection, owner: PrincipalId) -> Result<u64, Error> {
        const PLACE: &str = "UPDATE collections SET parent_id = ?2, name = ?3, \
             parent_sequence = ?4 WHERE collection_id = ?1";
        let sequence = self.enter(to.parent, &to.name)?;
        let (id, parent) = (to.id.into_raw(), to.parent.into_raw());
        self.execute(PLACE, (id, parent, to.name.as_str(), integer(sequence)))?;
        let keep = format!("{SUBTREE} {KEEP_TRASH}");
        self.execute(&keep, (id, owner.into_raw()))?;
        let adopt = format!(
            "{SUBTREE} UPDATE collections SET owner_id = ?2 \
             WHERE owner_id <> ?2 AND collection_id IN (SELECT id FROM below)"
        );
        self.execute(&adopt, (id, owner.into_raw()))?;
        Ok(sequence)
    }

    /// Whether a collection may be made here; answers whose it will be.
    fn check_place(
        &self,
        id: CollectionId,
        parent: CollectionId,
        name: &CollectionName,
    ) -> Result<PrincipalId, Error> {
        const PARENT: &str = "SELECT kind, components, owner_id FROM collections \
             WHERE collection_id = ?1 AND trashed_at IS NULL";
        const OBJECT: &str = "SELECT 1 FROM objects WHERE collection_id = ?1 AND name = ?2";
        let found: Option<(CollectionKind, i64)> =
            self.row(PARENT, [parent.into_raw()], |row| {
                Ok((collection_kind(row, 0)?, row.get(2)?))
            })?;
        let (kind, owner) = found.ok_or(Error::ParentMissing)?;
        if !kind.holds_collections() {
            return Err(Error::WrongPlace);
        }
        kind.admits(name.as_str())?;
        let key = (parent.into_raw(), name.as_str());
        if self.has_child(parent, name.as_str())? || self.exists(OBJECT, key)? {
            return Err(Error::Exists);
        }
        let levels = self.level(parent)?.saturating_add(self.height(id)?);
        self.transaction.check_depth(levels)?;
        Ok(PrincipalId::from_raw(owner))
    }

    /// The levels between a collection and its home; 0 for the home itself.
    fn level(&self, id: CollectionId) -> Result<usize, Error> {
        const LEVEL: &str = "WITH RECURSIVE above (id, level) AS (SELECT ?1, 0 UNION ALL \
             SELECT c.parent_id, level + 1 FROM collections c \
             JOIN above ON c.collection_id = above.id WHERE c.parent_id IS NOT NULL) \
             SELECT max(level) FROM above";
        self.levels(LEVEL, id)
    }

    /// The levels of a collection and what is, or will be restored, below it.
    fn height(&self, id: CollectionId) -> Result<usize, Error> {
        const HEIGHT: &str = "WITH RECURSIVE below (id, level) AS (SELECT ?1, 1 UNION ALL \
             SELECT c.collection_id, level + 1 FROM collections c \
             JOIN below ON c.parent_id = below.id \
             WHERE c.trashed_at IS NULL OR c.trash_root = ?1) \
             SELECT max(level) FROM below";
        self.levels(HEIGHT, id)
    }

    fn levels(&self, sql: &str, id: CollectionId) -> Result<usize, Error> {
        let levels = self.row(sql, [id.into_raw()], |row| natural(row, 0))?;
        Ok(usize::try_from(levels.unwrap_or(0)).unwrap_or(usize::MAX))
    }

    pub(super) fn has_child(&self, parent: CollectionId, name: &str) -> Result<bool, Error> {
        const CHILD: &str = "SELECT 1 FROM collections \
             WHERE parent_id = ?1 AND name = ?2 AND trashed_at IS NULL";
        self.exists(CHILD, (parent.into_raw(), name))
    }

    /// Logs that a name is new in a collection.
    fn enter(&self, parent: CollectionId, name: &CollectionName) -> Result<u64, Error> {
        let sequence = self.next_sequence(parent)?;
        self.unbury(parent, name.as_str())?;
        Ok(sequence)
    }

    /// Logs that a collection has changed in its parent.
    fn touch(&self, id: CollectionId, parent: CollectionId) -> Result<u64, Error> {
        const TOUCH: &str = "UPDATE collections SET parent_sequence = ?2 WHERE collection_id = ?1";
        let sequence = self.next_sequence(parent)?;
        self.execute(TOUCH, (id.into_raw(), integer(sequence)))?;
        Ok(sequence)
    }

    /// A collection that is not in the trash, without its properties.
    fn collection_at(&self, id: CollectionId) -> Result<Option<crate::Collection>, Error> {
        let sql = format!(
            "SELECT {} FROM collections c WHERE c.collection_id = ?1 AND c.trashed_at IS NULL",
            crate::sqlite::row::COLLECTION
        );
        let epoch = self.place.epoch;
        self.row(&sql, [id.into_raw()], |row| collection(row, epoch))
    }

    fn is_inside(&self, inner: CollectionId, outer: CollectionId) -> Result<bool, Error> {
        const ABOVE: &str = "WITH RECURSIVE above (id) AS (SELECT ?1 UNION \
             SELECT c.parent_id FROM collections c JOIN above ON c.collection_id = above.id) \
             SELECT 1 FROM above WHERE id = ?2";
        self.exists(ABOVE, (inner.into_raw(), outer.into_raw()))
    }
}
