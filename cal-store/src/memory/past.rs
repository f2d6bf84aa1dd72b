//! Collections as they were, and forgetting them, in memory.

use std::ops::Bound;
use std::sync::Arc;

use super::folder::{Folder, Past};
use super::state::State;
use crate::audit::Audited;
use crate::{
    AuditAction, Cause, CollectionAt, CollectionId, Cursor, Error, ObjectName, OldLetters, Page,
    PageRequest, PastCollection, PastEntry, Pruned, Pruning, Timestamp, Version,
};

impl State {
    pub(super) fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: &PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        self.check_known(at)?;
        let Some(folder) = self.folders.get(&id) else {
            return Ok(None);
        };
        Ok(folder.state_at(at).map(|collection| CollectionAt {
            collection,
            entries: folder.entries_at(at, page),
        }))
    }

    pub(super) fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        self.check_known(at)?;
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let states = self
            .folders
            .values()
            .filter_map(|folder| folder.state_at(at));
        let is_child =
            |state: &PastCollection| state.parent == Some(parent) && state.name.as_str() > after;
        let mut children: Vec<_> = states.filter(is_child).collect();
        children.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
        Ok(Page::cut(children, page.limit, |last: &PastCollection| {
            Cursor::new(last.name.as_str())
        }))
    }

    fn check_known(&self, at: Timestamp) -> Result<(), Error> {
        match self.prunings.iter().map(|pruning| pruning.before).max() {
            Some(known_since) if at < known_since => Err(Error::Forgotten { known_since }),
            _ => Ok(()),
        }
    }

    pub(super) fn prune(&mut self, before: Timestamp, cause: &Cause) -> Pruned {
        let mut pruned = Pruned::default();
        let collections = self.folders.len();
        let old = |folder: &Folder| folder.trashed.is_some_and(|(at, _)| at < before);
        self.folders.retain(|_, folder| !old(folder));
        pruned.collections = count(collections.saturating_sub(self.folders.len()));
        for folder in self.folders.values_mut() {
            folder.prune(before, &mut pruned);
        }
        pruned.audit_entries = self.prune_audit(before);
        self.record(before, pruned, cause);
        pruned
    }

    pub(super) fn prune_dead_letters(&mut self, old: OldLetters, cause: &Cause) -> u64 {
        let pruned = Pruned {
            dead_letters: self.forget_dead_letters(old),
            ..Pruned::default()
        };
        self.record(Timestamp::BEGINNING, pruned, cause);
        pruned.dead_letters
    }

    /// Records what was forgotten, if anything was.
    fn record(&mut self, before: Timestamp, pruned: Pruned, cause: &Cause) {
        if pruned == Pruned::default() {
            return;
        }
        let cause = cause.clone();
        let pruning = Pruning {
            before,
            cause: cause.clone(),
            pruned,
        };
        let summary = pruning.summary();
        let audited = Audited::object(AuditAction::Prune, &summary, None, None);
        self.audit_store(&Arc::new(cause), &audited);
        self.prunings.push(pruning);
    }

    pub(super) fn prunings(&self, page: &PageRequest) -> Result<Page<Pruning>, Error> {
        let end = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => self.prunings.len(),
        };
        let known = self.prunings.iter().enumerate().take(end);
        let known = known.rev().take(page.limit.saturating_add(1)).collect();
        let page = Page::cut(known, page.limit, |(number, _): &(usize, &Pruning)| {
            Cursor::new(number.to_string())
        });
        Ok(Page {
            items: page
                .items
                .into_iter()
                .map(|(_, pruning)| pruning.clone())
                .collect(),
            next: page.next,
        })
    }
}

impl Folder {
    fn entries_at(&self, at: Timestamp, page: &PageRequest) -> Page<PastEntry> {
        let after = match &page.after {
            Some(cursor) => Bound::Excluded(cursor.as_str()),
            None => Bound::Unbounded,
        };
        let range = (after, Bound::Unbounded);
        let past = self.past.range::<str, _>(range).map(|(name, _)| name);
        let present = self.members.range::<str, _>(range).map(|(name, _)| name);
        let mut names: Vec<_> = past.chain(present).collect();
        names.sort_unstable();
        names.dedup();
        let entries = names.into_iter().filter_map(|name| {
            Some(PastEntry {
                name: name.clone(),
                version: self.version_at(name, at)?,
            })
        });
        let entries = entries.take(page.limit.saturating_add(1)).collect();
        Page::cut(entries, page.limit, |last: &PastEntry| {
            Cursor::new(last.name.as_str())
        })
    }

    fn version_at(&self, name: &ObjectName, at: Timestamp) -> Option<Version> {
        if let Some(kept) = self.kept(name).filter(|kept| kept.made.at <= at) {
            return Some(kept.as_version(None));
        }
        let past = self.past.get(name)?.values().rev();
        let mut begun = past.filter(|past| past.kept.made.at <= at);
        let latest = begun.next().filter(|past| past.ended.cause.at > at);
        latest.map(Past::as_version)
    }

    fn prune(&mut self, before: Timestamp, pruned: &mut Pruned) {
        for versions in self.past.values_mut() {
            let kept = versions.len();
            versions.retain(|_, past| past.ended.cause.at >= before);
            pruned.versions += count(kept.saturating_sub(versions.len()));
        }
        self.past.retain(|_, versions| !versions.is_empty());
        let kept = self.states.len();
        self.states.retain(|past| past.ended >= before);
        pruned.states += count(kept.saturating_sub(self.states.len()));
        let old: Vec<_> = self
            .tombstones
            .iter()
            .filter(|(_, mark)| mark.at < before)
            .map(|(name, mark)| (name.clone(), mark.sequence))
            .collect();
        for (name, sequence) in &old {
            self.tombstones.remove(name);
            self.log.remove(sequence);
            self.floor = self.floor.max(*sequence);
        }
        pruned.tombstones += count(old.len());
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
