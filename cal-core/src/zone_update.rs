//! What a new release of the zone database does to what is planned: which
//! events take place at another instant, and both ways to deal with it.

mod edit;

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::edit::ComponentId;
use crate::{
    Calendar, Component, ComponentKind, Error, Expansion, Moment, Object, Occurrence, PropertyKind,
    TimeZones, Window, ZoneDataset,
};
use cal_rrule::Zone as _;

/// Instants of one occurrence under two releases are nearer than this: a zone
/// that changes sides of the date line moves by a day.
const FURTHEST: TimeDelta = TimeDelta::days(2);

/// A change from one release of the zone database to another, seen at an
/// instant: from then on it matters.
///
/// The local time and the name of its zone are the truth of an event; its
/// instant follows from the zone's rules. When these change, the event moves
/// for everyone elsewhere. Whether that is meant only people know: who keeps
/// the local time of a [`MovedEvent`] moves with the zone, who keeps the
/// instant stays with the others.
///
/// ```
/// use cal_core::{Calendar, Window, ZoneDataset, ZoneUpdate};
/// use chrono::{FixedOffset, TimeZone, Utc};
///
/// // Berlin stays at +01:00 all the year.
/// let new = ZoneDataset::built_in()
///     .with_zone("Europe/Berlin", FixedOffset::east_opt(3600).unwrap());
/// let now = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
/// let update = ZoneUpdate::new(ZoneDataset::built_in(), new, now);
///
/// let mut calendar = Calendar::read(
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20260701T090000\n\
///      ATTENDEE:mailto:bo@example.com\nEND:VEVENT\nEND:VCALENDAR\n",
/// ).calendar;
/// let report = update.report(&calendar, &Window::ALL);
/// let event = &report.moved[0];
/// assert_eq!(event.attendees, ["mailto:bo@example.com"]);
/// let occurrence = &event.occurrences[0];
/// assert_eq!(occurrence.old.unwrap().start.to_string(), "2026-07-01 07:00:00 UTC");
/// assert_eq!(occurrence.new.unwrap().start.to_string(), "2026-07-01 08:00:00 UTC");
///
/// event.keep_instant(&mut calendar)?;
/// assert!(calendar.to_string().contains("DTSTART;TZID=Europe/Berlin:20260701T080000\n"));
/// # Ok::<(), cal_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ZoneUpdate {
    old: ZoneDataset,
    new: ZoneDataset,
    now: DateTime<Utc>,
    limit: Option<usize>,
}

/// The events that a [`ZoneUpdate`] moves.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZoneUpdateReport {
    /// What moves, in the order of the text.
    pub moved: Vec<MovedEvent>,
    /// Objects that could not be worked out, or not to their end.
    pub errors: Vec<Error>,
}

/// An event, to-do or journal entry that a [`ZoneUpdate`] moves: the component
/// that says when it is, a series or an override.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MovedEvent {
    /// UID of its object.
    pub uid: String,
    /// What it is.
    pub kind: ComponentKind,
    /// Which instance the component overrides; `None` for a master.
    pub recurrence_id: Option<Moment>,
    /// SUMMARY.
    pub summary: Option<String>,
    /// The address of the ORGANIZER.
    pub organizer: Option<String>,
    /// The addresses of the ATTENDEEs.
    pub attendees: Vec<String>,
    /// The occurrences that move, in order of time; at least one.
    pub occurrences: Vec<MovedOccurrence>,
    id: ComponentId,
    is_series: bool,
}

/// One occurrence that a [`ZoneUpdate`] moves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MovedOccurrence {
    /// Which instance of a series it is; `None` for what does not recur.
    pub recurrence_id: Option<Moment>,
    /// When it was; `None` if the series had no such instance, because an
    /// UNTIL in UTC excluded it.
    pub old: Option<Instants>,
    /// When it is; `None` if the series has no such instance any more.
    pub new: Option<Instants>,
    /// Start and end that say the old instants by the new rules.
    kept: Option<(Moment, Moment)>,
}

/// From when to when an occurrence lasts, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instants {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
}

impl ZoneUpdate {
    /// The change from one release to another, with what begins at `now` or later.
    #[must_use]
    pub fn new(old: ZoneDataset, new: ZoneDataset, now: DateTime<Utc>) -> Self {
        Self {
            old,
            new,
            now,
            limit: None,
        }
    }

    /// Sets how many occurrences one UID may have in the window; one more is an
    /// error of the report.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// What moves, of all that begins in the window by the old rules or by the
    /// new ones. Dates and floating times have no instant of their own and
    /// never move.
    #[must_use]
    pub fn report(&self, calendar: &Calendar, window: &Window) -> ZoneUpdateReport {
        let expansion = |dataset: &ZoneDataset| {
            let plain = Expansion::of(calendar).with_dataset(dataset);
            match self.limit {
                Some(limit) => plain.with_limit(limit),
                None => plain,
            }
        };
        let both = Both {
            old: expansion(&self.old),
            new: expansion(&self.new),
            window: self.ahead(window),
        };
        let mut report = ZoneUpdateReport::default();
        if !both.window.is_empty() {
            for object in calendar.objects() {
                both.compare(&object, &mut report);
            }
        }
        report
    }

