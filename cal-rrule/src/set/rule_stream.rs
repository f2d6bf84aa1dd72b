//! The occurrences of one rule on a set's time line, in order.
//!
//! On the wall clock they come in order by themselves. As instants they do not
//! where the clock skips: a time in the gap is read with the offset before it
//! and so may come after times that follow the gap. There, two searches run
//! side by side, one through the gap and one after it.

use crate::Error;
use crate::engine::{Cache, Wall};
use crate::set::compiled::{Compiled, CompiledRule, TimeLine};
use crate::zone::{Resolved, ZoneCursor};

/// An occurrence: its moment and its wall-clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strike {
    pub(super) moment: i64,
    pub(super) wall: Wall,
    /// Where the gap ends in which the wall-clock time lies.
    gap_end: Option<Wall>,
}

/// What a stream has to offer next.
#[derive(Clone, Debug)]
pub(super) enum Head {
    Strike(Strike),
    End,
    Failed(Error),
}

/// One rule's occurrences.
#[derive(Clone, Debug)]
pub(super) struct RuleStream {
    cache: Cache,
    zone: ZoneCursor,
    /// Where the search goes on, and where it ends, on the wall clock.
    from: Wall,
    limit: Wall,
    /// The search through a gap, and what the one after it found already.
    gap: Option<Gap>,
}

#[derive(Clone, Debug)]
struct Gap {
    cache: Cache,
    from: Wall,
    end: Wall,
    head: Option<Strike>,
    after: Head,
}

impl RuleStream {
    /// The occurrences of a rule from a wall-clock time on.
    pub(super) fn new(rule: &CompiledRule, from: Wall, limit: Wall) -> Self {
        Self {
            cache: rule.engine.cache(),
            zone: ZoneCursor::default(),
            from,
            limit: limit.min(rule.end),
            gap: None,
        }
    }

    /// The next occurrence.
    pub(super) fn advance(&mut self, set: &Compiled, rule: &CompiledRule) -> Head {
        let mut head = match self.gap.take() {
            Some(gap) => self.merge(set, rule, gap),
            None => self.find(set, rule),
        };
        if let Head::Strike(strike) = head
            && let Some(end) = strike.gap_end
            && self.gap.is_none()
        {
            head = self.enter_gap(set, rule, (strike, end));
        }
        match head {
            Head::Strike(strike) if strike.moment > rule.until => {
                self.stop();
                Head::End
            }
            head => head,
        }
    }

    fn stop(&mut self) {
        self.limit = Wall::MIN;
        self.gap = None;
    }

    /// The next occurrence on the wall clock.
    fn find(&mut self, set: &Compiled, rule: &CompiledRule) -> Head {
        let wall = match rule
            .engine
            .at_or_after(&mut self.cache, self.from, self.limit)
        {
            Ok(Some(wall)) => wall,
            Ok(None) => {
                self.stop();
                return Head::End;
            }
            Err(error) => {
                self.stop();
                return Head::Failed(error);
            }
        };
        self.from = wall.after();
        if set.line.is_dates() {
            // A rule finer than a day gives each date once.
            self.from = Wall::midnight(wall.day.saturating_add(1));
            return Head::Strike(Strike::on(
                &set.line,
                &mut self.zone,
                Wall::midnight(wall.day),
            ));
        }
        Head::Strike(Strike::on(&set.line, &mut self.zone, wall))
    }

    /// Splits the search at a gap, of which the first occurrence was found.
    fn enter_gap(
        &mut self,
        set: &Compiled,
        rule: &CompiledRule,
        (strike, end): (Strike, Wall),
    ) -> Head {
        let mut gap = Gap {
            cache: self.cache.clone(),
            from: strike.wall.after(),
            end,
            head: Some(strike),
            after: Head::End,
        };
        self.from = self.from.max(end);
        gap.after = self.find(set, rule);
        self.merge(set, rule, gap)
    }

    /// The earlier of the next in the gap and the next after it.
    fn merge(&mut self, set: &Compiled, rule: &CompiledRule, mut gap: Gap) -> Head {
        let Some(inside) = gap.head else {
            return gap.after;
        };
        if let Head::Strike(after) = gap.after
            && after.moment <= inside.moment
        {
            if after.moment == inside.moment {
                gap.head = self.next_inside(set, rule, &mut gap);
            }
            gap.after = self.find(set, rule);
            self.gap = Some(gap);
            return Head::Strike(after);
        }
        gap.head = self.next_inside(set, rule, &mut gap);
        self.gap = Some(gap);
        Head::Strike(inside)
    }

    fn next_inside(
        &mut self,
        set: &Compiled,
        rule: &CompiledRule,
        gap: &mut Gap,
    ) -> Option<Strike> {
        let limit = gap.end.min(rule.end);
        // A search that fails here fails after the gap as well.
        let found = rule.engine.at_or_after(&mut gap.cache, gap.from, limit);
        let wall = found.ok().flatten()?;
        gap.from = wall.after();
        Some(Strike::on(&set.line, &mut self.zone, wall))
    }
}

impl Strike {
    pub(super) const fn at(moment: i64, wall: Wall) -> Self {
        Self {
            moment,
            wall,
            gap_end: None,
        }
    }

    /// A wall-clock time on a time line.
    pub(super) fn on(line: &TimeLine, cursor: &mut ZoneCursor, wall: Wall) -> Self {
        let TimeLine::Zoned(zone) = line else {
            return Self::at(wall.to_seconds(), wall);
        };
        let (moment, gap_end) = match cursor.resolve(&**zone, wall.to_seconds()) {
            Resolved::At(moment) => (moment, None),
            Resolved::InGap { utc, end } => (utc, Some(Wall::from_seconds(end))),
        };
        Self {
            moment,
            wall,
            gap_end,
        }
    }

    /// Whether the clock skips the wall-clock time.
    pub(super) const fn is_in_gap(&self) -> bool {
        self.gap_end.is_some()
    }
}
