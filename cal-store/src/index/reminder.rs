//! When the alarms of an object go off (RFC 5545 3.6.6, RFC 9074).

use std::collections::{BinaryHeap, HashMap};

use cal_core::{
    Alarm, Calendar, Component, Expansion, Moment, Object, Occurrence, Trigger, Window,
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::Timestamp;

/// How many of the next times at which alarms of one object go off are indexed.
const MARKS: usize = 16;

/// Occurrences, and times of alarms, that are looked at to find these.
const LOOKED_AT: usize = 2_000;

/// Times of alarms that are worked out for one object, within the window or not:
/// each of many alarms may repeat at each of many occurrences.
const WORKED_OUT: usize = 100_000;

/// How long before it is indexed an object's reminders are looked for: so long
/// a program that reminds people may have been away.
const OVERDUE: TimeDelta = TimeDelta::days(1);

/// Repetitions of one alarm that are looked at.
const MOST_REPEATS: u32 = 1_000;

/// What a reminder in the index says.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[non_exhaustive]
pub enum ReminderKind {
    /// An alarm goes off then.
    Exact,
    /// An alarm goes off when it is that time in the zone of the calendar, which
    /// the index does not know: it is kept as if that were UTC.
    Floating,
    /// Of the time from then on nothing is indexed: there may be more.
    Unknown,
}

impl ReminderKind {
    /// The kind as a key.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Exact => 0,
            Self::Floating => 1,
            Self::Unknown => 2,
        }
    }

    /// The kind of a key that was kept; one that is not known is as if nothing were.
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Exact,
            1 => Self::Floating,
            _ => Self::Unknown,
        }
    }
}

/// A reminder in the index.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct ReminderMark {
    /// What it says.
    pub kind: ReminderKind,
    /// Of when.
    pub at: Timestamp,
}

/// One time at which an alarm goes off.
#[derive(Debug, Clone)]
pub(crate) struct Ring<'a> {
    pub(crate) at: DateTime<Utc>,
    pub(crate) alarm: Alarm<'a>,
    /// What it reminds of: nothing in particular if its time is its own.
    pub(crate) occurrence: Option<Occurrence<'a>>,
    pub(crate) component: Component<'a>,
    is_floating: bool,
}

/// Rings in order of time, and the instant up to which they are all.
pub(crate) struct Rings<'a> {
    pub(crate) found: Vec<Ring<'a>>,
    pub(crate) known_until: Option<DateTime<Utc>>,
    /// Occurrences, and times of alarms, that were looked at.
    pub(crate) work: usize,
}

/// How much of the rings in a window is wanted.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    rings: usize,
    /// From when on they count.
    since: DateTime<Utc>,
    looked_at: usize,
}

/// The reminders to index of an object, seen at an instant.
pub(crate) fn marks(
    calendar: &Calendar,
    object: &Object<'_>,
    seen_at: Timestamp,
) -> Vec<ReminderMark> {
    let has_alarms = |component: &Component<'_>| component.alarms().next().is_some();
    if !object.components().iter().any(has_alarms) {
        return Vec::new();
    }
    let now = seen_at.to_date_time().unwrap_or(DateTime::UNIX_EPOCH);
    let overdue = now.checked_sub_signed(OVERDUE).unwrap_or(now);
    let window = Window::between(Some(overdue), None);
    let bounds = Bounds {
        rings: MARKS,
        since: now,
        looked_at: LOOKED_AT,
    };
    let rings = search(&Expansion::of(calendar), object, &window, bounds);
    let mut marks: Vec<_> = rings.found.iter().map(Ring::mark).collect();
    marks.extend(rings.known_until.map(|at| ReminderMark {
        kind: ReminderKind::Unknown,
        at: at.into(),
    }));
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// All times in a window at which alarms of an object go off, as long as not
/// more than `limit` occurrences and times have to be looked at.
pub(crate) fn rings<'a>(
    expansion: &Expansion<'a>,
    object: &Object<'a>,
    window: &Window,
    limit: usize,
) -> Rings<'a> {
    let bounds = Bounds {
        rings: limit,
        since: DateTime::<Utc>::MIN_UTC,
        looked_at: limit,
    };
    search(expansion, object, window, bounds)
}

