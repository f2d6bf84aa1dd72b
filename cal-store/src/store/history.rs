//! History: the versions of objects, and going back to one.

use super::{Put, Store, Stored};
use crate::calendar_object::Reading;
use crate::{
    Cause, CollectionId, Error, ObjectName, Page, PageRequest, Pruned, Timestamp, Version,
    VersionBody, VersionId,
};

impl Store {
    /// How many days versions and trash are kept unless the operator says otherwise.
    pub const RETENTION_DAYS: u32 = 90;

    /// The versions that an object has had, latest first, the current one
    /// included. A name whose object was deleted still has its versions.
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

    /// Forgets versions that ended, deletions that happened and collections
    /// that went to the trash before an instant; commonly
    /// `now.days_before(Store::RETENTION_DAYS)`.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; then nothing is forgotten.
    pub async fn prune(&self, before: Timestamp) -> Result<Pruned, Error> {
        self.backend().prune(before).await
    }
}
