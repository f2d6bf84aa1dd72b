//! Copying and moving objects and collections, as WebDAV means it.

use std::sync::Arc;

use super::prepare::{deletion, prepared};
use super::{Delete, Put, Store};
use crate::busy::Reckoning;
use crate::calendar_object::Reading;
use crate::{
    Cause, Collection, CollectionId, CollectionKey, CollectionKind, CollectionName, Effect, Error,
    Limits, MoveCollection, NewCollection, Object, ObjectName, PageRequest, Precondition,
    Timestamp, Write,
};

/// A name in a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The collection.
    pub collection: CollectionId,
    /// The name in it.
    pub name: ObjectName,
}

/// A resource to copy or move: an object, or a collection with all below it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Relocate {
    /// Where it is.
    pub from: Place,
    /// Where it, or its copy, shall be.
    pub to: Place,
    /// Whether it stays where it is.
    pub how: Relocation,
    /// What becomes of anything that is there.
    pub overwrite: Overwrite,
    /// What must be true of an object that is relocated.
    pub precondition: Precondition,
}

/// Whether the original stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relocation {
    /// The original goes.
    Move,
    /// The original stays; a copied collection has copies of its members.
    Copy,
    /// The original stays; a copied collection is empty.
    CopyShallow,
}

/// What becomes of what is at the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// It is deleted first.
    Replace,
    /// It stays, and nothing is relocated.
    Refuse,
}

impl Relocate {
    /// Copy or move `from` to `to`, replacing what is there.
    #[must_use]
    pub const fn new(how: Relocation, from: Place, to: Place) -> Self {
        Self {
            from,
            to,
            how,
            overwrite: Overwrite::Replace,
            precondition: Precondition::None,
        }
    }

    /// Replace what is there, or not.
    #[must_use]
    pub const fn with_overwrite(mut self, overwrite: Overwrite) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Only if this is true of the object that is relocated.
    #[must_use]
    pub fn with_precondition(mut self, precondition: Precondition) -> Self {
        self.precondition = precondition;
        self
    }
}

/// What comes to the destination.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arriving {
    Object,
    Collection,
}

/// Times that a move is tried again because its object changed meanwhile.
const TRIES: usize = 16;

/// Objects read at once while a collection is copied.
const COPY_PAGE: usize = 500;

/// Bytes read at once while a collection is copied, one object more at most.
const COPY_BYTES: u64 = 8 << 20;

impl Store {
    /// Copies or moves a resource; `Updated` tells that it replaced another.
    ///
    /// What was stored once is not validated again, but a calendar keeps its
    /// promises: the kinds it takes and the uniqueness of UIDs.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a resource; [`Error::ParentMissing`]
    /// without such a destination; [`Error::Exists`] if something is there and
    /// is not to be replaced; [`Error::WrongPlace`] for a collection into itself
    /// or a calendar; [`Error::PreconditionFailed`]; [`Error::UidConflict`],
    /// [`Error::OtherUid`], [`Error::UnsupportedComponent`] and [`Error::InvalidObject`] from the
    /// calendar it would be in; [`Error::Limit`] for too many members.
    pub async fn relocate(&self, relocate: &Relocate, cause: &Cause) -> Result<Effect, Error> {
        let from = &relocate.from;
        if let Some(collection) = self.child(from.collection, &(&from.name).into()).await? {
            return self.relocate_collection(&collection, relocate, cause).await;
        }
        let mut before = None;
        for _ in 0..TRIES {
            let found = self.object(from.collection, &from.name).await?;
            let object = found.ok_or(Error::NotFound)?;
            let etag = object.entry.etag;
            let attempt = self.relocate_object(object, relocate, cause).await;
            match attempt {
                // The object may have changed between our reading and the commit.
                Err(Error::PreconditionFailed { .. }) if before != Some(etag) => {
                    before = Some(etag);
                }
                done => return done,
            }
        }
        Err(Error::PreconditionFailed { current: before })
    }

