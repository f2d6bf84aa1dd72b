//! Which components overlap a window, as CalDAV's time-range filter asks
//! (RFC 4791 9.9): the tables applied to every instance.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::Expansion;
use super::availability;
use super::base::Base;
use super::periods;
use super::plan::{Clock, Placed, Plan};
use super::rows::{self, TodoTimes};
use super::series::Series;
use super::trigger;
use crate::{Calendar, Component, ComponentKind, Error, Object, PeriodEnd, PropertyKind, Window};

/// The tables compare some bounds with "or at", which the half-open overlap of
/// occurrences does not; so the search reaches one second further.
const EDGE: TimeDelta = TimeDelta::seconds(1);

impl<'a> Expansion<'a> {
    /// The components of one kind that overlap the window: VEVENT, VTODO,
    /// VJOURNAL, VFREEBUSY or VALARM, by the table that RFC 4791 9.9 has for
    /// each, or VAVAILABILITY, by that of RFC 7953 7.2.2. Of any other kind none
    /// does.
    ///
    /// A series overlaps if one of its instances does that no override
    /// replaces; an override stands for itself. An alarm overlaps if it goes
    /// off in the window at any instance of what it belongs to.
    ///
    /// ```
    /// use cal_core::{Calendar, ComponentKind, Expansion, Window};
    /// use chrono::{TimeZone, Utc};
    ///
    /// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260301T090000Z\n\
    ///     DURATION:PT1H\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n";
    /// let calendar = Calendar::read(text).calendar;
    /// let expansion = Expansion::of(&calendar);
    /// let minute = |hour, minute| Utc.with_ymd_and_hms(2036, 3, 1, hour, minute, 0).unwrap();
    /// let during = Window::new(minute(9, 59), minute(10, 0));
    /// let after = Window::new(minute(10, 0), minute(10, 1));
    /// assert_eq!(expansion.overlapping(ComponentKind::Event, &during)?.len(), 1);
    /// assert_eq!(expansion.overlapping(ComponentKind::Event, &after)?.len(), 0);
    /// # Ok::<(), cal_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a recurrence cannot be worked out.
    pub fn overlapping(
        &self,
        kind: ComponentKind,
        window: &Window,
    ) -> Result<Vec<Component<'a>>, Error> {
        let mut found = Vec::new();
        for object in self.calendar.objects() {
            self.search(&object, kind, window, &mut found)?;
        }
        Ok(found)
    }

    /// Whether this component overlaps the window; see [`Expansion::overlapping`].
    ///
    /// # Errors
    /// If a recurrence cannot be worked out.
    pub fn overlaps(&self, component: Component<'_>, window: &Window) -> Result<bool, Error> {
        let found = self.overlapping(component.kind(), window)?;
        Ok(found.contains(&component))
    }

    fn search(
        &self,
        object: &Object<'a>,
        kind: ComponentKind,
        window: &Window,
        found: &mut Vec<Component<'a>>,
    ) -> Result<(), Error> {
        let components = object.components();
        match kind {
            ComponentKind::Event | ComponentKind::Todo | ComponentKind::Journal
                if components.iter().any(|found| found.kind() == kind) =>
            {
                self.search_instances(object, kind, window, found)
            }
            ComponentKind::FreeBusy => {
                let overlaps = |busy: &Component<'_>| {
                    busy.kind() == kind && free_busy(*busy, self.clock(), window)
                };
                found.extend(components.iter().copied().filter(overlaps));
                Ok(())
            }
            ComponentKind::Availability => {
                let overlaps =
                    |block: &Component<'_>| availability::overlaps(*block, self.clock(), window);
                found.extend(components.iter().copied().filter(overlaps));
                Ok(())
            }
            ComponentKind::Alarm => trigger::search(self, object, window, found),
            _ => Ok(()),
        }
    }

    fn search_instances(
        &self,
        object: &Object<'a>,
        kind: ComponentKind,
        window: &Window,
        found: &mut Vec<Component<'a>>,
    ) -> Result<(), Error> {
        let series = Series::read(object, self.clock());
        if let Some(error) = series.rule_limit() {
            return Err(error.clone());
        }
        let wide = window.widened(EDGE);
        let mut taken = HashSet::new();
        let mut take = |component: Component<'a>| {
            if component.kind() == kind && taken.insert(component.index) {
                found.push(component);
            }
        };
        for master in &series.masters {
            for mut base in Base::all(master, &wide) {
                while let Some(item) = base.next(&wide) {
                    let instance = item?;
                    if overlaps(&instance.plan, &instance.placed, window) {
                        take(instance.component());
                        break;
                    }
                }
            }
            let mut periods = periods::within(master, &wide).into_iter();
            if periods.any(|found| overlaps(&found.plan, &found.placed, window)) {
                take(master.plan.component);
            }
        }
        for other in &series.overrides {
            if overlaps(&other.plan, &other.placed, window) {
                take(other.plan.component);
            }
        }
        for component in object.components() {
            if kind == ComponentKind::Todo && timeless_overlaps(*component, window, self.clock()) {
                take(*component);
            }
        }
        Ok(())
    }
}

