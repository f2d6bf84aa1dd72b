//! Slot numbers in a roaring bitmap, for sets that reach over many years and
//! for the stored form.

use std::ops::{Range, RangeInclusive};

use roaring::RoaringBitmap;

use crate::Slot;

/// What is added to a slot's number, so that slots before 1970 sort first.
const ORIGIN: i32 = -(1 << 30);

/// The values of a bitmap that are slots.
pub(super) const VALUES: RangeInclusive<u32> = 0..=(1 << 31);

/// The value that stands for a slot.
fn value(slot: i32) -> u32 {
    slot.wrapping_sub(ORIGIN).cast_unsigned()
}

/// The slot that a value stands for.
pub(super) fn slot(value: u32) -> i32 {
    value.cast_signed().wrapping_add(ORIGIN)
}

/// The values that stand for a range of slots.
pub(super) fn values(range: &Range<i32>) -> Range<u32> {
    if range.is_empty() {
        return 0..0;
    }
    value(range.start)..value(range.end)
}

/// The bitmap of some runs.
pub(super) fn of_runs(runs: impl Iterator<Item = Range<i32>>) -> RoaringBitmap {
    let mut bitmap = RoaringBitmap::new();
    for run in runs {
        bitmap.insert_range(values(&run));
    }
    bitmap
}

/// Runs of slots of a bitmap.
#[derive(Clone)]
pub(super) struct Runs<'a>(roaring::bitmap::Iter<'a>);

impl<'a> Runs<'a> {
    /// The runs that end after `from`, the first cut there.
    pub(super) fn of(bitmap: &'a RoaringBitmap, from: i32) -> Self {
        Self(bitmap.range(value(from.max(Slot::MIN.number()))..))
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<i32>;

    fn next(&mut self) -> Option<Range<i32>> {
        let run = self.0.next_range()?;
        Some(slot(*run.start())..slot(*run.end()) + 1)
    }
}
