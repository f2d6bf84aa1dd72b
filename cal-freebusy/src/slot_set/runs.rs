//! Looking through a set: its slots, its runs, and the gaps between them.

use std::ops::Range;

use super::{Kept, SlotSet, dense, sparse};
use crate::Slot;

impl SlotSet {
    /// Its slots, earliest first.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            runs: self.runs(),
            run: 0..0,
        }
    }

    /// Its runs of slots that follow each other, each as long as it can be.
    #[must_use]
    pub fn runs(&self) -> Runs<'_> {
        self.runs_from(Slot::MIN)
    }

    /// The runs that end after the start of `from`; one that starts earlier is
    /// cut there. Costs what it yields, however much lies before.
    #[must_use]
    #[inline]
    pub fn runs_from(&self, from: Slot) -> Runs<'_> {
        let from = from.number();
        Runs(match &self.kept {
            Kept::Dense(dense) => EitherRuns::Dense(dense.runs_from(from)),
            Kept::Sparse(bitmap) => EitherRuns::Sparse(Box::new(sparse::Runs::of(bitmap, from))),
        })
    }

    /// The first slot at or after `after` from which `length` slots in a row
    /// are not in the set. `None` only at the end of all time.
    #[must_use]
    pub fn next_free(&self, after: Slot, length: u32) -> Option<Slot> {
        self.free_runs(after..Slot::MAX, length)
            .next()
            .map(|run| run.start)
    }

    /// The runs of at least `length` slots of `within` that are not in the set,
    /// each as long as it can be.
    #[must_use]
    #[inline]
    pub fn free_runs(&self, within: Range<Slot>, length: u32) -> FreeRuns<'_> {
        FreeRuns {
            runs: self.runs_from(within.start),
            within,
            length: i64::from(length.max(1)),
        }
    }
}

/// Iterator over the runs of a [`SlotSet`].
#[derive(Clone)]
pub struct Runs<'a>(EitherRuns<'a>);

#[derive(Clone)]
enum EitherRuns<'a> {
    Dense(dense::Runs<'a>),
    Sparse(Box<sparse::Runs<'a>>),
}

impl Iterator for Runs<'_> {
    type Item = Range<Slot>;

    #[inline]
    fn next(&mut self) -> Option<Range<Slot>> {
        let run = match &mut self.0 {
            EitherRuns::Dense(runs) => runs.next(),
            EitherRuns::Sparse(runs) => runs.next(),
        }?;
        Some(Slot::of_number(run.start)..Slot::of_number(run.end))
    }
}

/// Iterator over the slots of a [`SlotSet`].
#[derive(Clone)]
pub struct Iter<'a> {
    runs: Runs<'a>,
    run: Range<i32>,
}

impl Iterator for Iter<'_> {
    type Item = Slot;

    #[inline]
    fn next(&mut self) -> Option<Slot> {
        loop {
            if let Some(number) = self.run.next() {
                return Some(Slot::of_number(number));
            }
            let run = self.runs.next()?;
            self.run = run.start.number()..run.end.number();
        }
    }
}

/// Iterator over the gaps of a [`SlotSet`].
#[derive(Clone)]
pub struct FreeRuns<'a> {
    runs: Runs<'a>,
    /// What has not been looked at yet.
    within: Range<Slot>,
    length: i64,
}

impl Iterator for FreeRuns<'_> {
    type Item = Range<Slot>;

    #[inline]
    fn next(&mut self) -> Option<Range<Slot>> {
        while self.within.start < self.within.end {
            let start = self.within.start;
            let (end, resume) = match self.runs.next() {
                Some(taken) => (taken.start.min(self.within.end), taken.end),
                None => (self.within.end, self.within.end),
            };
            self.within.start = resume;
            if i64::from(end.number()) - i64::from(start.number()) >= self.length {
                return Some(start..end);
            }
        }
        None
    }
}
