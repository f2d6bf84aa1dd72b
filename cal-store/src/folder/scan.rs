//! What somebody else has done to the files: noticed, held against what is
//! whole, and made changes like any others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::mirror::{KnownFile, Labels, Mirror, Stamp, listing};
use super::names::{self, Shelf};
use crate::calendar_object::Reading;
use crate::store::prepared;
use crate::{
    Cause, CollectionChanges, CollectionId, DeleteObject, ETag, Error, Memory, ObjectName,
    Precondition, Put, Submitted, Timestamp, Transaction, Via, Write,
};

/// How long a file must be gone to be deleted: programs that replace a file by
/// removing it first leave a gap.
const GAP: Duration = Duration::from_millis(50);

/// Levels of collections below a home that a change from outside may reach:
/// it makes none, so any number does.
const DEPTH: usize = usize::MAX;

/// A change that somebody made to the files.
pub(super) struct Edit {
    pub(super) collection: CollectionId,
    pub(super) name: Option<ObjectName>,
    pub(super) transaction: Transaction,
    /// What the mirror knows of the file once the change is committed.
    pub(super) known: Option<KnownFile>,
    path: String,
}

impl Edit {
    /// Says why the change is not taken over.
    pub(super) fn refuse(&self, error: &Error) {
        tracing::warn!(file = self.path, %error, "a file was changed to what cannot be stored");
    }
}

/// What a look at a calendar's folder found.
#[derive(Default)]
pub(super) struct Found {
    /// Deletions first: a file that was renamed keeps its UID.
    pub(super) edits: Vec<Edit>,
    /// The folder is gone, or all that was in it: it is written again.
    pub(super) is_lost: bool,
    /// Files of objects that were read, for they did not look as they did.
    pub(super) read: u64,
}

/// Looks at the folder of a calendar.
pub(super) fn look(
    memory: &Memory,
    mirror: &mut Mirror,
    id: CollectionId,
    refused: &mut BTreeMap<String, Stamp>,
) -> Result<Found, Error> {
    let Some(path) = mirror.path(id) else {
        return Ok(Found::default());
    };
    let Some(folder) = mirror.folder(id) else {
        return Ok(Found::default());
    };
    if !path.is_dir() {
        tracing::warn!(folder = %path.display(), "the folder of a calendar is gone and made again");
        return Ok(Found {
            is_lost: true,
            ..Found::default()
        });
    }
    let there = listing(&path)?;
    let is_gone = |known: &KnownFile| !there.contains(&known.file);
    let gone = folder.files.values().filter(|known| is_gone(known)).count();
    if gone > 1 && !there.iter().any(|file| is_object(file)) {
        tracing::warn!(folder = %path.display(), "all files of a calendar are gone at once: \
            they are written again");
        return Ok(Found {
            is_lost: true,
            ..Found::default()
        });
    }
    if gone > 0 {
        thread::sleep(GAP);
    }
    let mut edits = Vec::new();
    for (name, known) in folder.files.iter().filter(|(_, known)| is_gone(known)) {
        let file = path.join(&known.file);
        if Stamp::of(&file)?.is_none() {
            edits.push(deletion(id, name, modified(&path), &file));
        }
    }
    let known = folder.files.iter();
    let known: BTreeMap<&str, &ObjectName> =
        known.map(|(name, known)| (&*known.file, name)).collect();
    let mut touched = Vec::new();
    let mut read = 0_u64;
    for file in there.iter().filter(|file| is_object(file)) {
        let name = match known.get(&**file) {
            Some(name) => Some((*name).clone()),
            // Another spelling of a name that has its file is not looked at.
            None => {
                names::decode(file, Shelf::Calendar).filter(|name| !folder.files.contains_key(name))
            }
        };
        let Some(name) = name else { continue };
        let full = path.join(file);
        let seen = read_changed(&full, folder.files.get(&name), refused)?;
        read += u64::from(!matches!(seen, Seen::Same));
        match seen {
            Seen::Same => {}
            Seen::Touched(stamp) => touched.push((name, stamp)),
            Seen::Changed(body, stamp) => {
                let arrived = arrival(memory, (id, name), (body.into(), stamp), &full);
                if arrived.is_none() {
                    refused.insert(full.display().to_string(), stamp);
                }
                edits.extend(arrived);
            }
        }
    }
    edits.extend(relabelled(memory, mirror, id, &path)?);
    if let Some(folder) = mirror.folder_mut(id) {
        folder.note_stamps(touched);
    }
    Ok(Found {
        edits,
        is_lost: false,
        read,
    })
}

/// Whether the file of an object is no longer what was written there.
pub(super) fn is_touched(mirror: &Mirror, id: CollectionId, name: &ObjectName) -> bool {
    let is_calendar = |it: &super::mirror::Folder| it.shelf == Shelf::Calendar;
    if !mirror.folder(id).is_some_and(is_calendar) {
        return false;
    }
    let Some(path) = mirror.file_path(id, name) else {
        // A file that somebody has put where a new one goes.
        let path = mirror.path(id);
        let file = names::encode(name.as_str(), Shelf::Calendar, names::Care::Usual);
        return path.is_some_and(|path| path.join(file).exists());
    };
    let known = mirror.folder(id).and_then(|it| it.files.get(name)?.stamp);
    Stamp::of(&path).is_ok_and(|stamp| stamp != known)
}

