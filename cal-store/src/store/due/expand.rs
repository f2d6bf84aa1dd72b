//! What is due of objects, from their bytes.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use cal_core::{Calendar, Expansion, Reader, Window, ZoneRules};

use super::place::Told;
use super::{LOOKED_AT, Reminder};
use crate::index::{Ring, rings};
use crate::{CollectionId, Error, Marked, ObjectName, Span, Timestamp};

/// An object that may have something due.
pub(super) struct Candidate {
    /// The mark by which it was found.
    pub(super) mark: Marked,
    pub(super) body: Bytes,
    /// The text with the zone of its calendar.
    pub(super) zone: Option<Arc<str>>,
    /// What of it is told here.
    pub(super) span: Span,
    /// What of that was told before.
    pub(super) told: Option<Told>,
}

/// What some objects have come to.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) found: Vec<Reminder>,
    /// The one at which there was no more room, and what was told of it.
    pub(super) end: Option<(Marked, Option<Told>)>,
    /// Occurrences and times that were looked at.
    pub(super) work: usize,
}

/// Expands objects, off the async threads, as long as there is
/// room for reminders and for work.
pub(super) async fn expand(
    candidates: Vec<Candidate>,
    (room, work): (usize, usize),
) -> Result<Expanded, Error> {
    if candidates.is_empty() {
        return Ok(Expanded::default());
    }
    let expand = move || {
        let mut zones = HashMap::new();
        let mut expanded = Expanded::default();
        for candidate in candidates {
            let zone = zones.entry(candidate.mark.collection);
            let zone = zone.or_insert_with(|| rules(candidate.zone.as_deref()));
            expanded.add(&candidate, zone, room);
            if expanded.end.is_none() && expanded.is_over(room, work) {
                expanded.end = Some((candidate.mark, None));
            }
            if expanded.end.is_some() {
                break;
            }
        }
        expanded
    };
    tokio::task::spawn_blocking(expand)
        .await
        .map_err(Error::backend)
}

impl Expanded {
    fn is_over(&self, room: usize, work: usize) -> bool {
        self.found.len() >= room || self.work >= work
    }

    fn add(&mut self, candidate: &Candidate, zone: &ZoneRules, room: usize) {
        let Candidate {
            mark, span, told, ..
        } = candidate;
        let instant = |side: Option<Timestamp>| side.and_then(Timestamp::to_date_time);
        let since = told.map(|told| told.until).max(span.start);
        let window = Window::between(instant(since), instant(span.end));
        let calendar = Reader::new().read(candidate.body.clone()).calendar;
        let expansion = Expansion::of(&calendar).in_zone(zone.clone());
        // A calendar object is one object: all that has its UID.
        let Some(object) = calendar.objects().into_iter().next() else {
            return;
        };
        let rings = rings(&expansion, &object, &window, LOOKED_AT);
        self.work = self.work.saturating_add(rings.work).saturating_add(1);
        let mut before = told.map_or(0, |told| told.count);
        let mut last = Told {
            until: since.unwrap_or(mark.at),
            count: before,
        };
        for ring in &rings.found {
            let at = Timestamp::from(ring.at);
            if before > 0 && told.is_some_and(|told| told.until == at) {
                before -= 1;
                continue;
            }
            if self.found.len() >= room {
                self.end = Some((mark.clone(), Some(last)));
                return;
            }
            last = match last.until == at {
                true => Told {
                    count: last.count + 1,
                    ..last
                },
                false => Told {
                    until: at,
                    count: 1,
                },
            };
            self.found.push(reminder(ring, mark.collection, &mark.name));
        }
        match rings.known_until.map(Timestamp::from) {
            // The next page goes on from there.
            Some(until) if since.is_some_and(|since| since < until) => {
                let told = Told { until, count: 0 };
                self.end = Some((mark.clone(), Some(told)));
            }
            // No error: what one has written must not keep others from being reminded.
            Some(_) => tracing::warn!(
                calendar = %mark.collection, object = %mark.name, "more alarms than are told"
            ),
            None => {}
        }
    }
}

/// The zone of a calendar: the first of the VTIMEZONEs in its text, or UTC.
fn rules(text: Option<&str>) -> ZoneRules {
    let calendar = text.map(|text| Calendar::read(text).calendar);
    let zone = calendar.and_then(|calendar| {
        let tzid = calendar.time_zones().next()?.tzid()?.into_owned();
        let zones = cal_core::TimeZones::of(&calendar);
        Some(zones.rules_or(&tzid, &ZoneRules::utc()))
    });
    zone.unwrap_or_else(ZoneRules::utc)
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
