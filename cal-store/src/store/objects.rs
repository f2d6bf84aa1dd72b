//! Objects: storing, deleting, reading and finding them.

use futures::stream::{self, StreamExt};

use super::prepare::deletion;
use super::{Delete, Edit, Put, Store, Stored, Written, only};
use crate::calendar_object::Reading;
use crate::{
    Cause, CollectionId, ETag, Entry, Error, LogPage, LogQuery, Object, ObjectName, Page,
    PageRequest, Properties, PropertyChanges, PutObject, Receipt, SpanQuery, SyncPage, SyncToken,
    TokenFault, Uid, Write,
};

/// Objects parsed and committed at once when many are stored.
const CHUNK: usize = 500;

impl Store {
    /// Stores an object.
    ///
    /// In a calendar the bytes must be a calendar object (RFC 4791 4.1) of a
    /// kind that it takes; elsewhere they may be anything.
    ///
    /// # Errors
    ///
    /// [`Error::ParentMissing`], [`Error::TooLarge`], [`Error::InvalidObject`],
    /// [`Error::Exists`] (a collection has the name),
    /// [`Error::PreconditionFailed`], [`Error::UnsupportedComponent`],
    /// [`Error::UidConflict`], [`Error::OtherUid`], [`Error::HoldLapsed`] and, in
    /// a calendar that may not be busy twice, [`Error::DoubleBooking`]; then
    /// nothing has changed.
    pub async fn put(&self, put: Put, cause: &Cause) -> Result<Stored, Error> {
        self.put_as(put, Reading::Validating, cause).await
    }

    /// Stores an object that may have been stored before.
    pub(super) async fn put_as(
        &self,
        put: Put,
        reading: Reading,
        cause: &Cause,
    ) -> Result<Stored, Error> {
        let prepared = self.prepare(put, reading, cause.at).await?;
        let (collection, etag) = (prepared.collection, prepared.etag);
        let receipt = only(self.commit(vec![prepared.into()], cause).await?)?;
        Ok(self.stored(collection, etag, receipt))
    }

    /// Stores many objects, each by itself, in few transactions.
    ///
    /// The results are in the order of the puts; one that fails does not keep
    /// others from being stored. Other writers get their turn in between.
    pub async fn put_each(&self, puts: Vec<Put>, cause: &Cause) -> Vec<Result<Stored, Error>> {
        let mut chunks = Vec::new();
        let mut puts = puts.into_iter().peekable();
        while puts.peek().is_some() {
            chunks.push(puts.by_ref().take(CHUNK).collect::<Vec<_>>());
        }
        // One chunk is parsed while the one before it is written.
        let chunks = stream::iter(chunks).map(|chunk| async move {
            let count = chunk.len();
            (count, self.prepare_each(chunk, cause.at).await)
        });
        let written = chunks.buffered(2).then(|(count, prepared)| async move {
            let results = match prepared {
                Ok(prepared) => self.put_prepared(prepared, cause).await,
                Err(error) => Err(error),
            };
            results.unwrap_or_else(|error| vec![Err(error); count])
        });
        let results: Vec<_> = written.collect().await;
        results.into_iter().flatten().collect()
    }

    async fn put_prepared(
        &self,
        prepared: Vec<Result<PutObject, Error>>,
        cause: &Cause,
    ) -> Result<Vec<Result<Stored, Error>>, Error> {
        let mut writes = Vec::with_capacity(prepared.len());
        let mut results = Vec::with_capacity(prepared.len());
        for put in prepared {
            results.push(put.map(|put| {
                let target = (put.collection, put.etag);
                writes.push(put.into());
                target
            }));
        }
        let mut receipts = self.commit_each(writes, cause).await?.into_iter();
        let missing = || Err(Error::backend("the backend gave too few results"));
        let results = results.into_iter().map(|target| {
            let (collection, etag) = target?;
            let receipt = receipts.next().unwrap_or_else(missing)?;
            Ok(self.stored(collection, etag, receipt))
        });
        Ok(results.collect())
    }

    /// Deletes an object; its last version stays in the history.
    ///
    /// # Errors
    ///
    /// [`Error::PreconditionFailed`], [`Error::NotFound`].
    pub async fn delete(&self, delete: Delete, cause: &Cause) -> Result<SyncToken, Error> {
        let collection = delete.collection;
        let receipt = only(self.commit(vec![deletion(delete)], cause).await?)?;
        Ok(self.token_at(collection, receipt.sequence))
    }

