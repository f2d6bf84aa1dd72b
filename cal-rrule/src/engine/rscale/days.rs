//! The days that a rule of another calendar generates, without BYSETPOS.

use super::filter::CalendarFilter;
use super::system::System;
use super::units::{Units, Weeks};
use super::year::{CalendarYear, MonthSpan};
use crate::engine::day_set::DaySet;
use crate::engine::stride::Stride;
use crate::engine::year::Year;

/// A year generates no day that is so many days or more after it: SKIP takes
/// at most a month for a missing leap month and a day for a missing day.
pub(super) const REACH_ON: i32 = 32;

/// Nor so many or more before it: a week of the year may begin before it.
pub(super) const REACH_BACK: i32 = 8;

/// No calendar is searched for longer.
const MOST_YEARS: u64 = 10_000;

/// So many units without a day say that there is none where a calendar does
/// not repeat sooner.
const ENOUGH: u64 = 400;

/// Which days a rule takes, by the years and months of its calendar.
#[derive(Clone, Debug)]
pub(crate) struct CalendarDays {
    pub(crate) filter: CalendarFilter,
    pub(crate) units: Units,
}

/// How far to search for a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizon {
    /// Gregorian years.
    pub(crate) years: u64,
    /// Whether there is no day at all if there is none in these.
    pub(crate) is_enough: bool,
}

impl CalendarDays {
    pub(crate) fn system(&self) -> System {
        self.filter.system
    }

    /// The days of a Gregorian year.
    pub(crate) fn days(&self, year: Year) -> DaySet {
        let mut set = DaySet::EMPTY;
        let mut from = year.first.saturating_sub(REACH_ON);
        while from <= year.last().saturating_add(REACH_BACK) {
            let span = self.system().year_span(from);
            if self.units.has_year(&span) {
                self.days_of_year(&self.system().year(from), &mut |day| {
                    if year.contains(day) {
                        set.insert(year.ordinal(day));
                    }
                });
            }
            from = span.end();
        }
        set
    }

    /// The days that a year of the calendar generates, in no order and some
    /// perhaps twice.
    pub(super) fn days_of_year(&self, year: &CalendarYear, take: &mut impl FnMut(i32)) {
        match self.units {
            Units::Months { .. } => {
                for month in &year.months {
                    self.days_of_month(year, *month, take);
                }
            }
            _ if !self.units.has_year(&year.span) => {}
            Units::WeekYears { weeks, .. } => self.days_of_weeks(year, weeks, take),
            Units::Years { .. } | Units::Days => self.filter.days_of_year(year, take),
        }
    }

    /// The days that a month generates.
    pub(super) fn days_of_month(
        &self,
        year: &CalendarYear,
        month: MonthSpan,
        take: &mut impl FnMut(i32),
    ) {
        if self.units.has_month(self.system(), year, &month) {
            self.filter.days_of_month(year, month, take);
        }
    }

    /// The days of the wanted weeks of a year that begins with its week 1.
    fn days_of_weeks(&self, year: &CalendarYear, weeks: Weeks, take: &mut impl FnMut(i32)) {
        let next = self.system().year(year.span.end());
        let first = year.span.week_one(weeks.week_start);
        let count = (next.span.week_one(weeks.week_start) - first) / 7;
        let before = self.system().year(year.span.first.saturating_sub(1));
        for near in [&before, year, &next] {
            self.filter.days_of_year(near, &mut |day| {
                if weeks.has(day - first, count) {
                    take(day);
                }
            });
        }
    }

    /// How far to search for one of these days that a stride reaches.
    pub(crate) fn horizon(&self, stride: Stride) -> Horizon {
        let (every, units_of_year) = match (self.units, stride) {
            (Units::Months { every, .. }, _) => (every, 12),
            (Units::Years { every, .. } | Units::WeekYears { every, .. }, _) => (every, 1),
            (Units::Days, Stride::Weeks { every, .. }) => (every, 52),
            (Units::Days, Stride::Days { every, .. }) => (every, 365),
            (Units::Days, Stride::Months { .. } | Stride::Years { .. }) => (1, 365),
        };
        let cycle = self.system().years_in_cycle();
        let every = u64::from(every);
        let years = cycle.saturating_mul(every).min(MOST_YEARS);
        Horizon {
            // The first and the last year may be cut.
            years: years + 2,
            is_enough: years * units_of_year / every >= cycle.min(ENOUGH),
        }
    }
}
