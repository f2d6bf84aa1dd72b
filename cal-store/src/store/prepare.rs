//! From bytes to a write: everything that needs no transaction.

use bytes::Bytes;

use super::{Delete, Put, Store};
use crate::calendar_object::{self, Reading};
use crate::{CollectionKind, DeleteObject, ETag, Error, Limits, PutObject, Timestamp, Write};

/// Bodies longer than this are parsed off the async threads.
const INLINE_BYTES: usize = 64 << 10;

impl Store {
    /// Checks and indexes an object that is to be stored.
    ///
    /// `now` is when it is written: its reminders are indexed from then on.
    pub(super) async fn prepare(
        &self,
        put: Put,
        reading: Reading,
        now: Timestamp,
    ) -> Result<PutObject, Error> {
        let kind = self.kind(put.collection).await?;
        let limits = self.inner.limits;
        check_size(kind, &put.body, &limits)?;
        if put.body.len() <= INLINE_BYTES {
            return prepared(put, kind, reading, now);
        }
        tokio::task::spawn_blocking(move || prepared(put, kind, reading, now))
            .await
            .map_err(Error::backend)?
    }

    /// Checks and indexes many objects, off the async threads.
    pub(super) async fn prepare_each(
        &self,
        puts: Vec<Put>,
        now: Timestamp,
    ) -> Result<Vec<Result<PutObject, Error>>, Error> {
        let mut work = Vec::with_capacity(puts.len());
        for put in puts {
            let kind = self.kind(put.collection).await;
            work.push((put, kind));
        }
        let limits = self.inner.limits;
        let prepare = move |(put, kind): (Put, Result<_, _>)| {
            let kind = kind?;
            check_size(kind, &put.body, &limits)?;
            prepared(put, kind, Reading::Validating, now)
        };
        tokio::task::spawn_blocking(move || work.into_iter().map(prepare).collect())
            .await
            .map_err(Error::backend)
    }
}

fn check_size(kind: CollectionKind, body: &Bytes, limits: &Limits) -> Result<(), Error> {
    let limit = match kind {
        CollectionKind::Calendar(_) => limits.object_bytes,
        CollectionKind::Home | CollectionKind::Plain => limits.file_bytes,
    };
    let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if size > limit {
        return Err(Error::TooLarge { size, limit });
    }
    Ok(())
}

/// A put with its index, ready for the transaction.
pub(super) fn prepared(
    put: Put,
    kind: CollectionKind,
    reading: Reading,
    now: Timestamp,
) -> Result<PutObject, Error> {
    let index = match kind {
        CollectionKind::Calendar(supported) => {
            Some(calendar_object::index(&put.body, supported, reading, now)?)
        }
        CollectionKind::Home | CollectionKind::Plain => None,
    };
    Ok(PutObject {
        etag: ETag::of(&put.body),
        collection: put.collection,
        name: put.name,
        precondition: put.precondition,
        content_type: put.content_type,
        body: put.body,
        schedule_tag: put.schedule_tag,
        index,
        properties: put.properties,
    })
}

pub(super) fn deletion(delete: Delete) -> Write {
    Write::DeleteObject(DeleteObject {
        collection: delete.collection,
        name: delete.name,
        precondition: delete.precondition,
    })
}
