//! The instances of a series, moved and placed, under one override for them or none.

use std::ops::Bound;
use std::sync::Arc;

use cal_rrule::{RecurrenceSet, Source, Timestamps, Zone};
use chrono::{NaiveDateTime, TimeDelta};

use super::Occurrence;
use super::plan::{Placed, Plan, add};
use super::series::{Master, Range};
use crate::{Error, Window};

/// No two clocks are further apart, and no clock is ever set by more.
const APART: TimeDelta = TimeDelta::hours(52);

/// Instances beside the window that one walk looks at: more than a rule can
/// have in the few days by which clocks disagree.
const MOST_BESIDE: usize = 1_000_000;

/// The instances of a master from one key up to another, in order.
#[derive(Debug)]
pub(super) struct Base<'a> {
    master: Arc<Master<'a>>,
    range: Option<Range<'a>>,
    instances: Instances,
    /// How many instances beside the window may still be looked at.
    beside: usize,
}

/// Where instances come from.
#[derive(Debug)]
enum Instances {
    /// One, of what does not recur.
    Single(Option<NaiveDateTime>),
    /// Those of a recurrence set.
    Set(Box<cal_rrule::Occurrences>),
}

/// One instance of the series before anything is moved.
#[derive(Clone, Copy, Debug)]
struct Instance {
    local: NaiveDateTime,
    key: NaiveDateTime,
    source: Source,
}

/// What an instance is, when, and its original start on the clock of the series.
type Found<'b, 'a> = (&'b Arc<Plan<'a>>, Placed, NaiveDateTime);

impl<'a> Base<'a> {
    /// One for the series itself and one for each override with a range, as
    /// far as they reach into the window.
    pub(super) fn all(master: &Arc<Master<'a>>, window: &Window) -> Vec<Self> {
        let ranges = master.ranges.iter().map(Some);
        let starts: Vec<Option<&Range<'a>>> = std::iter::once(None).chain(ranges).collect();
        let ends = starts.iter().skip(1).copied().chain([None]);
        starts
            .iter()
            .zip(ends)
            .map(|(range, next)| Self::new(master, *range, next.map(|next| next.from), window))
            .collect()
    }

    /// The instances of a master that no override says anything of.
    pub(super) fn bare(master: &Arc<Master<'a>>, window: &Window) -> Self {
        Self::new(master, None, None, window)
    }

    /// The instances of a master as instants in seconds, with how long each lasts:
    /// of a series of which all last the same and none is replaced.
    pub(super) fn timestamps(
        master: &Master<'a>,
        window: &Window,
    ) -> Option<(Timestamps, TimeDelta)> {
        let set = master.set.as_ref()?;
        let plain = master.replaced.is_empty() && !master.plan.is_wall();
        let length = master.plan.exact_length().filter(|_| plain)?;
        let (from, to) = bounds(master, None, window);
        Some((within(set, from, to).timestamps(), length))
    }

    fn new(
        master: &Arc<Master<'a>>,
        range: Option<&Range<'a>>,
        to: Option<NaiveDateTime>,
        window: &Window,
    ) -> Self {
        let (earliest, latest) = bounds(master, range, window);
        let from = earliest.max(range.map(|range| range.from));
        let to = match (latest, to) {
            (Some(latest), Some(to)) => Some(latest.min(to)),
            (latest, to) => latest.or(to),
        };
        let instances = match &master.set {
            Some(set) => Instances::Set(Box::new(within(set, from, to))),
            None => {
                let key = master.plan.key(master.plan.start.local());
                let inside = from.is_none_or(|from| from <= key) && to.is_none_or(|to| key < to);
                Instances::Single(inside.then_some(key))
            }
        };
        Self {
            master: Arc::clone(master),
            range: range.cloned(),
            instances,
            beside: MOST_BESIDE,
        }
    }

    /// The next instance of the series.
    fn instance(&mut self) -> Option<Result<Instance, cal_rrule::Error>> {
        match &mut self.instances {
            Instances::Single(key) => key.take().map(|key| {
                Ok(Instance {
                    local: self.master.plan.start.local(),
                    key,
                    source: Source::Start,
                })
            }),
            Instances::Set(set) => set.next().map(|found| {
                found.map(|found| Instance {
                    local: found.local(),
                    key: found.utc().unwrap_or(found.local()),
                    source: found.source(),
                })
            }),
        }
    }

