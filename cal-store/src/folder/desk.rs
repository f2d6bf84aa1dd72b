//! The one place that writes: commits to memory and journal, brings the files
//! after, and takes over what others did to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{RwLock, broadcast};

use super::Opening;
use super::durable::{self, Disk};
use super::journal::{Frame, Journal};
use super::mirror;
use super::mirror::{Mirror, Stamp};
use super::notes::{self, Notes};
use super::replay::{read, replay};
use super::scan::{self, Edit};
use crate::group_commit::{Committer, Results};
use crate::store::subject;
use crate::{
    Cause, Change, CollectionId, Durability, ETag, Effect, Epoch, Error, HoldRecord, HoldToken,
    IndexBasis, Lease, LeaseRequest, LeasedJob, Memory, NewHold, ObjectName, OldLetters, Pruned,
    RebuiltBusy, Receipt, Record, SecretWrite, Timestamp, Transaction, Write,
};

/// Records in a line of a journal that is written anew: few enough for the
/// longest line even where each is as large as may be.
const PAGE: usize = 20;

/// What the writing thread works with.
pub(super) struct Desk {
    disk: Disk,
    memory: Arc<Memory>,
    /// Held for writing while something is in memory and not yet on the disk:
    /// nobody may read it then.
    gate: Arc<RwLock<()>>,
    changes: Arc<std::sync::Mutex<Option<broadcast::Sender<Change>>>>,
    journal: Journal,
    mirror: Mirror,
    /// Where it is written down what is known of files and index.
    notes: PathBuf,
    /// Whether something is known that is not written down.
    is_noteworthy: bool,
    /// Files of objects that were read.
    read: u64,
    touched: Touched,
    /// Files that were found to be no objects, so that each is told of once.
    refused: BTreeMap<String, Stamp>,
    /// The journal could not be taken back to what it was: nothing more is written.
    is_broken: bool,
    _lock: File,
}

/// What the files have still to follow.
#[derive(Debug, Default)]
struct Touched {
    objects: BTreeSet<(CollectionId, ObjectName)>,
    folders: bool,
    /// Written in full before they are looked at for changes.
    lost: BTreeSet<CollectionId>,
    any: bool,
}

impl Touched {
    fn note(&mut self, transaction: &Transaction) {
        self.any = true;
        for write in &transaction.writes {
            match write {
                Write::PutObject(_) | Write::DeleteObject(_) => {}
                // Properties, jobs, secrets, passwords and tokens are in no file.
                Write::UpdateObject(..)
                | Write::Job(_)
                | Write::Secret(_)
                | Write::Lock(_)
                | Write::SetPassword(..)
                | Write::AddToken(_)
                | Write::RevokeToken(..) => {}
                Write::CreatePrincipal(..)
                | Write::UpdatePrincipal(..)
                | Write::RemovePrincipal(_)
                | Write::CreateCollection(_)
                | Write::UpdateCollection(..)
                | Write::MoveCollection(_)
                | Write::DeleteCollection(_)
                | Write::RestoreCollection(_) => self.folders = true,
            }
        }
        self.objects.extend(scan::objects(transaction));
    }

    fn note_frame(&mut self, frame: &Frame) {
        match frame {
            Frame::Commit(transaction) => self.note(transaction),
            Frame::Prune(..) | Frame::DeadLetters(..) | Frame::Records(_) => {
                (self.folders, self.any) = (true, true);
                if let Frame::Records(records) = frame {
                    let objects = records.iter().filter_map(|record| match record {
                        Record::Object(record) => Some((record.collection, record.name.clone())),
                        _ => None,
                    });
                    self.objects.extend(objects);
                }
            }
            Frame::Journal { .. }
            | Frame::Leases(_)
            | Frame::Hold(..)
            | Frame::Release(..)
            | Frame::Settled => {}
        }
    }
}

