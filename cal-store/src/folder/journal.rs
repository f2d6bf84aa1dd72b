//! The journal: one line for each frame, a checksum before it, only ever added to.
//!
//! Each line is the first sixteen hexadecimal digits of the SHA-256 of the rest,
//! a space, and a [`Frame`] as JSON. A line that was half written when the power
//! went is the last, and is dropped; one in the middle that does not hold is an
//! error. When much of it is past, the journal is written anew, as records.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::durable::{self, Disk};
use crate::memory::GrantedLease;
use crate::{
    Cause, CollectionId, Epoch, Error, HoldRecord, HoldToken, OldLetters, Record, Timestamp,
    Transaction,
};

/// The form of the journal that this program reads and writes.
const FORMAT: u32 = 1;

/// The journal is written anew when it is this much longer than twice what it
/// was when it was last written anew.
const SLACK: u64 = 4 << 20;

/// Bytes of one line: more than the largest transaction that a store makes.
pub(super) const LONGEST_LINE: u64 = 1 << 31;

/// What a line of the journal says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Frame {
    /// The first line.
    Journal { format: u32, epoch: Epoch },
    /// A transaction that was committed.
    Commit(Transaction),
    /// What ended before an instant was forgotten.
    Prune(Timestamp, Cause),
    /// Dead letters were forgotten.
    DeadLetters(OldLetters, Cause),
    /// Records of another store, or of this one when the journal was written anew.
    Records(Vec<Record>),
    /// Jobs were leased, or leases prolonged.
    Leases(Vec<GrantedLease>),
    /// A time was held, at this instant.
    Hold(HoldRecord, Timestamp),
    /// A hold of a calendar was released.
    Release(CollectionId, HoldToken),
    /// The files are as all lines before this one say.
    Settled,
}

/// What is done with each frame that is read, with the epoch of the store.
type Take<'t> = dyn FnMut(Epoch, Frame) -> Result<(), Error> + 't;

/// The journal, open at its end.
#[derive(Debug)]
pub(super) struct Journal {
    disk: Disk,
    path: PathBuf,
    file: File,
    length: u64,
    /// What it was when it was last written anew.
    fresh: u64,
    pub(super) epoch: Epoch,
}

