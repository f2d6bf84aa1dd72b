//! Bringing a collection, or some of its objects, back to what it was.

use std::collections::{HashMap, HashSet};

use super::prepare::deletion;
use super::{Delete, Put, Store};
use crate::calendar_object::Reading;
use crate::{
    Cause, Collection, CollectionChanges, CollectionId, ETag, Error, ObjectName, PageRequest,
    PastCollection, Precondition, PropertyChanges, PropertyName, PutObject, Timestamp, VersionBody,
    VersionId, Write,
};

/// What it takes to bring a collection back to an instant.
///
/// Look at it, leave out what is not wanted, and [apply](Store::restore_to) it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestorePlan {
    /// The collection.
    pub collection: CollectionId,
    /// The instant.
    pub at: Timestamp,
    /// What changes of the collection itself: its details and properties. Its
    /// place and name stay.
    pub details: Option<CollectionChanges>,
    /// What changes of its objects, by name.
    pub changes: Vec<PlannedChange>,
}

/// What is to happen to one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedChange {
    /// Its name.
    pub name: ObjectName,
    /// What is to happen.
    pub effect: PlannedEffect,
}

/// What is to happen to an object that is not what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlannedEffect {
    /// It is gone, and comes back in this version.
    Create(VersionId),
    /// It changed, and goes back from the version `now` to this one.
    Replace {
        /// What it is.
        now: ETag,
        /// What it was.
        then: VersionId,
    },
    /// It was not there, and goes from the version it has now.
    Delete(ETag),
}

impl RestorePlan {
    /// Whether all is as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.details.is_none() && self.changes.is_empty()
    }

    /// Leaves out all objects but those that are `wanted`, and the collection itself.
    pub fn keep_objects(&mut self, wanted: impl Fn(&PlannedChange) -> bool) {
        self.details = None;
        self.changes.retain(wanted);
    }
}

/// What a restoration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Restored {
    /// Objects that came back.
    pub created: usize,
    /// Objects that went back to an earlier version.
    pub replaced: usize,
    /// Objects that went.
    pub deleted: usize,
    /// Transactions that it took; none if there was nothing to do.
    pub transactions: usize,
}

impl Store {
    /// What it would take to bring a collection back to an instant: nothing is
    /// changed.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the collection is not there (take it back from
    /// the trash first) or was not there then; [`Error::Forgotten`];
    /// [`Error::Limit`] for more objects than are copied in one request.
    pub async fn plan_restore(
        &self,
        collection: CollectionId,
        at: Timestamp,
    ) -> Result<RestorePlan, Error> {
        let present = self.collection(collection).await?.ok_or(Error::NotFound)?;
        let (past, then) = self.versions_at(collection, at).await?;
        let mut now = self.etags_now(collection).await?;
        let mut changes = Vec::new();
        for (name, (then, etag)) in then {
            let effect = match now.remove(&name) {
                Some(now) if now == etag => continue,
                Some(now) => PlannedEffect::Replace { now, then },
                None => PlannedEffect::Create(then),
            };
            changes.push(PlannedChange { name, effect });
        }
        changes.extend(now.into_iter().map(|(name, etag)| PlannedChange {
            name,
            effect: PlannedEffect::Delete(etag),
        }));
        changes.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(RestorePlan {
            collection,
            at,
            details: changed_details(&present, &past),
            changes,
        })
    }

    /// Does what a plan says, as new changes that every client syncs.
    ///
    /// Up to [`Limits::restored_members`](crate::Limits::restored_members)
    /// objects and [`Limits::copied_bytes`](crate::Limits::copied_bytes) go into
    /// one transaction, all or nothing. More go into several of that size, in
    /// which all that goes comes before all that returns: if one fails, what was
    /// done before it stays, nothing of it is lost, and a new plan has what is
    /// left to do.
    ///
    /// # Errors
    ///
    /// [`Error::PreconditionFailed`] if an object has changed since the plan
    /// was made; [`Error::NotFound`] if a version was pruned meanwhile; else as
    /// [`put`](Self::put).
    pub async fn restore_to(&self, plan: &RestorePlan, cause: &Cause) -> Result<Restored, Error> {
        let mut batches = Batches::new(self, cause);
        if let Some(changes) = plan.details.clone() {
            let update = Write::UpdateCollection(plan.collection, changes);
            batches.add(update, 0).await?;
        }
        let in_the_way = self.in_the_way(plan, cause.at).await?;
        for change in &plan.changes {
            let goes = match change.effect {
                PlannedEffect::Delete(now) => Some(now),
                PlannedEffect::Replace { now, .. } => {
                    Some(now).filter(|_| in_the_way.contains(&change.name))
                }
                PlannedEffect::Create(_) => None,
            };
            if let Some(now) = goes {
                let delete = Delete::new(plan.collection, change.name.clone())
                    .with_precondition(Precondition::Matches(vec![now]));
                batches.add(deletion(delete), 0).await?;
            }
        }
        for change in &plan.changes {
            let Some(then) = change.effect.then() else {
                continue;
            };
            let spot = (plan.collection, &change.name);
            let mut put = self.past_put(spot, then, cause.at).await?;
            put.precondition = match change.effect {
                PlannedEffect::Replace { now, .. } if !in_the_way.contains(&change.name) => {
                    Precondition::Matches(vec![now])
                }
                _ => Precondition::Absent,
            };
            let bytes = u64::try_from(put.body.len()).unwrap_or(u64::MAX);
            batches.add(put.into(), bytes).await?;
        }
        batches.commit().await?;
        Ok(plan.restored(batches.transactions))
    }

