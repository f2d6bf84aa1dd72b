//! Reminders that are due (RFC 5545 3.6.6), in pages.

mod expand;
mod place;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use futures::future::try_join_all;

use self::expand::{Candidate, expand};
use self::place::{Place, Told};
use super::Store;
use crate::{
    CollectionId, CollectionKey, Error, MarkQuery, Marked, ObjectName, Page, PageRequest,
    ReminderKind, ReminderMark, Span, Timestamp,
};

/// How far a time without a zone may be from UTC.
const DAY: i64 = 86_400_000;

/// Marks that are read at once.
const BATCH: usize = 200;

/// Marks that are read for a page, however few reminders were wanted.
const FEWEST_MARKS: usize = 1_000;

/// Objects whose bytes are in memory at once.
const TOGETHER: usize = 8;

/// Occurrences and times that are looked at for a page before it ends early.
const LOOKED_AT: usize = 100_000;

/// A time at which an alarm of an object goes off.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reminder {
    /// When.
    pub at: Timestamp,
    /// The calendar.
    pub collection: CollectionId,
    /// The object.
    pub name: ObjectName,
    /// When what it reminds of begins; `None` where the alarm has a time of its own.
    pub start: Option<Timestamp>,
    /// Which instance of a series that is, as a RECURRENCE-ID says it.
    pub recurrence_id: Option<String>,
    /// The ACTION of the alarm, in capitals.
    pub action: String,
    /// The SUMMARY of what it reminds of.
    pub summary: Option<String>,
}

impl Store {
    /// What alarms go off in a half-open span of time, of all calendars that are
    /// not in the trash, in pages.
    ///
    /// A page is the work of a bounded time, whatever others have written: it
    /// may have fewer reminders than asked for, or none, and another after it.
    /// In itself it is in order of time. From page to page first come the objects
    /// whose times the index does not tell, such as a series beyond its next
    /// reminders, and then all others by instant, calendar and name. So what is
    /// written meanwhile moves nothing else: an object that nobody changes is
    /// told once, or, where its next reminders are indexed meanwhile, at least
    /// once; one that is changed may be told as it was, as it is, or both.
    ///
    /// Found by index: the time taken depends on what is due. Dates and times
    /// without a zone are taken in the zone of their calendar, or else in UTC.
    /// Alarms that were dismissed (RFC 9074 6.1), that wait for a place, or whose
    /// event is cancelled do not go off. Of what was stored later than a day
    /// after it was due, nothing is told. Of one object with more alarms than can
    /// be looked at only some are told, and the log names it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCursor`].
    pub async fn due(&self, span: Span, page: PageRequest) -> Result<Page<Reminder>, Error> {
        let page = self.bounded(page);
        let place = page.after.as_ref().map(Place::parse).transpose()?;
        let mut listing = Listing {
            store: self,
            span,
            limit: page.limit,
            marks: page.limit.max(FEWEST_MARKS),
            work: LOOKED_AT,
            due: Vec::new(),
        };
        let mut place = Some(place.unwrap_or(Place::FIRST));
        while let Some(from) = place {
            match listing.go_on(from).await? {
                ControlFlow::Continue(next) => place = next,
                ControlFlow::Break(end) => {
                    place = Some(end);
                    break;
                }
            }
        }
        let mut items = listing.due;
        items.sort_by(|a, b| (a.at, a.collection, &a.name).cmp(&(b.at, b.collection, &b.name)));
        let next = place.as_ref().map(Place::cursor);
        Ok(Page { items, next })
    }
}

/// A page in the making, with what is left to it.
struct Listing<'s> {
    store: &'s Store,
    span: Span,
    limit: usize,
    marks: usize,
    work: usize,
    due: Vec<Reminder>,
}

/// Where a listing goes on in this page, or in the next one.
type Next = ControlFlow<Place, Option<Place>>;

