//! The busy time of one object.
//!
//! What cannot be worked out is never shown as free: such an event takes all the time that it
//! may be on, and the log says which it is.

use std::borrow::Cow;

use cal_core::{
    Calendar, Component, ComponentId, ComponentKind, Error, Expansion, NewProperty, PropertyKind,
    Window, ZoneRules,
};
use cal_freebusy::{Availability, BusyTimes, Interval, Schedule};
use cal_store::{Object, unreadable_time};
use chrono::{DateTime, Utc};

/// Whose busy time is asked for, and when.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) window: Interval,
    pub(super) addresses: Vec<String>,
    /// Where dates and floating times are taken.
    pub(super) zone: ZoneRules,
    /// Occurrences that one object may have.
    pub(super) share: u64,
    /// Occurrences that all objects to come may have.
    pub(super) left: u64,
}

impl Asked {
    /// The busy time that an object takes, and how many occurrences were looked at for that.
    pub(super) fn of(&self, object: &Object) -> (BusyTimes, u64) {
        let calendar = Calendar::read(&object.body).calendar;
        let (count, fault) = self.count(&calendar);
        let fault = match fault {
            Some(fault) => fault,
            None => {
                let known = Availability::of(&self.schedule(&calendar), &self.window);
                match known.faults().first() {
                    Some(fault) => fault.clone(),
                    None => return (known.busy().clone(), count),
                }
            }
        };
        let most = self.most(&calendar, &fault);
        if most.iter().next().is_some() {
            let name = object.entry.name.as_str();
            tracing::warn!(object = name, %fault, "an event counts as busy all the time it may be on");
        }
        (most, count)
    }

    /// How many occurrences there are, as far as they are looked at, and what keeps them from
    /// being known.
    fn count(&self, calendar: &Calendar) -> (u64, Option<Error>) {
        let mut placed = calendar.components().filter(|found| takes_time(*found));
        if let Some((_, error)) = placed.find_map(unreadable_time) {
            return (0, Some(error));
        }
        let limit = usize::try_from(self.share).unwrap_or(usize::MAX);
        let expansion = self.expansion(calendar).with_limit(limit);
        let window = Window::new(self.window.start(), self.window.end());
        let mut count = 0;
        for occurrence in expansion.occurrences(&window) {
            match occurrence {
                Ok(_) => count += 1,
                Err(error) => return (count, Some(error)),
            }
        }
        (count, None)
    }

    /// The time that an object takes at most: its events as firm as they are, for as long as
    /// any of them may be on.
    fn most(&self, calendar: &Calendar, fault: &Error) -> BusyTimes {
        let Some(span) = self.span(calendar, fault) else {
            return BusyTimes::default();
        };
        let mut stand_in = calendar.clone();
        let placed: Vec<(ComponentId, ComponentKind)> = calendar
            .components()
            .filter(|found| takes_time(*found))
            .map(|found| (found.id(), found.kind()))
            .collect();
        for (number, (id, kind)) in placed.into_iter().enumerate() {
            let lines = match kind {
                ComponentKind::FreeBusy => vec![("FREEBUSY", Cow::Owned(span.to_string()))],
                _ => lasting(number, &span),
            };
            let Some(mut component) = stand_in.component_mut(id) else {
                continue;
            };
            component.remove_where(|property| !is_kept(property.kind()));
            for (name, value) in lines {
                if let Ok(property) = NewProperty::new(name) {
                    component.add(&property.with_raw_value(&value));
                }
            }
        }
        let most = Availability::of(&self.schedule(&stand_in), &self.window);
        most.busy().clone()
    }

    /// The part of the window in which an object may be on.
    fn span(&self, calendar: &Calendar, fault: &Error) -> Option<Interval> {
        let (start, end) = match fault {
            // Too many to look at, but where they lie is known.
            Error::OccurrenceLimit { .. } | Error::Recurrence { .. } => {
                let span = calendar.span()?;
                (span.start(), span.end())
            }
            // Nobody knows for how long, or how often.
            _ => (self.earliest(calendar), None),
        };
        let start = start.unwrap_or(self.window.start());
        let end = end.unwrap_or(self.window.end());
        Interval::new(start, end).intersection(&self.window)
    }

    /// The first time that an object names; `None` if one of its starts cannot be read.
    fn earliest(&self, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let expansion = self.expansion(calendar);
        let mut earliest = DateTime::<Utc>::MAX_UTC;
        for component in calendar.components().filter(|found| takes_time(*found)) {
            let start = component.first(PropertyKind::DtStart)?.moment().ok()?;
            let dates = component.all(PropertyKind::RDate);
            let dates = dates.filter_map(|date| date.date_times().ok()).flatten();
            let instants = dates.map(|date| expansion.instant(&date));
            earliest = instants.fold(earliest.min(expansion.instant(&start)), Ord::min);
        }
        Some(earliest)
    }

    fn expansion<'a>(&self, calendar: &'a Calendar) -> Expansion<'a> {
        Expansion::of(calendar).in_zone(self.zone.clone())
    }

    fn schedule<'a>(&self, calendar: &'a Calendar) -> Schedule<'a> {
        let schedule = Schedule::new(self.zone.clone()).with_calendar(calendar);
        let addresses = self.addresses.iter();
        addresses.fold(schedule, |schedule, address| schedule.with_address(address))
    }
}

/// Whether a component may take time: an event, or published busy time.
fn takes_time(component: Component<'_>) -> bool {
    matches!(
        component.kind(),
        ComponentKind::Event | ComponentKind::FreeBusy
    )
}

/// What says how firmly an event takes time.
fn is_kept(kind: PropertyKind) -> bool {
    matches!(
        kind,
        PropertyKind::Status
            | PropertyKind::Transp
            | PropertyKind::Attendee
            | PropertyKind::Organizer
    )
}

/// The lines of an event of its own that lasts for a span.
fn lasting(number: usize, span: &Interval) -> Vec<(&'static str, Cow<'static, str>)> {
    let utc = |at: DateTime<Utc>| Cow::Owned(at.format("%Y%m%dT%H%M%SZ").to_string());
    vec![
        ("UID", Cow::Owned(number.to_string())),
        ("DTSTART", utc(span.start())),
        ("DTEND", utc(span.end())),
    ]
}
