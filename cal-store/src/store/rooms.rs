//! Calendars that may not be busy twice: beside which others they are, and what
//! takes time in them beyond the horizon of what is kept.
//!
//! Within the [horizon](crate::BusyHorizon) the transaction itself holds times
//! against each other. Beyond it nothing is kept, so what reaches there is held
//! against the objects themselves, before the transaction, which is refused if a
//! log has moved since.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use cal_freebusy::Interval;
use chrono::{DateTime, Utc};

use super::Store;
use crate::busy::Reckoning;
use crate::calendar_object::Reckonable;
use crate::{
    Beside, Booking, BusyHorizon, BusyPage, Collection, CollectionId, ComponentKind, DoubleBooking,
    Error, ObjectName, PageRequest, PageTimes, Principal, Properties, PutObject, Span, SpanQuery,
    Taken, Timestamp, Transparency, Uid, Write,
};

/// Objects that are read at a time.
const BATCH: usize = 500;

/// Objects with which what is to take time beyond the horizon is compared at most.
const COMPARED: usize = 2_000;

/// What is to take time, beside which calendars.
struct Far<'w> {
    put: &'w PutObject,
    beside: &'w [Beside],
    /// The first instant of which not everything is kept.
    from: DateTime<Utc>,
}

impl<'w> Far<'w> {
    /// Of a write that takes time beyond what is kept where that matters.
    fn of(write: &'w Write) -> Option<Self> {
        let Write::PutObject(put) = write else {
            return None;
        };
        let busy = put.busy.as_ref()?;
        let beside = busy.beside.as_deref()?;
        let horizons = beside.iter().map(|beside| beside.basis.horizon.end());
        let end = horizons.fold(busy.basis.horizon.end(), BusyPage::min);
        let from = DateTime::from_timestamp(end.start(), 0)?;
        let index = put.index.as_ref()?;
        let takes_time = matches!(
            index.component,
            ComponentKind::Event | ComponentKind::FreeBusy
        );
        let goes_on = index.span.end_millis() > from.timestamp_millis();
        (takes_time && goes_on).then_some(Self { put, beside, from })
    }

    fn calendars(&self) -> impl Iterator<Item = CollectionId> {
        let beside = self.beside.iter().map(|beside| beside.collection);
        beside.chain([self.put.collection])
    }
}

/// Whether a write is held against objects before its transaction.
pub(super) fn reaches_beyond(write: &Write) -> bool {
    Far::of(write).is_some()
}

/// An object that may take the same time.
struct Candidate {
    place: (CollectionId, ObjectName),
    body: Bytes,
}

impl Store {
    /// The other calendars beside which something takes time in a calendar of this
    /// owner, each up to date; `None` if it may be busy twice.
    pub(super) async fn beside(
        &self,
        owner: &Principal,
        own: CollectionId,
        (transparency, properties): (Transparency, &Properties),
        at: Timestamp,
    ) -> Result<Option<Arc<[Beside]>>, Error> {
        let is_asked_for = properties.contains_key(&DoubleBooking::property());
        if transparency != Transparency::Opaque || !(owner.kind.is_reserved() || is_asked_for) {
            return Ok(None);
        }
        let mut beside = Vec::new();
        if owner.kind.is_reserved() {
            for other in self.opaque_calendars_of(owner.id).await? {
                if other.id != own {
                    let basis = self.current_basis(&other, owner, at).await?;
                    let collection = other.id;
                    beside.push(Beside { collection, basis });
                }
            }
        }
        Ok(Some(beside.into()))
    }

    /// Holds what some writes take beyond the horizon against what is there;
    /// answers where logs must still stand when they are committed.
    ///
    /// Compared is all of what ends at some time. Of two series without an end
    /// (or of which nobody can tell when they are) nothing is said beyond the horizon: see [`double_bookings`](Self::double_bookings).
    pub(super) async fn compared(
        &self,
        writes: &[Write],
    ) -> Result<Vec<(CollectionId, u64)>, Error> {
        let mut unmoved: HashMap<CollectionId, u64> = HashMap::new();
        for (place, write) in writes.iter().enumerate() {
            let Some(far) = Far::of(write) else {
                continue;
            };
            let before = writes.get(..place).unwrap_or_default();
            for (id, sequence) in self.stand(&far).await? {
                unmoved.entry(id).or_insert(sequence);
            }
            if let Some((taken, uid)) = self.taken_beyond(&far, before).await? {
                return Err(taken.refusal(Some(uid)));
            }
        }
        Ok(unmoved.into_iter().collect())
    }

    /// Where the logs of the calendars stand that are there.
    async fn stand(&self, far: &Far<'_>) -> Result<Vec<(CollectionId, u64)>, Error> {
        let mut stand = Vec::new();
        for id in far.calendars() {
            if let Some(calendar) = self.collection(id).await? {
                stand.push((id, calendar.token.sequence()));
            }
        }
        Ok(stand)
    }

    /// The first that takes the same time beyond the horizon, after what writes
    /// before it in the same transaction do.
    async fn taken_beyond(
        &self,
        far: &Far<'_>,
        before: &[Write],
    ) -> Result<Option<(Taken, Uid)>, Error> {
        let mut candidates = self.candidates(far).await?;
        for write in before {
            let (place, body) = match write {
                Write::PutObject(put) => ((put.collection, put.name.clone()), Some(&put.body)),
                Write::DeleteObject(delete) => ((delete.collection, delete.name.clone()), None),
                _ => continue,
            };
            candidates.retain(|candidate| candidate.place != place);
            if let Some(body) = body.filter(|_| far.calendars().any(|id| id == place.0)) {
                let body = body.clone();
                candidates.push(Candidate { place, body });
            }
        }
        let own = (far.put.collection, far.put.name.clone());
        candidates.retain(|candidate| candidate.place != own);
        if candidates.is_empty() {
            return Ok(None);
        }
        let reckonings = self.reckonings(far).await?;
        let (body, from) = (far.put.body.clone(), far.from);
        let work = move || first_taken((own.0, &body), &candidates, &reckonings, from);
        self.inner.workers.run(work).await?
    }

