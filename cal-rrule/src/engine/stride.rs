//! INTERVAL: which days, weeks, months or years a rule takes part in.

use crate::engine::day_set::DaySet;
use crate::engine::year::{Year, week_start_of};

/// Days, weeks, months and years after which the Gregorian calendar repeats.
pub(crate) const CYCLE_DAYS: u64 = 146_097;
const CYCLE_WEEKS: u64 = 20_871;
const CYCLE_MONTHS: u64 = 4_800;
const CYCLE_YEARS: u64 = 400;

/// Every nth unit, counted from the one with the rule's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stride {
    /// From a day number.
    Days { every: u32, base: i32 },
    /// From the first day of a week.
    Weeks { every: u32, base: i32 },
    /// From a month, as years times 12 plus months from 0.
    Months { every: u32, base: i64 },
    /// From a year.
    Years { every: u32, base: i64 },
}

impl Stride {
    /// All days.
    pub(crate) const EVERY_DAY: Self = Self::Days { every: 1, base: 0 };

    /// The days of a year that are in units that take part.
    pub(crate) fn restrict(self, year: Year, days: DaySet) -> DaySet {
        match self {
            Self::Days { every: 1, .. }
            | Self::Weeks { every: 1, .. }
            | Self::Months { every: 1, .. }
            | Self::Years { every: 1, .. } => days,
            Self::Days { every, base } => days & runs(year, (i64::from(base), i64::from(every)), 1),
            Self::Weeks { every, base } => {
                days & runs(year, (i64::from(base), i64::from(every) * 7), 7)
            }
            Self::Months { .. } => {
                let mut set = DaySet::EMPTY;
                for month in (1..=12).filter(|month| self.months(year) >> month & 1 == 1) {
                    set.insert_range(year.month_start(month), year.month_length(month));
                }
                days & set
            }
            Self::Years { every, base } => {
                if (i64::from(year.number) - base).rem_euclid(i64::from(every)) == 0 {
                    days
                } else {
                    DaySet::EMPTY
                }
            }
        }
    }

    /// The months of a year that take part: bits 1 to 12.
    pub(crate) fn months(self, year: Year) -> u16 {
        match self {
            Self::Months { every, base } => {
                let first = i64::from(year.number) * 12;
                (0..12)
                    .filter(|month| (first + month - base).rem_euclid(i64::from(every)) == 0)
                    .fold(0, |mask, month| mask | 2 << month)
            }
            _ => super::day_filter::ALL_MONTHS,
        }
    }

    /// The first year from a given one on in which a unit that takes part can
    /// lie.
    pub(crate) fn year_from(self, year: i64) -> i64 {
        // The first multiple of `every` units after `base` that is not before.
        let up = |base: i64, every: u32, at: i64| {
            let every = i64::from(every);
            base + (at - base).div_euclid(every) * every
                + if (at - base).rem_euclid(every) == 0 {
                    0
                } else {
                    every
                }
        };
        match self {
            Self::Years { every, base } => up(base, every, year),
            Self::Months { every, base } if every > 12 => up(base, every, year * 12).div_euclid(12),
            Self::Days { every, base } if every > 366 => {
                day_year(year, |first| up(i64::from(base), every, first))
            }
            Self::Weeks { every, base } if every > 53 => day_year(year, |first| {
                let week = (first - i64::from(base)).div_euclid(7);
                i64::from(base) + up(0, every, week) * 7
            })
            // A week may have begun in the year before.
            .max(year),
            _ => year,
        }
    }

    /// After how many years that take part nothing new can come.
    pub(crate) fn years_in_cycle(self) -> u64 {
        // The first and the last year may be cut.
        self.units_in_cycle().min(self.years_in_period()) + 2
    }

    /// After how many years, whether they take part or not, all repeats.
    pub(crate) fn years_in_period(self) -> u64 {
        let (every, cycle) = self.every_and_cycle();
        CYCLE_YEARS * (every / gcd(every, cycle))
    }

    /// After how many units that take part all repeats.
    pub(crate) fn units_in_cycle(self) -> u64 {
        let (every, cycle) = self.every_and_cycle();
        cycle / gcd(every, cycle)
    }

    /// INTERVAL, and the units in a cycle of the calendar.
    fn every_and_cycle(self) -> (u64, u64) {
        let (every, cycle) = match self {
            Self::Days { every, .. } => (every, CYCLE_DAYS),
            Self::Weeks { every, .. } => (every, CYCLE_WEEKS),
            Self::Months { every, .. } => (every, CYCLE_MONTHS),
            Self::Years { every, .. } => (every, CYCLE_YEARS),
        };
        (u64::from(every), cycle)
    }

    /// The unit in which a day lies.
    pub(crate) fn unit_of(self, day: i32) -> i64 {
        match self {
            Self::Days { .. } => i64::from(day),
            Self::Weeks { base, .. } => (i64::from(day) - i64::from(base)).div_euclid(7),
            Self::Months { .. } => {
                let year = Year::containing(day);
                i64::from(year.number) * 12 + i64::from(year.month_of(year.ordinal(day))) - 1
            }
            Self::Years { .. } => i64::from(Year::containing(day).number),
        }
    }

    /// The unit in which the rule starts, and the step from one to the next.
    pub(crate) fn units(self) -> (i64, i64) {
        match self {
            Self::Days { every, base } => (i64::from(base), i64::from(every)),
            Self::Weeks { every, .. } => (0, i64::from(every)),
            Self::Months { every, base } | Self::Years { every, base } => (base, i64::from(every)),
        }
    }
}

/// The weeks of a rule, from the one that holds its first day.
pub(crate) fn weeks(every: u32, day: i32, week_start: u8) -> Stride {
    Stride::Weeks {
        every,
        base: week_start_of(day, week_start),
    }
}

/// The year of a day that is reckoned from the first day of a year.
fn day_year(year: i64, day_from: impl Fn(i64) -> i64) -> i64 {
    let first = i64::from(Year::of(i32::try_from(year).unwrap_or(i32::MAX)).first);
    i32::try_from(day_from(first)).map_or(i64::MAX, |day| i64::from(Year::containing(day).number))
}

/// Runs of `length` days, `step` apart from `base`, within a year.
fn runs(year: Year, (base, step): (i64, i64), length: u16) -> DaySet {
    let mut set = DaySet::EMPTY;
    let days = i64::from(year.length());
    let phase = (i64::from(year.first) - base).rem_euclid(step);
    let mut start = -phase;
    while start < days {
        let end = (start + i64::from(length)).min(days);
        let from = start.max(0);
        match (u16::try_from(from), u16::try_from(end - from)) {
            (Ok(from), Ok(1)) => set.insert(from),
            (Ok(from), Ok(length)) => set.insert_range(from, length),
            _ => {}
        }
        start += step;
    }
    set
}

pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
