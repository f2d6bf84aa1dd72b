//! Writes of objects, decided one after the other against what was loaded, as
//! each would be if it were alone. Nothing here asks the database.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::load::{Loaded, Locked, Spot, Stored};
use crate::audit::Audited;
use crate::postgres::row::content_type;
use crate::{
    AuditAction, AuditChain, AuditRecord, Cause, CollectionId, CurrentVersion, DeleteObject,
    Effect, EndingKind, Error, LockRoot, ObjectName, PropertyChanges, PropertyName, PutObject,
    Receipt, Touch, Transaction, Write,
};

/// Some writes of objects and what has come of them so far.
#[derive(Debug)]
pub(in crate::postgres) struct Batch<'w> {
    loaded: Loaded,
    /// What the members that were written are now, by their names.
    pub(super) members: HashMap<Spot, Member<'w>>,
    pub(super) ended: Vec<Ended<'w>>,
    /// When a member of these was changed last.
    pub(super) changed: BTreeMap<CollectionId, i64>,
    /// The names that were deleted under locks, which end with them.
    pub(super) freed: Vec<Spot>,
    /// The entries of the audit chains for all of it.
    pub(super) audited: Vec<AuditRecord>,
}

/// A name that was written.
#[derive(Debug, Default)]
pub(super) struct Member<'w> {
    /// What was stored under it before.
    pub(super) before: Option<Stored>,
    /// What is there now.
    pub(super) now: Option<Stored>,
    /// The bytes that are there now, if they are not stored yet.
    pub(super) bytes: Option<Made<'w>>,
    /// When it was deleted, if nothing is there now.
    pub(super) deleted: Option<(u64, i64)>,
    pub(super) properties: PropertyEdits<'w>,
}

/// Bytes and what made them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made<'w> {
    pub(super) put: &'w PutObject,
    pub(super) cause: &'w Cause,
    pub(super) version: u64,
}

/// A version that has ended.
#[derive(Debug)]
pub(super) struct Ended<'w> {
    pub(super) spot: Spot,
    /// Its bytes, if they have never been stored.
    pub(super) bytes: Option<Made<'w>>,
    pub(super) kind: EndingKind,
    pub(super) cause: &'w Cause,
}

/// What becomes of the properties of an object.
#[derive(Debug, Default)]
pub(super) struct PropertyEdits<'w> {
    /// All that were there are gone, before the changes below.
    pub(super) cleared: bool,
    /// Values to set, or nothing where one is removed.
    pub(super) changes: BTreeMap<&'w PropertyName, Option<&'w str>>,
}

impl<'w> Batch<'w> {
    pub(in crate::postgres) fn new(loaded: Loaded) -> Self {
        Self {
            loaded,
            members: HashMap::new(),
            ended: Vec::new(),
            changed: BTreeMap::new(),
            freed: Vec::new(),
            audited: Vec::new(),
        }
    }

    /// Refuses a transaction that was decided upon before the log of a calendar moved on.
    pub(in crate::postgres) fn check_unmoved(
        &self,
        transaction: &Transaction,
    ) -> Result<(), Error> {
        let mut unmoved = transaction.unmoved.iter();
        unmoved.try_for_each(|known| {
            let stands = self.locked(known.0).map(|locked| locked.sequence);
            Transaction::check_unmoved(*known, stands)
        })
    }

    /// Decides a write. One that is refused has changed nothing.
    pub(in crate::postgres) fn write(
        &mut self,
        write: &'w Write,
        within: &'w Transaction,
    ) -> Result<Receipt, Error> {
        match write {
            Write::PutObject(put) => self.put(put, within),
            Write::DeleteObject(delete) => self.delete(delete, within),
            Write::UpdateObject(collection, name, changes) => {
                self.update((*collection, name), changes, within)
            }
            _ => Err(Error::backend("no write of an object")),
        }
    }

    /// Whether nothing is to be stored.
    pub(in crate::postgres) fn is_unchanged(&self) -> bool {
        self.changed.is_empty()
    }

