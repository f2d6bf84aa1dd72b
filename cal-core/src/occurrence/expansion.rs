//! How a calendar is expanded: its zones, the caller's zone, the limit.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Occurrence;
use super::merged::Agenda;
use super::plan::Clock;
use super::series::Series;
use super::walk::Walk;
use super::warning::ExpansionWarning;
use crate::{Calendar, Error, Moment, Object, TimeZones, Window, ZoneDataset, ZoneRules};

/// Occurrences that one UID may have in one window, unless the caller says otherwise.
const LIMIT: usize = 100_000;

/// A calendar ready to be asked what is on when.
///
/// ```
/// use cal_core::{Calendar, Expansion, Window};
///
/// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:tick\nDTSTART:20260101T000000Z\n\
///     RRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n";
/// let calendar = Calendar::read(text).calendar;
/// let expansion = Expansion::of(&calendar).in_zone(chrono_tz::Europe::Vienna).with_limit(10);
/// let items: Vec<_> = expansion.occurrences(&Window::ALL).collect();
/// assert_eq!(items.len(), 11);
/// assert!(items[9].is_ok() && items[10].is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Expansion<'a> {
    pub(super) calendar: &'a Calendar,
    zones: Arc<TimeZones>,
    default: ZoneRules,
    pub(super) limit: usize,
}

impl<'a> Expansion<'a> {
    /// The calendar with its own time zones; UTC as the zone of dates and
    /// floating times until [`Expansion::in_zone`] names another.
    #[must_use]
    pub fn of(calendar: &'a Calendar) -> Self {
        Self {
            calendar,
            zones: Arc::new(TimeZones::of(calendar)),
            default: ZoneRules::utc(),
            limit: LIMIT,
        }
    }

    /// Sets the zone in which dates and floating times are taken, and times
    /// whose zone is unknown.
    ///
    /// Who expands many calendars in one zone of the IANA database makes it a
    /// [`TabledZone`](crate::TabledZone) once: what one expansion learns of it
    /// serves the next, for times that name the zone as well.
    #[must_use]
    pub fn in_zone(mut self, zone: impl Into<ZoneRules>) -> Self {
        self.default = zone.into();
        self.zones.adopt(&self.default);
        self
    }

    /// Sets the zone as [`Expansion::in_zone`] does, unless the calendar is a
    /// feed that names its own (`X-WR-TIMEZONE`).
    #[must_use]
    pub fn in_feed_zone_or(self, zone: impl Into<ZoneRules>) -> Self {
        let feed = self.zones.feed_zone().map(|zone| zone.rules);
        self.in_zone(feed.unwrap_or_else(|| zone.into()))
    }

    /// Takes the rules of IANA ids from another release of the database than
    /// the one that is built in.
    #[must_use]
    pub fn with_dataset(mut self, dataset: &ZoneDataset) -> Self {
        self.zones = Arc::new(TimeZones::clone(&self.zones).with_dataset(dataset));
        self
    }

    /// Sets how many occurrences one UID may have in a window; one more is an error.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The calendar that is expanded.
    pub(crate) fn calendar(&self) -> &'a Calendar {
        self.calendar
    }

    /// The time zones of the calendar.
    #[must_use]
    pub fn time_zones(&self) -> &TimeZones {
        &self.zones
    }

    /// The zone in which dates and floating times are taken.
    #[must_use]
    pub fn zone(&self) -> &ZoneRules {
        &self.default
    }

    /// The instant of a moment of this calendar: by its zone, or by the
    /// caller's if it has none that is known.
    #[must_use]
    pub fn instant(&self, moment: &Moment) -> DateTime<Utc> {
        self.clock().instant(moment).and_utc()
    }

    pub(super) fn clock(&self) -> Clock<'_> {
        Clock {
            zones: &self.zones,
            default: &self.default,
        }
    }

    /// Everything that is on in the window, UID after UID in the order of the
    /// text, in order of start within a UID.
    #[must_use]
    pub fn occurrences(&self, window: &Window) -> Occurrences<'a> {
        self.clone().into_occurrences(window)
    }

    pub(super) fn into_occurrences(self, window: &Window) -> Occurrences<'a> {
        Occurrences {
            objects: self.calendar.objects().into_iter(),
            expansion: self,
            window: *window,
            current: None,
            warnings: Vec::new(),
        }
    }

    /// One object walked through a window.
    pub(crate) fn walk(&self, object: &Object<'a>, window: &Window) -> Walk<'a> {
        Walk::new(Series::read(object, self.clock()), window, self.limit)
    }
}

/// Iterator over occurrences; see [`Calendar::occurrences`].
///
/// An item may be an error: it concerns one object, or one component of it, and
/// what follows goes on with the rest.
#[derive(Debug)]
pub struct Occurrences<'a> {
    expansion: Expansion<'a>,
    window: Window,
    objects: std::vec::IntoIter<Object<'a>>,
    current: Option<Walk<'a>>,
    warnings: Vec<ExpansionWarning>,
}

impl<'a> Occurrences<'a> {
    /// What was odd about the objects expanded so far.
    #[must_use]
    pub fn warnings(&self) -> &[ExpansionWarning] {
        &self.warnings
    }

    /// The same occurrences (those not yet taken), all in order of their starts.
    #[must_use]
    pub fn by_start(self) -> Agenda<'a> {
        let walks = self
            .objects
            .map(|object| self.expansion.walk(&object, &self.window));
        Agenda::new(self.current.into_iter().chain(walks).collect())
    }
}

impl<'a> Iterator for Occurrences<'a> {
    type Item = Result<Occurrence<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.current.as_mut().and_then(Iterator::next) {
                return Some(item);
            }
            let object = self.objects.next()?;
            let mut walk = self.expansion.walk(&object, &self.window);
            self.warnings.append(&mut walk.warnings);
            self.current = Some(walk);
        }
    }
}
