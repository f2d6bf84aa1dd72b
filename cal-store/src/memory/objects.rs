//! Objects in memory.

use std::sync::Arc;

use super::folder::{Folder, Kept, Member};
use super::state::State;
use crate::audit::Audited;
use crate::{
    AuditAction, Cause, CollectionId, CurrentVersion, DeleteObject, Effect, Ending, EndingKind,
    Entry, Error, Keeping, Object, ObjectName, PropertyChanges, PutObject, Receipt, Touch,
    Transaction,
};

impl State {
    pub(super) fn put(&mut self, put: &PutObject, within: &Transaction) -> Result<Receipt, Error> {
        let cause = &within.cause;
        let folder = self.folder(put.collection).ok_or(Error::ParentMissing)?;
        let before = folder.check_put(put)?;
        let touches = Touch::of_member(put.collection, &put.name, before.is_some());
        self.guard(touches, within)?;
        if let Some(kept) = before.as_ref().filter(|kept| is_same(kept, put)) {
            return Ok(Receipt::new(Effect::Unchanged, kept.object.entry.sequence));
        }
        let keeping = self.check_busy(put, cause)?;
        self.replace(put, (before, keeping), cause)
    }

    /// Puts again what was put before, and keeps no times of it.
    pub(super) fn put_again(&mut self, put: &PutObject, cause: &Arc<Cause>) -> Result<(), Error> {
        let folder = self.folder(put.collection).ok_or(Error::ParentMissing)?;
        let before = folder.check_put(put)?;
        if before.as_ref().is_some_and(|kept| is_same(kept, put)) {
            return Ok(());
        }
        self.replace(put, (before, Keeping::None), cause).map(drop)
    }

    /// Puts what was checked in place of what was before.
    fn replace(
        &mut self,
        put: &PutObject,
        (before, keeping): (Option<Arc<Kept>>, Keeping),
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        let folder = self
            .folder_mut(put.collection)
            .ok_or(Error::ParentMissing)?;
        folder.keep_busy(put, keeping);
        let sequence = folder.log_change(&put.name, cause.at);
        let kept = kept(put, before.as_deref(), sequence, cause);
        if let Some(uid) = before.as_ref().and_then(|kept| kept.index.as_ref()) {
            folder.uids.remove(&uid.uid);
        }
        if let Some(index) = &put.index {
            folder.uids.insert(index.uid.clone(), put.name.clone());
        }
        let member = Member::Object(Arc::new(kept));
        folder.members.insert(put.name.clone(), member);
        let etag = before.as_ref().map(|before| before.object.entry.etag);
        let effect = match before {
            Some(before) => {
                folder.remember(before, ending(EndingKind::Replaced, cause));
                Effect::Updated
            }
            None => Effect::Created,
        };
        let audited = Audited::object(AuditAction::Put, put.name.as_str(), etag, Some(put.etag));
        self.audit_member(put.collection, sequence, cause, &audited);
        Ok(Receipt::new(effect, sequence))
    }

    pub(super) fn delete(
        &mut self,
        delete: &DeleteObject,
        within: &Transaction,
    ) -> Result<Receipt, Error> {
        let cause = &within.cause;
        let folder = self.folder(delete.collection).ok_or(Error::NotFound)?;
        let kept = folder.kept(&delete.name).cloned();
        delete
            .precondition
            .check(kept.as_deref().map(Kept::current))?;
        let kept = kept.ok_or(Error::NotFound)?;
        let touches = Touch::of_member(delete.collection, &delete.name, false);
        self.guard(touches, within)?;
        self.free_member(delete.collection, &delete.name);
        let folder = self.folder_mut(delete.collection).ok_or(Error::NotFound)?;
        let sequence = folder.remove_member(&delete.name, cause.at);
        if let Some(index) = &kept.index {
            folder.uids.remove(&index.uid);
        }
        folder.busy.remove(&delete.name);
        let etag = Some(kept.object.entry.etag);
        folder.remember(kept, ending(EndingKind::Deleted, cause));
        let audited = Audited::object(AuditAction::Delete, delete.name.as_str(), etag, None);
        self.audit_member(delete.collection, sequence, cause, &audited);
        Ok(Receipt::new(Effect::Deleted, sequence))
    }

