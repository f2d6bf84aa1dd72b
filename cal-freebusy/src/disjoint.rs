//! Lists of intervals that are in order and disjoint.

use chrono::TimeDelta;

use crate::{Interval, Slot, SlotSet};

/// Any intervals in order, joined where they touch or overlap, cut at a window.
pub(crate) fn joined(mut intervals: Vec<Interval>, window: &Interval) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut joined: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        let Some(interval) = interval.intersection(window) else {
            continue;
        };
        match joined.last_mut() {
            Some(last) if interval.start() <= last.end() => {
                *last = Interval::new(last.start(), last.end().max(interval.end()));
            }
            _ => joined.push(interval),
        }
    }
    joined
}

/// The same without a window.
pub(crate) fn merged(intervals: Vec<Interval>) -> Vec<Interval> {
    let start = intervals.iter().map(Interval::start).min();
    let end = intervals.iter().map(Interval::end).max();
    match (start, end) {
        (Some(start), Some(end)) => joined(intervals, &Interval::new(start, end)),
        _ => Vec::new(),
    }
}

/// Whether any of some intervals in order shares time with a slot.
pub(crate) fn touches(intervals: &[Interval], slot: &Interval) -> bool {
    let next = intervals.partition_point(|interval| interval.end() <= slot.start());
    intervals
        .get(next)
        .is_some_and(|interval| interval.start() < slot.end())
}

/// How much of a slot some disjoint intervals in order cover.
pub(crate) fn covered(intervals: &[Interval], slot: &Interval) -> TimeDelta {
    let next = intervals.partition_point(|interval| interval.end() <= slot.start());
    let shared = intervals.iter().skip(next).map_while(|interval| {
        let shared = interval.intersection(slot)?;
        Some(shared.length())
    });
    shared.fold(TimeDelta::zero(), |sum, length| sum + length)
}

/// What of a window some disjoint intervals in order leave.
pub(crate) fn gaps(intervals: &[Interval], window: &Interval) -> Vec<Interval> {
    let mut from = window.start();
    let mut gaps = Vec::with_capacity(intervals.len() + 1);
    for interval in intervals {
        gaps.push(Interval::new(from, interval.start()));
        from = interval.end();
    }
    gaps.push(Interval::new(from, window.end()));
    gaps.retain(|gap| !gap.is_empty());
    gaps
}

/// The slots that lie wholly in one of the intervals.
pub(crate) fn slots_within(intervals: impl IntoIterator<Item = Interval>) -> SlotSet {
    let mut slots = SlotSet::new();
    for interval in intervals {
        let end = Slot::containing(interval.end());
        slots.insert_range(Slot::at_or_after(interval.start())..end);
    }
    slots
}