    async fn relocate_object(
        &self,
        object: Object,
        relocate: &Relocate,
        cause: &Cause,
    ) -> Result<Effect, Error> {
        let Relocate { from, to, .. } = relocate;
        if from == to {
            return Err(Error::WrongPlace);
        }
        relocate.precondition.check(Some(object.entry.version()))?;
        let (mut writes, effect) = self.cleared(relocate, Arriving::Object).await?;
        let held = Precondition::Matches(vec![object.entry.etag]);
        let delete = Delete::new(from.collection, from.name.clone()).with_precondition(held);
        let mut put = Put::new(to.collection, to.name.clone(), object.body)
            .with_content_type(object.entry.content_type)
            .with_properties(self.properties(from.collection, &from.name).await?);
        put.schedule_tag = object.entry.schedule_tag;
        if relocate.overwrite == Overwrite::Refuse {
            put = put.with_precondition(Precondition::Absent);
        }
        if relocate.how == Relocation::Move {
            writes.push(deletion(delete));
        }
        writes.push(self.prepare(put, Reading::Trusting, cause.at).await?.into());
        self.commit(writes, cause).await?;
        Ok(effect)
    }

    async fn relocate_collection(
        &self,
        collection: &Collection,
        relocate: &Relocate,
        cause: &Cause,
    ) -> Result<Effect, Error> {
        let to = &relocate.to;
        if self.is_inside(to.collection, collection.id).await? {
            return Err(Error::WrongPlace);
        }
        let (mut writes, effect) = self.cleared(relocate, Arriving::Collection).await?;
        if relocate.how == Relocation::Move {
            writes.push(Write::MoveCollection(MoveCollection {
                id: collection.id,
                parent: to.collection,
                name: (&to.name).into(),
            }));
        } else {
            self.copies(collection, (relocate, cause.at), &mut writes)
                .await?;
        }
        self.commit(writes, cause).await?;
        Ok(effect)
    }

    /// The write that clears the destination, if a collection is there or is
    /// to be. An object over an object replaces it, if its calendar allows.
    async fn cleared(
        &self,
        relocate: &Relocate,
        arriving: Arriving,
    ) -> Result<(Vec<Write>, Effect), Error> {
        let to = &relocate.to;
        let collection = self.child(to.collection, &(&to.name).into()).await?;
        let object = self.object(to.collection, &to.name).await?;
        if collection.is_none() && object.is_none() {
            return Ok((Vec::new(), Effect::Created));
        }
        if relocate.overwrite == Overwrite::Refuse {
            return Err(Error::Exists);
        }
        let write = match collection {
            Some(there) if self.is_inside(relocate.from.collection, there.id).await? => {
                return Err(Error::WrongPlace);
            }
            Some(there) => Write::DeleteCollection(there.id),
            None if arriving == Arriving::Object => return Ok((Vec::new(), Effect::Updated)),
            None => deletion(Delete::new(to.collection, to.name.clone())),
        };
        Ok((vec![write], Effect::Updated))
    }

    /// Whether `inner` is `outer` or somewhere below it.
    async fn is_inside(&self, inner: CollectionId, outer: CollectionId) -> Result<bool, Error> {
        let mut here = Some(inner);
        while let Some(id) = here {
            if id == outer {
                return Ok(true);
            }
            let found = self.backend().collection(CollectionKey::Id(id)).await?;
            here = found.ok_or(Error::ParentMissing)?.parent;
        }
        Ok(false)
    }

    /// The writes that copy a collection and what is to be copied of its members.
    async fn copies(
        &self,
        collection: &Collection,
        (relocate, at): (&Relocate, Timestamp),
        writes: &mut Vec<Write>,
    ) -> Result<(), Error> {
        let name = (&relocate.to.name).into();
        let into = relocate.to.collection;
        let top = copied(collection, into, name);
        let mut left = vec![(collection.id, self.copying_to(&top, into, at).await?)];
        let mut copying = Copying::new(self.inner.limits, at);
        copying.writes.push(Write::CreateCollection(top));
        while let Some((original, copy)) = left.pop() {
            if relocate.how == Relocation::CopyShallow {
                break;
            }
            self.copy_members(original, &copy, &mut copying).await?;
            let mut page = PageRequest::first(COPY_PAGE);
            loop {
                let children = self.children(original, page).await?;
                for child in &children.items {
                    let new = copied(child, copy.id, child.name.clone());
                    left.push((child.id, self.copying_to(&new, into, at).await?));
                    copying.count(0)?;
                    copying.writes.push(Write::CreateCollection(new));
                }
                match children.next {
                    Some(next) => page = PageRequest::after(next, COPY_PAGE),
                    None => break,
                }
            }
        }
        writes.append(&mut copying.writes);
        Ok(())
    }

