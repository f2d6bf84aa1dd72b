//! The nth occurrence of a rule with BYSETPOS, without visiting those before
//! it.
//!
//! How many positions an interval has depends only on the number of its days,
//! so that intervals, and whole cycles of them, are stepped over.

use super::{IntervalCache, LAST_INDEX, PositionRule};
use crate::engine::day_set::DaySet;
use crate::engine::wall::Wall;
use crate::engine::{Stop, walk};

impl PositionRule {
    /// The nth occurrence, from 0, from a time on.
    pub(crate) fn nth(
        &self,
        cache: &mut IntervalCache,
        from: Wall,
        n: u64,
    ) -> Result<Option<Wall>, Stop> {
        let Some(first) = self.at_or_after(cache, from, i32::MAX)? else {
            return Ok(None);
        };
        let (_, step) = self.base_and_step();
        let intervals = i64::try_from(n / self.positions.most()).unwrap_or(i64::MAX);
        let nearest = self
            .interval_of(first.day())
            .saturating_add(intervals.saturating_mul(step));
        if nearest - self.spills() > self.interval_of(Wall::END.day()) {
            return Err(Stop::PastYear9999);
        }
        if !self.keeps_to_intervals() {
            // SKIP may give one to two intervals.
            return walk::nth(first, n, |from| self.at_or_after(cache, from, i32::MAX));
        }
        let rank = self.rank(cache, first);
        let left = n.saturating_add(self.positions.rank(rank, cache.size));
        self.nth_by_interval(cache, left)
    }

    /// How many occurrences are from one on and before a time.
    pub(crate) fn count_between(
        &self,
        cache: &mut IntervalCache,
        first: Wall,
        before: Wall,
    ) -> Result<u64, Stop> {
        if !self.keeps_to_intervals() {
            return walk::count_between(first, before, |from, limit| {
                self.at_or_after(cache, from, limit)
            });
        }
        self.load(cache, self.interval_of(first.day()));
        let rank = self.rank(cache, first);
        let skipped = self.positions.rank(rank, cache.size);
        let end = self.interval_of(before.day());
        let Walked::End { left } = self.walk_intervals(cache, end, u64::MAX) else {
            return Ok(0);
        };
        let mut count = u64::MAX - left;
        if cache.index == end {
            let rank = self.rank(cache, before);
            count += self.positions.rank(rank, cache.size);
        }
        Ok(count.saturating_sub(skipped))
    }

    /// The nth occurrence from the start of the loaded interval on, where none
    /// is in two intervals.
    fn nth_by_interval(&self, cache: &mut IntervalCache, n: u64) -> Result<Option<Wall>, Stop> {
        let end = self.interval_of(Wall::END.day()) + 1;
        match self.walk_intervals(cache, end, n) {
            Walked::Into { left } => {
                let found = self.positions.nth(left, cache.size);
                Ok(found.map(|found| self.member(cache, found)))
            }
            Walked::End { .. } => Err(Stop::PastYear9999),
            Walked::Never => Ok(None),
        }
    }

    /// Steps from the loaded interval over those before another, to that with
    /// the nth occurrence, and loads it.
    fn walk_intervals(&self, cache: &mut IntervalCache, end: i64, n: u64) -> Walked {
        // How many positions there are depends on the number of days only.
        let mut counts = [None; 1 + DaySet::MOST as usize];
        let (_, step) = self.base_and_step();
        let mut left = n;
        let mut until_cycle = Some(self.period());
        while cache.index < end {
            let days = usize::try_from(cache.days.len()).unwrap_or(0);
            let here = match counts.get_mut(days) {
                Some(count) => *count.get_or_insert_with(|| self.positions.count(cache.size)),
                None => self.positions.count(cache.size),
            };
            if left < here {
                return Walked::Into { left };
            }
            left -= here;
            let mut index = cache.index.saturating_add(step);
            until_cycle = until_cycle.map(|left| left - 1);
            if until_cycle == Some(0) && index < end {
                // What follows is like what was seen.
                let in_cycle = n - left;
                if in_cycle == 0 {
                    return Walked::Never;
                }
                let period = i64::try_from(self.period()).unwrap_or(i64::MAX);
                let cycle = period.saturating_mul(step);
                let most = u64::try_from((end - index) / cycle).unwrap_or(0);
                let whole = (left / in_cycle).min(most);
                index += i64::try_from(whole).unwrap_or(0) * cycle;
                left -= whole * in_cycle;
                until_cycle = None;
            }
            if index > LAST_INDEX {
                break;
            }
            self.load(cache, index);
        }
        Walked::End { left }
    }

    /// After how many intervals their sets repeat.
    fn period(&self) -> u64 {
        match &self.days.weeks {
            Some(weeks) => weeks.week_years_in_cycle(),
            None => self.days.stride.units_in_cycle(),
        }
    }
}

/// Where stepping over intervals led.
enum Walked {
    /// To that with the wanted occurrence, with so many to go from its start.
    Into { left: u64 },
    /// To the end, with so many to go.
    End { left: u64 },
    /// Round a whole cycle without an occurrence.
    Never,
}
