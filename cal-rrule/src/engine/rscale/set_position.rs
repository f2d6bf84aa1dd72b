//! BYSETPOS in the years, months or years of weeks of another calendar.
//!
//! Their sets are listed one by one: no two years need be alike.

use super::days::{CalendarDays, REACH_BACK, REACH_ON};
use super::units::Units;
use super::year::CalendarYear;
use crate::engine::set_position::Positions;
use crate::engine::stride::Stride;
use crate::engine::times::Times;
use crate::engine::{Stop, Wall, walk};

/// A rule that takes positions of the set of an interval.
#[derive(Clone, Debug)]
pub(crate) struct CalendarPositionRule {
    pub(crate) days: CalendarDays,
    pub(crate) times: Times,
    pub(crate) positions: Positions,
}

/// The year and the set that were looked at last.
#[derive(Clone, Debug)]
pub(crate) struct UnitCache {
    year: CalendarYear,
    /// Ascending, each day once.
    days: Vec<i32>,
}

/// A year or a month: its first day, and the day after its last.
struct Span {
    first: i32,
    end: i32,
}

impl UnitCache {
    /// Makes the year of a day the one that is looked at.
    fn enter(&mut self, days: &CalendarDays, day: i32) {
        if !self.year.span.contains(day) {
            self.year = days.system().year(day);
        }
    }
}

impl CalendarPositionRule {
    pub(crate) fn cache(&self) -> UnitCache {
        UnitCache {
            year: self.days.system().year(0),
            days: Vec::new(),
        }
    }

    /// The first occurrence from a time on and before a day.
    pub(crate) fn at_or_after(
        &self,
        cache: &mut UnitCache,
        from: Wall,
        limit: i32,
    ) -> Result<Option<Wall>, Stop> {
        let horizon = self.days.horizon(Stride::EVERY_DAY);
        let mut day = from.day().saturating_sub(REACH_ON);
        let years = i32::try_from(horizon.years).unwrap_or(i32::MAX);
        let last = day.saturating_add(years.saturating_mul(366));
        let mut best: Option<Wall> = None;
        while day < last {
            let span = self.load(cache, day);
            let earliest = span.first.saturating_sub(REACH_BACK);
            if best.map_or(limit, Wall::day) <= earliest {
                return Ok(best.filter(|found| found.day() < limit));
            }
            let rank = self.rank(cache, from);
            if let Some(found) = self.positions.at_or_after(rank, self.size(cache)) {
                let found = self.member(cache, found);
                best = Some(best.map_or(found, |best| best.min(found)));
            }
            day = span.end;
        }
        if limit == i32::MAX && best.is_none() && !horizon.is_enough {
            return Err(Stop::PastYear9999);
        }
        Ok(best.filter(|found| found.day() < limit))
    }

    /// The last occurrence up to a time and not before a day.
    pub(crate) fn at_or_before(&self, cache: &mut UnitCache, to: Wall, floor: i32) -> Option<Wall> {
        let mut day = to.day().saturating_add(REACH_BACK);
        let mut best: Option<Wall> = None;
        loop {
            let span = self.load(cache, day);
            let latest = span.end.saturating_add(REACH_ON);
            if latest <= best.map_or(floor, Wall::day) {
                return best.filter(|found| found.day() >= floor);
            }
            let before = self.rank(cache, to.after()).checked_sub(1);
            let found = before.and_then(|at| self.positions.at_or_before(at, self.size(cache)));
            if let Some(found) = found {
                let found = self.member(cache, found);
                best = Some(best.map_or(found, |best| best.max(found)));
            }
            day = span.first.saturating_sub(1);
        }
    }

    /// The nth occurrence, from 0, from a time on.
    pub(crate) fn nth(
        &self,
        cache: &mut UnitCache,
        from: Wall,
        n: u64,
    ) -> Result<Option<Wall>, Stop> {
        walk::nth(from, n, |from| self.at_or_after(cache, from, i32::MAX))
    }

    /// How many occurrences are from one on and before a time.
    pub(crate) fn count_between(
        &self,
        cache: &mut UnitCache,
        first: Wall,
        before: Wall,
    ) -> Result<u64, Stop> {
        walk::count_between(first, before, |from, limit| {
            self.at_or_after(cache, from, limit)
        })
    }

    /// Lists the set of the unit in which a day lies.
    fn load(&self, cache: &mut UnitCache, day: i32) -> Span {
        cache.enter(&self.days, day);
        let UnitCache { year, days } = cache;
        days.clear();
        let mut take = |day| days.push(day);
        let month = matches!(self.days.units, Units::Months { .. });
        let span = match year.month_at(day).filter(|_| month) {
            Some(month) => {
                self.days.days_of_month(year, month, &mut take);
                Span {
                    first: month.first,
                    end: month.end(),
                }
            }
            None => {
                self.days.days_of_year(year, &mut take);
                Span {
                    first: year.span.first,
                    end: year.span.end(),
                }
            }
        };
        days.sort_unstable();
        days.dedup();
        span
    }

    fn size(&self, cache: &UnitCache) -> u64 {
        size(cache.days.len()) * self.times.len()
    }

    /// How many members of the listed set are before a time.
    fn rank(&self, cache: &UnitCache, time: Wall) -> u64 {
        let index = cache.days.partition_point(|day| *day < time.day());
        let today = cache.days.get(index) == Some(&time.day());
        let rank = size(index) * self.times.len();
        rank + if today {
            self.times.rank(time.second())
        } else {
            0
        }
    }

    fn member(&self, cache: &UnitCache, index: u64) -> Wall {
        let times = self.times.len();
        let at = usize::try_from(index / times).unwrap_or(usize::MAX);
        let day = cache.days.get(at).copied().unwrap_or(i32::MAX);
        Wall::new(day, self.times.nth(index % times))
    }
}

fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
