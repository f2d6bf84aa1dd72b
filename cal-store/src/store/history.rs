//! History: the versions of objects, and going back to one.

use super::{Put, Store, Stored};
use crate::calendar_object::Reading;
use crate::{
    Cause, CollectionAt, CollectionId, Error, ObjectName, Page, PageRequest, PastCollection,
    Pruned, Pruning, Timestamp, Version, VersionBody, VersionId,
};

impl Store {
    /// How many days versions and trash are kept unless the operator says otherwise.
    pub const RETENTION_DAYS: u32 = 90;

    /// Days that dead letters are kept unless the operator says otherwise.
    pub const DEAD_LETTER_DAYS: u32 = 30;

    /// The versions that an object has had, latest first, the current one
    /// included. A name whose object was deleted still has its versions, and so
    /// have the objects of a collection in the trash.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCursor`].
    pub async fn versions(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        page: PageRequest,
    ) -> Result<Page<Version>, Error> {
        let page = self.bounded(page);
        self.backend().versions(collection, name, page).await
    }

    /// One version with its bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
    ) -> Result<Option<VersionBody>, Error> {
        self.backend().version(collection, name, id).await
    }

    /// Makes the bytes of an earlier version the current ones again: a new
    /// change, which every client syncs. What was stored once is not
    /// validated again.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a version, else as [`put`](Self::put).
    pub async fn restore(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        id: VersionId,
        cause: &Cause,
    ) -> Result<Stored, Error> {
        let found = self.backend().version(collection, name, id).await?;
        let VersionBody { version, body } = found.ok_or(Error::NotFound)?;
        let put = Put::new(collection, name.clone(), body).with_content_type(version.content_type);
        self.put_as(put, Reading::Trusting, cause).await
    }

    /// A collection as it was at an instant, with a page of its objects as they
    /// were, by name; `None` if it was not there then, or in the trash. It may
    /// be in the trash now.
    ///
    /// Properties of objects have no history.
    ///
    /// # Errors
    ///
    /// [`Error::Forgotten`] for an instant that is not known any more;
    /// [`Error::InvalidCursor`].
    pub async fn collection_at(
        &self,
        collection: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        let page = self.bounded(page);
        self.backend().collection_at(collection, at, page).await
    }

    /// The collections that were directly inside another at an instant, by
    /// name, each as it was.
    ///
    /// # Errors
    ///
    /// As [`collection_at`](Self::collection_at).
    pub async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        let page = self.bounded(page);
        self.backend().children_at(parent, at, page).await
    }

    /// Forgets what ended before an instant: versions, deletions, earlier
    /// states of collections, collections in the trash, and audit entries;
    /// commonly `now.days_before(Store::RETENTION_DAYS)`. What was forgotten
    /// is [recorded](Self::prunings).
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; then nothing is forgotten.
    pub async fn prune(&self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error> {
        self.backend().prune(before, cause).await
    }

    /// What was pruned, when and by whom, latest first.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCursor`].
    pub async fn prunings(&self, page: PageRequest) -> Result<Page<Pruning>, Error> {
        self.backend().prunings(self.bounded(page)).await
    }
}
