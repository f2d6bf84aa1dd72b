//! The span of an object, without expanding it.

use std::sync::Arc;

use cal_rrule::{RRule, RecurrenceSet, When};
use chrono::{Days, NaiveDateTime, NaiveTime, TimeDelta};

use super::availability;
use super::plan::{Clock, Placed, Plan, add};
use super::series::{Master, Range, Series};
use crate::{
    Calendar, Component, ComponentKind, Moment, Object, PropertyKind, Span, TimeZones, ZoneRules,
};

/// No clock is further from UTC, and no two further apart than twice this.
const DAY: TimeDelta = TimeDelta::days(1);

impl Calendar {
    /// The span of everything in the calendar; see [`Object::span`].
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let zones = TimeZones::of(self);
        let spans = self
            .objects()
            .into_iter()
            .filter_map(|object| object.span(&zones));
        spans.reduce(Span::union)
    }
}

impl Object<'_> {
    /// The time within which all occurrences of this object lie; `None` if it
    /// never occurs. A to-do without any date belongs to every window (RFC
    /// 4791 9.9), so its span is [`Span::ALWAYS`], as is that of an object with
    /// more rules than are worked out. That of a VAVAILABILITY is the time it
    /// speaks of, open where it names no bound.
    ///
    /// `zones` are those of the calendar the object is in. The work does not
    /// grow with the length of the series.
    #[must_use]
    pub fn span(&self, zones: &TimeZones) -> Option<Span> {
        let clock = Clock {
            zones,
            default: &ZoneRules::utc(),
        };
        let series = Series::read(self, clock);
        if series.rule_limit().is_some() {
            // Nobody knows; each question for it is answered by the error.
            return Some(Span::ALWAYS);
        }
        // In another zone than this one an override may mean another instance
        // or, by a date, one where here it means none.
        let elsewhere = series.elsewhere(clock);
        let masters = series
            .masters
            .iter()
            .flat_map(|master| master_spans(master, &elsewhere, clock));
        let overrides = series
            .overrides
            .iter()
            .map(|other| placed_span(&other.plan, &other.placed, clock));
        let superseded = elsewhere
            .iter()
            .map(|plan| placed_span(plan, &plan.first(), clock));
        let others = self
            .components()
            .iter()
            .filter_map(|other| other_span(*other, clock));
        masters
            .chain(overrides)
            .chain(superseded)
            .chain(others)
            .reduce(Span::union)
    }
}

/// The spans of a master: its own instances, added dates, ranges, and what may
/// be one elsewhere.
fn master_spans<'a>(
    master: &Master<'a>,
    elsewhere: &[Arc<Plan<'a>>],
    clock: Clock<'_>,
) -> Vec<Span> {
    let plan = &master.plan;
    let first = plan.first();
    let mut spans = vec![placed_span(plan, &first, clock)];
    for added in &master.added {
        let plan = added.plan.as_ref().unwrap_or(plan);
        let placed = plan.place(plan.local_of(added.key));
        // It may be spelled in a zone that the caller names.
        spans.push(placed_span(plan, &placed, clock).widened(DAY));
    }
    let last = match &master.set {
        Some(set) => last_start(set, !plan.depends_on_caller(clock)),
        None => Some(first.local),
    };
    let Some(last) = last else {
        spans.push(Span::new(Some(first.start.and_utc()), None));
        return spans;
    };
    let added = master.added.iter().map(|added| plan.local_of(added.key));
    let last = added.fold(last, NaiveDateTime::max);
    spans.push(placed_span(plan, &plan.place(last), clock));
    for range in &master.ranges {
        let placed = range.plan.place(range.moved(plan, last));
        // By how much it moves instances may depend on two such zones.
        spans.push(placed_span(&range.plan, &placed, clock).widened(DAY * 2));
    }
    let ranges = elsewhere
        .iter()
        .filter(|other| other.component.is_this_and_future())
        .filter(|other| other.component.kind() == plan.component.kind());
    for other in ranges {
        let Ok(Some(instance)) = other.component.recurrence_id() else {
            continue;
        };
        let range = Range::new(master, plan.key(instance.local()), other);
        let placed = range.plan.place(range.moved(plan, last));
        // The instance is of that day or of one beside it, at any time.
        spans.push(placed_span(&range.plan, &placed, clock).widened(DAY * 4));
    }
    spans
}

