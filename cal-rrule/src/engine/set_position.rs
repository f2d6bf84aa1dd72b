//! BYSETPOS with WEEKLY, MONTHLY and YEARLY: positions in the set of a whole
//! interval (RFC 5545 3.3.10).
//!
//! The set is never listed: it is so many days times so many times of day, and
//! a position in it is found by counting.

mod count;

use crate::Skip;
use crate::engine::day_filter::ALL_MONTHS;
#[cfg(feature = "rscale")]
use crate::engine::day_filter::Pattern;
use crate::engine::day_set::DaySet;
use crate::engine::days::Days;
use crate::engine::stride::Stride;
use crate::engine::times::Times;
use crate::engine::wall::Wall;
use crate::engine::week_numbers::WeekNumbers;
use crate::engine::year::Year;
use crate::engine::{Batch, Stop};

/// Which positions of a set are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Positions {
    /// Bit p - 1 for position p.
    from_start: Option<DaySet>,
    /// Bit p - 1 for the pth from the end.
    from_end: Option<DaySet>,
}

impl Positions {
    /// The positions of BYSETPOS values.
    pub(crate) fn of(values: &[i16]) -> Self {
        let (mut from_start, mut from_end) = (DaySet::EMPTY, DaySet::EMPTY);
        for value in values {
            let index = value.unsigned_abs().saturating_sub(1);
            if *value > 0 {
                from_start.insert(index);
            } else {
                from_end.insert(index);
            }
        }
        Self {
            from_start: Some(from_start).filter(|set| !set.is_empty()),
            from_end: Some(from_end).filter(|set| !set.is_empty()),
        }
    }

    /// The first position from one on, counted from 0, in a set of a size.
    pub(crate) fn at_or_after(&self, index: u64, size: u64) -> Option<u64> {
        // The kth from the end, from 0, is at size - 1 - k.
        let last = size.checked_sub(index + 1)?;
        let forward = self
            .from_start
            .and_then(|set| set.at_or_after(small(index)));
        let forward = forward.map(u64::from).filter(|found| *found < size);
        let back = self.from_end.and_then(|set| set.at_or_before(small(last)));
        let back = back.map(|back| size - 1 - u64::from(back));
        match (forward, back) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// The last position up to one.
    pub(crate) fn at_or_before(&self, index: u64, size: u64) -> Option<u64> {
        let index = index.min(size.checked_sub(1)?);
        let forward = self
            .from_start
            .and_then(|set| set.at_or_before(small(index)));
        let forward = forward.map(u64::from);
        let back = self
            .from_end
            .and_then(|set| set.at_or_after(small(size - 1 - index)));
        let back = back.map(u64::from).filter(|back| *back < size);
        let back = back.map(|back| size - 1 - back);
        match (forward, back) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        }
    }

    /// How many positions a set has at most, not less than one.
    fn most(&self) -> u64 {
        let count = |set: &Option<DaySet>| set.map_or(0, |set| set.len());
        (count(&self.from_start) + count(&self.from_end)).max(1)
    }

    /// How many positions a set of a size has, at most two for each day of a
    /// year.
    fn count(&self, size: u64) -> u64 {
        self.rank(size, size)
    }

    /// How many positions are before one.
    fn rank(&self, index: u64, size: u64) -> u64 {
        let before = self.iter(size).take_while(|found| *found < index);
        u64::try_from(before.count()).unwrap_or(u64::MAX)
    }

    /// The nth position, from 0.
    fn nth(&self, n: u64, size: u64) -> Option<u64> {
        self.iter(size).nth(usize::try_from(n).ok()?)
    }

    /// The positions of a set of a size, ascending.
    fn iter(&self, size: u64) -> impl Iterator<Item = u64> {
        std::iter::successors(self.at_or_after(0, size), move |found| {
            self.at_or_after(found + 1, size)
        })
    }
}

/// No search goes past this interval: a year, month or week far beyond any date
/// that can be written.
const LAST_INDEX: i64 = 5_000_000;

/// Beyond the last position that can be asked for.
fn small(index: u64) -> u16 {
    u16::try_from(index.min(383)).unwrap_or(383)
}

/// A rule that takes positions of an interval's set.
#[derive(Clone, Debug)]
pub(crate) struct PositionRule {
    pub(crate) days: Days,
    pub(crate) times: Times,
    pub(crate) positions: Positions,
    /// After how many intervals without an occurrence there is none.
    cycle: u64,
}

/// The set of the interval that was looked at last.
#[derive(Clone, Debug)]
pub(crate) struct IntervalCache {
    index: i64,
    /// The day number of bit 0.
    first: i32,
    /// The days that surely belong to this interval and no other.
    own: std::ops::Range<i32>,
    days: DaySet,
    size: u64,
    year: Year,
    /// A Gregorian year of another calendar's days.
    #[cfg(feature = "rscale")]
    window: (Year, DaySet),
}

