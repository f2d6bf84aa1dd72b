//! What was known of the files and of the index when it was last written down,
//! so that a start after which nothing has changed reads none of them.
//!
//! It is there to save time and never the truth: what does not fit is passed
//! over and looked at anew. Its lines are in the form of those of the journal:
//! the first is a [`Head`], each other a [`Note`].

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::durable::{self, Disk};
use super::journal::{LONGEST_LINE, line, parse};
use super::mirror::{Mirror, Stamp};
use crate::{CollectionId, ETag, Epoch, Error, IndexBasis, IndexRow, Memory, ObjectName};

/// The form of the notes that this program reads and writes.
const FORMAT: u32 = 1;

/// A file that has changed so lately may change again without looking other
/// than before: some file systems tell times to two seconds.
const LATELY: Duration = Duration::from_secs(3);

/// What is said of all notes.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: u32,
    /// Whose notes these are.
    epoch: Epoch,
    basis: Option<IndexBasis>,
}

/// What is known of an object.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    collection: CollectionId,
    name: ObjectName,
    etag: ETag,
    /// What its file looked like when it held this.
    stamp: Option<Stamp>,
    index: IndexRow,
}

/// The notes of a store that is being opened.
#[derive(Debug, Default)]
pub(super) struct Notes {
    head: Option<Head>,
    objects: HashMap<(CollectionId, ObjectName), (ETag, Option<Stamp>, IndexRow)>,
    /// Objects of which there was no note that fits.
    pub(super) indexed: u64,
}

impl Notes {
    /// The notes in a file; none if there is none, or none that is whole.
    pub(super) fn read(path: &Path) -> Self {
        Self::try_read(path).unwrap_or_else(|error| {
            tracing::debug!(%error, "there are no notes on the index: it is made anew");
            Self::default()
        })
    }

    fn try_read(path: &Path) -> Result<Self, Error> {
        let file = std::fs::File::open(path).map_err(Error::backend)?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let head: Head = next(&mut reader)?.ok_or_else(|| Error::backend("no first line"))?;
        if head.format != FORMAT {
            return Err(Error::backend("they are of another program"));
        }
        let mut notes = Self {
            head: Some(head),
            ..Self::default()
        };
        while let Some(note) = next::<Note>(&mut reader)? {
            let spot = (note.collection, note.name);
            let known = (note.etag, note.stamp, note.index);
            notes.objects.insert(spot, known);
        }
        Ok(notes)
    }

    /// The index row of these bytes, if it is known. It follows from the bytes
    /// alone, of whatever store they are.
    pub(super) fn index(
        &self,
        id: CollectionId,
        name: &ObjectName,
        etag: &ETag,
    ) -> Option<IndexRow> {
        let (known, _, row) = self.objects.get(&(id, name.clone()))?;
        (known == etag).then(|| row.clone())
    }

    /// Hands over what the index was made with, and notes of each file that looks
    /// as it did what it holds.
    pub(super) fn apply(&self, epoch: Epoch, memory: &Memory, mirror: &mut Mirror) {
        let Some(head) = self.head.as_ref().filter(|head| head.epoch == epoch) else {
            return;
        };
        memory.set_index_basis_whole(head.basis.clone());
        for ((id, name), (etag, stamp, _)) in &self.objects {
            let (Some(stamp), Some(path)) = (stamp, mirror.file_path(*id, name)) else {
                continue;
            };
            if !matches!(Stamp::of(&path), Ok(Some(found)) if found == *stamp) {
                continue;
            }
            let folder = mirror.folder_mut(*id);
            let known = folder.and_then(|folder| folder.files.get_mut(name));
            if let Some(known) = known.filter(|known| known.etag == *etag) {
                known.stamp = Some(*stamp);
            }
        }
    }
}

/// Writes down what is known.
pub(super) fn write(
    disk: Disk,
    path: &Path,
    (epoch, memory, mirror): (Epoch, &Memory, &Mirror),
) -> Result<(), Error> {
    let new = path.with_extension("new");
    let mut file = durable::create(&new).map_err(Error::backend)?;
    let mut add = |line: Vec<u8>| file.write_all(&line).map_err(Error::backend);
    add(line(&Head {
        format: FORMAT,
        epoch,
        basis: memory.index_basis_whole(),
    })?)?;
    let trusted = SystemTime::now().checked_sub(LATELY).unwrap_or(UNIX_EPOCH);
    for collection in memory.collection_ids() {
        let files = mirror.folder(collection).map(|folder| &folder.files);
        let mut lines = Vec::new();
        for (name, etag, index) in memory.index_rows(collection) {
            let known = files.and_then(|files| files.get(&name));
            let known = known.filter(|known| known.etag == etag);
            let stamp = known.and_then(|known| known.stamp);
            lines.extend(line(&Note {
                collection,
                name,
                etag,
                stamp: stamp.filter(|stamp| stamp.is_before(trusted)),
                index,
            })?);
        }
        add(lines)?;
    }
    disk.flush(&file).map_err(Error::backend)?;
    disk.rename(&new, path)
}

/// The next line; none after the last.
fn next<T: for<'de> Deserialize<'de>>(reader: &mut impl BufRead) -> Result<Option<T>, Error> {
    let mut text = Vec::new();
    let mut limited = reader.take(LONGEST_LINE);
    match limited.read_until(b'\n', &mut text) {
        Ok(0) => Ok(None),
        Ok(_) => {
            let damaged = || Err(Error::backend("a line is damaged"));
            parse(&text).unwrap_or_else(damaged).map(Some)
        }
        Err(error) => Err(Error::backend(error)),
    }
}