    /// Makes several changes, in any collections, together or not at all.
    ///
    /// Each change sees those before it.
    ///
    /// # Errors
    ///
    /// That of the first change that cannot be made; then nothing has changed.
    pub async fn write_all(&self, edits: Vec<Edit>, cause: &Cause) -> Result<Vec<Written>, Error> {
        let mut writes = Vec::with_capacity(edits.len());
        let mut targets = Vec::with_capacity(edits.len());
        for edit in edits {
            match edit {
                Edit::Put(put) => {
                    let put = self.prepare(put, Reading::Validating, cause.at).await?;
                    targets.push(Target::Stored(put.collection, put.etag));
                    writes.push(put.into());
                }
                Edit::Delete(delete) => {
                    targets.push(Target::Deleted(delete.collection));
                    writes.push(deletion(delete));
                }
                Edit::Enqueue(job) => {
                    targets.push(Target::Job);
                    writes.push(self.prepare_job(job)?);
                }
                Edit::Settle(lease, outcome) => {
                    targets.push(Target::Job);
                    writes.push(super::jobs::settlement(lease, outcome));
                }
            }
        }
        let receipts = self.commit(writes, cause).await?;
        let written = targets.into_iter().zip(receipts);
        Ok(written
            .map(|(target, receipt)| match target {
                Target::Stored(collection, etag) => {
                    Written::Stored(self.stored(collection, etag, receipt))
                }
                Target::Deleted(collection) => {
                    Written::Deleted(self.token_at(collection, receipt.sequence))
                }
                Target::Job => Written::Job(receipt.effect),
            })
            .collect())
    }