    pub(super) fn update_object(
        &mut self,
        (collection, name): (CollectionId, &ObjectName),
        changes: &PropertyChanges,
        within: &Transaction,
    ) -> Result<Receipt, Error> {
        let cause = &within.cause;
        let folder = self.folder(collection).ok_or(Error::NotFound)?;
        let kept = folder.kept(name).ok_or(Error::NotFound)?;
        let mut kept = Kept::clone(kept);
        self.guard(Touch::of_member(collection, name, true), within)?;
        let folder = self.folder_mut(collection).ok_or(Error::NotFound)?;
        changes.apply(&mut kept.properties);
        let sequence = folder.log_change(name, cause.at);
        kept.object.entry.sequence = sequence;
        let etag = Some(kept.object.entry.etag);
        let member = Member::Object(Arc::new(kept));
        folder.members.insert(name.clone(), member);
        let action = AuditAction::ObjectProperties;
        let audited = Audited::object(action, name.as_str(), etag, etag);
        self.audit_member(collection, sequence, cause, &audited);
        Ok(Receipt::new(Effect::Updated, sequence))
    }
}

impl Folder {
    /// All that a put is refused for; answers what it replaces.
    fn check_put(&self, put: &PutObject) -> Result<Option<Arc<Kept>>, Error> {
        if matches!(self.members.get(&put.name), Some(Member::Child(..))) {
            return Err(Error::Exists);
        }
        let before = self.kept(&put.name).cloned();
        self.collection.kind.admits(put.name.as_str())?;
        put.precondition
            .check(before.as_deref().map(Kept::current))?;
        self.collection.kind.accepts(put.index.as_ref())?;
        let holder = put.index.as_ref().and_then(|row| self.uids.get(&row.uid));
        if let Some(holder) = holder.filter(|holder| **holder != put.name) {
            let holder = holder.clone();
            return Err(Error::UidConflict { holder });
        }
        if let Some(index) = &put.index {
            let held = before.as_ref().and_then(|kept| kept.index.as_ref());
            index.replaces(held.map(|held| &held.uid))?;
        }
        Ok(before)
    }
}

impl Kept {
    fn current(&self) -> CurrentVersion {
        self.object.entry.version()
    }
}

fn kept(put: &PutObject, before: Option<&Kept>, sequence: u64, cause: &Arc<Cause>) -> Kept {
    let properties = match (&put.properties, before) {
        (Some(properties), _) => properties.clone(),
        (None, Some(before)) => before.properties.clone(),
        (None, None) => Default::default(),
    };
    let entry = Entry {
        name: put.name.clone(),
        etag: put.etag,
        schedule_tag: put.schedule_tag,
        content_type: put.content_type.clone(),
        size: u64::try_from(put.body.len()).unwrap_or(u64::MAX),
        created: before.map_or(cause.at, |kept| kept.object.entry.created),
        modified: cause.at,
        sequence,
        component: put.index.as_ref().map(|row| row.component),
    };
    Kept {
        object: Object {
            entry,
            body: put.body.clone(),
        },
        index: put.index.clone(),
        properties,
        version: sequence,
        made: Arc::clone(cause),
    }
}

fn is_same(kept: &Kept, put: &PutObject) -> bool {
    let entry = &kept.object.entry;
    entry.etag == put.etag
        && entry.content_type == put.content_type
        && entry.schedule_tag == put.schedule_tag
        && put.properties.is_none()
}

fn ending(kind: EndingKind, cause: &Cause) -> Ending {
    Ending {
        kind,
        cause: cause.clone(),
    }
}