impl Ring<'_> {
    fn mark(&self) -> ReminderMark {
        let kind = match self.is_floating {
            true => ReminderKind::Floating,
            false => ReminderKind::Exact,
        };
        ReminderMark {
            kind,
            at: self.at.into(),
        }
    }
}

fn search<'a>(
    expansion: &Expansion<'a>,
    object: &Object<'a>,
    window: &Window,
    bounds: Bounds,
) -> Rings<'a> {
    let mut search = Search {
        expansion,
        window,
        bounds,
        looked_at: 0,
        worked_out: 0,
        found: Vec::new(),
        nearest: BinaryHeap::new(),
        known_until: None,
    };
    let mut relative: HashMap<Component<'a>, Vec<Alarm<'a>>> = HashMap::new();
    let mut reach = TimeDelta::zero();
    for component in object.components() {
        for alarm in component.alarms().filter(|_| reminds(component)) {
            match alarm.trigger().ok().filter(|_| is_heard(&alarm)) {
                Some(Trigger::At(moment)) => search.add_absolute(*component, &alarm, &moment),
                Some(Trigger::FromStart(offset) | Trigger::FromEnd(offset)) => {
                    reach = reach.max(reach_of(&alarm, offset.to_time_delta()));
                    relative.entry(*component).or_default().push(alarm);
                }
                None => {}
            }
        }
    }
    if !relative.is_empty() {
        search.look(&relative, reach);
    }
    search.finish()
}

/// Whether people are reminded of a component at all.
fn reminds(component: &Component<'_>) -> bool {
    !matches!(
        component.status().as_deref(),
        Some("CANCELLED" | "COMPLETED")
    )
}

/// Whether an alarm goes off by time: not those that wait for a place (RFC 9074
/// 8.1), and not those that clients write to say that there is none.
fn is_heard(alarm: &Alarm<'_>) -> bool {
    alarm.proximity().is_none() && alarm.action() != "NONE"
}

/// How often an alarm repeats, and with which pause.
fn repetition(alarm: &Alarm<'_>) -> (u32, TimeDelta) {
    let pause = alarm.repeat_after().ok().flatten().unwrap_or_default();
    match pause.to_time_delta() {
        pause if pause > TimeDelta::zero() => (alarm.repeat().min(MOST_REPEATS), pause),
        _ => (0, TimeDelta::zero()),
    }
}

/// How far from its occurrence an alarm may go off.
fn reach_of(alarm: &Alarm<'_>, offset: TimeDelta) -> TimeDelta {
    let (repeats, pause) = repetition(alarm);
    let most = TimeDelta::MAX / 4;
    let repeats = i32::try_from(repeats).unwrap_or_default();
    let repeated = pause.checked_mul(repeats).unwrap_or(most).min(most);
    // Days on the wall clock are not all of one length.
    offset.abs().min(most) + repeated + TimeDelta::days(2)
}

struct Search<'s, 'a> {
    expansion: &'s Expansion<'a>,
    window: &'s Window,
    bounds: Bounds,
    looked_at: usize,
    worked_out: usize,
    found: Vec<Ring<'a>>,
    /// As many of the earliest times as are wanted, the latest on top.
    nearest: BinaryHeap<DateTime<Utc>>,
    known_until: Option<DateTime<Utc>>,
}

