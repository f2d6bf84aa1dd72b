//! Rules finer than a day: HOURLY, MINUTELY, SECONDLY.
//!
//! Time is cut into slots of an hour, a minute or a second. INTERVAL picks
//! every nth slot by arithmetic; a slot that a BYxxx part forbids is left by
//! jumping to the next one that all of them allow.

mod count;
mod reach;

use crate::engine::day_filter::Pattern;
use crate::engine::days::{Days, YearCache};
use crate::engine::stride::gcd;
use crate::engine::times::{Grid, Times};
use crate::engine::wall::{SECONDS_PER_DAY, Wall};
use crate::engine::{Batch, Stop};
use reach::Runs;

/// How many jumps a search takes before it gives up. A rule needs so many only
/// if its INTERVAL is longer than a day and almost never meets its BYxxx
/// parts.
pub(crate) const SEARCH_LIMIT: u32 = 1_000_000;

/// A rule of hours, minutes or seconds.
#[derive(Clone, Debug)]
pub(crate) struct SlotRule {
    /// The days that may have slots.
    pub(crate) days: Days,
    /// Whether that is every day.
    every_day: bool,
    /// The seconds of a day at which slots may start.
    allowed: Grid,
    /// Whether that is all of them.
    every_slot: bool,
    /// The same as runs of slots.
    runs: Runs,
    /// The length of a slot, in seconds.
    length: u32,
    /// Every how many slots, and the one with the start.
    every: i64,
    base: i64,
    /// The seconds of a slot at which the rule strikes.
    times: Times,
    /// After how many days without an occurrence there is none; `None` where
    /// that is later than anyone can ask.
    cycle: Option<i64>,
}

/// Slots per day and what limits them.
pub(crate) struct Slots {
    pub(crate) length: u32,
    pub(crate) every: u32,
    pub(crate) allowed: Grid,
    pub(crate) times: Times,
}

impl SlotRule {
    pub(crate) fn new(days: Days, slots: Slots, start: Wall) -> Self {
        let every_day = matches!(days.pattern, Pattern::All);
        let length = slots.length;
        let every = u64::from(slots.every);
        let per_day = u64::from(SECONDS_PER_DAY / length);
        let days_until_same_phase = every / gcd(every, per_day);
        let cycle = days.pattern.days_in_cycle();
        let cycle = cycle / gcd(cycle, days_until_same_phase) * days_until_same_phase;
        Self {
            days,
            every_day,
            allowed: slots.allowed,
            every_slot: slots.allowed.len() == per_day,
            runs: Runs::of(slots.allowed, length, i64::from(SECONDS_PER_DAY / length)),
            length,
            every: i64::from(slots.every),
            base: start.to_seconds() / i64::from(length)
                - i64::from(start.to_seconds() % i64::from(length) < 0),
            times: slots.times,
            cycle: i64::try_from(cycle).ok(),
        }
    }

    /// Whether no slot that INTERVAL reaches is allowed: slots repeat, within
    /// a day, only in steps of the divisor that INTERVAL and the day share.
    pub(crate) fn is_never(&self) -> bool {
        let per_day = u64::from(SECONDS_PER_DAY / self.length);
        let step = gcd(u64::try_from(self.every).unwrap_or(1), per_day);
        let step = i64::try_from(step).unwrap_or(1);
        let slot = self.base.rem_euclid(step);
        let mut from = 0;
        while let Some(second) = self.allowed.at_or_after(from) {
            if i64::from(second / self.length).rem_euclid(step) == slot {
                return false;
            }
            from = second + 1;
        }
        true
    }

    /// Whether it strikes once in every nth slot, whatever the date and hour.
    pub(crate) fn is_plain(&self) -> bool {
        self.every_day && self.every_slot && self.times.len() == 1
    }

    /// Fills a batch from an occurrence of a plain rule on.
    pub(crate) fn fill(&self, first: Wall, limit: Wall, batch: &mut Batch) {
        let step = self.every.saturating_mul(i64::from(self.length));
        let days = step / i64::from(SECONDS_PER_DAY);
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let seconds = u32::try_from(step % i64::from(SECONDS_PER_DAY)).unwrap_or(0);
        let mut wall = first;
        while wall < limit && batch.push(wall) {
            let (mut day, mut second) = (wall.day().saturating_add(days), wall.second() + seconds);
            if second >= SECONDS_PER_DAY {
                second -= SECONDS_PER_DAY;
                day = day.saturating_add(1);
            }
            wall = Wall::new(day, second);
        }
    }

    fn per_day(&self) -> i64 {
        i64::from(SECONDS_PER_DAY / self.length)
    }

    /// The slot of a time, and the second of the slot.
    fn slot_of(&self, time: Wall) -> (i64, u32) {
        let slot = i64::from(time.day()) * self.per_day() + i64::from(time.second() / self.length);
        (slot, time.second() % self.length)
    }

    fn wall(&self, slot: i64, second: u32) -> Wall {
        let day = slot.div_euclid(self.per_day());
        let within = u32::try_from(slot.rem_euclid(self.per_day())).unwrap_or(0);
        let day = i32::try_from(day).unwrap_or(i32::MAX);
        Wall::new(day, within * self.length + second)
    }

