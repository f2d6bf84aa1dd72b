//! Rules of whole days: DAILY to YEARLY without BYSETPOS.
//!
//! A calendar year is one bitset. Finding the next occurrence is finding the
//! next bit; seeking is making another year's bitset.

mod count;

use crate::Skip;
use crate::engine::day_filter::{ALL_MONTHS, DayFilter, Pattern};
use crate::engine::day_set::DaySet;
#[cfg(feature = "rscale")]
use crate::engine::rscale::CalendarDays;
use crate::engine::stride::Stride;
use crate::engine::times::Times;
use crate::engine::wall::Wall;
use crate::engine::week_numbers::WeekNumbers;
use crate::engine::year::Year;
use crate::engine::{Batch, Stop};

/// No search goes past this year, far beyond any date that can be written.
const LAST_YEAR: i64 = 5_000_000;

/// Which days a rule takes, in any year.
#[derive(Clone, Debug)]
pub(crate) struct Days {
    pub(crate) filter: DayFilter,
    pub(crate) pattern: Pattern,
    pub(crate) stride: Stride,
    pub(crate) weeks: Option<WeekNumbers>,
    /// After how many years without a day there is none.
    cycle: u64,
    /// How many years of every kind there are: no search has to look at more.
    period: u64,
    /// Whether a search that finds none proves that there is none, and not
    /// just none that can be asked for.
    #[cfg(feature = "rscale")]
    is_enough: bool,
}

/// The bitset of the year that was looked at last.
#[derive(Clone, Debug)]
pub(crate) struct YearCache {
    year: Year,
    days: DaySet,
}

impl YearCache {
    pub(crate) fn new() -> Self {
        // A year without days, before all others.
        Self {
            year: Year::of(i32::MIN / 400),
            days: DaySet::EMPTY,
        }
    }
}

impl Days {
    pub(crate) fn new(filter: DayFilter, stride: Stride, weeks: Option<WeekNumbers>) -> Self {
        let cycle = match &weeks {
            Some(weeks) => weeks.years_in_cycle(),
            None if filter.skip == Skip::Omit => stride.years_in_cycle(),
            None => stride.years_in_cycle().saturating_mul(12),
        };
        let period = match &weeks {
            Some(weeks) => weeks.years_in_period(),
            None => stride.years_in_period(),
        };
        Self {
            pattern: Pattern::of(&filter),
            filter,
            stride,
            weeks,
            cycle,
            period,
            #[cfg(feature = "rscale")]
            is_enough: true,
        }
    }

    /// The days of another calendar of which a stride of days or weeks takes
    /// part.
    #[cfg(feature = "rscale")]
    pub(crate) fn of_calendar(calendar: CalendarDays, stride: Stride) -> Self {
        let horizon = calendar.horizon(stride);
        Self {
            pattern: Pattern::Calendar(Box::new(calendar)),
            filter: DayFilter::ALL,
            stride,
            weeks: None,
            cycle: horizon.years,
            period: horizon.years,
            is_enough: horizon.is_enough,
        }
    }

    /// After how many years the days repeat: those of another calendar do not
    /// within any span of years worth stepping over.
    fn repeats_after(&self) -> Option<u64> {
        #[cfg(feature = "rscale")]
        if matches!(self.pattern, Pattern::Calendar(_)) {
            return None;
        }
        Some(self.period)
    }

    /// The days of a year.
    pub(crate) fn of(&self, year: Year) -> DaySet {
        if let Some(weeks) = &self.weeks {
            return weeks.days(year) & self.skipped_or_pattern(year, ALL_MONTHS);
        }
        if self.filter.skip == Skip::Omit {
            return self.stride.restrict(year, self.pattern.days(year));
        }
        let mut days = match self.stride {
            Stride::Months { .. } => self.filter.days(year, self.stride.months(year)),
            _ => self
                .stride
                .restrict(year, self.filter.days(year, ALL_MONTHS)),
        };
        for neighbour in [year.previous(), year.following()] {
            if let Some(day) = self.overflow(neighbour).filter(|day| year.contains(*day)) {
                days.insert(year.ordinal(day));
            }
        }
        days
    }

    fn skipped_or_pattern(&self, year: Year, months: u16) -> DaySet {
        if self.filter.skip == Skip::Omit {
            self.pattern.days(year)
        } else {
            self.filter.days(year, months)
        }
    }

    /// A day that SKIP moves out of a year that takes part.
    fn overflow(&self, year: Year) -> Option<i32> {
        let Stride::Years { every, base } = self.stride else {
            return None;
        };
        let distance = i64::from(year.number) - base;
        (distance >= 0 && distance % i64::from(every) == 0)
            .then(|| self.filter.overflow(year))
            .flatten()
    }

    fn year_from(&self, year: i64) -> i64 {
        match &self.weeks {
            Some(weeks) => weeks.year_from(year),
            None if self.filter.skip == Skip::Omit => self.stride.year_from(year),
            None => year,
        }
    }

