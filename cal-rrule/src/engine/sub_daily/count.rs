//! The nth occurrence of a rule finer than a day, without visiting those
//! before it.
//!
//! How many slots a day has depends only on how far into it the first one
//! lies. So a day is counted once for each such distance, and days, and whole
//! cycles of them, are stepped over.

use super::SlotRule;
use crate::engine::Stop;
use crate::engine::days::YearCache;
use crate::engine::wall::Wall;
use crate::engine::year::Year;

impl SlotRule {
    /// The nth occurrence, from 0, from a time on.
    pub(crate) fn nth(
        &self,
        cache: &mut YearCache,
        from: Wall,
        n: u64,
    ) -> Result<Option<Wall>, Stop> {
        let Some(first) = self.at_or_after(cache, from, i32::MAX)? else {
            return Ok(None);
        };
        let times = self.times.len();
        let (slot, second) = self.slot_of(first);
        let left = n.saturating_add(self.times.rank(second));
        let found = self.nth_slot(slot, left / times)?;
        Ok(found.map(|slot| self.wall(slot, self.times.nth(left % times))))
    }

    /// The nth slot from one that is allowed.
    fn nth_slot(&self, first: i64, n: u64) -> Result<Option<i64>, Stop> {
        // No allowed slot is nearer than that.
        let nearest = i64::try_from(n)
            .ok()
            .and_then(|n| n.checked_mul(self.every))
            .and_then(|distance| distance.checked_add(first))
            .filter(|slot| *slot < i64::from(Wall::END.day()) * self.per_day())
            .ok_or(Stop::PastYear9999)?;
        if self.every_day && self.every_slot {
            return Ok(Some(nearest));
        }
        let day = first.div_euclid(self.per_day());
        let here = self.slots_of_day(first, n);
        if let Some(slot) = here.found {
            return Ok(Some(slot));
        }
        self.nth_slot_by_day(day + 1, n - here.count)
    }

    /// The nth slot of those from a day on.
    fn nth_slot_by_day(&self, from: i64, n: u64) -> Result<Option<i64>, Stop> {
        let mut counts = DayCounts::new(self);
        let mut left = n;
        // Where the first cycle ends; the others are like it.
        let mut cycle_end = self.cycle.map(|cycle| (cycle, from.saturating_add(cycle)));
        // How much nearer to midnight the first slot is a day later.
        let shift = self.per_day() % self.every;
        let mut day = from;
        loop {
            let date = i32::try_from(day).map_err(|_| Stop::PastYear9999)?;
            if date >= Wall::END.day() {
                return Err(Stop::PastYear9999);
            }
            let year = Year::containing(date);
            let mut first = self.first_slot_of(day);
            for ordinal in self.days.of(year).from(year.ordinal(date)) {
                let found = i64::from(year.day(ordinal));
                if cycle_end.is_some_and(|(_, end)| found >= end) {
                    break;
                }
                first = match found - day {
                    0 => first,
                    1 if first >= shift => first - shift,
                    1 => first - shift + self.every,
                    _ => self.first_slot_of(found),
                };
                day = found;
                let count = counts.of(first);
                if left < count {
                    return Ok(self.slots_of_day(first + day * self.per_day(), left).found);
                }
                left -= count;
            }
            day = i64::from(year.last()) + 1;
            if let Some((cycle, end)) = cycle_end
                && day >= end
            {
                let in_cycle = n - left;
                if in_cycle == 0 {
                    return Ok(None);
                }
                let whole = i64::try_from(left / in_cycle).unwrap_or(i64::MAX);
                day = whole.saturating_mul(cycle).saturating_add(end);
                left %= in_cycle;
                cycle_end = None;
            }
        }
    }

    /// How far into a day the first slot is that INTERVAL reaches; past the
    /// day where it reaches none.
    fn first_slot_of(&self, day: i64) -> i64 {
        (self.base - day * self.per_day()).rem_euclid(self.every)
    }

    /// Counts the slots of a day from one that INTERVAL reaches, until the nth.
    fn slots_of_day(&self, from: i64, n: u64) -> Slots {
        let day = from.div_euclid(self.per_day()) * self.per_day();
        let end = day + self.per_day();
        let mut count = 0;
        let mut next = from;
        while next < end {
            let start = u32::try_from(next - day).unwrap_or(0) * self.length;
            match self.allowed.at_or_after(start) {
                None => break,
                Some(second) if second == start => {
                    if count == n {
                        return Slots {
                            count,
                            found: Some(next),
                        };
                    }
                    count += 1;
                    next += self.every;
                }
                Some(second) => {
                    let ahead = day + i64::from(second / self.length) - next;
                    next += (ahead - 1).div_euclid(self.every) * self.every + self.every;
                }
            }
        }
        Slots { count, found: None }
    }
}

/// The slots of a day before the nth, and that one.
struct Slots {
    count: u64,
    found: Option<i64>,
}

/// How many slots days have, by how far into them the first one lies.
struct DayCounts<'a> {
    rule: &'a SlotRule,
    /// One more than the count, 0 where it is not known yet.
    known: Vec<u32>,
}

impl<'a> DayCounts<'a> {
    fn new(rule: &'a SlotRule) -> Self {
        let distances = rule.every.min(rule.per_day());
        Self {
            rule,
            known: vec![0; usize::try_from(distances).unwrap_or(0)],
        }
    }

    fn of(&mut self, first: i64) -> u64 {
        let known = usize::try_from(first).ok();
        let Some(known) = known.and_then(|first| self.known.get_mut(first)) else {
            return 0;
        };
        if *known == 0 {
            let slots = self.rule.slots_of_day(first, u64::MAX);
            *known = u32::try_from(slots.count).unwrap_or(u32::MAX - 1) + 1;
        }
        u64::from(*known - 1)
    }
}