impl<'a> Series<'a> {
    /// The overrides that change nothing as long as nobody names a zone: those
    /// of no instance, and those that others supersede.
    fn elsewhere(&self, clock: Clock<'_>) -> Vec<Arc<Plan<'a>>> {
        let orphans = self
            .overrides
            .iter()
            .filter(|other| other.key.is_none())
            .map(|other| Arc::clone(&other.plan));
        let superseded = self.overrides.iter().flat_map(|other| &other.superseded);
        let superseded =
            superseded.filter_map(|other| Plan::read(*other, &self.uid, clock).ok()?.map(Arc::new));
        orphans.chain(superseded).collect()
    }
}

/// The last local time that the rules give, whatever is excluded from them;
/// `None` if they go on for ever.
fn last_start(set: &RecurrenceSet, is_known: bool) -> Option<NaiveDateTime> {
    let rules = set.rules();
    if !rules.iter().all(RRule::is_bounded) {
        return None;
    }
    let bare = RecurrenceSet::new(set.start().clone());
    let bare = rules.iter().cloned().fold(bare, RecurrenceSet::with_rule);
    let last = bare.last().ok()??.local();
    // In another zone than the one assumed an UNTIL in UTC may end later.
    let untils = rules.iter().filter_map(RRule::until).map(until_bound);
    let bounds = untils.filter(|_| !is_known);
    Some(bounds.fold(last, NaiveDateTime::max))
}

/// After the last start that any reading of an UNTIL allows.
fn until_bound(until: When) -> NaiveDateTime {
    let local = match until {
        When::Date(date) => date.and_time(NaiveTime::MIN).checked_add_days(Days::new(1)),
        When::Local(at) | When::Utc(at) => Some(at),
    };
    local.map_or(NaiveDateTime::MAX, |local| add(local, DAY))
}

/// From start to end; a day more on both sides if the zone is the caller's to name.
fn placed_span(plan: &Plan<'_>, placed: &Placed, clock: Clock<'_>) -> Span {
    let span = Span::new(Some(placed.start.and_utc()), Some(placed.end.and_utc()));
    if plan.depends_on_caller(clock) {
        span.widened(DAY)
    } else {
        span
    }
}

/// What is not expanded but has a time: a to-do without dates, busy time, usual
/// hours.
fn other_span(component: Component<'_>, clock: Clock<'_>) -> Option<Span> {
    match component.kind() {
        ComponentKind::Todo => {
            let dated = |kind| component.first(kind).is_some();
            let timeless = !dated(PropertyKind::DtStart) && !dated(PropertyKind::Due);
            timeless.then_some(Span::ALWAYS)
        }
        ComponentKind::FreeBusy => busy_span(component, clock),
        ComponentKind::Availability => availability::span(component, clock),
        _ => None,
    }
}

/// From the first to the last instant that a VFREEBUSY speaks of.
fn busy_span(component: Component<'_>, clock: Clock<'_>) -> Option<Span> {
    let bounds = [PropertyKind::DtStart, PropertyKind::DtEnd];
    let bounds = bounds
        .into_iter()
        .filter_map(|kind| component.moment(kind).ok()?);
    let edges = bounds.map(|moment| clock.instant(&moment));
    let periods = super::overlap::busy_periods(component, clock);
    let edges = edges.chain(periods.into_iter().flat_map(|(start, end)| [start, end]));
    let spans = edges.map(|at| Span::new(Some(at.and_utc()), Some(at.and_utc())));
    spans.map(|span| span.widened(DAY)).reduce(Span::union)
}

impl Plan<'_> {
    /// Whether its instants depend on the zone that a caller names.
    fn depends_on_caller(&self, clock: Clock<'_>) -> bool {
        self.spelled().any(|moment| match moment {
            Moment::Date(_) | Moment::Floating(_) => true,
            Moment::Utc(_) => false,
            Moment::Zoned { tzid, .. } => clock.zones.resolve(tzid).is_none(),
        })
    }
}
