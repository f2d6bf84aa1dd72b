//! Reminders that are due (RFC 5545 3.6.6).

use std::collections::{BTreeMap, BTreeSet};

use cal_core::{Calendar, Expansion, Reader, Window, ZoneRules};

use super::Store;
use crate::index::{Ring, rings};
use crate::{
    CollectionId, CollectionKey, Error, MarkQuery, ObjectName, PageRequest, ReminderKind, Span,
    Timestamp,
};

/// How far a time without a zone may be from UTC.
const DAY: i64 = 86_400_000;

/// Marks that are read at once.
const PAGE: usize = 1_000;

/// Occurrences and times of one object that are looked at.
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
    /// What alarms go off in a half-open span of time, in order, of all calendars
    /// that are not in the trash.
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
    /// [`Error::Limit`] if that is more than a page of reminders: ask for a
    /// shorter time.
    pub async fn due(&self, span: Span) -> Result<Vec<Reminder>, Error> {
        let mut objects: BTreeMap<CollectionId, BTreeSet<ObjectName>> = BTreeMap::new();
        let mut count = 0;
        for query in questions(&span) {
            let mut page = PageRequest::first(PAGE);
            loop {
                let marked = self.backend().marked(query, self.bounded(page)).await?;
                for mark in marked.items {
                    let names = objects.entry(mark.collection).or_default();
                    count += usize::from(names.insert(mark.name));
                }
                self.check_due(count)?;
                match marked.next {
                    Some(next) => page = PageRequest::after(next, PAGE),
                    None => break,
                }
            }
        }
        let mut due = Vec::new();
        for (collection, names) in objects {
            self.add_due(collection, names, span, &mut due).await?;
            self.check_due(due.len())?;
        }
        due.sort_by(|a, b| (a.at, a.collection, &a.name).cmp(&(b.at, b.collection, &b.name)));
        Ok(due)
    }

    async fn add_due(
        &self,
        id: CollectionId,
        names: BTreeSet<ObjectName>,
        span: Span,
        due: &mut Vec<Reminder>,
    ) -> Result<(), Error> {
        let Some(collection) = self.backend().collection(CollectionKey::Id(id)).await? else {
            return Ok(());
        };
        let zone = zone(collection.details.time_zone);
        let names: Vec<_> = names.into_iter().collect();
        for names in names.chunks(PAGE) {
            let objects = self.backend().objects(id, names).await?;
            for object in objects.into_iter().flatten() {
                let calendar = Reader::new().read(object.body).calendar;
                let spot = (id, &object.entry.name);
                reminders(&calendar, spot, (&zone, span), due);
            }
        }
        Ok(())
    }

    fn check_due(&self, count: usize) -> Result<(), Error> {
        let limit = self.inner.limits.page_items;
        if count <= limit {
            return Ok(());
        }
        Err(Error::Limit {
            what: "reminders at once",
            limit: u64::try_from(limit).unwrap_or(u64::MAX),
        })
    }
}

/// Where to look for what may be due in a span.
fn questions(span: &Span) -> [MarkQuery; 3] {
    let shifted = |side: Option<Timestamp>, by: i64| {
        side.map(|at| Timestamp::from_millis(at.millis().saturating_add(by)))
    };
    let (early, late) = (shifted(span.start, -DAY), shifted(span.end, DAY));
    let asked = |kind, start, end| MarkQuery {
        kind,
        span: Span { start, end },
    };
    [
        asked(ReminderKind::Exact, span.start, span.end),
        asked(ReminderKind::Floating, early, late),
        asked(ReminderKind::Unknown, None, late),
    ]
}

/// The zone of a calendar: the first of the VTIMEZONEs in its text, or UTC.
fn zone(text: Option<String>) -> ZoneRules {
    let calendar = text.map(|text| Calendar::read(text).calendar);
    let zone = calendar.and_then(|calendar| {
        let tzid = calendar.time_zones().next()?.tzid()?.into_owned();
        let zones = cal_core::TimeZones::of(&calendar);
        Some(zones.rules_or(&tzid, &ZoneRules::utc()))
    });
    zone.unwrap_or_else(ZoneRules::utc)
}

/// Adds what alarms of an object go off in a span.
fn reminders(
    calendar: &Calendar,
    (collection, name): (CollectionId, &ObjectName),
    (zone, span): (&ZoneRules, Span),
    due: &mut Vec<Reminder>,
) {
    let instant = |side: Option<Timestamp>| side.and_then(Timestamp::to_date_time);
    let window = Window::between(instant(span.start), instant(span.end));
    let expansion = Expansion::of(calendar).in_zone(zone.clone());
    for object in calendar.objects() {
        let found = rings(&expansion, &object, &window, LOOKED_AT);
        if found.known_until.is_some() {
            // No error: what one has written must not keep others from being reminded.
            tracing::warn!(calendar = %collection, object = %name, "more alarms than are told");
        }
        let found = found.found.iter();
        due.extend(found.map(|ring| reminder(ring, collection, name)));
    }
}

fn reminder(ring: &Ring<'_>, collection: CollectionId, name: &ObjectName) -> Reminder {
    let occurrence = ring.occurrence.as_ref();
    let instance = occurrence.and_then(cal_core::Occurrence::recurrence_id);
    Reminder {
        at: ring.at.into(),
        collection,
        name: name.clone(),
        start: occurrence.map(|occurrence| occurrence.start_utc().into()),
        recurrence_id: instance.map(|instance| instance.to_value()),
        action: ring.alarm.action().into_owned(),
        summary: ring.component.summary().map(std::borrow::Cow::into_owned),
    }
}