impl IntervalCache {
    pub(crate) fn new() -> Self {
        Self {
            index: i64::MIN,
            first: 0,
            own: 0..0,
            days: DaySet::EMPTY,
            size: 0,
            year: Year::of(0),
            #[cfg(feature = "rscale")]
            window: (Year::of(i32::MIN / 400), DaySet::EMPTY),
        }
    }
}

impl PositionRule {
    pub(crate) fn new(days: Days, times: Times, positions: Positions) -> Self {
        let cycle = match &days.weeks {
            Some(weeks) => weeks.years_in_cycle(),
            None => match &days.pattern {
                #[cfg(feature = "rscale")]
                Pattern::Calendar(calendar) => calendar.horizon(days.stride).years * 53,
                _ => days.stride.units_in_cycle() + 1,
            },
        };
        Self {
            days,
            times,
            positions,
            cycle,
        }
    }

    /// The interval in which a day lies.
    fn interval_of(&self, day: i32) -> i64 {
        match &self.days.weeks {
            Some(weeks) => i64::from(WeekNumbers::year_of(day, weeks.week_start)),
            None => self.days.stride.unit_of(day),
        }
    }

    fn base_and_step(&self) -> (i64, i64) {
        match &self.days.weeks {
            Some(weeks) => (weeks.base, i64::from(weeks.every)),
            None => self.days.stride.units(),
        }
    }

    /// SKIP moves days into neighbouring intervals.
    fn spills(&self) -> i64 {
        i64::from(self.days.filter.skip != Skip::Omit)
    }

    fn load(&self, cache: &mut IntervalCache, index: i64) {
        if cache.index == index {
            return;
        }
        let (first, days) = match (&self.days.weeks, self.days.stride) {
            (Some(weeks), _) => {
                let (first, days) = weeks.week_year(i32::try_from(index).unwrap_or(i32::MAX));
                (first, days & self.span(cache, first, 371))
            }
            (None, Stride::Weeks { base, .. }) => {
                let first = i64::from(base) + index * 7;
                let first = i32::try_from(first).unwrap_or(i32::MAX - 400);
                (first, self.span(cache, first, 7))
            }
            (None, Stride::Months { .. }) => self.month(cache, index),
            (None, _) => self.year(index),
        };
        cache.index = index;
        cache.first = first;
        // Shorter than any of its kind, and past what SKIP may add.
        let shortest = match (&self.days.weeks, self.days.stride) {
            (None, Stride::Weeks { .. }) => 7,
            (None, Stride::Months { .. }) => 28,
            (None, _) => 365,
            (Some(_), _) => 364,
        };
        cache.own = first + 1..first + shortest;
        cache.days = days;
        cache.size = days.len() * self.times.len();
    }

    /// The days of the pattern in any span of up to 384 days.
    fn span(&self, cache: &mut IntervalCache, first: i32, length: u16) -> DaySet {
        let mut year = Year::containing(first);
        let mut from = year.ordinal(first);
        let mut set = DaySet::EMPTY;
        let mut done = 0;
        while done < length {
            let part = (length - done).min(year.length() - from);
            let days = if self.days.filter.skip == Skip::Omit {
                self.pattern_days(cache, year)
            } else {
                self.days.filter.days(year, ALL_MONTHS)
            };
            set.insert_part(done, &days, (from, part));
            done += part;
            from = 0;
            year = year.following();
        }
        set
    }

    #[cfg(feature = "rscale")]
    fn pattern_days(&self, cache: &mut IntervalCache, year: Year) -> DaySet {
        let Pattern::Calendar(calendar) = &self.days.pattern else {
            return self.days.pattern.days(year);
        };
        if cache.window.0 != year {
            cache.window = (year, calendar.days(year));
        }
        cache.window.1
    }

    #[cfg(not(feature = "rscale"))]
    fn pattern_days(&self, _: &mut IntervalCache, year: Year) -> DaySet {
        self.days.pattern.days(year)
    }

    fn month(&self, cache: &mut IntervalCache, index: i64) -> (i32, DaySet) {
        let number = i32::try_from(index.div_euclid(12)).unwrap_or(i32::MAX);
        let month = u32::try_from(index.rem_euclid(12)).unwrap_or(0) + 1;
        if cache.year.number != number {
            cache.year = Year::of(number);
        }
        let year = cache.year;
        let start = year.month_start(month);
        let length = year.month_length(month);
        if self.days.filter.skip == Skip::Omit {
            let mask = self.days.pattern.days(year).window(start, length);
            return (year.day(start), DaySet::of_word(mask));
        }
        // A day that does not exist may move one day out of the month.
        let from = start.saturating_sub(1);
        let days = self.days.filter.days(year, 1 << month);
        let mask = days.window(from, length + 2);
        (year.day(from), DaySet::of_word(mask))
    }

