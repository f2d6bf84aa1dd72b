//! Reading collections, objects, the log and history in memory.

use std::ops::Bound;

use super::folder::{Folder, Kept, Member, Past};
use super::state::State;
use crate::{
    Collection, CollectionId, CollectionKey, Cursor, Entry, Error, LogPage, LogQuery, MemberState,
    Object, ObjectName, Page, PageRequest, Properties, SpanQuery, SyncChange, Uid, Version,
    VersionBody, VersionId,
};

impl State {
    pub(super) fn collection(&self, key: &CollectionKey) -> Option<Collection> {
        let id = match key {
            CollectionKey::Id(id) => *id,
            CollectionKey::Home(owner) => *self.homes.get(owner)?,
            CollectionKey::Child(parent, name) => {
                match self.folder(*parent)?.members.get(name.as_str())? {
                    Member::Child(id, _) => *id,
                    Member::Object(_) => return None,
                }
            }
        };
        Some(self.folder(id)?.collection.clone())
    }

    pub(super) fn children(
        &self,
        parent: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<Collection>, Error> {
        let folder = self.folder(parent).ok_or(Error::NotFound)?;
        let children = folder.after(page).filter_map(|(_, member)| match member {
            Member::Child(id, _) => Some(self.folder(*id)?.collection.clone()),
            Member::Object(_) => None,
        });
        let children = children.take(page.limit.saturating_add(1)).collect();
        let cursor = |last: &Collection| Cursor::new(last.name.as_str());
        Ok(Page::cut(children, page.limit, cursor))
    }

    pub(super) fn object(&self, collection: CollectionId, name: &ObjectName) -> Option<Object> {
        let kept = self.folder(collection)?.kept(name)?;
        Some(kept.object.clone())
    }

    pub(super) fn object_by_uid(&self, collection: CollectionId, uid: &Uid) -> Option<Object> {
        let name = self.folder(collection)?.uids.get(uid)?;
        self.object(collection, name)
    }

    pub(super) fn properties(&self, collection: CollectionId, name: &ObjectName) -> Properties {
        let kept = self.folder(collection).and_then(|it| it.kept(name));
        kept.map(|kept| kept.properties.clone()).unwrap_or_default()
    }

    pub(super) fn entries(
        &self,
        collection: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<Entry>, Error> {
        let folder = self.folder(collection).ok_or(Error::NotFound)?;
        let entries = folder.objects_after(page).map(|kept| &kept.object.entry);
        let entries = entries
            .take(page.limit.saturating_add(1))
            .cloned()
            .collect();
        Ok(Page::cut(entries, page.limit, |last: &Entry| {
            Cursor::new(last.name.as_str())
        }))
    }

    pub(super) fn overlapping(
        &self,
        query: &SpanQuery,
        page: &PageRequest,
    ) -> Result<Page<Object>, Error> {
        let folder = self.folder(query.collection).ok_or(Error::NotFound)?;
        let wanted = |kept: &&Kept| {
            let Some(row) = &kept.index else { return false };
            row.span.may_overlap(&query.window)
                && query.component.is_none_or(|kind| kind == row.component)
        };
        let found = folder.objects_after(page).filter(wanted);
        let found = found.map(|kept| kept.object.clone());
        let found = found.take(page.limit.saturating_add(1)).collect();
        let size = |object: &Object| object.entry.size;
        Ok(Page::cut_by_bytes(found, page.limit, size, |last| {
            Cursor::new(last.entry.name.as_str())
        }))
    }

    pub(super) fn changes(&self, query: &LogQuery) -> Result<LogPage, Error> {
        let folder = self.folder(query.collection).ok_or(Error::NotFound)?;
        let after = (Bound::Excluded(query.after), Bound::Unbounded);
        let changes = folder.log.range(after).map(|(sequence, name)| SyncChange {
            name: name.clone(),
            sequence: *sequence,
            state: match folder.members.get(name) {
                Some(Member::Object(kept)) => MemberState::Object(kept.object.entry.clone()),
                Some(Member::Child(id, _)) => MemberState::Collection(*id),
                None => MemberState::Gone,
            },
        });
        let concerned = |change: &SyncChange| {
            change.state != MemberState::Gone || change.sequence > query.horizon
        };
        let changes = changes
            .filter(concerned)
            .take(query.limit.saturating_add(1));
        let mut changes: Vec<_> = changes.collect();
        let more = changes.len() > query.limit;
        changes.truncate(query.limit);
        Ok(LogPage {
            changes,
            head: folder.sequence(),
            floor: folder.floor,
            more,
        })
    }

    pub(super) fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: &PageRequest,
    ) -> Result<Page<Version>, Error> {
        let before = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => u64::MAX,
        };
        let Some(folder) = self.folders.get(&collection) else {
            return Ok(Page::cut(Vec::new(), page.limit, |_| Cursor::new("")));
        };
        let versions = folder
            .versions(name)
            .filter(|past| past.id.sequence() < before);
        let versions = versions.take(page.limit.saturating_add(1)).collect();
        Ok(Page::cut(versions, page.limit, |last: &Version| {
            Cursor::new(last.id.sequence().to_string())
        }))
    }

    pub(super) fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Option<VersionBody> {
        let folder = self.folders.get(&collection)?;
        let current = folder
            .kept(name)
            .filter(|kept| kept.version == id.sequence());
        if let Some(kept) = current {
            return Some(VersionBody {
                version: kept.as_version(None),
                body: kept.object.body.clone(),
            });
        }
        let past = folder.past.get(name)?.get(&id.sequence())?;
        Some(VersionBody {
            version: past.as_version(),
            body: past.kept.object.body.clone(),
        })
    }
}

impl Folder {
    /// The members after a cursor, which is a name.
    fn after(&self, page: &PageRequest) -> impl Iterator<Item = (&ObjectName, &Member)> {
        let start = match &page.after {
            Some(cursor) => Bound::Excluded(cursor.as_str()),
            None => Bound::Unbounded,
        };
        self.members.range::<str, _>((start, Bound::Unbounded))
    }

    pub(super) fn objects_after(&self, page: &PageRequest) -> impl Iterator<Item = &Kept> {
        self.after(page).filter_map(|(_, member)| match member {
            Member::Object(kept) => Some(&**kept),
            Member::Child(..) => None,
        })
    }

    fn versions(&self, name: &ObjectName) -> impl Iterator<Item = Version> {
        let current = self.kept(name).map(|kept| kept.as_version(None));
        let past = self.past.get(name).into_iter();
        let past = past.flat_map(|versions| versions.values().rev().map(Past::as_version));
        current.into_iter().chain(past)
    }
}

impl Kept {
    pub(super) fn as_version(&self, ended: Option<crate::Ending>) -> Version {
        Version {
            id: VersionId::new(self.version),
            etag: self.object.entry.etag,
            content_type: self.object.entry.content_type.clone(),
            size: self.object.entry.size,
            made: (*self.made).clone(),
            ended,
        }
    }
}

impl Past {
    pub(super) fn as_version(&self) -> Version {
        self.kept.as_version(Some(self.ended.clone()))
    }
}