    /// The collection as it was, and the version that each name had.
    async fn versions_at(
        &self,
        collection: CollectionId,
        at: Timestamp,
    ) -> Result<(PastCollection, HashMap<ObjectName, (VersionId, ETag)>), Error> {
        let limit = self.inner.limits.page_items;
        let mut versions = HashMap::new();
        let mut request = PageRequest::first(limit);
        loop {
            let page = self.collection_at(collection, at, request).await?;
            let page = page.ok_or(Error::NotFound)?;
            let entries = page.entries.items.into_iter();
            versions
                .extend(entries.map(|entry| (entry.name, (entry.version.id, entry.version.etag))));
            self.check_restorable(versions.len())?;
            match page.entries.next {
                Some(next) => request = PageRequest::after(next, limit),
                None => return Ok((page.collection, versions)),
            }
        }
    }

    async fn etags_now(
        &self,
        collection: CollectionId,
    ) -> Result<HashMap<ObjectName, ETag>, Error> {
        let limit = self.inner.limits.page_items;
        let mut etags = HashMap::new();
        let mut request = Some(PageRequest::first(limit));
        while let Some(page) = request {
            let page = self.entries(collection, page).await?;
            let entries = page.items.into_iter();
            etags.extend(entries.map(|entry| (entry.name, entry.etag)));
            self.check_restorable(etags.len())?;
            request = page.next.map(|next| PageRequest::after(next, limit));
        }
        Ok(etags)
    }

    fn check_restorable(&self, objects: usize) -> Result<(), Error> {
        let limit = self.inner.limits.copied_members;
        if objects <= limit {
            return Ok(());
        }
        Err(Error::Limit {
            what: "objects to compare",
            limit: u64::try_from(limit).unwrap_or(u64::MAX),
        })
    }

    /// The objects that have another UID than they are to get back: they go
    /// first, so that UIDs can change places.
    async fn in_the_way(
        &self,
        plan: &RestorePlan,
        at: Timestamp,
    ) -> Result<HashSet<ObjectName>, Error> {
        let mut in_the_way = HashSet::new();
        for change in &plan.changes {
            let PlannedEffect::Replace { then, .. } = change.effect else {
                continue;
            };
            let spot = (plan.collection, &change.name);
            let past = self.past_put(spot, then, at).await?;
            if let Some(index) = past.index {
                let holder = self.object_by_uid(plan.collection, &index.uid).await?;
                if holder.is_none_or(|holder| holder.entry.name != change.name) {
                    in_the_way.insert(change.name.clone());
                }
            }
        }
        Ok(in_the_way)
    }

    /// A version, ready to be stored again. What was stored once is not
    /// validated again.
    async fn past_put(
        &self,
        (collection, name): (CollectionId, &ObjectName),
        version: VersionId,
        at: Timestamp,
    ) -> Result<PutObject, Error> {
        let found = self.version(collection, name, version).await?;
        let VersionBody { version, body } = found.ok_or(Error::NotFound)?;
        let put = Put::new(collection, name.clone(), body).with_content_type(version.content_type);
        self.prepare(put, Reading::Trusting, at).await
    }
}

impl PlannedEffect {
    /// The version that comes back, if one does.
    #[must_use]
    pub const fn then(&self) -> Option<VersionId> {
        match self {
            Self::Create(then) | Self::Replace { then, .. } => Some(*then),
            Self::Delete(_) => None,
        }
    }
}

impl RestorePlan {
    fn restored(&self, transactions: usize) -> Restored {
        let mut restored = Restored {
            transactions,
            ..Restored::default()
        };
        for change in &self.changes {
            match change.effect {
                PlannedEffect::Create(_) => restored.created += 1,
                PlannedEffect::Replace { .. } => restored.replaced += 1,
                PlannedEffect::Delete(_) => restored.deleted += 1,
            }
        }
        restored
    }
}

/// Writes that are gathered into transactions of a bounded size.
struct Batches<'s> {
    store: &'s Store,
    cause: &'s Cause,
    writes: Vec<Write>,
    bytes: u64,
    transactions: usize,
}

impl<'s> Batches<'s> {
    const fn new(store: &'s Store, cause: &'s Cause) -> Self {
        Self {
            store,
            cause,
            writes: Vec::new(),
            bytes: 0,
            transactions: 0,
        }
    }

    async fn add(&mut self, write: Write, bytes: u64) -> Result<(), Error> {
        let limits = self.store.limits();
        let is_full = self.writes.len() >= limits.restored_members
            || self.bytes.saturating_add(bytes) > limits.copied_bytes;
        if is_full {
            self.commit().await?;
        }
        self.writes.push(write);
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), Error> {
        if self.writes.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let writes = std::mem::take(&mut self.writes);
        self.store.commit(writes, self.cause).await?;
        self.transactions += 1;
        Ok(())
    }
}

/// What makes a collection's details and properties what they were.
fn changed_details(present: &Collection, past: &PastCollection) -> Option<CollectionChanges> {
    let (now, then) = (&present.details, &past.details);
    let mut properties = PropertyChanges::default();
    let is_new = |name: &&PropertyName| !past.properties.contains_key(*name);
    let added = present.properties.keys().filter(is_new);
    properties.remove = added.cloned().collect();
    let changed = past.properties.iter();
    let changed = changed.filter(|(name, value)| present.properties.get(*name) != Some(*value));
    properties.set = changed
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let changes = CollectionChanges {
        display_name: other(&now.display_name, &then.display_name),
        description: other(&now.description, &then.description),
        color: other(&now.color, &then.color),
        order: other(&now.order, &then.order),
        time_zone: other(&now.time_zone, &then.time_zone),
        transparency: other(&now.transparency, &then.transparency),
        properties,
    };
    Some(changes).filter(|changes| *changes != CollectionChanges::default())
}

fn other<T: PartialEq + Clone>(now: &T, then: &T) -> Option<T> {
    (now != then).then(|| then.clone())
}