/// What a writer and its readers share.
pub(super) struct Shared {
    pub(super) memory: Arc<Memory>,
    pub(super) gate: Arc<RwLock<()>>,
    pub(super) changes: Arc<std::sync::Mutex<Option<broadcast::Sender<Change>>>>,
    pub(super) epoch: Epoch,
    pub(super) opening: Opening,
}

impl Committer for Desk {
    const THREAD: &'static str = "cal-store-folder";
    const QUEUE: usize = 1024;
    const GROUP: usize = 256;

    fn commit_group(&mut self, transactions: &[Transaction]) -> Results {
        self.look_first(transactions);
        self.commit_unseen(transactions)
    }

    fn close(&mut self) {
        self.write_notes();
    }
}

impl Desk {
    /// Opens the store in a folder, or makes one, and takes over what others
    /// did to its files meanwhile.
    pub(super) fn open(root: &Path, durability: Durability) -> Result<(Self, Shared), Error> {
        let disk = Disk(durability);
        disk.make_folder(root)?;
        let inner = root.join(".cal");
        disk.make_folder(&inner)?;
        let lock = lock(&inner.join("lock"))?;
        let aside = inner.join("moved");
        // Whatever was on its way when the process was killed is in the journal.
        let _ = fs::remove_dir_all(&aside);
        let notes = inner.join("index");
        let mut known = Notes::read(&notes);
        let (journal, settled, late) = read(disk, &inner.join("journal"), &mut known)?;
        let mut mirror = Mirror::new(disk, root, aside);
        mirror.adopt(&settled)?;
        known.apply(journal.epoch, &settled, &mut mirror);
        let mut touched = Touched::default();
        for frame in late {
            touched.note_frame(&frame);
            replay(&settled, frame, &mut known)?;
        }
        let memory = Arc::new(settled);
        let mut shared = Shared {
            opening: Opening::default(),
            memory: Arc::clone(&memory),
            gate: Arc::default(),
            changes: Arc::default(),
            epoch: journal.epoch,
        };
        let mut desk = Self {
            disk,
            memory,
            gate: Arc::clone(&shared.gate),
            changes: Arc::clone(&shared.changes),
            journal,
            mirror,
            notes,
            is_noteworthy: known.indexed > 0,
            read: 0,
            touched,
            refused: BTreeMap::new(),
            is_broken: false,
            _lock: lock,
        };
        desk.spare_edits();
        desk.settle();
        desk.scan()?;
        shared.opening = Opening {
            files_read: desk.read,
            objects_indexed: known.indexed,
        };
        Ok((desk, shared))
    }

    /// Notes what the index was made with.
    pub(super) fn set_index_basis(&mut self, basis: IndexBasis) -> Result<(), Error> {
        self.memory.set_index_basis_whole(Some(basis));
        self.is_noteworthy = true;
        self.write_notes();
        Ok(())
    }

    /// Writes down what is known. Who does not find it looks again.
    fn write_notes(&mut self) {
        if !self.is_noteworthy || self.is_broken {
            return;
        }
        let known = (self.journal.epoch, &*self.memory, &self.mirror);
        match notes::write(self.disk, &self.notes, known) {
            Ok(()) => self.is_noteworthy = false,
            Err(error) => tracing::warn!(%error, "what is known of the index is not kept"),
        }
    }

    /// Of what was not settled when the process was killed, leaves the files
    /// alone that hold what never was in the store: somebody has edited them.
    fn spare_edits(&mut self) {
        let (memory, mirror) = (&self.memory, &self.mirror);
        let is_ours = |(id, name): &(CollectionId, ObjectName)| {
            let Some(path) = mirror.file_path(*id, name) else {
                return true;
            };
            match fs::read(path) {
                Ok(body) => {
                    body.is_empty() || memory.known_tags(*id, name).contains(&ETag::of(&body))
                }
                Err(_) => true,
            }
        };
        self.touched.objects.retain(is_ours);
    }

