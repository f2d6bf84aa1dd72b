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

    /// How many occurrences are from one on and before a time.
    pub(crate) fn count_between(&self, first: Wall, before: Wall) -> u64 {
        let (from, second) = self.slot_of(first);
        let (to, until) = self.slot_of(before);
        if to < from {
            return 0;
        }
        let second = self.times.rank(second);
        if self.every_day && self.every_slot {
            let slots = u64::try_from((to - from + self.every - 1) / self.every).unwrap_or(0);
            let is_slot = (to - from) % self.every == 0;
            let rest = if is_slot { self.times.rank(until) } else { 0 };
            return (slots * self.times.len() + rest).saturating_sub(second);
        }
        let mut slots = 0;
        let per_day = self.per_day();
        let mut here = from;
        if from.div_euclid(per_day) < to.div_euclid(per_day) {
            slots += self.slots_of_day(from, u64::MAX).count;
            let (start, end) = (from.div_euclid(per_day) + 1, to.div_euclid(per_day));
            if let Walked::End { left } = self.walk_days((start, end), u64::MAX) {
                slots += u64::MAX - left;
            }
            here = end * per_day + self.first_slot_of(end);
        }
        let date = i32::try_from(to.div_euclid(per_day)).unwrap_or(i32::MAX);
        let mut seconds = 0;
        if self.days.has(date) && here <= to {
            let steps = u64::try_from((to - here) / self.every).unwrap_or(0);
            let before = self.slots_between(here, to);
            slots += before;
            let start = u32::try_from(to.rem_euclid(per_day)).unwrap_or(0) * self.length;
            let is_slot = here + i64::try_from(steps).unwrap_or(0) * self.every == to
                && self.allowed.at_or_after(start) == Some(start);
            seconds = if is_slot { self.times.rank(until) } else { 0 };
        }
        (slots * self.times.len() + seconds).saturating_sub(second)
    }

    /// How many allowed slots of a day are from one that INTERVAL reaches and
    /// before another of that day.
    fn slots_between(&self, from: i64, to: i64) -> u64 {
        let all = self.slots_of_day(from, u64::MAX).count;
        let rest = from + (to - from + self.every - 1) / self.every * self.every;
        let day = from.div_euclid(self.per_day());
        if rest.div_euclid(self.per_day()) == day {
            all - self.slots_of_day(rest, u64::MAX).count
        } else {
            all
        }
    }

    /// The nth slot of those from a day on.
    fn nth_slot_by_day(&self, from: i64, n: u64) -> Result<Option<i64>, Stop> {
        let end = i64::from(Wall::END.day());
        match self.walk_days((from, end), n) {
            Walked::Into { first, left } => Ok(self.slots_of_day(first, left).found),
            Walked::End { .. } => Err(Stop::PastYear9999),
            Walked::Never => Ok(None),
        }
    }

    /// Steps over the days from one on and before another, to that with the
    /// nth slot.
    fn walk_days(&self, (from, end): (i64, i64), n: u64) -> Walked {
        let mut counts = DayCounts::new(self);
        let mut left = n;
        // Where the first cycle ends; the others are like it.
        let mut first_cycle = self.cycle.map(|cycle| (cycle, from.saturating_add(cycle)));
        // How much nearer to midnight the first slot is a day later.
        let shift = self.per_day() % self.every;
        let mut day = from;
        while day < end {
            let stop = first_cycle.map_or(end, |(_, cycle_end)| cycle_end.min(end));
            let year = Year::containing(i32::try_from(day).unwrap_or(i32::MAX));
            let mut first = self.first_slot_of(day);
            for ordinal in self
                .days
                .of(year)
                .from(year.ordinal(i32::try_from(day).unwrap_or(i32::MAX)))
            {
                let found = i64::from(year.day(ordinal));
                if found >= stop {
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
                    let first = first + day * self.per_day();
                    return Walked::Into { first, left };
                }
                left -= count;
            }
            day = i64::from(year.last()) + 1;
            if let Some((cycle, cycle_end)) = first_cycle
                && day >= cycle_end
                && cycle_end < end
            {
                let in_cycle = n - left;
                if in_cycle == 0 {
                    return Walked::Never;
                }
                let whole =
                    (left / in_cycle).min(u64::try_from((end - cycle_end) / cycle).unwrap_or(0));
                left -= whole * in_cycle;
                day = cycle_end + i64::try_from(whole).unwrap_or(0) * cycle;
                first_cycle = None;
            }
        }
        Walked::End { left }
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

/// Where stepping over days led.
enum Walked {
    /// To the day with the wanted slot: its first slot by INTERVAL, and how
    /// many more to go from there.
    Into { first: i64, left: u64 },
    /// To the end, with so many to go.
    End { left: u64 },
    /// Round a whole cycle without a slot.
    Never,
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