    fn put(&mut self, put: &'w PutObject, within: &'w Transaction) -> Result<Receipt, Error> {
        let cause = &within.cause;
        let spot = (put.collection, put.name.clone());
        let there = self.check_put(put, &spot)?;
        let stays = there.is_some();
        self.guard(Touch::of_member(spot.0, &spot.1, stays), within)?;
        if let Some(there) = there.as_ref().filter(|there| there.is_same(put)) {
            return Ok(Receipt::new(Effect::Unchanged, there.sequence));
        }
        let keeping = self.loaded.check_busy(put, cause)?;
        if let Some(locked) = self.loaded.collections.get_mut(&put.collection) {
            locked.keep_busy(put, keeping);
        }
        let sequence = self.next_sequence(put.collection, cause)?;
        let created = there.as_ref().map(|there| there.created);
        if there.is_some() {
            self.end_version(&spot, EndingKind::Replaced, cause);
        }
        if let Some(index) = &put.index {
            let uid = (put.collection, index.uid.clone());
            self.loaded.uids.insert(uid, put.name.clone());
        }
        let member = self.member(&spot);
        member.now = Some(Stored {
            current: CurrentVersion {
                etag: put.etag,
                schedule_tag: put.schedule_tag,
            },
            content_type: content_type(&put.content_type).map(str::to_owned),
            sequence,
            created: created.unwrap_or(cause.at.millis()),
            uid: put.index.as_ref().map(|index| index.uid.clone()),
        });
        member.bytes = Some(Made {
            put,
            cause,
            version: sequence,
        });
        member.deleted = None;
        if let Some(properties) = &put.properties {
            member.properties.clear();
            let set = properties.iter();
            let set = set.map(|(name, value)| (name, Some(value.as_str())));
            member.properties.changes.extend(set);
        }
        let before = there.as_ref().map(|there| there.current.etag);
        let action = AuditAction::Put;
        let audited = Audited::object(action, put.name.as_str(), before, Some(put.etag));
        self.audit(put.collection, cause, &audited);
        let effect = match there {
            Some(_) => Effect::Updated,
            None => Effect::Created,
        };
        Ok(Receipt::new(effect, sequence))
    }

    fn delete(
        &mut self,
        delete: &'w DeleteObject,
        within: &'w Transaction,
    ) -> Result<Receipt, Error> {
        let cause = &within.cause;
        let collection = delete.collection;
        if !self.loaded.collections.contains_key(&collection) {
            return Err(Error::NotFound);
        }
        let spot = (collection, delete.name.clone());
        let there = self.there(&spot).cloned();
        let current = there.as_ref().map(|there| there.current);
        delete.precondition.check(current)?;
        let there = there.ok_or(Error::NotFound)?;
        self.guard(Touch::of_member(spot.0, &spot.1, false), within)?;
        self.free(&spot);
        let sequence = self.next_sequence(collection, cause)?;
        self.end_version(&spot, EndingKind::Deleted, cause);
        if let Some(uid) = there.uid {
            self.loaded.uids.remove(&(collection, uid));
        }
        if let Some(locked) = self.loaded.collections.get_mut(&collection) {
            locked.free(&delete.name);
        }
        let member = self.member(&spot);
        member.now = None;
        member.bytes = None;
        member.deleted = Some((sequence, cause.at.millis()));
        member.properties.clear();
        let (name, before) = (delete.name.as_str(), Some(there.current.etag));
        let audited = Audited::object(AuditAction::Delete, name, before, None);
        self.audit(collection, cause, &audited);
        Ok(Receipt::new(Effect::Deleted, sequence))
    }

    fn update(
        &mut self,
        (collection, name): (CollectionId, &ObjectName),
        changes: &'w PropertyChanges,
        within: &'w Transaction,
    ) -> Result<Receipt, Error> {
        let cause = &within.cause;
        let spot = (collection, name.clone());
        if !self.loaded.collections.contains_key(&collection) {
            return Err(Error::NotFound);
        }
        let there = self.there(&spot).ok_or(Error::NotFound)?;
        let etag = Some(there.current.etag);
        self.guard(Touch::of_member(collection, name, true), within)?;
        let sequence = self.next_sequence(collection, cause)?;
        let member = self.member(&spot);
        if let Some(now) = &mut member.now {
            now.sequence = sequence;
        }
        let edits = &mut member.properties.changes;
        edits.extend(changes.remove.iter().map(|name| (name, None)));
        let set = changes.set.iter();
        edits.extend(set.map(|(name, value)| (name, Some(value.as_str()))));
        let action = AuditAction::ObjectProperties;
        let audited = Audited::object(action, name.as_str(), etag, etag);
        self.audit(collection, cause, &audited);
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    /// Refuses what locks keep a transaction from touching.
    fn guard<'t>(
        &self,
        touches: impl Iterator<Item = Touch<'t>>,
        within: &Transaction,
    ) -> Result<(), Error> {
        for touch in touches {
            if let Some(nearby) = self.loaded.locks.get(&touch.collection) {
                within.submitted.check(touch, nearby, &within.cause)?;
            }
        }
        Ok(())
    }

