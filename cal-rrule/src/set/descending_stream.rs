//! The occurrences of one rule on a set's time line, backwards.
//!
//! As in [`rule_stream`](super::rule_stream), times that the clock skips can
//! be as late as times after the gap, so both are searched side by side.

use std::ops::Range;

use crate::engine::{Cache, Stop, Wall};
use crate::set::compiled::{Compiled, CompiledRule, TimeLine};
use crate::set::merge::Stream;
use crate::set::range::latest_wall;
use crate::set::rule_stream::NEAR;
use crate::set::strike::{Shown, Strike};
use crate::zone::ZoneCursor;

/// One rule's occurrences, the last first.
#[derive(Clone, Debug)]
pub(super) struct DescendingStream {
    /// What comes next.
    head: Option<Strike>,
    /// Why there is no more, where the rule has not ended.
    stop: Option<Stop>,
    cache: Cache,
    zone: ZoneCursor,
    /// The last wall-clock time that may come next.
    to: Wall,
    gap: Option<Gap>,
}

/// A search through a gap, and what the one after it has found.
#[derive(Clone, Debug)]
struct Gap {
    cache: Cache,
    to: Wall,
    start: Wall,
    end: Wall,
    inside: Option<Strike>,
    after: Option<Strike>,
}

impl Stream for DescendingStream {
    fn head(&self) -> Option<Strike> {
        self.head
    }

    fn stop(&self) -> Option<Stop> {
        self.stop
    }

    fn advance(&mut self, set: &Compiled, rule: &CompiledRule) {
        match self.step(set, rule) {
            Ok(head) => self.head = head,
            Err(stop) => (self.head, self.stop) = (None, Some(stop)),
        }
    }

    fn reach(&mut self, set: &Compiled, rule: &CompiledRule, moment: i64) {
        let mut steps = 0;
        while let Some(head) = self.head.filter(|head| head.moment > moment) {
            if steps == NEAR {
                self.seek(set, head, moment);
            }
            steps += 1;
            self.advance(set, rule);
        }
    }

    fn precedes(moment: i64, other: i64) -> bool {
        moment > other
    }

    fn following(moment: i64) -> i64 {
        moment - 1
    }

    fn first(dates: &Range<usize>) -> Option<usize> {
        dates.clone().next_back()
    }
}

impl DescendingStream {
    /// The occurrences of a rule up to a wall-clock time.
    pub(super) fn new(rule: &CompiledRule, to: Wall) -> Self {
        Self {
            head: None,
            stop: None,
            cache: rule.engine.cache(),
            zone: ZoneCursor::default(),
            to: to.min(rule.end.min(Wall::END).before()),
            gap: None,
        }
    }

    /// Searches on where nothing after a moment is found, or hardly anything.
    #[cold]
    fn seek(&mut self, set: &Compiled, head: Strike, moment: i64) {
        let to = latest_wall(set, moment.saturating_add(1));
        if to < head.wall {
            self.to = to;
            self.gap = None;
        }
    }

    fn step(&mut self, set: &Compiled, rule: &CompiledRule) -> Result<Option<Strike>, Stop> {
        if let Some(gap) = self.gap.take() {
            return self.merge(set, rule, gap);
        }
        let Some((strike, shown)) = self.find(set, rule)? else {
            return Ok(None);
        };
        let TimeLine::Zoned(zone) = &set.line else {
            return Ok(Some(strike));
        };
        let wall = strike.wall.to_seconds();
        if shown != Shown::Yes {
            return Ok(Some(strike));
        }
        let Some((start, end)) = self.zone.gap_before(zone, wall) else {
            return Ok(Some(strike));
        };
        let end = Wall::from_seconds(end);
        let mut gap = Gap {
            cache: self.cache.clone(),
            to: end.before(),
            start: Wall::from_seconds(start),
            end,
            inside: None,
            after: Some(strike),
        };
        gap.inside = self.next_inside(set, rule, &mut gap)?;
        self.merge(set, rule, gap)
    }

    /// The last occurrence on the wall clock.
    fn find(
        &mut self,
        set: &Compiled,
        rule: &CompiledRule,
    ) -> Result<Option<(Strike, Shown)>, Stop> {
        let Some(wall) = rule.engine.at_or_before(&mut self.cache, self.to)? else {
            self.to = Wall::MIN;
            return Ok(None);
        };
        let wall = if set.line.is_dates() {
            Wall::midnight(wall.day())
        } else {
            wall
        };
        self.to = wall.before();
        Ok(Some(Strike::on(&set.line, &mut self.zone, wall)))
    }

    /// The later of the last in the gap and the last after it.
    fn merge(
        &mut self,
        set: &Compiled,
        rule: &CompiledRule,
        mut gap: Gap,
    ) -> Result<Option<Strike>, Stop> {
        let takes_after = match (gap.after, gap.inside) {
            (None, None) => {
                self.to = self.to.min(gap.start.before());
                return self.step(set, rule);
            }
            (Some(after), Some(inside)) => {
                if after.moment == inside.moment {
                    gap.inside = self.next_inside(set, rule, &mut gap)?;
                }
                after.moment >= inside.moment
            }
            (after, None) => after.is_some(),
            (None, Some(_)) => false,
        };
        let taken = if takes_after {
            let taken = gap.after;
            gap.after = self.find_after(set, rule, gap.end)?;
            taken
        } else {
            let taken = gap.inside;
            gap.inside = self.next_inside(set, rule, &mut gap)?;
            taken
        };
        self.gap = Some(gap);
        Ok(taken)
    }

    /// The last occurrence that is not before the end of a gap.
    fn find_after(
        &mut self,
        set: &Compiled,
        rule: &CompiledRule,
        end: Wall,
    ) -> Result<Option<Strike>, Stop> {
        let to = self.to;
        let found = self.find(set, rule)?.map(|(strike, _)| strike);
        let found = found.filter(|strike| strike.wall >= end);
        if found.is_none() {
            self.to = to;
        }
        Ok(found)
    }

    fn next_inside(
        &mut self,
        set: &Compiled,
        rule: &CompiledRule,
        gap: &mut Gap,
    ) -> Result<Option<Strike>, Stop> {
        let found = rule.engine.at_or_before(&mut gap.cache, gap.to)?;
        let Some(wall) = found.filter(|wall| *wall >= gap.start) else {
            return Ok(None);
        };
        gap.to = wall.before();
        Ok(Some(Strike::on(&set.line, &mut self.zone, wall).0))
    }
}
