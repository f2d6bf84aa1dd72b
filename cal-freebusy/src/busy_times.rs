//! Exact busy times: sorted, disjoint, joined where they touch.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{BusyType, Interval, SlotSet};

/// A span of time that is taken, and how firmly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BusyTime {
    /// When.
    pub interval: Interval,
    /// How firmly.
    pub busy_type: BusyType,
}

impl BusyTime {
    /// `interval`, taken as `busy_type` says.
    #[must_use]
    pub fn new(interval: Interval, busy_type: BusyType) -> Self {
        Self {
            interval,
            busy_type,
        }
    }

    fn start(&self) -> DateTime<Utc> {
        self.interval.start()
    }

    fn end(&self) -> DateTime<Utc> {
        self.interval.end()
    }
}

/// A set of [`BusyTime`]s in order: none is empty, none overlap, and two of one
/// kind that touch are one.
///
/// Collecting resolves whatever it is given: overlaps go to the greater
/// [`BusyType`].
///
/// ```
/// use cal_freebusy::{BusyTime, BusyTimes, BusyType};
///
/// let times: BusyTimes = [
///     BusyTime::new("20260302T090000Z/PT2H".parse()?, BusyType::Tentative),
///     BusyTime::new("20260302T100000Z/PT30M".parse()?, BusyType::Busy),
/// ]
/// .into_iter()
/// .collect();
/// let kinds: Vec<_> = times.iter().map(|time| time.busy_type).collect();
/// assert_eq!(kinds, [BusyType::Tentative, BusyType::Busy, BusyType::Tentative]);
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BusyTimes {
    times: Vec<BusyTime>,
}

impl BusyTimes {
    /// No busy time at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// In order of time.
    pub fn iter(&self) -> std::slice::Iter<'_, BusyTime> {
        self.times.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// How firmly `instant` is taken; `None` if it is free.
    #[must_use]
    pub fn at(&self, instant: DateTime<Utc>) -> Option<BusyType> {
        let next = self.times.partition_point(|time| time.end() <= instant);
        self.times
            .get(next)
            .filter(|time| time.interval.contains(instant))
            .map(|time| time.busy_type)
    }

    /// Those that share time with `interval`, as long as they are.
    pub fn touching(&self, interval: &Interval) -> impl Iterator<Item = &BusyTime> {
        let first = self
            .times
            .partition_point(|time| time.end() <= interval.start());
        let rest = self.times.iter().skip(first);
        rest.take_while(move |time| time.interval.overlaps(interval))
    }

    /// What lies within `window`, cut at its borders.
    #[must_use]
    pub fn within(&self, window: &Interval) -> Self {
        let first = self
            .times
            .partition_point(|time| time.end() <= window.start());
        let times = self
            .times
            .iter()
            .skip(first)
            .map_while(|time| {
                let interval = time.interval.intersection(window)?;
                Some(BusyTime::new(interval, time.busy_type))
            })
            .collect();
        Self { times }
    }

    /// The taken spans whatever their kind, joined where they touch.
    pub fn intervals(&self) -> impl Iterator<Item = Interval> {
        let mut times = self.times.iter().peekable();
        std::iter::from_fn(move || {
            let first = times.next()?;
            let mut end = first.end();
            while let Some(next) = times.next_if(|next| next.start() == end) {
                end = next.end();
            }
            Some(Interval::new(first.start(), end))
        })
    }

    /// The gaps of `window` that are at least `length` long, each in full.
    pub fn free(&self, window: Interval, length: TimeDelta) -> impl Iterator<Item = Interval> {
        let mut free_from = window.start();
        let mut taken = self
            .intervals()
            .skip_while(move |taken| taken.end() <= window.start())
            .take_while(move |taken| taken.start() < window.end());
        let mut done = false;
        std::iter::from_fn(move || {
            while !done {
                let gap = match taken.next() {
                    Some(taken) => {
                        let gap = Interval::new(free_from, taken.start());
                        free_from = taken.end();
                        gap
                    }
                    None => {
                        done = true;
                        Interval::new(free_from, window.end())
                    }
                };
                if !gap.is_empty() && gap.length() >= length {
                    return Some(gap);
                }
            }
            None
        })
    }