    fn up(&self, slot: i64) -> i64 {
        match (slot - self.base).rem_euclid(self.every) {
            0 => slot,
            phase => slot + self.every - phase,
        }
    }

    fn down(&self, slot: i64) -> i64 {
        slot - (slot - self.base).rem_euclid(self.every)
    }

    /// The first occurrence from a time on and before a day.
    pub(crate) fn at_or_after(
        &self,
        cache: &mut YearCache,
        from: Wall,
        limit: i32,
    ) -> Result<Option<Wall>, Stop> {
        let (slot, second) = self.slot_of(from);
        if let Some(second) = self.times.at_or_after(second)
            && self.up(slot) == slot
        {
            match self.slot_at_or_after(cache, slot, limit)? {
                Some(found) if found == slot => return Ok(Some(self.wall(slot, second))),
                Some(found) => return Ok(Some(self.wall(found, self.times.first()))),
                None => return Ok(None),
            }
        }
        let found = self.slot_at_or_after(cache, slot + 1, limit)?;
        Ok(found.map(|slot| self.wall(slot, self.times.first())))
    }

    fn slot_at_or_after(
        &self,
        cache: &mut YearCache,
        from: i64,
        limit: i32,
    ) -> Result<Option<i64>, Stop> {
        let per_day = self.per_day();
        let first_day = from.div_euclid(per_day);
        let last_day = self
            .cycle
            .map_or(i64::MAX, |cycle| first_day.saturating_add(cycle));
        let mut slot = from;
        for _ in 0..SEARCH_LIMIT {
            slot = self.up(slot);
            if self.every_day && self.every_slot {
                return Ok((slot < i64::from(limit) * per_day).then_some(slot));
            }
            let day = slot.div_euclid(per_day);
            if day >= i64::from(limit) || day > last_day {
                return Ok(None);
            }
            let start = u32::try_from(slot.rem_euclid(per_day)).unwrap_or(0) * self.length;
            let allowed = self.allowed.at_or_after(start);
            let is_allowed = allowed == Some(start);
            if !is_allowed && let Some(steps) = self.runs.steps_to(slot, self.every) {
                slot += steps * self.every;
                continue;
            }
            let date = i32::try_from(day).unwrap_or(i32::MAX);
            if self.every_day || self.days.contains(cache, date) {
                slot = match allowed {
                    _ if is_allowed => return Ok(Some(slot)),
                    Some(second) => day * per_day + i64::from(second / self.length),
                    None => (day + 1) * per_day,
                };
                continue;
            }
            let next = date.saturating_add(1);
            match self.days.at_or_after(cache, next, limit)? {
                Some(day) => slot = i64::from(day) * per_day,
                None => return Ok(None),
            }
        }
        Err(Stop::SearchLimit)
    }

    /// The last occurrence up to a time and not before a floor.
    pub(crate) fn at_or_before(
        &self,
        cache: &mut YearCache,
        to: Wall,
        floor: i32,
    ) -> Result<Option<Wall>, Stop> {
        let (slot, second) = self.slot_of(to);
        if let Some(second) = self.times.at_or_before(second)
            && self.down(slot) == slot
        {
            let found = self.slot_at_or_before(cache, slot, floor)?;
            return Ok(found.map(|found| {
                let second = if found == slot {
                    second
                } else {
                    self.times.last()
                };
                self.wall(found, second)
            }));
        }
        let found = self.slot_at_or_before(cache, slot - 1, floor)?;
        Ok(found.map(|slot| self.wall(slot, self.times.last())))
    }

    fn slot_at_or_before(
        &self,
        cache: &mut YearCache,
        to: i64,
        floor: i32,
    ) -> Result<Option<i64>, Stop> {
        let per_day = self.per_day();
        let floor = self.cycle.map_or(i64::from(floor), |cycle| {
            (to.div_euclid(per_day) - cycle).max(i64::from(floor))
        });
        let mut slot = to;
        for _ in 0..SEARCH_LIMIT {
            slot = self.down(slot);
            let day = slot.div_euclid(per_day);
            if slot < self.base || day < floor {
                return Ok(None);
            }
            if self.every_day && self.every_slot {
                return Ok(Some(slot));
            }
            let start = u32::try_from(slot.rem_euclid(per_day)).unwrap_or(0) * self.length;
            let allowed = self.allowed.at_or_before(start);
            let is_allowed = allowed == Some(start);
            if !is_allowed && let Some(steps) = self.runs.steps_to(slot, -self.every) {
                slot -= steps * self.every;
                continue;
            }
            let date = i32::try_from(day).unwrap_or(i32::MAX);
            if self.every_day || self.days.contains(cache, date) {
                slot = match allowed {
                    _ if is_allowed => return Ok(Some(slot)),
                    Some(second) => day * per_day + i64::from(second / self.length),
                    None => day * per_day - 1,
                };
                continue;
            }
            let floor = i32::try_from(floor).unwrap_or(i32::MIN);
            match self.days.at_or_before(cache, date - 1, floor) {
                Some(day) => slot = (i64::from(day) + 1) * per_day - 1,
                None => return Ok(None),
            }
        }
        Err(Stop::SearchLimit)
    }
}