impl<'a> Search<'_, 'a> {
    fn add_absolute(&mut self, component: Component<'a>, alarm: &Alarm<'a>, moment: &Moment) {
        if self.is_spent() {
            // These come in no order: of none of the time all is known.
            let start = self.window.start().unwrap_or(DateTime::<Utc>::MIN_UTC);
            return self.stop_at(start);
        }
        let first = self.expansion.instant(moment);
        let (repeats, pause) = repetition(alarm);
        let mut times = vec![first];
        for _ in 0..repeats {
            let last = times.last().copied().unwrap_or(first);
            times.extend(last.checked_add_signed(pause));
        }
        let is_floating = self.is_floating(moment);
        self.add(
            &times,
            |at| Ring {
                at,
                alarm: *alarm,
                occurrence: None,
                component,
                is_floating,
            },
            alarm,
        );
    }

    /// Goes through the occurrences, in order, until no later one can have a
    /// ring among those that are wanted.
    fn look(&mut self, alarms: &HashMap<Component<'a>, Vec<Alarm<'a>>>, reach: TimeDelta) {
        for item in self.expansion.occurrences(&self.window.widened(reach)) {
            self.looked_at += 1;
            // What cannot be placed has no time to be reminded of.
            let Ok(occurrence) = item else { continue };
            let earliest = occurrence.start_utc().checked_sub_signed(reach);
            let earliest = earliest.unwrap_or(DateTime::<Utc>::MIN_UTC);
            if self.is_full(earliest) || self.looked_at > self.bounds.looked_at {
                return self.stop_at(earliest);
            }
            let is_floating = self.is_floating(&occurrence.start());
            let component = occurrence.component();
            for alarm in alarms.get(&component).into_iter().flatten() {
                if self.is_spent() {
                    return self.stop_at(earliest);
                }
                let times = occurrence.alarm_times(alarm).unwrap_or_default();
                self.add(
                    &times,
                    |at| Ring {
                        at,
                        alarm: *alarm,
                        occurrence: Some(occurrence.clone()),
                        component,
                        is_floating,
                    },
                    alarm,
                );
            }
        }
    }

    /// Whether enough was worked out for one object.
    const fn is_spent(&self) -> bool {
        self.worked_out >= WORKED_OUT
    }

    /// From an instant on there may be more than was found.
    fn stop_at(&mut self, at: DateTime<Utc>) {
        self.known_until = Some(self.known_until.map_or(at, |known| known.min(at)));
    }

    /// Whether all that is wanted is earlier than an instant.
    fn is_full(&self, instant: DateTime<Utc>) -> bool {
        self.nearest.len() >= self.bounds.rings
            && self.nearest.peek().is_some_and(|latest| *latest < instant)
    }

    fn add(
        &mut self,
        times: &[DateTime<Utc>],
        ring: impl Fn(DateTime<Utc>) -> Ring<'a>,
        alarm: &Alarm<'a>,
    ) {
        self.worked_out += times.len().max(1);
        let acknowledged = alarm.acknowledged().ok().flatten();
        let acknowledged = acknowledged.map(|moment| self.expansion.instant(&moment));
        for at in times.iter().copied().filter(|at| self.window.contains(*at)) {
            self.looked_at += 1;
            // What was dismissed does not go off again (RFC 9074 6.1).
            if acknowledged.is_some_and(|until| at <= until) {
                continue;
            }
            self.found.push(ring(at));
            if at < self.bounds.since {
                continue;
            }
            self.nearest.push(at);
            if self.nearest.len() > self.bounds.rings {
                self.nearest.pop();
            }
        }
    }

    fn is_floating(&self, moment: &Moment) -> bool {
        let zones = self.expansion.time_zones();
        let is_known = |tzid: &str| zones.resolve(tzid).is_some();
        !moment.is_utc() && !moment.tzid().is_some_and(|tzid| is_known(tzid.as_str()))
    }

    fn finish(mut self) -> Rings<'a> {
        self.found.sort_by_key(|ring| ring.at);
        let passed = self
            .found
            .partition_point(|ring| ring.at < self.bounds.since);
        let wanted = passed.saturating_add(self.bounds.rings);
        if let Some(next) = self.found.get(wanted).map(|ring| ring.at) {
            self.stop_at(next);
        }
        if let Some(until) = self.known_until {
            self.found.retain(|ring| ring.at < until);
        }
        Rings {
            found: self.found,
            known_until: self.known_until,
            work: self.looked_at.saturating_add(self.worked_out),
        }
    }
}
