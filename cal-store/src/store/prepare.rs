//! From bytes to a write: everything that needs no transaction.

use bytes::Bytes;

use super::{Delete, Put, Store};
use crate::calendar_object::{self, Reading};
use crate::{CollectionKind, DeleteObject, ETag, Error, IndexRow, PutObject, Write};

/// Bodies longer than this are parsed off the async threads.
const INLINE_BYTES: usize = 64 << 10;

impl Store {
    /// Checks and indexes an object that is to be stored.
    pub(super) async fn prepare(&self, put: Put, reading: Reading) -> Result<Write, Error> {
        let kind = self.kind(put.collection).await?;
        self.check_size(kind, &put.body)?;
        let index = index(kind, &put.body, reading).await?;
        Ok(prepared(put, index))
    }

    fn check_size(&self, kind: CollectionKind, body: &Bytes) -> Result<(), Error> {
        let limit = match kind {
            CollectionKind::Calendar(_) => self.inner.limits.object_bytes,
            CollectionKind::Home | CollectionKind::Plain => self.inner.limits.file_bytes,
        };
        let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
        if size > limit {
            return Err(Error::TooLarge { size, limit });
        }
        Ok(())
    }
}

async fn index(
    kind: CollectionKind,
    body: &Bytes,
    reading: Reading,
) -> Result<Option<IndexRow>, Error> {
    let CollectionKind::Calendar(supported) = kind else {
        return Ok(None);
    };
    if body.len() <= INLINE_BYTES {
        return calendar_object::index(body, supported, reading).map(Some);
    }
    let body = body.clone();
    tokio::task::spawn_blocking(move || calendar_object::index(&body, supported, reading))
        .await
        .map_err(Error::backend)?
        .map(Some)
}

/// A put with its index, ready for the transaction.
pub(super) fn prepared(put: Put, index: Option<IndexRow>) -> Write {
    Write::PutObject(Box::new(PutObject {
        etag: ETag::of(&put.body),
        collection: put.collection,
        name: put.name,
        precondition: put.precondition,
        content_type: put.content_type,
        body: put.body,
        schedule_tag: put.schedule_tag,
        index,
        properties: put.properties,
    }))
}

pub(super) fn deletion(delete: Delete) -> Write {
    Write::DeleteObject(DeleteObject {
        collection: delete.collection,
        name: delete.name,
        precondition: delete.precondition,
    })
}
