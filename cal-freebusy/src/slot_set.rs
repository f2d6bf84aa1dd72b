//! A set of slots that reads like a set of the standard library.

mod dense;
mod many;
mod operators;
mod runs;
mod sparse;
mod stored;

use std::fmt;
use std::ops::Range;

use roaring::RoaringBitmap;

use self::dense::Dense;
pub use self::runs::{FreeRuns, Iter, Runs};
use crate::{Interval, Slot};

/// How many words of 64 slots a set may span and still be kept as plain words:
/// about thirty years, 128 KiB. What reaches further is kept as roaring.
const DENSE_SPAN: i32 = 1 << 14;

/// A set of quarter hours.
///
/// ```
/// use cal_freebusy::{Interval, Slot, SlotSet};
///
/// let ada: SlotSet = ["20260302T090000Z/PT1H".parse::<Interval>()?].into_iter().collect();
/// let bob: SlotSet = ["20260302T100000Z/PT30M".parse::<Interval>()?].into_iter().collect();
/// let busy = &ada | &bob;
/// assert_eq!(busy.len(), 6);
/// assert_eq!(busy.runs().count(), 1);
///
/// let nine = Slot::containing("2026-03-02T09:00:00Z".parse().unwrap());
/// let free = busy.next_free(nine, 2).unwrap(); // half an hour for both
/// assert_eq!(free.start().to_string(), "2026-03-02 10:30:00 UTC");
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
///
/// Within any thirty years it is plain 64-bit words, so that union,
/// intersection and difference cost an instruction a word; beyond that it turns
/// into a roaring bitmap by itself. Two sets are equal if they hold the same
/// slots, whichever way each is kept.
#[derive(Clone)]
pub struct SlotSet {
    kept: Kept,
}

#[derive(Clone)]
enum Kept {
    Dense(Dense),
    Sparse(RoaringBitmap),
}