    fn load(&self, cache: &mut YearCache, year: Year) {
        cache.year = year;
        cache.days = self.of(year);
    }

    fn enter(&self, cache: &mut YearCache, day: i32) {
        if !cache.year.contains(day) {
            let next = cache.year.following();
            let year = if next.contains(day) {
                next
            } else {
                Year::containing(day)
            };
            self.load(cache, year);
        }
    }

    pub(crate) fn contains(&self, cache: &mut YearCache, day: i32) -> bool {
        self.enter(cache, day);
        cache.days.contains(cache.year.ordinal(day))
    }

    /// Whether a day is taken.
    pub(crate) fn has(&self, day: i32) -> bool {
        let year = Year::containing(day);
        self.of(year).contains(year.ordinal(day))
    }

    /// The first day from `day` on and before `limit`.
    pub(crate) fn at_or_after(
        &self,
        cache: &mut YearCache,
        day: i32,
        limit: i32,
    ) -> Result<Option<i32>, Stop> {
        self.enter(cache, day);
        let mut ordinal = cache.year.ordinal(day);
        let mut left = self.cycle;
        loop {
            if let Some(found) = cache.days.at_or_after(ordinal) {
                let day = cache.year.day(found);
                return Ok((day < limit).then_some(day));
            }
            let following = i64::from(cache.year.number) + 1;
            let next = self.year_from(following);
            if next > LAST_YEAR {
                return if limit == i32::MAX {
                    Err(Stop::PastYear9999)
                } else {
                    Ok(None)
                };
            }
            let year = if next == following {
                cache.year.following()
            } else {
                Year::of(i32::try_from(next).unwrap_or(i32::MAX))
            };
            if year.first >= limit || left == 0 {
                #[cfg(feature = "rscale")]
                if limit == i32::MAX && !self.is_enough {
                    return Err(Stop::PastYear9999);
                }
                return Ok(None);
            }
            left -= 1;
            ordinal = 0;
            self.load(cache, year);
        }
    }

    /// The last day up to `day` and not before `floor`.
    pub(crate) fn at_or_before(&self, cache: &mut YearCache, day: i32, floor: i32) -> Option<i32> {
        if day < floor {
            return None;
        }
        self.enter(cache, day);
        let mut ordinal = cache.year.ordinal(day);
        // The first and the last year may be cut.
        for _ in 0..self.period.saturating_add(3) {
            if let Some(found) = cache.days.at_or_before(ordinal) {
                let day = cache.year.day(found);
                return (day >= floor).then_some(day);
            }
            let year = cache.year.previous();
            if year.last() < floor {
                return None;
            }
            ordinal = year.length() - 1;
            self.load(cache, year);
        }
        None
    }
}

/// Whole days at fixed times.
#[derive(Clone, Debug)]
pub(crate) struct DayRule {
    pub(crate) days: Days,
    pub(crate) times: Times,
}

impl DayRule {
    /// The first occurrence from a time on and before a day.
    pub(crate) fn at_or_after(
        &self,
        cache: &mut YearCache,
        from: Wall,
        limit: i32,
    ) -> Result<Option<Wall>, Stop> {
        let mut day = from.day();
        let mut second = self.times.at_or_after(from.second());
        if second.is_some() {
            let found = self.days.at_or_after(cache, day, limit)?;
            return Ok(found.map(|found| {
                let second = second.take().filter(|_| found == day);
                Wall::new(found, second.unwrap_or_else(|| self.times.first()))
            }));
        }
        day = day.saturating_add(1);
        let found = self.days.at_or_after(cache, day, limit)?;
        Ok(found.map(|day| Wall::new(day, self.times.first())))
    }

    /// Fills a batch from an occurrence on, as far as its year goes.
    pub(crate) fn fill(&self, cache: &YearCache, first: Wall, limit: Wall, batch: &mut Batch) {
        let days = cache.days.from(cache.year.ordinal(first.day()));
        let mut second = first.second();
        if let Times::Single(second) = self.times {
            for ordinal in days {
                let day = cache.year.day(ordinal);
                let wall = Wall::new(day, second);
                if wall >= limit || !batch.push(wall) {
                    return;
                }
            }
            return;
        }
        for ordinal in days {
            let day = cache.year.day(ordinal);
            loop {
                let wall = Wall::new(day, second);
                if wall >= limit || !batch.push(wall) {
                    return;
                }
                match self.times.at_or_after(second + 1) {
                    Some(next) => second = next,
                    None => break,
                }
            }
            second = self.times.first();
        }
    }

    /// The last occurrence up to a time and not before a day.
    pub(crate) fn at_or_before(&self, cache: &mut YearCache, to: Wall, floor: i32) -> Option<Wall> {
        let today = self.times.at_or_before(to.second());
        let start = if today.is_some() {
            to.day()
        } else {
            to.day() - 1
        };
        let day = self.days.at_or_before(cache, start, floor)?;
        let second = today
            .filter(|_| day == to.day())
            .unwrap_or_else(|| self.times.last());
        Some(Wall::new(day, second))
    }
}
