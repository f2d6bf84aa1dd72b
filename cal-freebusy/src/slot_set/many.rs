//! Many sets at once: what any, all or at least so many of them hold, and who
//! stands in the way.

use std::ops::Range;

use super::dense::{Dense, GROUP};
use super::{DENSE_SPAN, Kept, SlotSet};
use crate::Slot;

impl SlotSet {
    /// Every slot that is in any of `sets`.
    ///
    /// ```
    /// use cal_freebusy::{Slot, SlotSet};
    ///
    /// let people: Vec<SlotSet> = (0..5)
    ///     .map(|n| [Slot::from_number(n), Slot::from_number(n + 1)].into_iter().collect())
    ///     .collect();
    /// assert_eq!(SlotSet::union_of(&people).len(), 6);
    /// ```
    #[must_use]
    pub fn union_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sets = sets.into_iter().fuse();
        let mut words = match sets.next().map(|first| &first.kept) {
            Some(Kept::Dense(first)) => first.clone(),
            Some(Kept::Sparse(first)) => {
                let kept = Kept::Sparse(first.clone());
                return sets.fold(Self { kept }, |union, set| union | set);
            }
            None => Dense::default(),
        };
        while let Some(next) = sets.next() {
            // Where the last group is not full, a set is added more than once,
            // which changes nothing.
            let mut group = [next; GROUP];
            for (place, set) in group.iter_mut().skip(1).zip(sets.by_ref()) {
                *place = set;
            }
            let near = match group.map(Self::dense) {
                [Some(a), Some(b), Some(c), Some(d)] => words.absorb([a, b, c, d], DENSE_SPAN),
                _ => false,
            };
            if !near {
                let kept = Kept::Dense(words);
                let apart = group.into_iter().chain(sets);
                return apart.fold(Self { kept }, |union, set| union | set);
            }
        }
        Self {
            kept: Kept::Dense(words),
        }
    }

    /// Every slot that is in all of `sets`; none if there are no sets.
    #[must_use]
    pub fn intersection_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sets = sets.into_iter();
        let Some(mut shared) = sets.next().cloned() else {
            return Self::new();
        };
        for set in sets {
            if shared.is_empty() {
                break;
            }
            shared &= set;
        }
        shared
    }

    /// Every slot that is in at least `count` of `sets`, or in at least one if
    /// `count` is zero.
    ///
    /// ```
    /// use cal_freebusy::{Slot, SlotSet};
    ///
    /// let people: Vec<SlotSet> = (0..5)
    ///     .map(|n| [Slot::from_number(0)..Slot::from_number(n)].into_iter().collect())
    ///     .collect();
    /// assert_eq!(SlotSet::at_least_of(3, &people).len(), 2);
    /// ```
    #[must_use]
    pub fn at_least_of<'a, I>(count: usize, sets: I) -> Self
    where
        I: IntoIterator<Item = &'a Self>,
        I::IntoIter: Clone,
    {
        let sets = sets.into_iter();
        if count <= 1 {
            return Self::union_of(sets);
        }
        match dense_hull(sets.clone()) {
            Some(hull) => Self {
                kept: Kept::Dense(Dense::at_least_of(
                    count,
                    &hull,
                    sets.filter_map(Self::dense),
                )),
            },
            None => at_least_by_edges(count, sets),
        }
    }

    /// Which of `sets`, by their places, hold any slot of `range`: who stands
    /// in the way of a meeting then.
    ///
    /// ```
    /// use cal_freebusy::{Slot, SlotSet};
    ///
    /// let slot = Slot::from_number;
    /// let people: [SlotSet; 3] = [0, 4, 5].map(|n| [slot(n)].into_iter().collect());
    /// let blame: Vec<_> = SlotSet::blockers_of(&people, slot(4)..slot(8)).collect();
    /// assert_eq!(blame, [1, 2]);
    /// ```
    pub fn blockers_of<'a>(
        sets: impl IntoIterator<Item = &'a Self>,
        range: Range<Slot>,
    ) -> impl Iterator<Item = usize> {
        sets.into_iter()
            .enumerate()
            .filter(move |(_, set)| set.intersects(&range))
            .map(|(place, _)| place)
    }

    #[inline]
    fn dense(&self) -> Option<&Dense> {
        match &self.kept {
            Kept::Dense(dense) => Some(dense),
            Kept::Sparse(_) => None,
        }
    }
}

/// The words that hold all the sets, if all are plain words and near enough to
/// each other to stay so.
fn dense_hull<'a>(sets: impl Iterator<Item = &'a SlotSet>) -> Option<Range<i32>> {
    let (mut start, mut end) = (i32::MAX, i32::MIN);
    for set in sets {
        let (first, after) = set.dense()?.bounds();
        if first != after {
            start = start.min(first);
            end = end.max(after);
        }
    }
    if start > end {
        return Some(0..0);
    }
    (end - start <= DENSE_SPAN).then_some(start..end)
}

/// Walks the edges of all runs in order, counting how many runs are open.
fn at_least_by_edges<'a>(count: usize, sets: impl Iterator<Item = &'a SlotSet>) -> SlotSet {
    let mut edges: Vec<(Slot, bool)> = sets
        .flat_map(SlotSet::runs)
        .flat_map(|run| [(run.start, true), (run.end, false)])
        .collect();
    edges.sort_unstable();
    let mut open = 0_usize;
    let mut since = Slot::MIN;
    let mut shared = SlotSet::new();
    for (slot, starts) in edges {
        if open >= count {
            shared.insert_range(since..slot);
        }
        open = if starts {
            open + 1
        } else {
            open.saturating_sub(1)
        };
        since = slot;
    }
    shared
}