impl Journal {
    /// Opens a journal, or makes one, and hands each of its frames to `take`.
    pub(super) fn open(
        disk: Disk,
        path: PathBuf,
        mut take: impl FnMut(Epoch, Frame) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let _ = std::fs::remove_file(new_path(&path));
        if !path.try_exists().map_err(Error::backend)? {
            let epoch = Epoch::random();
            let first = line(&Frame::Journal {
                format: FORMAT,
                epoch,
            })?;
            disk.write(&path, &first)?;
        }
        let options = OpenOptions::new().read(true).append(true).open(&path);
        let mut journal = Self {
            disk,
            file: options.map_err(Error::backend)?,
            path,
            length: 0,
            fresh: 0,
            epoch: Epoch::from_raw(0),
        };
        journal.read(&mut take)?;
        Ok(journal)
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads all lines, and drops a last one that was half written.
    fn read(&mut self, take: &mut Take<'_>) -> Result<(), Error> {
        let file = File::open(&self.path).map_err(Error::backend)?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let mut text = Vec::new();
        let mut number = 0_u64;
        let mut broken = None;
        loop {
            text.clear();
            let mut limited = reader.by_ref().take(LONGEST_LINE);
            let read = limited
                .read_until(b'\n', &mut text)
                .map_err(Error::backend)?;
            if read == 0 {
                break;
            }
            number += 1;
            match (parse::<Frame>(&text), broken) {
                (Some(frame), None) => {
                    self.take(number, frame?, take)?;
                    self.length += u64::try_from(read).unwrap_or(u64::MAX);
                }
                // What comes after a line that does not hold does: so it is
                // not the end that was half written.
                (Some(_), Some(line)) => return Err(damaged(&self.path, line)),
                (None, _) => broken = broken.or(Some(number)),
            }
        }
        if let Some(line) = broken {
            if line == 1 {
                return Err(damaged(&self.path, line));
            }
            let path = self.path.display();
            tracing::warn!(%path, line, "dropped the end of the journal, which was half written");
            self.file.set_len(self.length).map_err(Error::backend)?;
            self.disk.flush(&self.file).map_err(Error::backend)?;
        }
        Ok(())
    }

    fn take(&mut self, number: u64, frame: Frame, take: &mut Take<'_>) -> Result<(), Error> {
        match (number, frame) {
            (1, Frame::Journal { format, .. }) if format > FORMAT => Err(Error::NewerSchema {
                found: format.into(),
                supported: FORMAT.into(),
            }),
            (1, Frame::Journal { epoch, .. }) => {
                self.epoch = epoch;
                Ok(())
            }
            (1, _) | (_, Frame::Journal { .. }) => Err(damaged(&self.path, number)),
            (_, frame) => take(self.epoch, frame),
        }
    }

    /// Adds frames, which are on the disk when this answers.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; then none of them is there.
    pub(super) fn append(&mut self, frames: &[Frame]) -> Result<(), Error> {
        let lines = frames.iter().map(line).collect::<Result<Vec<_>, _>>()?;
        let lines = lines.concat();
        let written = self.file.write_all(&lines);
        let written = written.and_then(|()| self.disk.flush(&self.file));
        if let Err(error) = written {
            // If even this fails, the line is dropped when it is read, or it
            // is whole: then it was about to be acknowledged.
            let taken_back = self.file.set_len(self.length);
            let taken_back = taken_back.and_then(|()| self.disk.flush(&self.file));
            return Err(Error::backend(taken_back.err().unwrap_or(error)));
        }
        self.length += u64::try_from(lines.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Notes that the files are as the journal says. Should the note be lost,
    /// they are looked at again, so nobody waits for the disk.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        let line = line(&Frame::Settled)?;
        if let Err(error) = self.file.write_all(&line) {
            let _ = self.file.set_len(self.length);
            return Err(Error::backend(error));
        }
        self.length += u64::try_from(line.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Whether most of it is past.
    pub(super) fn is_long(&self) -> bool {
        self.length > self.fresh.saturating_mul(2).saturating_add(SLACK)
    }

    /// Writes the journal anew: what is kept now, and nothing of what is past.
    /// The files must be settled.
    pub(super) fn rewrite(
        &mut self,
        mut records: impl FnMut() -> Result<Vec<Record>, Error>,
        leases: Vec<GrantedLease>,
    ) -> Result<(), Error> {
        let path = new_path(&self.path);
        let mut file = durable::create(&path).map_err(Error::backend)?;
        let epoch = self.epoch;
        let mut length = 0_u64;
        let mut add = |frame: &Frame| {
            let line = line(frame)?;
            length += u64::try_from(line.len()).unwrap_or(u64::MAX);
            file.write_all(&line).map_err(Error::backend)
        };
        add(&Frame::Journal {
            format: FORMAT,
            epoch,
        })?;
        loop {
            let page = records()?;
            if page.is_empty() {
                break;
            }
            add(&Frame::Records(page))?;
        }
        add(&Frame::Leases(leases))?;
        add(&Frame::Settled)?;
        self.disk.flush(&file).map_err(Error::backend)?;
        self.disk.rename(&path, &self.path)?;
        let options = OpenOptions::new().append(true).open(&self.path);
        self.file = options.map_err(Error::backend)?;
        (self.length, self.fresh) = (length, length);
        Ok(())
    }
}

fn new_path(path: &Path) -> PathBuf {
    path.with_extension("new")
}

fn damaged(path: &Path, line: u64) -> Error {
    let path = path.display();
    Error::backend(format!("{path}: line {line} of the journal is damaged"))
}

fn checksum(text: &[u8]) -> String {
    let digest = Sha256::digest(text);
    let bytes = digest.iter().take(8);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn line(frame: &impl Serialize) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_vec(frame).map_err(Error::backend)?;
    let mut line = checksum(&text).into_bytes();
    line.push(b' ');
    line.extend(text);
    line.push(b'\n');
    match u64::try_from(line.len()) {
        Ok(length) if length <= LONGEST_LINE => Ok(line),
        _ => Err(Error::Limit {
            what: "bytes in one transaction",
            limit: LONGEST_LINE,
        }),
    }
}

/// What a whole line says whose checksum holds: an error if this program does
/// not know it.
pub(super) fn parse<T: for<'de> Deserialize<'de>>(line: &[u8]) -> Option<Result<T, Error>> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, text) = line.split_at_checked(16)?;
    let text = text.strip_prefix(b" ")?;
    if checksum(text).as_bytes() != sum {
        return None;
    }
    Some(serde_json::from_slice(text).map_err(Error::backend))
}
