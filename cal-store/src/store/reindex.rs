//! Making the index again from the bytes: as a whole, or what another release of
//! the zone database has changed.

use cal_core::{MovedEvent, Reader, Window, ZoneDataset, ZoneUpdate, tzdata_version};
use chrono::{DateTime, TimeDelta, Utc};

use super::Store;
use crate::calendar_object::{self, Reading};
use crate::{
    CollectionId, Components, Error, IndexBasis, IndexRow, Indexed, MarkQuery, Marked, ObjectName,
    PageRequest, PrincipalId, Reindexed, ReminderKind, Span, Timestamp, Weight,
};

/// Objects that are read and indexed at once.
const CHUNK: usize = 200;

/// How far ahead events that move are looked for.
const AHEAD: TimeDelta = TimeDelta::days(400);

/// How long before the reminders of an object run out in the index, in
/// milliseconds, the next ones are indexed.
const LEFT: i64 = 7 * 86_400_000;

/// Moved objects, and objects without an index, that a report names.
const NAMED: usize = 10_000;

/// What to make again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reindex {
    /// Of this principal only.
    pub owner: Option<PrincipalId>,
    /// Only what is out of date: all of it after a change of what is indexed,
    /// after one of the zone database what it concerns.
    pub only_outdated: bool,
    /// Only tell what would be done.
    pub dry_run: bool,
    /// The present.
    pub now: Timestamp,
}

impl Reindex {
    /// Make everything again.
    #[must_use]
    pub const fn everything(now: Timestamp) -> Self {
        Self {
            owner: None,
            only_outdated: false,
            dry_run: false,
            now,
        }
    }

    /// Make again what is out of date.
    #[must_use]
    pub const fn outdated(now: Timestamp) -> Self {
        Self {
            only_outdated: true,
            ..Self::everything(now)
        }
    }

    /// Only what a principal has.
    #[must_use]
    pub const fn of(mut self, owner: PrincipalId) -> Self {
        self.owner = Some(owner);
        self
    }

    /// Change nothing.
    #[must_use]
    pub const fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }
}

/// What making the index again has come to.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ReindexReport {
    /// The release of the zone database that the index was made with, if known.
    pub tzdata_before: Option<String>,
    /// The one that it is made with now.
    pub tzdata: String,
    /// Objects that were read.
    pub read: u64,
    /// Objects whose index was made again.
    pub reindexed: u64,
    /// Objects with more different words than are indexed
    /// ([`Words::MAX_WORDS`](crate::Words::MAX_WORDS)).
    pub cut: u64,
    /// Objects of which no index can be made: they keep the one they have.
    pub unindexed: Vec<Unindexed>,
    /// Objects with events that take place at another instant than before, by
    /// the rules of zones that have changed.
    pub moved: Vec<MovedObject>,
    /// Objects that would have been named here, but were too many.
    pub unnamed: u64,
}

/// An object of which no index can be made.
#[derive(Debug, Clone)]
pub struct Unindexed {
    /// Its calendar.
    pub collection: CollectionId,
    /// The object.
    pub name: ObjectName,
    /// Why.
    pub error: Error,
}

/// An object with events that take place at another instant than before.
#[derive(Debug, Clone)]
pub struct MovedObject {
    /// Its calendar.
    pub collection: CollectionId,
    /// The object.
    pub name: ObjectName,
    /// The events.
    pub events: Vec<MovedEvent>,
}

impl Store {
    /// Makes the index again from the bytes of the objects, those in the trash
    /// included, and tells which events another release of the zone database
    /// has moved. With everything goes also what is kept of
    /// [when calendars take time](Self::rebuild_busy), of those in the trash when
    /// they are taken back; what is outdated of that is seen to where it is asked for.
    ///
    /// It may run while others write, and be broken off: what was not noted as
    /// done is done again the next time.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; [`Error::Unavailable`] if others change a calendar
    /// all the time, of which it cannot be worked out then when it takes time.
    pub async fn reindex(&self, reindex: Reindex) -> Result<ReindexReport, Error> {
        let basis = self.backend().index_basis().await?;
        let mut report = ReindexReport {
            tzdata_before: basis.as_ref().map(|basis| basis.tzdata.clone()),
            tzdata: tzdata_version().to_owned(),
            ..ReindexReport::default()
        };
        if reindex.only_outdated && basis.as_ref().is_some_and(IndexBasis::is_current) {
            return Ok(report);
        }
        let (current, changed) = compared(basis.clone()).await?;
        let has_form = basis.as_ref().is_some_and(IndexBasis::has_current_form);
        let work = Work {
            changed,
            everything: !(reindex.only_outdated && has_form),
            now: reindex.now,
        };
        if work.everything || work.changed.is_some() {
            self.reindex_each(reindex, work, &mut report).await?;
        }
        if !reindex.only_outdated && !reindex.dry_run {
            self.rebuild_busy_of(reindex.owner, reindex.now).await?;
        }
        let is_whole = reindex.owner.is_none() && !reindex.dry_run;
        if is_whole && basis.as_ref() != Some(&current) {
            self.backend().set_index_basis(current).await?;
        }
        Ok(report)
    }