    /// When an instance is.
    fn place(&self, instance: Instance) -> Placed {
        let Instance { local, key, .. } = instance;
        let series = &self.master.plan;
        match &self.range {
            Some(range) => range.plan.place(range.moved(series, local)),
            None if series.is_wall() => series.place(local),
            None => series.place_at(local, key),
        }
    }

    /// What its instances are.
    fn plan(&self) -> &Arc<Plan<'a>> {
        let range = self.range.as_ref();
        range.map_or(&self.master.plan, |range| &range.plan)
    }

    /// The next instance in the window that no override replaces. Those with a
    /// period of their own are not among them.
    ///
    /// # Errors
    /// The limit of the recurrence set, or more instances beside the window
    /// than a walk looks at; the last item either way.
    pub(super) fn next(&mut self, window: &Window) -> Option<Result<Occurrence<'a>, Error>> {
        let found = self.next_placed(window)?;
        Some(found.map(|(plan, placed, local)| Occurrence::new(plan, placed, local)))
    }

    /// The same without an occurrence made of it.
    #[inline]
    pub(super) fn next_placed(&mut self, window: &Window) -> Option<Result<Found<'_, 'a>, Error>> {
        loop {
            let instance = match self.instance()? {
                Ok(instance) => instance,
                Err(source) => {
                    let uid = self.uid();
                    return Some(Err(Error::Recurrence { uid, source }));
                }
            };
            let is_period = match instance.source {
                Source::Rdate(index) => self.master.is_period(index),
                Source::Start | Source::Rule(_) => false,
            };
            if is_period || self.master.is_replaced(instance.key) {
                continue;
            }
            let placed = self.place(instance);
            if window.overlaps(placed.start.and_utc(), placed.end.and_utc()) {
                return Some(Ok((self.plan(), placed, instance.local)));
            }
            match self.beside.checked_sub(1) {
                Some(left) => self.beside = left,
                None => return Some(Err(self.stop())),
            }
        }
    }

    fn uid(&self) -> Box<str> {
        self.master.plan.uid.as_ref().into()
    }

    /// Ends the walk at its limit.
    fn stop(&mut self) -> Error {
        self.instances = Instances::Single(None);
        Error::OccurrenceLimit {
            uid: self.uid(),
            limit: MOST_BESIDE,
        }
    }
}

/// The occurrences of a set from one key up to another.
fn within(
    set: &RecurrenceSet,
    from: Option<NaiveDateTime>,
    to: Option<NaiveDateTime>,
) -> cal_rrule::Occurrences {
    let from = from.map_or(Bound::Unbounded, Bound::Included);
    let to = to.map_or(Bound::Unbounded, Bound::Excluded);
    set.within((from, to))
}

/// The keys outside of which no instance reaches into the window.
fn bounds(
    master: &Master<'_>,
    range: Option<&Range<'_>>,
    window: &Window,
) -> (Option<NaiveDateTime>, Option<NaiveDateTime>) {
    let (start, end) = window.naive();
    let series = &master.plan;
    let longest = match range {
        Some(range) => range.plan.longest(),
        None => series.longest(),
    };
    let (shift, slack) = match range {
        Some(range) => (range.shift, APART),
        None if series.is_wall() => (TimeDelta::zero(), series.sway()),
        None => (TimeDelta::zero(), TimeDelta::zero()),
    };
    let start = start.map(|start| series.key_at(add(start, -longest - shift - slack)));
    let end = end.map(|end| series.key_at(add(end, slack - shift)));
    (start, end)
}

impl Plan<'_> {
    /// The key of an instance that begins at an instant, give or take what the
    /// clock is set by around it.
    fn key_at(&self, utc: NaiveDateTime) -> NaiveDateTime {
        if self.is_wall() {
            self.rules.to_local(utc)
        } else {
            utc
        }
    }

    /// By how much the clock of the caller's zone may be set at once.
    fn sway(&self) -> TimeDelta {
        match self.rules {
            crate::ZoneRules::Fixed(_) => TimeDelta::zero(),
            _ => TimeDelta::hours(26),
        }
    }
}
