//! Collections: making, changing, moving, deleting and finding them.

use super::Store;
use crate::write::check_depth;
use crate::{
    Cause, Collection, CollectionChanges, CollectionId, CollectionKey, CollectionKind,
    CollectionName, Error, Location, MoveCollection, NewCollection, ObjectName, Page, PageRequest,
    PrincipalId, PrincipalName, Timestamp, Write,
};

/// Collections that are read at once.
const CHILDREN: usize = 200;

impl Store {
    /// Makes a collection.
    ///
    /// # Errors
    ///
    /// [`Error::ParentMissing`], [`Error::WrongPlace`] in a calendar,
    /// [`Error::ReservedName`], [`Error::Exists`], [`Error::Limit`] for too
    /// many levels, [`Error::TooLarge`] for properties beyond the limit.
    pub async fn create_collection(
        &self,
        new: NewCollection,
        cause: &Cause,
    ) -> Result<Collection, Error> {
        self.check_properties(new.properties.values().map(String::len).sum())?;
        let id = new.id;
        self.commit(vec![Write::CreateCollection(new)], cause)
            .await?;
        self.existing_collection(id).await
    }

    /// Changes details and properties of a collection, all or none.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::TooLarge`] for values beyond the limit.
    pub async fn update_collection(
        &self,
        id: CollectionId,
        changes: CollectionChanges,
        cause: &Cause,
    ) -> Result<Collection, Error> {
        self.check_properties(changes.properties.size())?;
        let write = Write::UpdateCollection(id, changes);
        self.commit(vec![write], cause).await?;
        self.existing_collection(id).await
    }

    /// Gives a collection another parent, another name or both. Its identity,
    /// members, tokens and history stay.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::ParentMissing`], [`Error::ReservedName`],
    /// [`Error::Exists`]; [`Error::Limit`] for too many levels;
    /// [`Error::WrongPlace`] for a home, into itself or into a calendar.
    pub async fn move_collection(
        &self,
        to: MoveCollection,
        cause: &Cause,
    ) -> Result<Collection, Error> {
        let id = to.id;
        self.commit(vec![Write::MoveCollection(to)], cause).await?;
        self.existing_collection(id).await
    }

    /// Puts a collection and all below it into the trash; its name is free at once.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::WrongPlace`] for a home.
    pub async fn delete_collection(&self, id: CollectionId, cause: &Cause) -> Result<(), Error> {
        let write = Write::DeleteCollection(id);
        self.commit(vec![write], cause).await.map(drop)
    }

    /// The collections of a principal in the trash, with the instants of
    /// their deletion, latest first.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn trash(&self, owner: PrincipalId) -> Result<Vec<(Timestamp, Collection)>, Error> {
        self.backend().trash(owner).await
    }

    /// Takes a collection and all below it back from the trash.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is not in the trash, else as
    /// [`move_collection`](Self::move_collection).
    pub async fn restore_collection(
        &self,
        to: MoveCollection,
        cause: &Cause,
    ) -> Result<Collection, Error> {
        let id = to.id;
        self.commit(vec![Write::RestoreCollection(to)], cause)
            .await?;
        let restored = self.existing_collection(id).await?;
        self.rebuild_busy_of_restored(&restored, cause.at).await;
        Ok(restored)
    }

    /// A collection by id, as the home of a principal, or by name in its parent.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn collection(
        &self,
        key: impl Into<CollectionKey>,
    ) -> Result<Option<Collection>, Error> {
        self.backend().collection(key.into()).await
    }

    /// The home of a principal: the root of its collections.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a principal.
    pub async fn home(&self, owner: PrincipalId) -> Result<Collection, Error> {
        let home = self
            .backend()
            .collection(CollectionKey::Home(owner))
            .await?;
        home.ok_or(Error::NotFound)
    }

    /// A collection by name in its parent.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn child(
        &self,
        parent: CollectionId,
        name: &CollectionName,
    ) -> Result<Option<Collection>, Error> {
        let key = CollectionKey::Child(parent, name.clone());
        self.backend().collection(key).await
    }

    /// The collections directly inside another, by name.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a collection; [`Error::InvalidCursor`].
    pub async fn children(
        &self,
        parent: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Collection>, Error> {
        self.backend().children(parent, self.bounded(page)).await
    }

    /// What a path of decoded segments below the home of a principal leads to.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] for a path deeper than anything can be stored.
    pub async fn locate(
        &self,
        owner: &PrincipalName,
        path: &[ObjectName],
    ) -> Result<Location, Error> {
        // The last name may be that of an object.
        check_depth(path.len().saturating_sub(1), self.inner.limits.depth)?;
        self.backend().locate(owner, path).await
    }

    /// Works out anew when calendars take time that have come back from the trash,
    /// where nobody sees to that. They are back in any case: what is in the way is
    /// only logged.
    async fn rebuild_busy_of_restored(&self, top: &Collection, at: Timestamp) {
        let rebuild = async {
            let Some(owner) = self.owner(top.owner).await? else {
                return Ok(());
            };
            let calendars = match top.kind {
                CollectionKind::Calendar(_) => vec![top.clone()],
                CollectionKind::Home | CollectionKind::Plain => {
                    self.calendars_below(top.id).await?
                }
                CollectionKind::Attachments => Vec::new(),
            };
            for calendar in calendars {
                self.rebuild_if_there(&calendar, &owner, at).await?;
            }
            Ok::<_, Error>(())
        };
        if let Err(error) = rebuild.await {
            tracing::warn!(collection = %top.id, %error, "restored, with the times it took before");
        }
    }

    /// All calendars below a collection.
    pub(super) async fn calendars_below(
        &self,
        top: CollectionId,
    ) -> Result<Vec<Collection>, Error> {
        let mut found = Vec::new();
        let mut left = vec![top];
        while let Some(parent) = left.pop() {
            let mut page = PageRequest::first(CHILDREN);
            loop {
                let children = match self.children(parent, page).await {
                    // It was deleted meanwhile.
                    Err(Error::NotFound) => break,
                    children => children?,
                };
                for child in children.items {
                    match child.kind {
                        CollectionKind::Calendar(_) => found.push(child),
                        CollectionKind::Home | CollectionKind::Plain => left.push(child.id),
                        CollectionKind::Attachments => {}
                    }
                }
                match children.next {
                    Some(next) => page = PageRequest::after(next, CHILDREN),
                    None => break,
                }
            }
        }
        Ok(found)
    }

    async fn existing_collection(&self, id: CollectionId) -> Result<Collection, Error> {
        let found = self.backend().collection(CollectionKey::Id(id)).await?;
        found.ok_or(Error::NotFound)
    }
}