    async fn reindex_each(
        &self,
        reindex: Reindex,
        work: Work,
        report: &mut ReindexReport,
    ) -> Result<(), Error> {
        let mut page = PageRequest::first(CHUNK);
        loop {
            let found = self.backend().indexed(reindex.owner, page).await?;
            let rows = work.clone().look_at_all(found.items, report).await?;
            if !reindex.dry_run && !rows.is_empty() {
                self.backend().reindex(rows).await?;
            }
            match found.next {
                Some(next) => page = PageRequest::after(next, CHUNK),
                None => return Ok(()),
            }
        }
    }

    /// Works out anew when the calendars of one principal take time, or those of all.
    async fn rebuild_busy_of(
        &self,
        owner: Option<PrincipalId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        if let Some(owner) = owner {
            return self.rebuild_busy(owner, now).await.map(drop);
        }
        let mut page = PageRequest::first(CHUNK);
        loop {
            let principals = self.principals(page).await?;
            for owner in principals.items {
                match self.rebuild_busy(owner.id, now).await {
                    // It, or a calendar of it, was removed meanwhile.
                    Ok(_) | Err(Error::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            match principals.next {
                Some(next) => page = PageRequest::after(next, CHUNK),
                None => return Ok(()),
            }
        }
    }

    /// Indexes the next reminders of objects of which fewer than a week's are
    /// left in the index; answers of how many. A server does so now and then:
    /// [`due`](Self::due) tells the same without it, but then reads each such
    /// object each time.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`].
    pub async fn refresh_reminders(&self, now: Timestamp) -> Result<u64, Error> {
        let end = Timestamp::from_millis(now.millis().saturating_add(LEFT));
        let query = MarkQuery {
            kind: ReminderKind::Unknown,
            span: Span {
                start: None,
                end: Some(end),
            },
        };
        let work = Work {
            changed: None,
            everything: true,
            now,
        };
        let mut report = ReindexReport::default();
        let mut page = PageRequest::first(CHUNK);
        loop {
            let marked = self.backend().marked(query, page).await?;
            let (mut objects, mut weight) = (Vec::new(), Weight::default());
            for Marked {
                collection, name, ..
            } in marked.items
            {
                let object = self.backend().object(collection, &name).await?;
                let size = object.as_ref().map_or(0, |object| object.entry.size);
                objects.extend(object.map(|object| Indexed { collection, object }));
                if !weight.add(size) {
                    let these = std::mem::take(&mut objects);
                    self.index_anew(&work, these, &mut report).await?;
                    weight = Weight::default();
                }
            }
            self.index_anew(&work, objects, &mut report).await?;
            match marked.next {
                Some(next) => page = PageRequest::after(next, CHUNK),
                None => return Ok(report.reindexed),
            }
        }
    }

    async fn index_anew(
        &self,
        work: &Work,
        objects: Vec<Indexed>,
        report: &mut ReindexReport,
    ) -> Result<(), Error> {
        let rows = work.clone().look_at_all(objects, report).await?;
        match rows.is_empty() {
            true => Ok(()),
            false => self.backend().reindex(rows).await,
        }
    }

    /// What the index of the store was made with, if that is known.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn index_basis(&self) -> Result<Option<IndexBasis>, Error> {
        self.backend().index_basis().await
    }
}

/// The present basis, and the zones that an earlier one has other rules for.
async fn compared(earlier: Option<IndexBasis>) -> Result<(IndexBasis, Option<ZoneDataset>), Error> {
    let compare = move || {
        let current = IndexBasis::current();
        let changed = earlier.and_then(|earlier| earlier.changed_zones(&current));
        (current, changed)
    };
    let compared = tokio::task::spawn_blocking(compare).await;
    compared.map_err(Error::backend)
}

/// What is done with each object.
#[derive(Debug, Clone)]
struct Work {
    /// The zones with other rules than before, as they were.
    changed: Option<ZoneDataset>,
    everything: bool,
    now: Timestamp,
}

/// What has come of one object.
#[derive(Default)]
struct Looked {
    row: Option<Reindexed>,
    unindexed: Option<Unindexed>,
    moved: Option<MovedObject>,
}

impl Work {
    /// Does it with some objects, off the async threads; answers what to write.
    async fn look_at_all(
        self,
        objects: Vec<Indexed>,
        report: &mut ReindexReport,
    ) -> Result<Vec<Reindexed>, Error> {
        let look = move || {
            let looked = objects.iter().map(|object| self.look_at(object));
            looked.collect::<Vec<_>>()
        };
        let looked = tokio::task::spawn_blocking(look).await;
        let looked = looked.map_err(Error::backend)?.into_iter();
        Ok(looked.filter_map(|looked| report.add(looked)).collect())
    }

    fn look_at(&self, indexed: &Indexed) -> Looked {
        let Indexed { collection, object } = indexed;
        let is_concerned = self.changed.is_some() && names_zones(&object.body);
        let mut looked = Looked::default();
        if is_concerned {
            looked.moved = self.moved(indexed);
        }
        if !self.everything && !is_concerned {
            return looked;
        }
        match self.index(indexed) {
            Ok(index) => {
                looked.row = Some(Reindexed {
                    collection: *collection,
                    name: object.entry.name.clone(),
                    etag: object.entry.etag,
                    index,
                });
            }
            Err(error) => {
                looked.unindexed = Some(Unindexed {
                    collection: *collection,
                    name: object.entry.name.clone(),
                    error,
                });
            }
        }
        looked
    }

    fn index(&self, indexed: &Indexed) -> Result<IndexRow, Error> {
        let how = (Components::all(), Reading::Trusting);
        let (row, _) = calendar_object::index(&indexed.object.body, how, None, self.now)?;
        Ok(row)
    }

    fn moved(&self, indexed: &Indexed) -> Option<MovedObject> {
        let before = self.changed.clone()?;
        let now = self.now.to_date_time().unwrap_or(DateTime::UNIX_EPOCH);
        let end = now
            .checked_add_signed(AHEAD)
            .unwrap_or(DateTime::<Utc>::MAX_UTC);
        let calendar = Reader::new().read(indexed.object.body.clone()).calendar;
        let update = ZoneUpdate::new(before, ZoneDataset::built_in(), now);
        let moved = update.report(&calendar, &Window::new(now, end)).moved;
        (!moved.is_empty()).then(|| MovedObject {
            collection: indexed.collection,
            name: indexed.object.entry.name.clone(),
            events: moved,
        })
    }
}

/// Whether an object may have times in a zone: whether its text has the name of
/// the parameter, however it is folded (RFC 5545 3.1).
fn names_zones(body: &[u8]) -> bool {
    const NAME: &[u8] = b"TZID";
    let mut known = 0;
    let mut bytes = body.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let is_fold = |next: Option<&u8>| matches!(next, Some(b' ' | b'\t' | b'\n'));
        if matches!(byte, b'\r' | b'\n') && is_fold(bytes.peek()) {
            continue;
        }
        if matches!(byte, b' ' | b'\t') && known > 0 {
            continue;
        }
        let upper = byte.to_ascii_uppercase();
        known = match NAME.get(known) == Some(&upper) {
            true => known + 1,
            false => usize::from(NAME.first() == Some(&upper)),
        };
        if known == NAME.len() {
            return true;
        }
    }
    false
}

impl ReindexReport {
    /// Adds what has come of an object; answers what to write.
    fn add(&mut self, looked: Looked) -> Option<Reindexed> {
        self.read += 1;
        self.reindexed += u64::from(looked.row.is_some());
        let cut = looked
            .row
            .as_ref()
            .is_some_and(|row| row.index.words.are_cut());
        self.cut += u64::from(cut);
        if self.moved.len() + self.unindexed.len() < NAMED {
            self.moved.extend(looked.moved);
            self.unindexed.extend(looked.unindexed);
        } else if looked.moved.is_some() || looked.unindexed.is_some() {
            self.unnamed += 1;
        }
        looked.row
    }
}