/// What a look at one file found.
enum Seen {
    /// What is known, or nothing that is whole.
    Same,
    /// The same bytes, written again.
    Touched(Stamp),
    /// Other bytes.
    Changed(Vec<u8>, Stamp),
}

/// Reads a file that looks changed. One that changes while it is read is left
/// for the next time, and so is one without content: it is being written.
fn read_changed(
    path: &Path,
    before: Option<&KnownFile>,
    refused: &BTreeMap<String, Stamp>,
) -> Result<Seen, Error> {
    let Some(stamp) = Stamp::of(path)? else {
        return Ok(Seen::Same);
    };
    let is_refused = || refused.get(&path.display().to_string()) == Some(&stamp);
    if before.is_some_and(|known| known.stamp == Some(stamp)) || is_refused() {
        return Ok(Seen::Same);
    }
    let Ok(body) = fs::read(path) else {
        return Ok(Seen::Same);
    };
    if Stamp::of(path)? != Some(stamp) || body.is_empty() {
        return Ok(Seen::Same);
    }
    match before {
        Some(known) if known.etag == ETag::of(&body) => Ok(Seen::Touched(stamp)),
        _ => Ok(Seen::Changed(body, stamp)),
    }
}

/// A file that is new or has changed, if it is a whole calendar object.
fn arrival(
    memory: &Memory,
    (collection, name): (CollectionId, ObjectName),
    (body, stamp): (Bytes, Stamp),
    path: &Path,
) -> Option<Edit> {
    let known = KnownFile {
        file: path.file_name()?.to_str()?.to_owned(),
        etag: ETag::of(&body),
        stamp: Some(stamp),
    };
    let kind = memory.kind(collection)?;
    let put = Put::new(collection, name.clone(), body);
    let reckoning = memory
        .reckoning(collection, SystemTime::now().into())
        .ok()?;
    let how = (kind, Reading::Validating);
    match prepared(put, how, reckoning.as_ref(), stamp.at()) {
        Ok(put) => Some(Edit {
            collection,
            name: Some(name),
            transaction: transaction(stamp.at(), put.into()),
            known: Some(known),
            path: path.display().to_string(),
        }),
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "a file that is no whole calendar \
                object is left alone");
            None
        }
    }
}

fn deletion(collection: CollectionId, name: &ObjectName, at: Timestamp, path: &Path) -> Edit {
    let delete = DeleteObject {
        collection,
        name: name.clone(),
        precondition: Precondition::None,
    };
    Edit {
        collection,
        name: Some(name.clone()),
        transaction: transaction(at, Write::DeleteObject(delete)),
        known: None,
        path: path.display().to_string(),
    }
}

/// What somebody wrote into `displayname` and `color`. A file that is gone or
/// empty changes nothing.
fn relabelled(
    memory: &Memory,
    mirror: &mut Mirror,
    id: CollectionId,
    path: &Path,
) -> Result<Option<Edit>, Error> {
    let found = Labels::read(path)?;
    let Some(folder) = mirror.folder_mut(id).filter(|it| it.labels != found) else {
        return Ok(None);
    };
    let before = std::mem::replace(&mut folder.labels, found.clone());
    let Some(collection) = memory.live_collection(id) else {
        return Ok(None);
    };
    let now = Labels::of(&collection);
    let other = |found: &Option<String>, before: &Option<String>, now: &Option<String>| {
        let is_edit = found.is_some() && found != before && found != now;
        is_edit.then(|| found.clone())
    };
    let changes = CollectionChanges {
        display_name: other(&found.display_name, &before.display_name, &now.display_name),
        color: other(&found.color, &before.color, &now.color),
        ..CollectionChanges::default()
    };
    if changes == CollectionChanges::default() {
        return Ok(None);
    }
    let write = Write::UpdateCollection(id, changes);
    Ok(Some(Edit {
        collection: id,
        name: None,
        transaction: transaction(modified(path), write),
        known: None,
        path: path.display().to_string(),
    }))
}

fn transaction(at: Timestamp, write: Write) -> Transaction {
    let cause = Cause::new(Via::Folder, at).with_note("changed outside of the store");
    Transaction {
        unmoved: Vec::new(),
        cause: Arc::new(cause),
        depth: DEPTH,
        writes: vec![write],
        // It is on the disk already.
        submitted: Submitted::Bypass,
    }
}

/// The instant at which a folder last changed.
fn modified(path: &Path) -> Timestamp {
    let modified = fs::metadata(path).and_then(|found| found.modified());
    modified.map_or(Timestamp::from_millis(0), Timestamp::from)
}

fn is_object(file: &str) -> bool {
    !file.starts_with('.') && file.ends_with(".ics")
}

/// The names that a transaction writes, for whoever looks at their files first.
pub(super) fn objects(transaction: &Transaction) -> BTreeSet<(CollectionId, ObjectName)> {
    let names = transaction.writes.iter().filter_map(|write| match write {
        Write::PutObject(put) => Some((put.collection, put.name.clone())),
        Write::DeleteObject(delete) => Some((delete.collection, delete.name.clone())),
        _ => None,
    });
    names.collect()
}