/// Whether one instance overlaps, by the table of its kind.
fn overlaps(plan: &Plan<'_>, placed: &Placed, window: &Window) -> bool {
    let (start, end) = (placed.start.and_utc(), placed.end.and_utc());
    if plan.component.kind() != ComponentKind::Todo {
        return rows::event(window, start, end);
    }
    let has = |kind| plan.component.first(kind).is_some();
    let mut times = TodoTimes::default();
    match (has(PropertyKind::DtStart), has(PropertyKind::Due)) {
        (true, true) => (times.start, times.due) = (Some(start), Some(end)),
        (true, false) if has(PropertyKind::Duration) => {
            (times.start, times.finish) = (Some(start), Some(end));
        }
        (true, false) => times.start = Some(start),
        (false, _) => times.due = Some(start),
    }
    rows::todo(window, &times)
}

/// Whether a to-do that has neither start nor due date overlaps.
fn timeless_overlaps(todo: Component<'_>, window: &Window, clock: Clock<'_>) -> bool {
    let dated = |kind| todo.first(kind).is_some();
    if dated(PropertyKind::DtStart) || dated(PropertyKind::Due) {
        return false;
    }
    let instant = |kind| Some(clock.instant(&todo.moment(kind).ok()??).and_utc());
    let times = TodoTimes {
        completed: instant(PropertyKind::Completed),
        created: instant(PropertyKind::Created),
        ..TodoTimes::default()
    };
    rows::todo(window, &times)
}

fn free_busy(busy: Component<'_>, clock: Clock<'_>, window: &Window) -> bool {
    let instant = |kind| -> Option<DateTime<Utc>> {
        Some(clock.instant(&busy.moment(kind).ok()??).and_utc())
    };
    match (instant(PropertyKind::DtStart), instant(PropertyKind::DtEnd)) {
        (Some(start), Some(end)) => rows::free_busy(window, start, end),
        _ => busy_periods(busy, clock)
            .into_iter()
            .any(|(start, end)| rows::period(window, start.and_utc(), end.and_utc())),
    }
}

/// The periods of all FREEBUSY properties, UTC; what cannot be read is passed over.
pub(super) fn busy_periods(
    busy: Component<'_>,
    clock: Clock<'_>,
) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let properties = busy.all(PropertyKind::FreeBusy);
    let periods = properties
        .filter_map(|property| property.periods().ok())
        .flatten();
    periods
        .map(|period| {
            let start = clock.instant(&period.start);
            let end = match &period.end {
                PeriodEnd::At(end) => clock.instant(end),
                PeriodEnd::After(length) => super::plan::add(start, length.to_time_delta()),
            };
            (start, end)
        })
        .collect()
}

impl Calendar {
    /// Whether anything of one kind overlaps the window, dates and floating
    /// times taken in `zone`; see [`Expansion::overlapping`].
    ///
    /// # Errors
    /// If a recurrence cannot be worked out.
    pub fn overlaps(
        &self,
        kind: ComponentKind,
        window: &Window,
        zone: impl Into<crate::ZoneRules>,
    ) -> Result<bool, Error> {
        let found = Expansion::of(self)
            .in_zone(zone)
            .overlapping(kind, window)?;
        Ok(!found.is_empty())
    }
}