    /// Ends the locks of an object that goes.
    fn free(&mut self, spot: &Spot) {
        if let Some(nearby) = self.loaded.locks.get_mut(&spot.0) {
            let root = LockRoot::member(spot.0, spot.1.clone());
            let before = nearby.len();
            nearby.retain(|near| near.lock.root != root);
            if nearby.len() < before {
                self.freed.push(spot.clone());
            }
        }
    }

    /// All that a put is refused for; answers what it replaces.
    fn check_put(&self, put: &PutObject, spot: &Spot) -> Result<Option<Stored>, Error> {
        let locked = self.loaded.collections.get(&put.collection);
        let kind = locked.ok_or(Error::ParentMissing)?.kind;
        if kind.holds_collections() && self.loaded.children.contains(spot) {
            return Err(Error::Exists);
        }
        let there = self.there(spot);
        kind.admits(put.name.as_str())?;
        put.precondition.check(there.map(|there| there.current))?;
        kind.accepts(put.index.as_ref())?;
        if let Some(index) = &put.index {
            let uid = (put.collection, index.uid.clone());
            let holder = self.loaded.uids.get(&uid);
            if let Some(holder) = holder.filter(|holder| **holder != put.name) {
                return Err(Error::UidConflict {
                    holder: holder.clone(),
                });
            }
            index.replaces(there.and_then(|there| there.uid.as_ref()))?;
        }
        Ok(there.cloned())
    }

    /// What has a name at this point of the batch.
    fn there(&self, spot: &Spot) -> Option<&Stored> {
        match self.members.get(spot) {
            Some(member) => member.now.as_ref(),
            None => self.loaded.objects.get(spot),
        }
    }

    fn member(&mut self, spot: &Spot) -> &mut Member<'w> {
        let objects = &self.loaded.objects;
        self.members.entry(spot.clone()).or_insert_with(|| {
            let before = objects.get(spot).cloned();
            Member {
                now: before.clone(),
                before,
                ..Member::default()
            }
        })
    }

    fn end_version(&mut self, spot: &Spot, kind: EndingKind, cause: &'w Cause) {
        let bytes = self.member(spot).bytes;
        self.ended.push(Ended {
            spot: spot.clone(),
            bytes,
            kind,
            cause,
        });
    }

    fn next_sequence(&mut self, collection: CollectionId, cause: &Cause) -> Result<u64, Error> {
        let locked = self.loaded.collections.get_mut(&collection);
        let locked = locked.ok_or(Error::ParentMissing)?;
        locked.sequence += 1;
        self.changed.insert(collection, cause.at.millis());
        Ok(locked.sequence)
    }

    /// Adds the entry for the change that has taken the last sequence of a collection.
    fn audit(&mut self, collection: CollectionId, cause: &Arc<Cause>, audited: &Audited<'_>) {
        if let Some(locked) = self.loaded.collections.get_mut(&collection) {
            let chain = AuditChain::Collection(collection);
            let entry = audited.entry(chain, locked.sequence, cause);
            let hash = entry.hash(&locked.audited);
            locked.audited = hash;
            self.audited.push(AuditRecord { entry, hash });
        }
    }

    pub(super) fn locked(&self, collection: CollectionId) -> Option<&Locked> {
        self.loaded.collections.get(&collection)
    }

    /// The collections that have changed, as they are after all writes so far.
    pub(super) fn moved_on(&self) -> impl Iterator<Item = (CollectionId, &Locked, i64)> {
        let changed = self.changed.iter();
        changed.filter_map(|(id, at)| Some((*id, self.loaded.collections.get(id)?, *at)))
    }
}

impl PropertyEdits<'_> {
    fn clear(&mut self) {
        self.cleared = true;
        self.changes.clear();
    }
}

impl Stored {
    /// Whether a put would change nothing.
    fn is_same(&self, put: &PutObject) -> bool {
        self.current.etag == put.etag
            && self.current.schedule_tag == put.schedule_tag
            && self.content_type.as_deref() == content_type(&put.content_type)
            && put.properties.is_none()
    }
}