    /// A copy that is to be made, somewhere below a collection that is there.
    async fn copying_to(
        &self,
        new: &NewCollection,
        below: CollectionId,
        at: Timestamp,
    ) -> Result<Copy, Error> {
        Ok(Copy {
            id: new.id,
            kind: new.kind,
            reckoning: self.reckoning_below(below, new, at).await?,
        })
    }

    async fn copy_members(
        &self,
        original: CollectionId,
        copy: &Copy,
        copying: &mut Copying,
    ) -> Result<(), Error> {
        let mut page = PageRequest::first(COPY_PAGE);
        loop {
            let entries = self.entries(original, page).await?;
            let mut names = Vec::new();
            let mut bytes: u64 = 0;
            for entry in entries.items {
                // Counted before anything of it is read.
                copying.count(entry.size)?;
                bytes = bytes.saturating_add(entry.size);
                names.push(entry.name);
                if bytes >= COPY_BYTES {
                    self.copy_batch(original, copy, &names, copying).await?;
                    names.clear();
                    bytes = 0;
                }
            }
            self.copy_batch(original, copy, &names, copying).await?;
            match entries.next {
                Some(next) => page = PageRequest::after(next, COPY_PAGE),
                None => return Ok(()),
            }
        }
    }

    /// Reads some members and prepares their copies, off the async threads.
    async fn copy_batch(
        &self,
        original: CollectionId,
        copy: &Copy,
        names: &[ObjectName],
        copying: &mut Copying,
    ) -> Result<(), Error> {
        let mut puts = Vec::with_capacity(names.len());
        for object in self.objects(original, names).await?.into_iter().flatten() {
            let properties = self.properties(original, &object.entry.name).await?;
            let put = Put::new(copy.id, object.entry.name, object.body)
                .with_content_type(object.entry.content_type)
                .with_properties(properties);
            puts.push(put);
        }
        let (how, reckoning) = ((copy.kind, Reading::Trusting), copy.reckoning.clone());
        let at = copying.at;
        let prepare = move || {
            let puts = puts.into_iter();
            puts.map(|put| Ok(prepared(put, how, reckoning.as_deref(), at)?.into()))
                .collect::<Result<Vec<Write>, Error>>()
        };
        let mut prepared = self.inner.workers.run(prepare).await??;
        copying.writes.append(&mut prepared);
        Ok(())
    }
}

/// A collection that members are copied to.
struct Copy {
    id: CollectionId,
    kind: CollectionKind,
    reckoning: Option<Arc<Reckoning>>,
}

/// A copy of a collection in the making, within its limits.
struct Copying {
    writes: Vec<Write>,
    members: usize,
    bytes: u64,
    limits: Limits,
    at: Timestamp,
}

impl Copying {
    const fn new(limits: Limits, at: Timestamp) -> Self {
        Self {
            writes: Vec::new(),
            members: 0,
            bytes: 0,
            limits,
            at,
        }
    }

    /// Takes one more member of this size into account.
    fn count(&mut self, size: u64) -> Result<(), Error> {
        self.members += 1;
        self.bytes = self.bytes.saturating_add(size);
        if self.members > self.limits.copied_members {
            return Err(Error::Limit {
                what: "members to copy at once",
                limit: u64::try_from(self.limits.copied_members).unwrap_or(u64::MAX),
            });
        }
        if self.bytes > self.limits.copied_bytes {
            return Err(Error::Limit {
                what: "bytes to copy at once",
                limit: self.limits.copied_bytes,
            });
        }
        Ok(())
    }
}

fn copied(original: &Collection, parent: CollectionId, name: CollectionName) -> NewCollection {
    NewCollection::of_kind(parent, name, original.kind)
        .with_details(original.details.clone())
        .with_properties(original.properties.clone())
}