    /// The part of a window that is not yet past.
    fn ahead(&self, window: &Window) -> Window {
        let start = window.start().map_or(self.now, |start| start.max(self.now));
        Window::between(Some(start), window.end())
    }
}

/// A calendar under both releases.
struct Both<'a> {
    old: Expansion<'a>,
    new: Expansion<'a>,
    window: Window,
}

/// What tells that occurrences under both releases are the same one.
type Key = (ComponentKind, Moment);

impl<'a> Both<'a> {
    fn compare(&self, object: &Object<'a>, report: &mut ZoneUpdateReport) {
        let around = self.window.widened(FURTHEST);
        let mut new: HashMap<Key, VecDeque<Occurrence<'a>>> = HashMap::new();
        for item in self.new.walk(object, &around) {
            match item {
                Ok(found) => new.entry(key(&found)).or_default().push_back(found),
                Err(error) => report.errors.push(error),
            }
        }
        let mut pairs = Vec::new();
        for item in self.old.walk(object, &around) {
            match item {
                Ok(found) => {
                    let twin = new.get_mut(&key(&found)).and_then(VecDeque::pop_front);
                    pairs.push((Some(found), twin));
                }
                Err(error) if report.errors.contains(&error) => {}
                Err(error) => report.errors.push(error),
            }
        }
        pairs.extend(new.into_values().flatten().map(|found| (None, Some(found))));
        let mut moved: Vec<(Component<'a>, MovedOccurrence)> = pairs
            .iter()
            .filter_map(|(old, new)| self.moved(old.as_ref(), new.as_ref()))
            .collect();
        moved.sort_by_key(|(component, found)| {
            let instants = found.old.or(found.new);
            (component.index, instants.map(|at| (at.start, at.end)))
        });
        for (component, occurrence) in moved {
            match report.moved.last_mut() {
                Some(last) if last.id == component.id() => last.occurrences.push(occurrence),
                _ => report
                    .moved
                    .push(MovedEvent::new(object, component, occurrence)),
            }
        }
    }

    /// The occurrence, if it moves and that matters.
    fn moved(
        &self,
        old: Option<&Occurrence<'a>>,
        new: Option<&Occurrence<'a>>,
    ) -> Option<(Component<'a>, MovedOccurrence)> {
        let (before, after) = (old.map(Instants::of), new.map(Instants::of));
        let is_inside = |at: Option<Instants>| at.is_some_and(|at| self.window.contains(at.start));
        if before == after || !(is_inside(before) || is_inside(after)) {
            return None;
        }
        let either = old.or(new)?;
        let moved = MovedOccurrence {
            recurrence_id: either.recurrence_id(),
            old: before,
            new: after,
            kept: old.map(|old| {
                let zones = self.new.time_zones();
                let start = spelled(zones, old.start_utc(), &old.start());
                (start, spelled(zones, old.end_utc(), &old.end()))
            }),
        };
        Some((either.component(), moved))
    }
}

fn key(occurrence: &Occurrence<'_>) -> Key {
    let instance = occurrence.recurrence_id();
    let instance = instance.unwrap_or_else(|| occurrence.start());
    (occurrence.component().kind(), instance)
}

/// An instant in the zone of a moment, or in UTC where no local time says it:
/// the second of two that read the same.
fn spelled(zones: &TimeZones, at: DateTime<Utc>, like: &Moment) -> Moment {
    let utc = at.naive_utc();
    let rules = like.tzid().and_then(|tzid| zones.resolve(tzid));
    let local = rules.and_then(|zone| {
        let local = zone.rules.to_local(utc);
        (zone.rules.to_utc(local) == utc).then_some(local)
    });
    local.map_or(Moment::Utc(utc), |local| like.at_local(local))
}

impl Instants {
    fn of(occurrence: &Occurrence<'_>) -> Self {
        Self {
            start: occurrence.start_utc(),
            end: occurrence.end_utc(),
        }
    }
}

impl MovedEvent {
    fn new(object: &Object<'_>, component: Component<'_>, first: MovedOccurrence) -> Self {
        let addresses = |kind| {
            let people = component.all(kind);
            people.map(|person| person.raw_value().into_owned())
        };
        Self {
            uid: object.uid().to_owned(),
            kind: component.kind(),
            recurrence_id: component.recurrence_id().ok().flatten(),
            summary: component
                .text(PropertyKind::Summary)
                .map(std::borrow::Cow::into_owned),
            organizer: addresses(PropertyKind::Organizer).next(),
            attendees: addresses(PropertyKind::Attendee).collect(),
            occurrences: vec![first],
            id: component.id(),
            is_series: component.is_recurring() || component.is_this_and_future(),
        }
    }
}
