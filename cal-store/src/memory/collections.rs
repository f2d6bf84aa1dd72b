//! Collections in memory: the tree and the trash.

use std::sync::Arc;

use super::folder::{Folder, Member};
use super::state::State;
use crate::audit::Audited;
use crate::{
    AuditAction, Cause, Collection, CollectionChanges, CollectionId, CollectionName, Effect, Error,
    MoveCollection, NewCollection, ObjectName, PrincipalId, Reach, Receipt, SyncToken, Timestamp,
    Touch, Transaction,
};

impl State {
    pub(super) fn create_collection(
        &mut self,
        new: &NewCollection,
        within: &Transaction,
    ) -> Result<Receipt, Error> {
        let at = within.cause.at;
        let owner = self.check_place(new.id, (new.parent, &new.name), within)?;
        if self.folders.contains_key(&new.id) {
            return Err(Error::Exists);
        }
        self.guard([Touch::new(new.parent, Reach::Members)], within)?;
        let collection = Collection {
            id: new.id,
            parent: Some(new.parent),
            owner,
            name: new.name.clone(),
            kind: new.kind,
            details: new.details.clone(),
            properties: new.properties.clone(),
            created: at,
            modified: at,
            token: SyncToken::new(self.epoch, new.id, 0),
        };
        self.folders.insert(new.id, Folder::new(collection));
        let sequence = self.attach(new.id, new.parent, &new.name, at)?;
        let audited = (AuditAction::CreateCollection, new.id, &new.name);
        self.audit_collection(new.parent, sequence, &within.cause, audited);
        Ok(Receipt::new(Effect::Created, sequence))
    }

