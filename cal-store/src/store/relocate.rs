//! Copying and moving objects and collections, as WebDAV means it.

use super::prepare::{deletion, prepared};
use super::{Delete, Put, Store};
use crate::calendar_object::Reading;
use crate::{
    Cause, Collection, CollectionId, CollectionKey, CollectionKind, CollectionName, Effect, Error,
    MoveCollection, NewCollection, Object, ObjectName, PageRequest, Precondition, Write,
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
        writes.push(self.prepare(put, Reading::Trusting).await?.into());
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
            self.copies(collection, relocate, &mut writes).await?;
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
        relocate: &Relocate,
        writes: &mut Vec<Write>,
    ) -> Result<(), Error> {
        let name = (&relocate.to.name).into();
        let top = copied(collection, relocate.to.collection, name);
        let mut left = vec![(collection.id, top.id, top.kind)];
        writes.push(Write::CreateCollection(top));
        if relocate.how == Relocation::CopyShallow {
            return Ok(());
        }
        while let Some((original, copy, kind)) = left.pop() {
            self.copy_members(original, (copy, kind), writes).await?;
            let mut page = PageRequest::first(COPY_PAGE);
            loop {
                let children = self.children(original, page).await?;
                for child in &children.items {
                    let new = copied(child, copy, child.name.clone());
                    left.push((child.id, new.id, new.kind));
                    writes.push(Write::CreateCollection(new));
                }
                self.check_copied(writes.len())?;
                match children.next {
                    Some(next) => page = PageRequest::after(next, COPY_PAGE),
                    None => break,
                }
            }
        }
        Ok(())
    }

    async fn copy_members(
        &self,
        original: CollectionId,
        (copy, kind): (CollectionId, CollectionKind),
        writes: &mut Vec<Write>,
    ) -> Result<(), Error> {
        let mut page = PageRequest::first(COPY_PAGE);
        loop {
            let entries = self.entries(original, page).await?;
            let names: Vec<_> = entries.items.into_iter().map(|entry| entry.name).collect();
            for object in self.objects(original, &names).await?.into_iter().flatten() {
                let properties = self.properties(original, &object.entry.name).await?;
                let put = Put::new(copy, object.entry.name, object.body)
                    .with_content_type(object.entry.content_type)
                    .with_properties(properties);
                writes.push(prepared(put, kind, Reading::Trusting)?.into());
            }
            self.check_copied(writes.len())?;
            match entries.next {
                Some(next) => page = PageRequest::after(next, COPY_PAGE),
                None => return Ok(()),
            }
        }
    }

    fn check_copied(&self, members: usize) -> Result<(), Error> {
        let limit = self.inner.limits.copied_members;
        if members > limit {
            return Err(Error::Limit {
                what: "members to copy at once",
                limit: u64::try_from(limit).unwrap_or(u64::MAX),
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
