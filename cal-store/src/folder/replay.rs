//! What a journal says, done again.

use std::path::Path;

use super::durable::Disk;
use super::journal::{Frame, Journal};
use super::notes::Notes;
use crate::calendar_object::Reading;
use crate::store::prepared;
use crate::{
    CollectionKind, ETag, Error, IndexRow, Memory, Put, PutObject, Record, Submitted, Timestamp,
    Write,
};

/// Reads a journal: the state that the files have followed, and the frames
/// that they may not have.
pub(super) fn read(
    disk: Disk,
    path: &Path,
    known: &mut Notes,
) -> Result<(Journal, Memory, Vec<Frame>), Error> {
    let mut memory = None;
    let mut late = Vec::new();
    let journal = Journal::open(disk, path.to_owned(), |epoch, frame| {
        let memory = memory.get_or_insert_with(|| Memory::with_epoch(epoch));
        match frame {
            Frame::Settled => late
                .drain(..)
                .try_for_each(|frame| replay(memory, frame, known)),
            frame => {
                late.push(frame);
                Ok(())
            }
        }
    })?;
    let memory = memory.unwrap_or_else(|| Memory::with_epoch(journal.epoch));
    Ok((journal, memory, late))
}

/// Does again what a frame says.
pub(super) fn replay(memory: &Memory, frame: Frame, known: &mut Notes) -> Result<(), Error> {
    match frame {
        Frame::Commit(mut transaction) => {
            transaction.submitted = Submitted::Bypass;
            for write in &mut transaction.writes {
                if let Write::PutObject(put) = write {
                    put.index = known.index(put.collection, &put.name, &put.etag);
                    if put.index.is_none() {
                        put.index = index(memory, put, transaction.cause.at)?;
                        known.indexed += u64::from(put.index.is_some());
                    }
                }
            }
            memory.replay(&transaction)
        }
        Frame::Prune(before, cause) => {
            memory.prune_whole(before, &cause);
            Ok(())
        }
        Frame::DeadLetters(old, cause) => {
            memory.prune_letters_whole(old, &cause);
            Ok(())
        }
        Frame::Records(mut records) => {
            for record in &mut records {
                if let Record::Object(object) = record
                    && object.component.is_some()
                {
                    let etag = ETag::of(&object.body);
                    object.index = known.index(object.collection, &object.name, &etag);
                    known.indexed += u64::from(object.index.is_none());
                }
            }
            crate::store::index_records(&mut records)?;
            memory.replay_records(&records)
        }
        Frame::Leases(leases) => memory.grant(&leases),
        Frame::Hold(record, at) => {
            memory.hold_again((record.collection, record.hold()), at);
            Ok(())
        }
        Frame::Release(id, token) => {
            memory.release_whole((id, token), Timestamp::from_millis(0));
            Ok(())
        }
        Frame::Journal { .. } | Frame::Settled => Ok(()),
    }
}

/// The index of what was stored once, at an instant: made anew from its bytes.
fn index(memory: &Memory, put: &PutObject, at: Timestamp) -> Result<Option<IndexRow>, Error> {
    let kind = memory.kind(put.collection);
    let kind = kind.unwrap_or(CollectionKind::Plain);
    let again = Put::new(put.collection, put.name.clone(), put.body.clone());
    Ok(prepared(again, (kind, Reading::Trusting), None, at)?.index)
}