impl SlotSet {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self {
            kept: Kept::Dense(Dense::default()),
        }
    }

    /// Whether `slot` is in it.
    #[must_use]
    pub fn contains(&self, slot: Slot) -> bool {
        match &self.kept {
            Kept::Dense(dense) => dense.contains(slot.number()),
            Kept::Sparse(bitmap) => {
                let value = sparse::values(&numbers_of(slot));
                bitmap.contains(value.start)
            }
        }
    }

    /// Whether any slot of `range` is in it.
    #[must_use]
    pub fn intersects(&self, range: &Range<Slot>) -> bool {
        match &self.kept {
            Kept::Dense(dense) => dense.intersects(&numbers(range)),
            Kept::Sparse(bitmap) => {
                let values = sparse::values(&numbers(range));
                bitmap.range_cardinality(values) > 0
            }
        }
    }

    /// How many slots it holds.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.kept {
            Kept::Dense(dense) => dense.len(),
            Kept::Sparse(bitmap) => bitmap.len(),
        }
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.kept {
            Kept::Dense(dense) => dense.is_empty(),
            Kept::Sparse(bitmap) => bitmap.is_empty(),
        }
    }

    /// The earliest slot in it.
    #[must_use]
    pub fn first(&self) -> Option<Slot> {
        self.iter().next()
    }

    /// Adds `slot`; says whether it was not there yet.
    pub fn insert(&mut self, slot: Slot) -> bool {
        let new = !self.contains(slot);
        self.insert_numbers(&numbers_of(slot));
        new
    }

    /// Adds every slot of `range`.
    pub fn insert_range(&mut self, range: Range<Slot>) {
        self.insert_numbers(&numbers(&range));
    }

    /// Adds every slot that `interval` touches (see [`Slot::covering`]).
    pub fn insert_interval(&mut self, interval: &Interval) {
        self.insert_range(Slot::covering(interval));
    }

    /// Removes `slot`; says whether it was there.
    pub fn remove(&mut self, slot: Slot) -> bool {
        let old = self.contains(slot);
        self.remove_numbers(&numbers_of(slot));
        old
    }

    /// Removes every slot of `range`.
    pub fn remove_range(&mut self, range: Range<Slot>) {
        self.remove_numbers(&numbers(&range));
    }

    /// Removes all but the slots of `range`.
    pub fn retain_range(&mut self, range: Range<Slot>) {
        let numbers = numbers(&range);
        self.remove_numbers(&(Slot::MIN.number()..numbers.start));
        self.remove_numbers(&(numbers.end.max(numbers.start)..Slot::MAX.number() + 1));
    }

    /// Whether the two sets share no slot.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        (self & other).is_empty()
    }

    /// Whether every slot of this set is in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        (self - other).is_empty()
    }

    #[inline]
    fn insert_numbers(&mut self, range: &Range<i32>) {
        if range.is_empty() {
            return;
        }
        if let Kept::Dense(dense) = &mut self.kept
            && dense.insert_short(range)
        {
            return;
        }
        self.insert_any(range);
    }

    /// Adds a range that is not empty.
    fn insert_any(&mut self, range: &Range<i32>) {
        if let Kept::Dense(dense) = &self.kept {
            let hull = dense.hull(&Dense::words_of(range));
            if hull.end - hull.start > DENSE_SPAN {
                self.kept = Kept::Sparse(sparse::of_runs(dense.runs_from(Slot::MIN.number())));
            }
        }
        match &mut self.kept {
            Kept::Dense(dense) => dense.insert(range),
            Kept::Sparse(bitmap) => {
                bitmap.insert_range(sparse::values(range));
            }
        }
    }

    fn remove_numbers(&mut self, range: &Range<i32>) {
        match &mut self.kept {
            Kept::Dense(dense) => dense.remove(range),
            Kept::Sparse(bitmap) => {
                bitmap.remove_range(sparse::values(range));
            }
        }
    }

    /// Gives back the memory that was kept to grow into.
    fn settle(&mut self) {
        if let Kept::Dense(dense) = &mut self.kept {
            dense.settle();
        }
    }

    /// The same slots as a roaring bitmap.
    fn to_sparse(&self) -> RoaringBitmap {
        match &self.kept {
            Kept::Dense(dense) => sparse::of_runs(dense.runs_from(Slot::MIN.number())),
            Kept::Sparse(bitmap) => bitmap.clone(),
        }
    }

    /// The set of a bitmap, as plain words where it does not reach too far.
    fn of_sparse(bitmap: RoaringBitmap) -> Self {
        let (Some(first), Some(last)) = (bitmap.min(), bitmap.max()) else {
            return Self::new();
        };
        let span = Dense::words_of(&(sparse::slot(first)..sparse::slot(last) + 1));
        if span.end - span.start > DENSE_SPAN {
            return Self {
                kept: Kept::Sparse(bitmap),
            };
        }
        let mut dense = Dense::default();
        dense.reserve(&span);
        for run in sparse::Runs::of(&bitmap, Slot::MIN.number()) {
            dense.insert(&run);
        }
        Self {
            kept: Kept::Dense(dense),
        }
    }
}

fn numbers(range: &Range<Slot>) -> Range<i32> {
    range.start.number()..range.end.number()
}

fn numbers_of(slot: Slot) -> Range<i32> {
    slot.number()..slot.number() + 1
}

impl Default for SlotSet {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for SlotSet {
    fn eq(&self, other: &Self) -> bool {
        self.runs().eq(other.runs())
    }
}

impl Eq for SlotSet {}

/// Lists the runs as `start/end` periods.
impl fmt::Debug for SlotSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let periods = self
            .runs()
            .map(|run| Interval::new(run.start.start(), run.end.start()).to_string());
        f.debug_set().entries(periods).finish()
    }
}

impl FromIterator<Slot> for SlotSet {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut set = Self::new();
        set.extend(slots);
        set.settle();
        set
    }
}

impl Extend<Slot> for SlotSet {
    fn extend<I: IntoIterator<Item = Slot>>(&mut self, slots: I) {
        for slot in slots {
            self.insert(slot);
        }
    }
}

impl FromIterator<Range<Slot>> for SlotSet {
    fn from_iter<I: IntoIterator<Item = Range<Slot>>>(ranges: I) -> Self {
        let mut set = Self::new();
        for range in ranges {
            set.insert_range(range);
        }
        set.settle();
        set
    }
}

/// Each interval becomes the slots that it touches.
impl FromIterator<Interval> for SlotSet {
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        intervals
            .into_iter()
            .map(|interval| Slot::covering(&interval))
            .collect()
    }
}

impl<'a> IntoIterator for &'a SlotSet {
    type Item = Slot;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