impl Listing<'_> {
    /// Goes through some marks from a place on.
    async fn go_on(&mut self, from: Place) -> Result<Next, Error> {
        let kind = from.kind;
        if let (Some(mark), Some(told)) = (&from.mark, from.told) {
            let mark = mark.clone();
            let end = self.tell(kind, vec![mark.clone()], Some(told)).await?;
            return Ok(self.unless_over(end.unwrap_or(Place::after(kind, mark))));
        }
        let (query, limit) = (question(kind, &self.span), BATCH.min(self.marks));
        let after = from.mark.as_ref().map(Marked::cursor);
        let page = PageRequest { after, limit };
        let marked = self.store.backend().marked(query, page).await?;
        self.marks = self.marks.saturating_sub(marked.items.len());
        let last = marked.items.last().cloned();
        let chosen = self.chosen(kind, marked.items).await?;
        if let Some(end) = self.tell(kind, chosen, None).await? {
            return Ok(ControlFlow::Break(end));
        }
        Ok(match last.filter(|_| marked.next.is_some()) {
            Some(last) => self.unless_over(Place::after(kind, last)),
            None => match from.next_kind() {
                Some(next) => self.unless_over(next),
                None => ControlFlow::Continue(None),
            },
        })
    }

    /// Goes on from a place, unless the page is to end there.
    fn unless_over(&self, place: Place) -> Next {
        let is_over = self.due.len() >= self.limit || self.work == 0 || self.marks == 0;
        match is_over || place.told.is_some() {
            true => ControlFlow::Break(place),
            false => ControlFlow::Continue(Some(place)),
        }
    }

    /// Those of some marks by which their objects are told: an object by its mark of
    /// the first kind that it has in the span, and but for exact ones by its first.
    async fn chosen(&self, kind: ReminderKind, marked: Vec<Marked>) -> Result<Vec<Marked>, Error> {
        if kind == ReminderKind::Unknown || marked.is_empty() {
            return Ok(marked);
        }
        let spot = |mark: &Marked| (mark.collection, mark.name.clone());
        let mut objects: Vec<_> = marked.iter().map(spot).collect();
        objects.sort_unstable();
        objects.dedup();
        let marks = self.store.backend().marks(&objects).await?;
        let marks: HashMap<_, _> = objects.into_iter().zip(marks).collect();
        let asks = |kind, mark: &ReminderMark| {
            let span = question(kind, &self.span).span;
            let inside = span.first_millis()..span.end_millis();
            mark.kind == kind && inside.contains(&mark.at.millis())
        };
        let is_told_here = |told: &Marked| {
            let mut others = marks.get(&spot(told)).into_iter().flatten();
            !others.any(|mark| {
                asks(ReminderKind::Unknown, mark)
                    || asks(ReminderKind::Floating, mark)
                        && (kind == ReminderKind::Exact || mark.at < told.at)
            })
        };
        Ok(marked.into_iter().filter(is_told_here).collect())
    }

    /// Tells what is due of objects by their marks; answers where it ended if the
    /// page is full before their end.
    async fn tell(
        &mut self,
        kind: ReminderKind,
        marked: Vec<Marked>,
        mut told: Option<Told>,
    ) -> Result<Option<Place>, Error> {
        let zones = self.zones(kind, &marked).await?;
        for marked in marked.chunks(TOGETHER) {
            let backend = self.store.backend();
            let objects = marked.iter();
            let objects = objects.map(|mark| backend.object(mark.collection, &mark.name));
            let objects = try_join_all(objects).await?;
            let candidates = marked.iter().zip(objects).filter_map(|(mark, object)| {
                let told = told.take();
                let span = match kind {
                    ReminderKind::Exact => instant(mark.at),
                    ReminderKind::Floating | ReminderKind::Unknown => self.span,
                };
                Some(Candidate {
                    mark: mark.clone(),
                    body: object?.body,
                    zone: zones.get(&mark.collection).cloned().flatten(),
                    span,
                    told,
                })
            });
            let room = (self.limit.saturating_sub(self.due.len()), self.work);
            let expanded = expand(candidates.collect(), room).await?;
            self.due.extend(expanded.found);
            self.work = self.work.saturating_sub(expanded.work);
            if let Some((mark, told)) = expanded.end {
                let mark = Some(mark);
                return Ok(Some(Place { kind, mark, told }));
            }
        }
        Ok(None)
    }

    /// The texts of the zones of calendars, where they make a difference.
    async fn zones(
        &self,
        kind: ReminderKind,
        marked: &[Marked],
    ) -> Result<HashMap<CollectionId, Option<Arc<str>>>, Error> {
        let mut zones = HashMap::new();
        if kind == ReminderKind::Exact {
            return Ok(zones);
        }
        for mark in marked {
            if zones.contains_key(&mark.collection) {
                continue;
            }
            let key = CollectionKey::Id(mark.collection);
            let collection = self.store.backend().collection(key).await?;
            let zone = collection.and_then(|collection| collection.details.time_zone);
            zones.insert(mark.collection, zone.map(Arc::from));
        }
        Ok(zones)
    }
}

/// One instant, as a span.
fn instant(at: Timestamp) -> Span {
    Span::new(at, Timestamp::from_millis(at.millis().saturating_add(1)))
}

/// Where to look for what may be due in a span.
fn question(kind: ReminderKind, span: &Span) -> MarkQuery {
    let shifted = |side: Option<Timestamp>, by: i64| {
        side.map(|at| Timestamp::from_millis(at.millis().saturating_add(by)))
    };
    let (early, late) = (shifted(span.start, -DAY), shifted(span.end, DAY));
    let (start, end) = match kind {
        ReminderKind::Exact => (span.start, span.end),
        ReminderKind::Floating => (early, late),
        ReminderKind::Unknown => (None, late),
    };
    MarkQuery {
        kind,
        span: Span { start, end },
    }
}
