//! Copying a store, whole, into another.

use sha2::{Digest, Sha256};

use super::Store;
use super::prepare::index_records;
use crate::{Error, Record, RecordKey};

/// Records that are read and compared together.
const PAGE: usize = 100;

/// Records that are written together at most.
const WRITTEN: usize = 1_000;

/// Bytes of bodies that are written together, but for those of the last page.
const WRITTEN_BYTES: usize = 8 << 20;

/// How far a copy has come, and at its end what was copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyReport {
    /// Principals.
    pub principals: u64,
    /// Collections, also in the trash.
    pub collections: u64,
    /// Objects.
    pub objects: u64,
    /// Versions that have ended.
    pub versions: u64,
    /// All else: deleted names, audit entries and heads, prunings, secrets, jobs and holds.
    pub others: u64,
    /// Of all these, what was there from an earlier copy that did not end.
    pub found: u64,
    /// Bytes of objects and versions.
    pub bytes: u64,
    /// How many records there are to copy, where the backend can tell without
    /// reading them.
    pub total: Option<u64>,
    /// Records, of both stores, that were read again at the end to compare them.
    pub compared: u64,
    /// SHA-256 of the canonical listing, in hexadecimal, that both stores have;
    /// empty until it is known.
    pub checksum: String,
}

impl CopyReport {
    /// All records.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.principals + self.collections + self.objects + self.versions + self.others
    }

    fn count(&mut self, record: &Record) {
        let (kind, bytes) = match record {
            Record::Principal(_) => (&mut self.principals, 0),
            Record::Collection(_) => (&mut self.collections, 0),
            Record::Object(record) => (&mut self.objects, record.body.len()),
            Record::Version(record) => (&mut self.versions, record.body.len()),
            _ => (&mut self.others, 0),
        };
        *kind += 1;
        self.bytes += u64::try_from(bytes).unwrap_or(0);
    }
}

impl Store {
    /// Copies all that this store holds into another, which must hold nothing,
    /// or what an earlier copy of the same that did not end has left there: so
    /// a copy that was interrupted is done again to go on, and one that has
    /// ended changes nothing. `progress` is told after each step.
    ///
    /// Identities, sequences, histories and audit chains stay the same. The
    /// epoch does not: the [tokens](crate::SyncToken) of this store are refused
    /// by the other, whose clients start over with a full listing. Where both
    /// went on with the same tokens, a client of one would miss what happens
    /// in the other.
    ///
    /// Nobody may write to either store meanwhile. At the end both are read
    /// again and compared by the SHA-256 of their canonical listings.
    ///
    /// # Errors
    ///
    /// [`Error::NotEmpty`] if the other store holds something else;
    /// [`Error::CopyDiffers`] if one of them was written to; and the errors of
    /// reading the one and writing the other.
    pub async fn copy_to(
        &self,
        target: &Self,
        mut progress: impl FnMut(&CopyReport),
    ) -> Result<CopyReport, Error> {
        refuse_other(self, target).await?;
        let mut report = CopyReport {
            total: self.record_count().await,
            ..CopyReport::default()
        };
        progress(&report);
        let mut missing = Missing::default();
        let mut source = Listing::of(self);
        let mut there = Listing::of(target);
        loop {
            let page = source.page().await?;
            if page.is_empty() {
                break;
            }
            for record in page {
                report.count(&record);
                match there.next().await? {
                    Some(found) if found.key() == record.key() => {
                        if found != record {
                            return Err(other(&found));
                        }
                        report.found += 1;
                    }
                    Some(found) if found.key() < record.key() => return Err(other(&found)),
                    Some(later) => {
                        there.put_back(later);
                        missing.push(record);
                    }
                    None => missing.push(record),
                }
            }
            if missing.is_much() {
                missing.write_to(target).await?;
            }
            progress(&report);
        }
        missing.write_to(target).await?;
        if let Some(found) = there.next().await? {
            return Err(other(&found));
        }
        let mut told = report.clone();
        let mut compared = |records: u64| {
            told.compared += records;
            progress(&told);
        };
        report.checksum = self.checksum_telling(&mut compared).await?;
        let copied = target.checksum_telling(&mut compared).await?;
        report.compared = told.compared;
        if report.checksum != copied {
            let both = format!("{} and {copied}", report.checksum);
            return Err(Error::CopyDiffers(both));
        }
        Ok(report)
    }

    /// How many records there are, if that is known: no copy fails for it.
    async fn record_count(&self) -> Option<u64> {
        let counted = self.backend().record_count().await;
        counted.unwrap_or_else(|error| {
            tracing::debug!(%error, "the records of a store cannot be counted");
            None
        })
    }