    /// Changes the properties of an object.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::TooLarge`] for values beyond the limit.
    pub async fn update_properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        changes: PropertyChanges,
        cause: &Cause,
    ) -> Result<(), Error> {
        self.check_properties(changes.size())?;
        let write = Write::UpdateObject(collection, name.clone(), changes);
        self.commit(vec![write], cause).await.map(drop)
    }

    /// One object.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        self.backend().object(collection, name).await
    }

    /// Many objects, each in the place of its name: all in memory at once, and of one
    /// snapshot as far as [`OBJECT_BYTES`](crate::OBJECT_BYTES) go.
    /// [`first_objects`](Self::first_objects) bounds how much that is.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] for more names than a page may have.
    pub async fn objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        let mut found = Vec::with_capacity(names.len());
        while let Some(left) = names.get(found.len()..).filter(|left| !left.is_empty()) {
            found.extend(self.first_objects(collection, left).await?);
        }
        Ok(found)
    }

    /// The objects of the first of some names, each in the place of its name and of
    /// one snapshot: at least one, and no further one once they have
    /// [`OBJECT_BYTES`](crate::OBJECT_BYTES). Ask on with the names that are left.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] for more names than a page may have.
    pub async fn first_objects(
        &self,
        collection: CollectionId,
        names: &[ObjectName],
    ) -> Result<Vec<Option<Object>>, Error> {
        self.check_many(names.len())?;
        let found = self.backend().objects(collection, names).await?;
        check_answered(found, names.len())
    }

    /// The object of a calendar that has this UID.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn object_by_uid(
        &self,
        collection: CollectionId,
        uid: &Uid,
    ) -> Result<Option<Object>, Error> {
        let uids = std::slice::from_ref(uid);
        let found = self.backend().objects_by_uid(collection, uids).await?;
        Ok(found.into_iter().next().flatten())
    }

    /// The objects of a calendar that have these UIDs, each in the place of its UID,
    /// as [`objects`](Self::objects).
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] for more UIDs than a page may have.
    pub async fn objects_by_uid(
        &self,
        collection: CollectionId,
        uids: &[Uid],
    ) -> Result<Vec<Option<Object>>, Error> {
        self.check_many(uids.len())?;
        let mut found = Vec::with_capacity(uids.len());
        while let Some(left) = uids.get(found.len()..).filter(|left| !left.is_empty()) {
            let more = self.backend().objects_by_uid(collection, left).await?;
            found.extend(check_answered(more, left.len())?);
        }
        Ok(found)
    }

    /// The properties of an object, empty if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn properties(
        &self,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Properties, Error> {
        self.backend().properties(collection, name).await
    }

    /// The objects of a collection by name, without their bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a collection; [`Error::InvalidCursor`].
    pub async fn entries(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<Entry>, Error> {
        self.backend().entries(collection, self.bounded(page)).await
    }

    /// The objects of a calendar that may have something in a window: a
    /// superset of those that do, found by index. Whoever asks expands them.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a collection; [`Error::InvalidCursor`].
    pub async fn overlapping(
        &self,
        query: SpanQuery,
        page: PageRequest,
    ) -> Result<Page<Object>, Error> {
        self.backend().overlapping(query, self.bounded(page)).await
    }

    /// What has changed in a collection since a token, or since it was made:
    /// each member once, in its latest state, at most `limit` of them.
    ///
    /// While there is [`more`](SyncPage::more), ask again with the page's
    /// token. Without a token, names that are gone are left out.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidToken`] if the token is of another store, epoch or
    /// collection, of the future or too old; [`Error::NotFound`] without such
    /// a collection.
    pub async fn changes(
        &self,
        collection: CollectionId,
        since: Option<&SyncToken>,
        limit: usize,
    ) -> Result<SyncPage, Error> {
        let (after, horizon) = match since {
            Some(token) => self.position(collection, token)?,
            None => (0, u64::MAX),
        };
        let query = LogQuery {
            collection,
            after,
            horizon,
            limit: limit.clamp(1, self.inner.limits.page_items),
        };
        let log = self.backend().changes(query).await?;
        if since.is_some() {
            check_reach(after, horizon, &log)?;
        }
        let token = match log.changes.last().filter(|_| log.more) {
            Some(last) => self
                .token_at(collection, last.sequence)
                .with_horizon(horizon.min(log.head)),
            None => self.token_at(collection, log.head),
        };
        Ok(SyncPage {
            token,
            more: log.more,
            changes: log.changes,
        })
    }

    /// The sequence and horizon of a token, if it is one of this store and collection.
    fn position(&self, collection: CollectionId, token: &SyncToken) -> Result<(u64, u64), Error> {
        if token.epoch() != self.epoch() {
            return Err(Error::InvalidToken(TokenFault::Epoch));
        }
        if token.collection() != collection {
            return Err(Error::InvalidToken(TokenFault::Collection));
        }
        Ok((token.sequence(), token.horizon()))
    }

    pub(super) fn stored(&self, collection: CollectionId, etag: ETag, receipt: Receipt) -> Stored {
        Stored {
            effect: receipt.effect,
            etag,
            token: self.token_at(collection, receipt.sequence),
        }
    }

    fn check_many(&self, count: usize) -> Result<(), Error> {
        let limit = self.inner.limits.page_items;
        if count > limit {
            return Err(Error::Limit {
                what: "objects at once",
                limit: u64::try_from(limit).unwrap_or(u64::MAX),
            });
        }
        Ok(())
    }

    pub(super) fn check_properties(&self, size: usize) -> Result<(), Error> {
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        let limit = self.inner.limits.property_bytes;
        if size > limit {
            return Err(Error::TooLarge { size, limit });
        }
        Ok(())
    }
}

/// What an edit is about, to tell from its receipt what it did.
enum Target {
    Stored(CollectionId, ETag),
    Deleted(CollectionId),
    Job,
}

fn check_reach(after: u64, horizon: u64, log: &LogPage) -> Result<(), Error> {
    if after > log.head || horizon > log.head {
        return Err(Error::InvalidToken(TokenFault::Future));
    }
    if horizon < log.floor {
        return Err(Error::InvalidToken(TokenFault::Expired));
    }
    Ok(())
}

/// Refuses an answer of nothing, or of more than was asked for: whoever asks on
/// would do so for ever.
fn check_answered(found: Vec<Option<Object>>, asked: usize) -> Result<Vec<Option<Object>>, Error> {
    match found.len() > asked || (found.is_empty() && asked > 0) {
        true => Err(Error::backend(
            "the backend does not answer what it is asked",
        )),
        false => Ok(found),
    }
}
