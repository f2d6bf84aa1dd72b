//! Runs of slots, found a word at a time.

use std::ops::Range;

use super::{BITS, Dense, distance};

/// The runs of a set, earliest first.
#[derive(Clone, Debug)]
pub(in crate::slot_set) struct Runs<'a> {
    /// What is left of the word looked at.
    bits: u64,
    /// The number of the first slot of that word.
    start: i32,
    /// The words after it.
    rest: std::slice::Iter<'a, u64>,
}

impl<'a> Runs<'a> {
    /// The runs that end after `from`, the first cut there.
    #[inline]
    pub(super) fn of(set: &'a Dense, from: i32) -> Self {
        let from = from.max(set.first * BITS);
        let word = from.div_euclid(BITS);
        let rest = set.words.get(distance(set.first, word)..);
        let mut rest = rest.unwrap_or_default().iter();
        let bits = rest.next().copied().unwrap_or(0);
        Self {
            bits: bits & (u64::MAX << from.rem_euclid(BITS)),
            start: word * BITS,
            rest,
        }
    }

    /// Goes to the next word, if there is one.
    #[inline]
    fn advance(&mut self) -> Option<()> {
        self.bits = *self.rest.next()?;
        self.start += BITS;
        Some(())
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<i32>;

    #[inline]
    fn next(&mut self) -> Option<Range<i32>> {
        while self.bits == 0 {
            self.advance()?;
        }
        let start = self.start + self.bits.trailing_zeros().cast_signed();
        // Adding the lowest bit carries through the run that it starts, to the
        // bit after it.
        let lowest = self.bits & self.bits.wrapping_neg();
        let (carried, overflows) = self.bits.overflowing_add(lowest);
        if !overflows {
            self.bits &= carried;
            return Some(start..self.start + carried.trailing_zeros().cast_signed());
        }
        // The run goes on to the end of the word.
        self.bits = 0;
        let mut end = self.start + BITS;
        while self.advance().is_some() {
            let more = self.bits.trailing_ones();
            end += more.cast_signed();
            if more < u64::BITS {
                self.bits &= u64::MAX << more;
                break;
            }
            self.bits = 0;
        }
        Some(start..end)
    }
}