    /// Commits each of some transactions by itself, all with one flush.
    /// Takes over what somebody did to the files that are about to be written,
    /// so that no edit is lost unseen.
    fn look_first(&mut self, transactions: &[Transaction]) {
        let objects = transactions.iter().flat_map(scan::objects);
        let touched = objects.filter(|(id, name)| scan::is_touched(&self.mirror, *id, name));
        let calendars: BTreeSet<_> = touched.map(|(id, _)| id).collect();
        for id in calendars {
            if let Err(error) = self.scan_calendar(id) {
                tracing::warn!(%error, calendar = %id, "the files of a calendar cannot be read");
            }
        }
    }

    fn commit_unseen(&mut self, transactions: &[Transaction]) -> Results {
        let gate = Arc::clone(&self.gate);
        let held = gate.blocking_write();
        let mut frames = Vec::new();
        let mut results = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            let result = match self.is_broken {
                true => Err(Error::Unavailable),
                false => self.memory.commit_whole(transaction),
            };
            let is_change = |receipt: &Receipt| receipt.effect != Effect::Unchanged;
            if result.as_ref().is_ok_and(|it| it.iter().any(is_change)) {
                frames.push(Frame::Commit(transaction.without_locks()));
            }
            results.push(result);
        }
        let kept = self.keep(&frames);
        drop(held);
        if let Err(error) = kept {
            return results.iter().map(|_| Err(error.clone())).collect();
        }
        self.settle();
        let mut writes = transactions.iter().flat_map(|it| &it.writes);
        if writes.any(is_to_be_forgotten) || self.journal.is_long() {
            self.rewrite();
        }
        results
    }

    /// Forgets what ended before an instant, in the journal too.
    pub(super) fn prune(&mut self, before: Timestamp, cause: &Cause) -> Result<Pruned, Error> {
        let gate = Arc::clone(&self.gate);
        let held = gate.blocking_write();
        if self.is_broken {
            return Err(Error::Unavailable);
        }
        let pruned = self.memory.prune_whole(before, cause);
        if pruned == Pruned::default() {
            return Ok(pruned);
        }
        self.keep(&[Frame::Prune(before, cause.clone())])?;
        drop(held);
        self.settle();
        self.rewrite();
        Ok(pruned)
    }

    /// Forgets dead letters, in the journal too.
    pub(super) fn prune_dead_letters(
        &mut self,
        old: OldLetters,
        cause: &Cause,
    ) -> Result<u64, Error> {
        let gate = Arc::clone(&self.gate);
        let held = gate.blocking_write();
        if self.is_broken {
            return Err(Error::Unavailable);
        }
        let forgotten = self.memory.prune_letters_whole(old, cause);
        if forgotten > 0 {
            self.keep(&[Frame::DeadLetters(old, cause.clone())])?;
            drop(held);
            self.settle();
            self.rewrite();
        }
        Ok(forgotten)
    }

    /// Takes in records of another store.
    pub(super) fn load(&mut self, records: Vec<Record>) -> Result<(), Error> {
        let gate = Arc::clone(&self.gate);
        let held = gate.blocking_write();
        if self.is_broken {
            return Err(Error::Unavailable);
        }
        self.memory.load_whole(&records)?;
        self.keep(&[Frame::Records(records)])?;
        drop(held);
        self.settle();
        if self.journal.is_long() {
            self.rewrite();
        }
        Ok(())
    }

    /// Keeps the times of a calendar, between two looks at its files: what was
    /// found by one is worked out from what is kept.
    pub(super) fn set_busy(&self, rebuilt: &RebuiltBusy) -> Result<bool, Error> {
        self.memory.set_busy_whole(rebuilt)
    }

    /// Leases jobs.
    pub(super) fn lease(&mut self, request: &LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        self.note(|memory| {
            let (leased, granted) = memory.lease_whole(request);
            let frame = (!granted.is_empty()).then_some(Frame::Leases(granted));
            Ok((leased, frame))
        })
    }

    /// Lets a lease run until another instant.
    pub(super) fn extend(&mut self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        self.note(|memory| {
            let granted = memory.extend_whole(lease, until)?;
            Ok(((), Some(Frame::Leases(granted))))
        })
    }

    /// Holds a time.
    pub(super) fn hold(&mut self, new: &NewHold) -> Result<(), Error> {
        self.note(|memory| {
            memory.hold_whole(new)?;
            let record = HoldRecord::of(new.collection, &new.hold);
            Ok(((), Some(Frame::Hold(record, new.at))))
        })
    }

    /// Ends a hold.
    pub(super) fn release(
        &mut self,
        (id, token): (CollectionId, HoldToken),
        at: Timestamp,
    ) -> Result<bool, Error> {
        self.note(|memory| {
            let (is_there, was_in_force) = memory.release_whole((id, token), at);
            let frame = is_there.then_some(Frame::Release(id, token));
            Ok((was_in_force, frame))
        })
    }

    /// Does in memory what no file shows, and writes what the journal says of it.
    fn note<T>(
        &mut self,
        work: impl FnOnce(&Memory) -> Result<(T, Option<Frame>), Error>,
    ) -> Result<T, Error> {
        let gate = Arc::clone(&self.gate);
        let held = gate.blocking_write();
        if self.is_broken {
            return Err(Error::Unavailable);
        }
        let (done, frame) = work(&self.memory)?;
        self.keep(frame.as_slice())?;
        drop(held);
        if self.journal.is_long() {
            self.rewrite();
        }
        Ok(done)
    }

    /// Writes frames of what memory already holds; takes memory back if they
    /// cannot be written.
    fn keep(&mut self, frames: &[Frame]) -> Result<(), Error> {
        if frames.is_empty() {
            return Ok(());
        }
        self.is_noteworthy = true;
        if let Err(error) = self.journal.append(frames) {
            tracing::error!(%error, "the journal cannot be written");
            self.take_back();
            return Err(error);
        }
        frames
            .iter()
            .for_each(|frame| self.touched.note_frame(frame));
        Ok(())
    }

    /// Brings memory back to what the journal says.
    fn take_back(&mut self) {
        let mut known = Notes::default();
        match read(self.disk, self.journal.path(), &mut known) {
            Ok((journal, memory, late)) => {
                let replayed = late
                    .into_iter()
                    .try_for_each(|frame| replay(&memory, frame, &mut known));
                self.is_broken = replayed.is_err();
                memory.set_index_basis_whole(self.memory.index_basis_whole());
                self.memory.replace(&memory);
                self.journal = journal;
            }
            Err(error) => {
                tracing::error!(%error, "the journal cannot be read: nothing more is written");
                self.is_broken = true;
            }
        }
    }

    /// Brings the files after what was committed. What cannot be written now
    /// is tried again with the next write, and when the store is opened.
    fn settle(&mut self) {
        if !self.touched.any {
            return;
        }
        match self.settle_files() {
            Ok(()) => {
                self.touched = Touched::default();
                if let Err(error) = self.journal.settle() {
                    tracing::debug!(%error, "the journal could not be told of settled files");
                }
            }
            Err(error) => tracing::warn!(%error, "a file of the store cannot be written yet"),
        }
    }

    fn settle_files(&mut self) -> Result<(), Error> {
        if self.touched.folders {
            self.mirror.settle_folders(&self.memory)?;
        }
        for id in &self.touched.lost {
            self.mirror.fill(&self.memory, *id)?;
        }
        for (id, name) in &self.touched.objects {
            self.mirror.settle_object(&self.memory, *id, name)?;
        }
        Ok(())
    }

    /// Writes the journal anew, without what is past. A failure leaves the old one.
    fn rewrite(&mut self) {
        if self.touched.any {
            return;
        }
        let (memory, mut after) = (Arc::clone(&self.memory), None);
        let records = || {
            let page = memory.records_after(after.as_ref(), PAGE);
            after = page.last().map(Record::key);
            Ok(page)
        };
        let rewritten = self.journal.rewrite(records, self.memory.leases());
        if let Err(error) = rewritten {
            tracing::warn!(%error, "the journal cannot be written anew");
        }
        // What is forgotten is to be in no note either.
        self.write_notes();
    }

    /// Takes over what others did to the files.
    pub(super) fn scan(&mut self) -> Result<(), Error> {
        self.settle();
        for id in self.mirror.calendars() {
            self.scan_calendar(id)?;
        }
        Ok(())
    }

    fn scan_calendar(&mut self, id: CollectionId) -> Result<(), Error> {
        // Files that are still to be written are not what somebody meant.
        if self.touched.any {
            return Ok(());
        }
        let found = scan::look(&self.memory, &mut self.mirror, id, &mut self.refused)?;
        self.read += found.read;
        self.is_noteworthy |= found.read > 0;
        if found.is_lost {
            if let Some(folder) = self.mirror.folder_mut(id) {
                folder.forget_stamps();
            }
            self.touched.lost.insert(id);
            self.touched.any = true;
            self.settle();
        }
        for edit in found.edits {
            self.take_over(&edit);
        }
        Ok(())
    }

    fn take_over(&mut self, edit: &Edit) {
        if let (Some(name), Some(known)) = (&edit.name, &edit.known)
            && let Some(folder) = self.mirror.folder_mut(edit.collection)
        {
            folder.note(name, known.clone());
        }
        let results = self.commit_unseen(std::slice::from_ref(&edit.transaction));
        match results.into_iter().next() {
            Some(Ok(receipts)) => self.publish(&edit.transaction, &receipts),
            Some(Err(error)) => {
                edit.refuse(&error);
                self.refuse(edit);
            }
            None => {}
        }
    }

    /// Leaves a file alone that cannot be taken over, until it changes again.
    fn refuse(&mut self, edit: &Edit) {
        let Some((name, known)) = edit.name.as_ref().zip(edit.known.as_ref()) else {
            return;
        };
        if let (Some(stamp), Some(path)) =
            (known.stamp, self.mirror.file_path(edit.collection, name))
        {
            self.refused.insert(path.display().to_string(), stamp);
        }
        let there = self.memory.object_whole(edit.collection, name);
        if let Some(folder) = self.mirror.folder_mut(edit.collection) {
            folder.take_back(name, there.map(|object| object.entry.etag));
        }
    }

    fn publish(&self, transaction: &Transaction, receipts: &[Receipt]) {
        let changes = self.changes.lock();
        let changes = changes.unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(changes) = &*changes else { return };
        for (write, receipt) in transaction.writes.iter().zip(receipts) {
            if receipt.effect != Effect::Unchanged {
                let (effect, sequence) = (receipt.effect, receipt.sequence);
                let change = Change::new(subject(write), effect, sequence, &transaction.cause);
                // Without subscribers there is nobody to tell.
                let _ = changes.send(change);
            }
        }
    }
}

/// Whether what a write removes or replaces is to be in the journal no longer.
const fn is_to_be_forgotten(write: &Write) -> bool {
    matches!(
        write,
        Write::RemovePrincipal(_)
            | Write::Secret(SecretWrite::Remove(_) | SecretWrite::SealAnew(_))
    )
}

/// Locks the store for this process, as long as the file is open.
fn lock(path: &Path) -> Result<File, Error> {
    let file = durable::create(path).map_err(Error::backend)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse),
        Err(TryLockError::Error(error)) => Err(Error::backend(error)),
    }
}

impl mirror::Folder {
    /// Forgets what the files looked like, so that all are written again.
    fn forget_stamps(&mut self) {
        self.files.values_mut().for_each(|known| known.stamp = None);
    }

    /// Takes back what was noted of a file that cannot be taken over. What the
    /// object was is not written over it: that would lose what somebody wrote.
    fn take_back(&mut self, name: &ObjectName, there: Option<ETag>) {
        match there {
            Some(etag) => {
                if let Some(known) = self.files.get_mut(name) {
                    known.etag = etag;
                }
            }
            None => {
                self.release(name);
            }
        }
    }
}