    pub(super) fn update_collection(
        &mut self,
        id: CollectionId,
        changes: &CollectionChanges,
        within: &Transaction,
    ) -> Result<Receipt, Error> {
        let (cause, at) = (&within.cause, within.cause.at);
        self.folder(id).ok_or(Error::NotFound)?;
        self.guard([Touch::new(id, Reach::Itself)], within)?;
        let folder = self.folder_mut(id).ok_or(Error::NotFound)?;
        folder.end_state(at);
        let collection = &mut folder.collection;
        changes.apply(&mut collection.details);
        changes.properties.apply(&mut collection.properties);
        collection.modified = at;
        let (parent, name) = (collection.parent, collection.name.clone());
        let action = AuditAction::UpdateCollection;
        let sequence = match parent {
            Some(parent) => {
                let sequence = self.attach(id, parent, &name, at)?;
                self.audit_collection(parent, sequence, cause, (action, id, &name));
                sequence
            }
            None => {
                let audited = Audited::subject(action, id.into_raw(), name.as_str());
                self.audit_store(cause, &audited);
                0
            }
        };
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    pub(super) fn move_collection(
        &mut self,
        to: &MoveCollection,
        within: &Transaction,
    ) -> Result<Receipt, Error> {
        let at = within.cause.at;
        let folder = self.folder(to.id).ok_or(Error::NotFound)?;
        let (parent, name) = (folder.collection.parent, folder.collection.name.clone());
        let parent = parent.ok_or(Error::WrongPlace)?;
        if self.is_inside(to.parent, to.id) {
            return Err(Error::WrongPlace);
        }
        let owner = self.check_place(to.id, (to.parent, &to.name), within)?;
        let touches = [
            Touch::new(to.id, Reach::Tree),
            Touch::new(parent, Reach::Members),
            Touch::new(to.parent, Reach::Members),
        ];
        self.guard(touches, within)?;
        self.free_tree(to.id);
        if let Some(folder) = self.folder_mut(to.id) {
            folder.end_state(at);
        }
        let left = self.detach(parent, &name, at)?;
        let audited = (AuditAction::CollectionLeft, to.id, &name);
        self.audit_collection(parent, left, &within.cause, audited);
        self.adopt(to.id, owner);
        let sequence = self.attach(to.id, to.parent, &to.name, at)?;
        let audited = (AuditAction::CollectionArrived, to.id, &to.name);
        self.audit_collection(to.parent, sequence, &within.cause, audited);
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    pub(super) fn delete_collection(
        &mut self,
        id: CollectionId,
        within: &Transaction,
    ) -> Result<Receipt, Error> {
        let (cause, at) = (&within.cause, within.cause.at);
        let folder = self.folder(id).ok_or(Error::NotFound)?;
        let (parent, name) = (folder.collection.parent, folder.collection.name.clone());
        let parent = parent.ok_or(Error::WrongPlace)?;
        let touches = [
            Touch::new(id, Reach::Tree),
            Touch::new(parent, Reach::Members),
        ];
        self.guard(touches, within)?;
        self.free_tree(id);
        let sequence = self.detach(parent, &name, at)?;
        for below in self.subtree(id) {
            if let Some(folder) = self.folder_mut(below) {
                folder.end_state(at);
                folder.trashed = Some((at, id));
            }
        }
        let audited = (AuditAction::TrashCollection, id, &name);
        self.audit_collection(parent, sequence, cause, audited);
        Ok(Receipt::new(Effect::Deleted, sequence))
    }

    pub(super) fn untrash_collection(
        &mut self,
        to: &MoveCollection,
        within: &Transaction,
    ) -> Result<Receipt, Error> {
        let at = within.cause.at;
        let with_it = |folder: &Folder| folder.trashed.is_some_and(|(_, root)| root == to.id);
        if !self.folders.get(&to.id).is_some_and(with_it) {
            return Err(Error::NotFound);
        }
        let owner = self.check_place(to.id, (to.parent, &to.name), within)?;
        self.guard([Touch::new(to.parent, Reach::Members)], within)?;
        for folder in self.folders.values_mut().filter(|folder| with_it(folder)) {
            folder.end_state(at);
            folder.trashed = None;
        }
        self.adopt(to.id, owner);
        let sequence = self.attach(to.id, to.parent, &to.name, at)?;
        let audited = (AuditAction::RestoreCollection, to.id, &to.name);
        self.audit_collection(to.parent, sequence, &within.cause, audited);
        Ok(Receipt::new(Effect::Created, sequence))
    }

    pub(super) fn trash(&self, owner: PrincipalId) -> Vec<(Timestamp, Collection)> {
        let mut trash: Vec<_> = self
            .folders
            .values()
            .filter(|folder| folder.collection.owner == owner)
            .filter_map(|folder| match folder.trashed {
                Some((at, root)) if root == folder.collection.id => {
                    Some((at, folder.collection.clone()))
                }
                Some(_) | None => None,
            })
            .collect();
        trash.sort_by_key(|(at, collection)| (std::cmp::Reverse(*at), collection.id));
        trash
    }

    /// Adds an entry about a collection to the chain of its parent.
    fn audit_collection(
        &mut self,
        parent: CollectionId,
        sequence: u64,
        cause: &Arc<Cause>,
        (action, id, name): (AuditAction, CollectionId, &CollectionName),
    ) {
        let audited = Audited::subject(action, id.into_raw(), name.as_str());
        self.audit_member(parent, sequence, cause, &audited);
    }

    /// Whether a collection may be made here; answers whose it will be.
    fn check_place(
        &self,
        id: CollectionId,
        (parent, name): (CollectionId, &CollectionName),
        within: &Transaction,
    ) -> Result<PrincipalId, Error> {
        let parent = self.folder(parent).ok_or(Error::ParentMissing)?;
        if !parent.collection.kind.holds_collections() {
            return Err(Error::WrongPlace);
        }
        parent.collection.kind.admits(name.as_str())?;
        if parent.members.contains_key(name.as_str()) {
            return Err(Error::Exists);
        }
        let levels = self.level(parent.collection.id) + self.height(id);
        within.check_depth(levels)?;
        Ok(parent.collection.owner)
    }

    /// Puts a collection under a name of its parent, or logs a change of it there.
    fn attach(
        &mut self,
        id: CollectionId,
        parent: CollectionId,
        name: &CollectionName,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let folder = self.folder_mut(parent).ok_or(Error::ParentMissing)?;
        let sequence = folder.put_child(&ObjectName::from(name), id, at);
        let child = self.folder_mut(id).ok_or(Error::NotFound)?;
        child.collection.parent = Some(parent);
        child.collection.name = name.clone();
        Ok(sequence)
    }

    fn detach(
        &mut self,
        parent: CollectionId,
        name: &CollectionName,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let folder = self.folder_mut(parent).ok_or(Error::ParentMissing)?;
        Ok(folder.remove_member(&ObjectName::from(name), at))
    }

    fn adopt(&mut self, id: CollectionId, owner: PrincipalId) {
        for below in self.subtree(id) {
            if let Some(folder) = self.folders.get_mut(&below) {
                folder.collection.owner = owner;
            }
        }
    }

    /// A collection and all below it.
    pub(super) fn subtree(&self, id: CollectionId) -> Vec<CollectionId> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(id) = found.get(next) {
            let members = self.folders.get(id).map(|folder| folder.members.values());
            let children = members
                .into_iter()
                .flatten()
                .filter_map(|member| match member {
                    Member::Child(child, _) => Some(*child),
                    Member::Object(_) => None,
                });
            found.extend(children.collect::<Vec<_>>());
            next += 1;
        }
        found
    }

    /// The levels between a collection and its home; 0 for the home itself.
    fn level(&self, id: CollectionId) -> usize {
        self.above(id).count().saturating_sub(1)
    }

    /// The levels of a collection and what is below it.
    fn height(&self, id: CollectionId) -> usize {
        let deepest = self.subtree(id).into_iter().map(|below| {
            let above = self.above(below);
            above.take_while(|above| *above != id).count() + 1
        });
        deepest.max().unwrap_or(1)
    }

    /// A collection and all that it is in, upwards.
    fn above(&self, id: CollectionId) -> impl Iterator<Item = CollectionId> {
        let parent = |id: &CollectionId| self.folders.get(id)?.collection.parent;
        std::iter::successors(Some(id), parent)
    }

    pub(super) fn is_inside(&self, inner: CollectionId, outer: CollectionId) -> bool {
        self.above(inner).any(|id| id == outer)
    }
}
