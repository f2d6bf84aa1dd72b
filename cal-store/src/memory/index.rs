//! Finding by words, category and reminder in memory: by looking at everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::folder::{Folder, Kept, Member};
use super::state::State;
use crate::{
    Category, CategoryCount, CollectionId, Cursor, Error, Indexed, MarkQuery, Marked, Object,
    ObjectName, Page, PageRequest, PrincipalId, Reindexed, ReminderMark, SearchQuery,
};

impl State {
    pub(super) fn search(
        &self,
        query: &SearchQuery,
        page: &PageRequest,
    ) -> Result<Page<Object>, Error> {
        let folder = self.folder(query.collection).ok_or(Error::NotFound)?;
        let wanted = |kept: &&Kept| {
            let Some(row) = &kept.index else { return false };
            let mut categories = query.category.iter();
            row.words.match_all(&query.words)
                && categories.all(|category| row.categories.contains(category))
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

    pub(super) fn categories(
        &self,
        collection: CollectionId,
        page: &PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        let folder = self.folder(collection).ok_or(Error::NotFound)?;
        let mut counts: BTreeMap<&Category, u64> = BTreeMap::new();
        for index in folder.objects().filter_map(|kept| kept.index.as_ref()) {
            for category in &index.categories {
                *counts.entry(category).or_default() += 1;
            }
        }
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let counts = counts.into_iter();
        let counts = counts.filter(|(category, _)| category.as_str() > after);
        let counts = counts.map(|(category, objects)| CategoryCount {
            category: category.clone(),
            objects,
        });
        let counts = counts.take(page.limit.saturating_add(1)).collect();
        Ok(Page::cut(counts, page.limit, |last: &CategoryCount| {
            Cursor::new(last.category.as_str())
        }))
    }

    pub(super) fn marked(
        &self,
        query: &MarkQuery,
        page: &PageRequest,
    ) -> Result<Page<Marked>, Error> {
        let after = page.after.as_ref().map(Marked::parse).transpose()?;
        let span = query.span.first_millis()..query.span.end_millis();
        let mut marked = Vec::new();
        for (id, folder) in &self.folders {
            if folder.trashed.is_some() {
                continue;
            }
            for kept in folder.objects() {
                let marks = kept.index.iter().flat_map(|index| &index.reminders);
                let marks = marks
                    .filter(|mark| mark.kind == query.kind && span.contains(&mark.at.millis()));
                marked.extend(marks.map(|mark| Marked {
                    at: mark.at,
                    collection: *id,
                    name: kept.object.entry.name.clone(),
                }));
            }
        }
        marked.retain(|mark| after.as_ref().is_none_or(|after| mark > after));
        marked.sort_unstable();
        Ok(Page::cut(marked, page.limit, Marked::cursor))
    }

    pub(super) fn marks(&self, objects: &[(CollectionId, ObjectName)]) -> Vec<Vec<ReminderMark>> {
        let marks = objects.iter().map(|(collection, name)| {
            let folder = self.folders.get(collection);
            let kept = match folder.and_then(|folder| folder.members.get(name)) {
                Some(Member::Object(kept)) => kept.index.as_ref(),
                Some(Member::Child(..)) | None => None,
            };
            kept.map_or_else(Vec::new, |index| index.reminders.clone())
        });
        marks.collect()
    }

    pub(super) fn indexed(
        &self,
        owner: Option<PrincipalId>,
        page: &PageRequest,
    ) -> Result<Page<Indexed>, Error> {
        let after = page.after.as_ref().map(Indexed::parse).transpose()?;
        let is_later = |id: &CollectionId, kept: &Kept| {
            let spot = (id.into_raw(), kept.object.entry.name.as_str());
            after.is_none_or(|after| spot > after)
        };
        let folders = self.folders.iter();
        let folders = folders
            .filter(|(_, folder)| owner.is_none_or(|owner| folder.collection.owner == owner));
        let objects = folders.flat_map(|(id, folder)| {
            let kept = folder.objects().filter(|kept| kept.index.is_some());
            kept.filter(|kept| is_later(id, kept)).map(|kept| Indexed {
                collection: *id,
                object: kept.object.clone(),
            })
        });
        let objects = objects.take(page.limit.saturating_add(1)).collect();
        let (limit, size) = (page.limit, Indexed::size);
        Ok(Page::cut_by_bytes(objects, limit, size, Indexed::cursor))
    }

    pub(super) fn reindex(&mut self, objects: Vec<Reindexed>) {
        for object in objects {
            let folder = self.folders.get_mut(&object.collection);
            let member = folder.and_then(|folder| folder.members.get_mut(&object.name));
            if let Some(Member::Object(kept)) = member
                && kept.object.entry.etag == object.etag
            {
                Arc::make_mut(kept).index = Some(object.index);
            }
        }
    }
}

impl Folder {
    pub(super) fn objects(&self) -> impl Iterator<Item = &Kept> {
        self.members.values().filter_map(|member| match member {
            Member::Object(kept) => Some(&**kept),
            Member::Child(..) => None,
        })
    }
}