    /// The objects that may take time as far beyond the horizon as a put does.
    async fn candidates(&self, far: &Far<'_>) -> Result<Vec<Candidate>, Error> {
        let mut candidates = Vec::new();
        let span = far.put.index.as_ref().map(|index| index.span);
        let span = Span {
            start: Some(Timestamp::from(far.from)),
            end: span.and_then(|span| span.end),
        };
        for id in far.calendars() {
            let query = SpanQuery::new(id, span);
            let mut page = PageRequest::first(BATCH);
            loop {
                let found = match self.overlapping(query, page).await {
                    // One that is about to be made, or was deleted: then the log has moved.
                    Err(Error::NotFound) => break,
                    found => found?,
                };
                candidates.extend(found.items.into_iter().map(|object| Candidate {
                    place: (id, object.entry.name),
                    body: object.body,
                }));
                if candidates.len() > COMPARED {
                    return Err(Error::Limit {
                        what: "objects that take time years ahead",
                        limit: u64::try_from(COMPARED).unwrap_or(u64::MAX),
                    });
                }
                match found.next {
                    Some(next) => page = PageRequest::after(next, BATCH),
                    None => break,
                }
            }
        }
        Ok(candidates)
    }

    /// How the times of the calendars are worked out beyond the horizon.
    async fn reckonings(&self, far: &Far<'_>) -> Result<HashMap<CollectionId, Reckoning>, Error> {
        let horizon = BusyHorizon::from_pages(BusyPage::from_number(0), BusyPage::from_number(0));
        let mut reckonings = HashMap::new();
        for id in far.calendars() {
            if let Some((calendar, owner)) = self.calendar_and_owner_if_there(id).await? {
                let zone = calendar.details.time_zone.as_deref();
                reckonings.insert(id, Reckoning::new(zone, &owner.emails, horizon));
            }
        }
        Ok(reckonings)
    }

    /// All opaque calendars of a principal that are not in the trash.
    pub(super) async fn opaque_calendars_of(
        &self,
        owner: crate::PrincipalId,
    ) -> Result<Vec<Collection>, Error> {
        let mut calendars = self.calendars_of(owner).await?;
        calendars.retain(|calendar| calendar.details.transparency == Transparency::Opaque);
        Ok(calendars)
    }

    async fn calendar_and_owner_if_there(
        &self,
        id: CollectionId,
    ) -> Result<Option<(Collection, Principal)>, Error> {
        match self.calendar_and_owner(id).await {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The first of some candidates that takes the same time beyond an instant.
fn first_taken(
    (calendar, body): (CollectionId, &Bytes),
    candidates: &[Candidate],
    reckonings: &HashMap<CollectionId, Reckoning>,
    from: DateTime<Utc>,
) -> Result<Option<(Taken, Uid)>, Error> {
    // A calendar that is about to be made is as the others: its own are before it.
    let fallback = reckonings.values().next();
    let reckoning_of = |id| reckonings.get(id).or(fallback);
    let Some(reckoning) = reckoning_of(&calendar) else {
        return Ok(None);
    };
    let own = Reckonable::read(body)?;
    let whole = bounded(&own, reckoning, from);
    let mut first: Option<(Taken, Uid)> = None;
    for candidate in candidates {
        let (collection, name) = &candidate.place;
        let (Ok(other), Some(beside)) =
            (Reckonable::read(&candidate.body), reckoning_of(collection))
        else {
            continue;
        };
        let (ours, theirs) = match &whole {
            Some(ours) => {
                let theirs = around(ours).map(|window| other.within(beside, &window).pages);
                (ours.clone(), theirs.unwrap_or_default())
            }
            None => {
                let theirs = bounded(&other, beside, from).unwrap_or_default();
                let ours = around(&theirs).map(|window| own.within(reckoning, &window).pages);
                (ours.unwrap_or_default(), theirs)
            }
        };
        let mut booking = Booking::of_pages(&ours);
        for page in &theirs {
            booking.beside((*collection, name), page);
        }
        if let Some(taken) = booking.taken()
            && first.as_ref().is_none_or(|(first, _)| taken < *first)
        {
            first = Some((taken, other.index.uid.clone()));
        }
    }
    Ok(first)
}

/// All times of an object from an instant on; `None` of what has no end, or more
/// occurrences than are counted.
fn bounded(
    object: &Reckonable,
    reckoning: &Reckoning,
    from: DateTime<Utc>,
) -> Option<Vec<PageTimes>> {
    let end = object.index.span.end?.to_date_time()?;
    let reckoned = object.within(reckoning, &Interval::new(from, end.max(from)));
    (!reckoned.is_rough).then_some(reckoned.pages)
}

/// From the first to the last of some times, and a day more at both ends: what is
/// in their way is told whole, unless it is long.
fn around(pages: &[PageTimes]) -> Option<Interval> {
    const DAY: i64 = 86_400;
    let instant = |seconds| DateTime::from_timestamp(seconds, 0);
    let start = instant(pages.first()?.starts().saturating_sub(DAY))?;
    let end = instant(pages.last()?.ends().saturating_add(DAY))?;
    Some(Interval::new(start, end))
}
