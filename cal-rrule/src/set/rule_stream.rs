//! The occurrences of one rule on a set's time line, in order.
//!
//! On the wall clock they come in order by themselves. As instants they do not
//! where the clock skips: a time in the gap is read with the offset before it
//! and so may come after times that follow the gap. There, two searches run
//! side by side, one through the gap and one after it.

use std::ops::Range;

use crate::engine::{Batch, Cache, Stop, Wall};
use crate::set::compiled::{Compiled, CompiledRule};
use crate::set::merge::Stream;
use crate::set::range::earliest_wall;
use crate::set::strike::{Shown, Strike};
use crate::zone::ZoneCursor;

/// How many occurrences are stepped over before the search starts anew.
pub(super) const NEAR: u32 = 8;

/// One rule's occurrences.
#[derive(Clone, Debug)]
pub(super) struct RuleStream {
    /// What comes next.
    head: Strike,
    /// Why there is no more, where the rule has not ended.
    stop: Option<Stop>,
    zone: ZoneCursor,
    /// What was found already, and where the search goes on and ends.
    batch: Batch,
    from: Wall,
    limit: Wall,
    cache: Cache,
    gap: Option<Gap>,
}

/// The search through a gap, and what the one after it has found.
#[derive(Clone, Debug)]
struct Gap {
    cache: Cache,
    from: Wall,
    end: Wall,
    inside: Strike,
    after: (Strike, Shown),
}

impl Stream for RuleStream {
    fn head(&self) -> Option<Strike> {
        (!self.head.is_none()).then_some(self.head)
    }

    fn stop(&self) -> Option<Stop> {
        self.stop
    }

    #[inline(always)]
    fn advance(&mut self, set: &Compiled, rule: &CompiledRule) {
        let found = if self.gap.is_none() {
            self.find(set, rule)
        } else {
            self.next_at_gap(set, rule)
        };
        self.head = match found {
            (strike, Shown::Yes) if strike.moment <= rule.until => strike,
            (_, Shown::Yes) => self.end(),
            (strike, Shown::SkippedUntil(end)) => {
                let head = self.enter_gap(set, rule, (strike, end));
                if head.moment <= rule.until {
                    head
                } else {
                    self.end()
                }
            }
        };
    }

    #[inline]
    fn reach(&mut self, set: &Compiled, rule: &CompiledRule, moment: i64) {
        let mut steps = 0;
        while self.head.moment < moment {
            if steps == NEAR {
                self.seek(set, moment);
            }
            steps += 1;
            self.advance(set, rule);
        }
    }

    fn precedes(moment: i64, other: i64) -> bool {
        moment < other
    }

    fn following(moment: i64) -> i64 {
        moment + 1
    }

    fn first(dates: &Range<usize>) -> Option<usize> {
        dates.clone().next()
    }
}

impl RuleStream {
    /// The occurrences of a rule from a wall-clock time on and before another.
    /// None was asked for yet.
    pub(super) fn new(set: &Compiled, rule: &CompiledRule, from: Wall, limit: Wall) -> Self {
        Self {
            head: Strike::NONE,
            stop: None,
            zone: ZoneCursor::default(),
            // A rule finer than a day gives each date once.
            batch: if set.line.is_dates() {
                Batch::single()
            } else {
                Batch::new()
            },
            from,
            limit: limit.min(rule.end),
            cache: rule.engine.cache(),
            gap: None,
        }
    }

    /// What comes next.
    #[inline]
    pub(super) const fn next_strike(&self) -> Strike {
        self.head
    }

    /// Searches on where nothing before a moment is found, or hardly anything.
    #[cold]
    fn seek(&mut self, set: &Compiled, moment: i64) {
        let from = earliest_wall(set, moment);
        if from > self.head.wall {
            self.from = from;
            self.batch.clear();
            self.gap = None;
        }
    }

    #[cold]
    fn end(&mut self) -> Strike {
        self.limit = Wall::MIN;
        self.batch.clear();
        self.gap = None;
        Strike::NONE
    }

    /// The next occurrence on the wall clock.
    #[inline(always)]
    fn find(&mut self, set: &Compiled, rule: &CompiledRule) -> (Strike, Shown) {
        let Some(wall) = self.batch.pop().or_else(|| self.refill(rule)) else {
            return (Strike::NONE, Shown::Yes);
        };
        let wall = if set.line.is_dates() {
            self.from = Wall::midnight(wall.day().saturating_add(1));
            Wall::midnight(wall.day())
        } else {
            wall
        };
        Strike::on(&set.line, &mut self.zone, wall)
    }

    /// Searches on where the batch ends.
    #[inline(never)]
    fn refill(&mut self, rule: &CompiledRule) -> Option<Wall> {
        let filled = rule
            .engine
            .fill(&mut self.cache, self.from, self.limit, &mut self.batch);
        self.stop = filled.err();
        match self.batch.last() {
            Some(last) => self.from = last.after(),
            None => {
                self.end();
            }
        }
        self.batch.pop()
    }

    /// Splits the search at a gap, of which the first occurrence was found.
    #[cold]
    fn enter_gap(
        &mut self,
        set: &Compiled,
        rule: &CompiledRule,
        (strike, end): (Strike, Wall),
    ) -> Strike {
        let mut gap = Gap {
            cache: self.cache.clone(),
            from: strike.wall.after(),
            end,
            inside: strike,
            after: (Strike::NONE, Shown::Yes),
        };
        self.from = strike.wall.after().max(end);
        self.batch.clear();
        gap.after = self.find(set, rule);
        self.merge(set, rule, gap)
    }

    #[cold]
    fn next_at_gap(&mut self, set: &Compiled, rule: &CompiledRule) -> (Strike, Shown) {
        match self.gap.take() {
            Some(gap) => (self.merge(set, rule, gap), Shown::Yes),
            None => self.find(set, rule),
        }
    }

    /// The earlier of the next in the gap and the next after it.
    fn merge(&mut self, set: &Compiled, rule: &CompiledRule, mut gap: Gap) -> Strike {
        let (after, shown) = gap.after;
        if gap.inside.is_none() {
            return match shown {
                Shown::Yes => after,
                Shown::SkippedUntil(end) => self.enter_gap(set, rule, (after, end)),
            };
        }
        if after.moment > gap.inside.moment {
            let inside = gap.inside;
            gap.inside = self.next_inside(set, rule, &mut gap);
            self.gap = Some(gap);
            return inside;
        }
        if after.moment == gap.inside.moment {
            gap.inside = self.next_inside(set, rule, &mut gap);
        }
        gap.after = self.find(set, rule);
        self.gap = Some(gap);
        after
    }

    fn next_inside(&mut self, set: &Compiled, rule: &CompiledRule, gap: &mut Gap) -> Strike {
        let limit = gap.end.min(rule.end);
        // A search that fails here fails after the gap as well.
        let found = rule.engine.at_or_after(&mut gap.cache, gap.from, limit);
        let Some(wall) = found.ok().flatten() else {
            return Strike::NONE;
        };
        gap.from = wall.after();
        Strike::on(&set.line, &mut self.zone, wall).0
    }
}