    /// SHA-256, in hexadecimal, of all that the store holds but its epoch, as a
    /// listing that does not depend on where it is kept.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn checksum(&self) -> Result<String, Error> {
        self.checksum_telling(&mut |_| {}).await
    }

    /// The same; `read` is told how many records were read in each step.
    async fn checksum_telling(&self, read: &mut impl FnMut(u64)) -> Result<String, Error> {
        let mut digest = Sha256::new();
        let mut listing = Listing::of(self);
        loop {
            let page = listing.page().await?;
            if page.is_empty() {
                break;
            }
            read(u64::try_from(page.len()).unwrap_or(0));
            for record in page {
                let form = serde_json::to_vec(&record).map_err(Error::backend)?;
                digest.update(form.len().to_be_bytes());
                digest.update(form);
            }
        }
        let digest = digest.finalize();
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Records that the target lacks.
#[derive(Default)]
struct Missing {
    records: Vec<Record>,
    bytes: usize,
}

impl Missing {
    fn push(&mut self, record: Record) {
        self.bytes = self.bytes.saturating_add(match &record {
            Record::Object(record) => record.body.len(),
            Record::Version(record) => record.body.len(),
            _ => 0,
        });
        self.records.push(record);
    }

    /// Whether it is time to write them.
    fn is_much(&self) -> bool {
        self.records.len() >= WRITTEN || self.bytes >= WRITTEN_BYTES
    }

    async fn write_to(&mut self, target: &Store) -> Result<(), Error> {
        let Self { mut records, .. } = std::mem::take(self);
        if records.is_empty() {
            return Ok(());
        }
        index_records(&mut records)?;
        target.backend().load(records).await
    }
}

/// Refuses a target before anything is written to it: each of its records must
/// be one of the source, just so.
async fn refuse_other(source: &Store, target: &Store) -> Result<(), Error> {
    if source.epoch() == target.epoch() {
        return Err(Error::NotEmpty("it is the same store".to_owned()));
    }
    let mut held = Listing::of(target);
    let mut listing = Listing::of(source);
    while let Some(found) = held.next().await? {
        let key = found.key();
        let same = loop {
            match listing.next().await? {
                Some(record) if record.key() < key => {}
                record => break record,
            }
        };
        if same.as_ref() != Some(&found) {
            return Err(other(&found));
        }
    }
    Ok(())
}

/// What is where only a copy may be.
fn other(record: &Record) -> Error {
    let what = match record {
        Record::Principal(record) => format!("the principal {}", record.name),
        Record::Collection(record) => format!("the collection {}", record.name),
        Record::Object(record) => format!("the object {}", record.name),
        Record::Version(record) => format!("a version of {}", record.name),
        Record::Tombstone(record) => format!("the deletion of {}", record.name),
        Record::Chain(record) => format!("the audit chain {}", record.chain),
        Record::Entry(record) => format!("a change in the audit chain {}", record.entry.chain),
        Record::Pruning(..) => "a pruning".to_owned(),
        Record::Secret(record) => format!("the secret of {}", record.source),
        Record::Job(record) => format!("the job {}", record.id),
        Record::Hold(_) => "a time that is held".to_owned(),
    };
    Error::NotEmpty(what)
}

/// All records of a store, page by page.
struct Listing<'s> {
    store: &'s Store,
    after: Option<RecordKey>,
    waiting: std::collections::VecDeque<Record>,
    is_read: bool,
}

impl<'s> Listing<'s> {
    fn of(store: &'s Store) -> Self {
        Self {
            store,
            after: None,
            waiting: Default::default(),
            is_read: false,
        }
    }

    /// The next records; none after the last.
    async fn page(&mut self) -> Result<Vec<Record>, Error> {
        let after = self.after.as_ref();
        let page = self.store.backend().records(after, PAGE).await?;
        if let Some(last) = page.last() {
            self.after = Some(last.key());
        }
        Ok(page)
    }

    /// The next record. Where none was left once, none is looked for again: a
    /// copy adds behind what it has compared.
    async fn next(&mut self) -> Result<Option<Record>, Error> {
        if self.waiting.is_empty() && !self.is_read {
            let page = self.page().await?;
            self.is_read = page.is_empty();
            self.waiting.extend(page);
        }
        Ok(self.waiting.pop_front())
    }

    fn put_back(&mut self, record: Record) {
        self.waiting.push_front(record);
    }
}
