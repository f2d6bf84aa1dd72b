//! The time that calendars take: worked out, kept up and asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use cal_core::Reader;
use cal_freebusy::Interval;
use futures::future::join_all;

use super::Store;
use crate::busy::{Reckoning, SharedPages, opened, sealed};
use crate::calendar_object;
use crate::{
    BusyBasis, BusyHorizon, BusyQuery, BusySlots, CalendarBusy, Cause, Collection, CollectionId,
    CollectionKey, CollectionKind, EmailAddress, Error, LogQuery, MemberState, NewCollection,
    Object, ObjectName, PageRequest, PageTimes, Principal, PrincipalId, PrincipalKey, RebuiltBusy,
    Receipt, SharedCache, Subject, Timestamp, Wanted, Write,
};

/// Calendars whose reckoning is remembered.
const REMEMBERED: usize = 65_536;

/// How often a write, or a rebuilding, is tried while others change what it is about.
pub(super) const ATTEMPTS: usize = 8;

/// Objects that are worked out at a time.
const BATCH: usize = 500;

/// How the times of calendars are worked out, remembered: each write needs it
/// before it is prepared. What is outdated costs a second attempt, no more: the
/// transaction compares.
#[derive(Debug, Default)]
pub(super) struct Reckonings {
    known: Mutex<HashMap<CollectionId, Arc<Reckoning>>>,
}

impl Reckonings {
    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<CollectionId, Arc<Reckoning>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, id: CollectionId) -> Option<Arc<Reckoning>> {
        self.known().get(&id).cloned()
    }

    /// What is kept of a calendar is made anew.
    fn outdate(&self, id: CollectionId) {
        self.known().remove(&id);
    }

    fn remember(&self, id: CollectionId, reckoning: &Arc<Reckoning>) {
        let mut known = self.known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id, Arc::clone(reckoning));
    }

    /// Forgets what a change may have made wrong.
    pub(super) fn forget(&self, changed: &Subject) {
        match changed {
            // Its zone may be another, or the owner of all below it.
            Subject::Collection(_) | Subject::Principal(_) | Subject::Everything => {
                self.known().clear();
            }
            Subject::Object(..) | Subject::Members(_) | Subject::Jobs | Subject::Secrets => {}
        }
    }
}

/// Whether a write may be refused with [`Error::BusyOutdated`].
pub(super) const fn keeps_busy(write: &Write) -> bool {
    match write {
        Write::PutObject(put) => put.index.is_some(),
        _ => false,
    }
}

impl Store {
    /// When the calendars of a principal take time in a window: all that are
    /// neither transparent (RFC 6638 9.1) nor in the trash, with the answers
    /// (PARTSTAT) given under the principal's addresses, and with the holds that
    /// are in force at an instant.
    ///
    /// They were worked out as they were written, so the answer costs what is in
    /// the window. Where something else that they depend on has changed since (a
    /// zone, an address, the owner, the zone database), they are worked out anew first.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such principal.
    pub async fn busy_slots(
        &self,
        principal: PrincipalId,
        window: &Interval,
        at: Timestamp,
    ) -> Result<BusySlots, Error> {
        let owner = self.owner(principal).await?.ok_or(Error::NotFound)?;
        let calendars = self.opaque_calendars_of(owner.id).await?;
        let kept = self.kept_busy(&owner, &calendars, window, at).await?;
        Ok(BusySlots::of(&kept, window, at))
    }

    /// The same of one calendar, whether or not it is transparent.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such calendar any more.
    pub async fn busy_slots_of(
        &self,
        calendar: &Collection,
        window: &Interval,
        at: Timestamp,
    ) -> Result<BusySlots, Error> {
        let owner = self.owner(calendar.owner).await?.ok_or(Error::NotFound)?;
        let calendars = std::slice::from_ref(calendar);
        let kept = self.kept_busy(&owner, calendars, window, at).await?;
        Ok(BusySlots::of(&kept, window, at))
    }