    fn year(&self, index: i64) -> (i32, DaySet) {
        let year = Year::of(i32::try_from(index).unwrap_or(i32::MAX));
        if self.days.filter.skip == Skip::Omit {
            return (year.first, self.days.pattern.days(year));
        }
        let first = year.first - 1;
        let mut set = DaySet::EMPTY;
        let days = self.days.filter.days(year, ALL_MONTHS);
        set.insert_part(1, &days, (0, year.length()));
        if let Some(day) = self.days.filter.overflow(year) {
            set.insert(u16::try_from(day - first).unwrap_or(0));
        }
        (first, set)
    }

    /// How many members of the loaded set are before a time.
    fn rank(&self, cache: &IntervalCache, time: Wall) -> u64 {
        let Ok(day) = u16::try_from(time.day() - cache.first) else {
            return if time.day() < cache.first {
                0
            } else {
                cache.size
            };
        };
        let mut rank = cache.days.rank(day) * self.times.len();
        if cache.days.contains(day) {
            rank += self.times.rank(time.second());
        }
        rank
    }

    fn member(&self, cache: &IntervalCache, index: u64) -> Wall {
        let times = self.times.len();
        let day = cache.days.nth(index / times).unwrap_or(0);
        Wall::new(cache.first + i32::from(day), self.times.nth(index % times))
    }

    pub(crate) fn at_or_after(
        &self,
        cache: &mut IntervalCache,
        from: Wall,
        limit: i32,
    ) -> Result<Option<Wall>, Stop> {
        let (base, step) = self.base_and_step();
        let here = if cache.own.contains(&from.day()) {
            cache.index
        } else {
            self.interval_of(from.day())
        };
        let earliest = (here - self.spills()).max(base);
        let phase = if step == 1 {
            0
        } else {
            (earliest - base).rem_euclid(step)
        };
        let mut index = if phase == 0 {
            earliest
        } else {
            earliest + step - phase
        };
        let mut best: Option<Wall> = None;
        for _ in 0..=self.cycle + 2 {
            if best.is_some() && index > here + self.spills() {
                break;
            }
            if index > LAST_INDEX {
                return past_the_end(best, limit);
            }
            self.load(cache, index);
            if best.is_none() && cache.first >= limit {
                break;
            }
            let rank = self.rank(cache, from);
            if let Some(found) = self.positions.at_or_after(rank, cache.size) {
                let found = self.member(cache, found);
                best = Some(best.map_or(found, |best| best.min(found)));
                if self.spills() == 0 {
                    break;
                }
            }
            index += step;
        }
        Ok(best.filter(|found| found.day() < limit))
    }

    /// Fills a batch from an occurrence on, which was just found.
    pub(crate) fn fill(
        &self,
        cache: &mut IntervalCache,
        first: Wall,
        limit: Wall,
        batch: &mut Batch,
    ) {
        let (_, step) = self.base_and_step();
        let mut rank = self.rank(cache, first);
        // A set that is empty for long is left to the next search.
        for _ in 0..64 {
            while let Some(found) = self.positions.at_or_after(rank, cache.size) {
                let wall = self.member(cache, found);
                if wall >= limit || !batch.push(wall) {
                    return;
                }
                rank = found + 1;
            }
            let index = cache.index.saturating_add(step);
            if index > LAST_INDEX {
                return;
            }
            self.load(cache, index);
            if cache.first >= limit.day() {
                return;
            }
            rank = 0;
        }
    }

    /// Whether each occurrence lies in the interval that generates it.
    pub(crate) fn keeps_to_intervals(&self) -> bool {
        self.spills() == 0
    }

    pub(crate) fn at_or_before(
        &self,
        cache: &mut IntervalCache,
        to: Wall,
        floor: i32,
    ) -> Option<Wall> {
        let (base, step) = self.base_and_step();
        let here = self.interval_of(to.day());
        let latest = here + self.spills();
        let mut index = latest - (latest - base).rem_euclid(step);
        let mut best: Option<Wall> = None;
        for _ in 0..=self.cycle + 2 {
            if index < base || (best.is_some() && index < here - self.spills()) {
                break;
            }
            self.load(cache, index);
            let rank = self.rank(cache, to.after());
            if let Some(before) = rank.checked_sub(1)
                && let Some(found) = self.positions.at_or_before(before, cache.size)
            {
                let found = self.member(cache, found);
                best = Some(best.map_or(found, |best| best.max(found)));
                if self.spills() == 0 {
                    break;
                }
            }
            index -= step;
        }
        best.filter(|found| found.day() >= floor)
    }
}

fn past_the_end(best: Option<Wall>, limit: i32) -> Result<Option<Wall>, Stop> {
    match best {
        Some(found) => Ok(Some(found).filter(|found| found.day() < limit)),
        None if limit == i32::MAX => Err(Stop::PastYear9999),
        None => Ok(None),
    }
}