    /// The slots that any of it touches.
    #[must_use]
    pub fn slots(&self) -> SlotSet {
        self.intervals().collect()
    }

    /// The slots that time of this kind touches. The slots of two kinds may
    /// share a slot in which one ends and the other starts.
    #[must_use]
    pub fn slots_of(&self, busy_type: BusyType) -> SlotSet {
        self.times
            .iter()
            .filter(|time| time.busy_type == busy_type)
            .map(|time| time.interval)
            .collect()
    }

    /// What is taken in both, as firmly as the firmer of the two says.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.times.iter().peekable(), other.times.iter().peekable());
        let mut shared = Vec::new();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            if let Some(interval) = a.interval.intersection(&b.interval) {
                shared.push(BusyTime::new(interval, a.busy_type.max(b.busy_type)));
            }
            if a.end() <= b.end() {
                left.next();
            } else {
                right.next();
            }
        }
        shared.into_iter().collect()
    }
}

impl FromIterator<BusyTime> for BusyTimes {
    fn from_iter<I: IntoIterator<Item = BusyTime>>(times: I) -> Self {
        let mut edges = Vec::new();
        for time in times {
            if !time.interval.is_empty() {
                edges.push((time.start(), 1, time.busy_type));
                edges.push((time.end(), -1, time.busy_type));
            }
        }
        edges.sort_unstable_by_key(|(instant, ..)| *instant);
        Self {
            times: sweep(&edges),
        }
    }
}

impl Extend<BusyTime> for BusyTimes {
    fn extend<I: IntoIterator<Item = BusyTime>>(&mut self, times: I) {
        *self = std::mem::take(&mut self.times)
            .into_iter()
            .chain(times)
            .collect();
    }
}

impl IntoIterator for BusyTimes {
    type Item = BusyTime;
    type IntoIter = std::vec::IntoIter<BusyTime>;

    fn into_iter(self) -> Self::IntoIter {
        self.times.into_iter()
    }
}

impl<'a> IntoIterator for &'a BusyTimes {
    type Item = &'a BusyTime;
    type IntoIter = std::slice::Iter<'a, BusyTime>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Walks the edges in order of time, keeping count of how many times of each
/// kind are open; the greatest open kind holds until the next edge.
fn sweep(edges: &[(DateTime<Utc>, isize, BusyType)]) -> Vec<BusyTime> {
    let mut open = [0; BusyType::ALL.len()];
    let mut times: Vec<BusyTime> = Vec::new();
    let mut since = None;
    for group in edges.chunk_by(|a, b| a.0 == b.0) {
        let Some((now, ..)) = group.first() else {
            continue;
        };
        if let (Some(start), Some(busy_type)) = (since, firmest(&open)) {
            push_joined(&mut times, Interval::new(start, *now), busy_type);
        }
        for (_, step, busy_type) in group {
            let [tentative, busy, unavailable] = &mut open;
            *match busy_type {
                BusyType::Tentative => tentative,
                BusyType::Busy => busy,
                BusyType::Unavailable => unavailable,
            } += step;
        }
        since = Some(*now);
    }
    times
}

fn firmest(open: &[isize; 3]) -> Option<BusyType> {
    let [tentative, busy, unavailable] = *open;
    if unavailable > 0 {
        Some(BusyType::Unavailable)
    } else if busy > 0 {
        Some(BusyType::Busy)
    } else if tentative > 0 {
        Some(BusyType::Tentative)
    } else {
        None
    }
}

fn push_joined(times: &mut Vec<BusyTime>, interval: Interval, busy_type: BusyType) {
    match times.last_mut() {
        Some(last) if last.end() == interval.start() && last.busy_type == busy_type => {
            last.interval = Interval::new(last.start(), interval.end());
        }
        _ => times.push(BusyTime::new(interval, busy_type)),
    }
}