    /// Works out anew when the calendars of a principal take time; answers how
    /// many there are. What comes of it is what was there, unless that was wrong.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::Unavailable`] if a calendar does not rest.
    pub async fn rebuild_busy(&self, principal: PrincipalId, at: Timestamp) -> Result<u64, Error> {
        let owner = self.owner(principal).await?.ok_or(Error::NotFound)?;
        let mut rebuilt = 0;
        for calendar in self.calendars_of(owner.id).await? {
            rebuilt += u64::from(self.rebuild_if_there(&calendar, &owner, at).await?);
        }
        Ok(rebuilt)
    }

    /// Works out anew when a calendar takes time; answers whether it was still there.
    pub(super) async fn rebuild_if_there(
        &self,
        calendar: &Collection,
        owner: &Principal,
        at: Timestamp,
    ) -> Result<bool, Error> {
        match self.rebuild_calendar(calendar, &owner.emails, at).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Moves the [horizon](BusyHorizon) of all calendars forward that know less
    /// than two years ahead, and works out what was worked out from something
    /// else; answers how many there were. Upkeep, for calendars that nobody
    /// writes to or asks.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if a calendar does not rest.
    pub async fn advance_busy(&self, at: Timestamp) -> Result<u64, Error> {
        let mut advanced = 0;
        let mut page = PageRequest::first(BATCH);
        loop {
            let principals = self.principals(page).await?;
            for owner in &principals.items {
                for calendar in self.calendars_of(owner.id).await? {
                    if !self.is_current(&calendar, owner, at).await? {
                        let rebuilt = self.rebuild_if_there(&calendar, owner, at).await?;
                        advanced += u64::from(rebuilt);
                    }
                }
            }
            match principals.next {
                Some(next) => page = PageRequest::after(next, BATCH),
                None => return Ok(advanced),
            }
        }
    }

    /// How the times of a calendar are worked out; nothing of what is no calendar.
    pub(super) async fn reckoning(
        &self,
        id: CollectionId,
        kind: CollectionKind,
        at: Timestamp,
    ) -> Result<Option<Arc<Reckoning>>, Error> {
        if !matches!(kind, CollectionKind::Calendar(_)) {
            return Ok(None);
        }
        let known = self.inner.reckonings.of(id);
        if let Some(known) = known.filter(|known| known.basis.horizon.reaches(at)) {
            return Ok(Some(known));
        }
        match self.renewed(id, at).await {
            Ok(reckoning) => Ok(Some(reckoning)),
            // The transaction says what is missing.
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How the times of a calendar will be worked out that is to be made
    /// somewhere below a collection.
    pub(super) async fn reckoning_below(
        &self,
        parent: CollectionId,
        new: &NewCollection,
        at: Timestamp,
    ) -> Result<Option<Arc<Reckoning>>, Error> {
        if !matches!(new.kind, CollectionKind::Calendar(_)) {
            return Ok(None);
        }
        let Some(parent) = self.collection(parent).await? else {
            return Ok(None);
        };
        let Some(owner) = self.owner(parent.owner).await? else {
            return Ok(None);
        };
        let horizon = BusyHorizon::around(at);
        let how = (new.details.transparency, &new.properties);
        let beside = self.beside(&owner, new.id, how, at).await?;
        let zone = new.details.time_zone.as_deref();
        let reckoning = Reckoning::new(zone, &owner.emails, horizon).beside(beside);
        Ok(Some(Arc::new(reckoning)))
    }

    /// Commits writes whose times were worked out from something else than what
    /// is kept of a calendar, after both are from the same.
    pub(super) async fn commit_reckoned(
        &self,
        mut writes: Vec<Write>,
        mut outdated: CollectionId,
        cause: &Cause,
    ) -> Result<Vec<Receipt>, Error> {
        for _ in 0..ATTEMPTS {
            let reckoning = match self.kept(outdated, cause.at).await {
                // One that is to be made by these writes.
                Err(Error::NotFound) => return Err(Error::Unavailable),
                reckoning => reckoning?,
            };
            let work = move || reckoned(writes, outdated, &reckoning);
            writes = self.inner.workers.run(work).await?;
            match self.commit_compared(writes.clone(), cause).await {
                Err(Error::BusyOutdated { collection }) => outdated = collection,
                done => return done,
            }
        }
        Err(Error::Unavailable)
    }

    /// How the times of a calendar are worked out, as it is now. Where others
    /// are kept, they are worked out anew.
    async fn renewed(&self, id: CollectionId, at: Timestamp) -> Result<Arc<Reckoning>, Error> {
        let (calendar, owner) = self.calendar_and_owner(id).await?;
        let horizon = match self.basis(id).await? {
            None => BusyHorizon::around(at),
            Some(_) => self.current_basis(&calendar, &owner, at).await?.horizon,
        };
        self.remembered((&calendar, &owner), horizon, at).await
    }

    /// The same, and they are kept from now on.
    pub(super) async fn kept(
        &self,
        id: CollectionId,
        at: Timestamp,
    ) -> Result<Arc<Reckoning>, Error> {
        let (calendar, owner) = self.calendar_and_owner(id).await?;
        let basis = self.current_basis(&calendar, &owner, at).await?;
        self.remembered((&calendar, &owner), basis.horizon, at)
            .await
    }

    async fn remembered(
        &self,
        (calendar, owner): (&Collection, &Principal),
        horizon: BusyHorizon,
        at: Timestamp,
    ) -> Result<Arc<Reckoning>, Error> {
        let how = (calendar.details.transparency, &calendar.properties);
        let beside = self.beside(owner, calendar.id, how, at).await?;
        let zone = calendar.details.time_zone.as_deref();
        let reckoning = Reckoning::new(zone, &owner.emails, horizon).beside(beside);
        let reckoning = Arc::new(reckoning);
        self.inner.reckonings.remember(calendar.id, &reckoning);
        Ok(reckoning)
    }

    /// What the times are worked out from that are kept of a calendar, after they
    /// were worked out anew if it was something else than what it is now.
    pub(super) async fn current_basis(
        &self,
        calendar: &Collection,
        owner: &Principal,
        at: Timestamp,
    ) -> Result<BusyBasis, Error> {
        let basis = self.basis(calendar.id).await?;
        match basis.filter(|basis| is_current(Some(*basis), calendar, owner, at)) {
            Some(basis) => Ok(basis),
            None => self.rebuild_calendar(calendar, &owner.emails, at).await,
        }
    }

    pub(super) async fn calendar_and_owner(
        &self,
        id: CollectionId,
    ) -> Result<(Collection, Principal), Error> {
        let calendar = self.collection(id).await?.ok_or(Error::NotFound)?;
        let owner = self.owner(calendar.owner).await?.ok_or(Error::NotFound)?;
        Ok((calendar, owner))
    }

    pub(super) async fn owner(&self, id: PrincipalId) -> Result<Option<Principal>, Error> {
        self.backend().principal(PrincipalKey::Id(id)).await
    }

    /// Whether what is kept of a calendar was worked out from what it is now, and
    /// reaches far enough.
    async fn is_current(
        &self,
        calendar: &Collection,
        owner: &Principal,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let basis = self.basis(calendar.id).await?;
        Ok(is_current(basis, calendar, owner, at))
    }

    /// What the times of a calendar were worked out from, if any are kept.
    async fn basis(&self, id: CollectionId) -> Result<Option<BusyBasis>, Error> {
        let query = BusyQuery {
            collections: vec![id],
            window: Interval::new(Default::default(), Default::default()),
            wanted: Wanted::Standing,
        };
        let kept = self.backend().busy(&query).await?;
        Ok(kept.first().and_then(|kept| kept.basis))
    }

    async fn kept_of(
        &self,
        calendars: &[Collection],
        window: &Interval,
    ) -> Result<Vec<CalendarBusy>, Error> {
        let query = BusyQuery {
            collections: calendars.iter().map(|calendar| calendar.id).collect(),
            window: *window,
            wanted: Wanted::Times,
        };
        match (self.inner.cache.get(), SharedPages::of(window)) {
            (Some(cache), Some(pages)) => self.shared_busy(query, cache, pages).await,
            _ => self.backend().busy(&query).await,
        }
    }

    /// The same with times that another process may have read. Holds are always
    /// the backend's: nothing tells of their changes.
    async fn shared_busy(
        &self,
        query: BusyQuery,
        cache: &Arc<dyn SharedCache>,
        pages: SharedPages,
    ) -> Result<Vec<CalendarBusy>, Error> {
        let key = |id: CollectionId, kept: &CalendarBusy| pages.key(self.epoch(), id, kept);
        let ids = query.collections.clone();
        let standing = BusyQuery {
            wanted: Wanted::Standing,
            ..query
        };
        let mut answer = self.backend().busy(&standing).await?;
        let looked = ids.iter().zip(&answer).map(async |(id, kept)| {
            let key = key(*id, kept)?;
            opened(&key, &cache.get(&key).await?)
        });
        let mut missing = Vec::new();
        for (place, found) in join_all(looked).await.into_iter().enumerate() {
            match (found, answer.get_mut(place)) {
                (Some(times), Some(kept)) => kept.times = times,
                _ => missing.extend(ids.get(place).map(|id| (place, *id))),
            }
        }
        let wanted: Vec<_> = missing.iter().map(|(_, id)| *id).collect();
        if !wanted.is_empty() {
            let read = self.backend().busy(&pages.query(wanted)).await?;
            for ((place, id), read) in missing.into_iter().zip(read) {
                // Of a calendar that has moved on since, this is the newer.
                if let Some(key) = key(id, &read) {
                    let entry = sealed(&key, &read.times).into();
                    let cache = Arc::clone(cache);
                    tokio::spawn(async move { cache.put(&key, entry).await });
                }
                if let Some(kept) = answer.get_mut(place) {
                    *kept = read;
                }
            }
        }
        for kept in &mut answer {
            kept.times.retain(|times| times.touches(&standing.window));
            kept.holds
                .retain(|hold| hold.interval.overlaps(&standing.window));
        }
        Ok(answer)
    }

    /// What is kept of calendars of one owner, worked out anew where it is outdated.
    pub(super) async fn kept_busy(
        &self,
        owner: &Principal,
        calendars: &[Collection],
        window: &Interval,
        at: Timestamp,
    ) -> Result<Vec<CalendarBusy>, Error> {
        for _ in 0..ATTEMPTS {
            let kept = self.kept_of(calendars, window).await?;
            let mut is_current = true;
            for (calendar, kept) in calendars.iter().zip(&kept) {
                if !is_fresh(kept.basis, calendar, owner) {
                    self.rebuild_calendar(calendar, &owner.emails, at).await?;
                    is_current = false;
                }
            }
            if is_current {
                return Ok(kept);
            }
        }
        Err(Error::Unavailable)
    }

    /// All calendars of a principal that are not in the trash.
    pub(super) async fn calendars_of(&self, owner: PrincipalId) -> Result<Vec<Collection>, Error> {
        let home = self
            .backend()
            .collection(CollectionKey::Home(owner))
            .await?;
        match home {
            Some(home) => self.calendars_below(home.id).await,
            None => Ok(Vec::new()),
        }
    }

    /// Works out anew when a calendar takes time. What is written meanwhile is
    /// found in its log, so that even one that does not rest is caught up with.
    async fn rebuild_calendar(
        &self,
        calendar: &Collection,
        emails: &[EmailAddress],
        at: Timestamp,
    ) -> Result<BusyBasis, Error> {
        let zone = calendar.details.time_zone.as_deref();
        let reckoning = Reckoning::new(zone, emails, BusyHorizon::around(at));
        let reckoning = Arc::new(reckoning);
        let mut objects = BTreeMap::new();
        let mut sequence = 0;
        for _ in 0..ATTEMPTS {
            sequence = self
                .catch_up(calendar.id, (sequence, &reckoning), &mut objects)
                .await?;
            let taking = objects
                .iter()
                .filter(|(_, pages): &(_, &Vec<_>)| !pages.is_empty());
            let rebuilt = RebuiltBusy {
                collection: calendar.id,
                sequence,
                basis: reckoning.basis,
                objects: taking
                    .map(|(name, pages): (&ObjectName, &Vec<PageTimes>)| {
                        (name.clone(), pages.clone())
                    })
                    .collect(),
            };
            if self.backend().set_busy(rebuilt).await? {
                self.inner.reckonings.outdate(calendar.id);
                return Ok(reckoning.basis);
            }
        }
        Err(Error::Unavailable)
    }

    /// Works out the objects that have changed since a sequence; answers where
    /// the log stands.
    async fn catch_up(
        &self,
        collection: CollectionId,
        (after, reckoning): (u64, &Arc<Reckoning>),
        objects: &mut BTreeMap<ObjectName, Vec<PageTimes>>,
    ) -> Result<u64, Error> {
        let mut query = LogQuery {
            collection,
            after,
            horizon: after,
            limit: BATCH,
        };
        loop {
            let page = self.backend().changes(query).await?;
            let mut names = Vec::with_capacity(page.changes.len());
            for change in &page.changes {
                query.after = change.sequence;
                objects.remove(&change.name);
                if let MemberState::Object(_) = change.state {
                    names.push(change.name.clone());
                }
            }
            query.horizon = query.after;
            let mut left = &*names;
            while !left.is_empty() {
                let found = self.first_objects(collection, left).await?;
                left = left.get(found.len()..).unwrap_or_default();
                let reckoning = Arc::clone(reckoning);
                let work = move || {
                    let found = found.iter().flatten();
                    found
                        .map(|object| worked_out(object, &reckoning))
                        .collect::<Vec<_>>()
                };
                objects.extend(self.inner.workers.run(work).await?);
            }
            if !page.more {
                return Ok(page.head);
            }
        }
    }
}

/// Whether what is kept was worked out from what a calendar is now.
fn is_fresh(basis: Option<BusyBasis>, calendar: &Collection, owner: &Principal) -> bool {
    let zone = calendar.details.time_zone.as_deref();
    let digest = Reckoning::digest(zone, &owner.emails);
    basis.is_some_and(|basis| basis.digest == digest)
}

/// The same, and whether it reaches far enough.
fn is_current(
    basis: Option<BusyBasis>,
    calendar: &Collection,
    owner: &Principal,
    at: Timestamp,
) -> bool {
    let reaches = basis.is_some_and(|basis| basis.horizon.reaches(at));
    reaches && is_fresh(basis, calendar, owner)
}

fn worked_out(object: &Object, reckoning: &Reckoning) -> (ObjectName, Vec<PageTimes>) {
    let busy = calendar_object::busy(&object.body, reckoning);
    let pages = busy.map_or_else(|_| Vec::new(), |busy| busy.pages);
    (object.entry.name.clone(), pages)
}

/// Writes with the times of one calendar worked out so.
fn reckoned(mut writes: Vec<Write>, calendar: CollectionId, reckoning: &Reckoning) -> Vec<Write> {
    for write in &mut writes {
        if let Write::PutObject(put) = write
            && put.collection == calendar
            && let Some(index) = &put.index
        {
            let read = Reader::new().read(put.body.clone());
            put.busy = Some(reckoning.busy(&read.calendar, index));
        }
    }
    writes
}
