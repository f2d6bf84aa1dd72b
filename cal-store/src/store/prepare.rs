//! From bytes to a write: everything that needs no transaction.

use std::num::NonZero;
use std::sync::Arc;

use bytes::Bytes;

use super::{Delete, Put, Store};
use crate::busy::Reckoning;
use crate::calendar_object::{self, Reading};
use crate::{
    CollectionKind, Components, DeleteObject, ETag, Error, Limits, PutObject, Record, Timestamp,
    Write, is_light,
};

/// Objects that a thread of its own is worth.
const LEAST_SHARE: usize = 50;

/// Threads that many objects are shared out to.
fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

impl Store {
    /// Checks and indexes an object that is to be stored.
    ///
    /// `at` is when it is written: its reminders are indexed from then on.
    pub(super) async fn prepare(
        &self,
        put: Put,
        reading: Reading,
        at: Timestamp,
    ) -> Result<PutObject, Error> {
        let kind = self.kind(put.collection).await?;
        let reckoning = self.reckoning(put.collection, kind, at).await?;
        let limits = self.inner.limits;
        check_size(kind, &put.body, &limits)?;
        if is_light(&put.body) {
            return prepared(put, (kind, reading), reckoning.as_deref(), at);
        }
        let prepare = move || prepared(put, (kind, reading), reckoning.as_deref(), at);
        self.inner.workers.run(prepare).await?
    }

    /// Checks and indexes many objects, off the async threads, on all processors.
    pub(super) async fn prepare_each(
        &self,
        puts: Vec<Put>,
        at: Timestamp,
    ) -> Result<Vec<Result<PutObject, Error>>, Error> {
        let mut work = Vec::with_capacity(puts.len());
        for put in puts {
            let known = match self.kind(put.collection).await {
                Ok(kind) => {
                    let reckoning = self.reckoning(put.collection, kind, at).await;
                    reckoning.map(|reckoning| (kind, reckoning))
                }
                Err(error) => Err(error),
            };
            work.push((put, known));
        }
        let limits = self.inner.limits;
        let prepare = move |(put, known): (Put, Result<_, _>)| {
            let (kind, reckoning): (_, Option<Arc<Reckoning>>) = known?;
            check_size(kind, &put.body, &limits)?;
            let how = (kind, Reading::Validating);
            prepared(put, how, reckoning.as_deref(), at)
        };
        let share = work.len().div_ceil(processors()).max(LEAST_SHARE);
        let mut shares = Vec::new();
        while !work.is_empty() {
            let rest = work.split_off(share.min(work.len()));
            let share = std::mem::replace(&mut work, rest);
            let prepare = move || share.into_iter().map(prepare).collect::<Vec<_>>();
            shares.push(self.inner.workers.run(prepare));
        }
        let prepared = futures::future::try_join_all(shares).await?;
        Ok(prepared.into_iter().flatten().collect())
    }
}

fn check_size(kind: CollectionKind, body: &Bytes, limits: &Limits) -> Result<(), Error> {
    let limit = match kind {
        CollectionKind::Calendar(_) => limits.object_bytes,
        CollectionKind::Home | CollectionKind::Plain | CollectionKind::Attachments => {
            limits.file_bytes
        }
    };
    let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if size > limit {
        return Err(Error::TooLarge { size, limit });
    }
    Ok(())
}

/// A put with its index, ready for the transaction.
pub(crate) fn prepared(
    put: Put,
    (kind, reading): (CollectionKind, Reading),
    reckoning: Option<&Reckoning>,
    at: Timestamp,
) -> Result<PutObject, Error> {
    let (index, busy) = match kind {
        CollectionKind::Calendar(supported) => {
            let how = (supported, reading);
            let (index, busy) = calendar_object::index(&put.body, how, reckoning, at)?;
            (Some(index), busy)
        }
        CollectionKind::Home | CollectionKind::Plain | CollectionKind::Attachments => (None, None),
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
        busy,
        hold: put.hold,
    })
}

/// Makes the index rows of calendar objects among records that have none yet,
/// from their bytes, as they were seen when they were written.
pub(crate) fn index_records(records: &mut [Record]) -> Result<(), Error> {
    for record in records {
        if let Record::Object(object) = record
            && object.component.is_some()
            && object.index.is_none()
        {
            let how = (Components::all(), Reading::Trusting);
            let (index, _) = calendar_object::index(&object.body, how, None, object.made.at)?;
            object.index = Some(index);
        }
    }
    Ok(())
}

pub(super) fn deletion(delete: Delete) -> Write {
    Write::DeleteObject(DeleteObject {
        collection: delete.collection,
        name: delete.name,
        precondition: delete.precondition,
    })
}
