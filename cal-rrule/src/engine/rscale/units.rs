//! The units of a calendar that generate days: its years, its months or its
//! years of weeks, and which of them take part.

use super::system::System;
use super::year::{CalendarYear, MonthSpan, YearSpan};

/// What generates days.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Units {
    /// Nothing: the parts of the rule only limit days.
    Days,
    /// Every nth year from one on.
    Years { every: u32, base: i64 },
    /// Every nth month from one on.
    Months { every: u32, base: i64 },
    /// Every nth year of weeks from one on (BYWEEKNO).
    WeekYears { every: u32, base: i64, weeks: Weeks },
}

/// The wanted weeks of a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weeks {
    /// Bit w for week w, and for the wth from the end.
    pub(crate) from_start: u64,
    pub(crate) from_end: u64,
    /// The first day of a week, counted from Monday.
    pub(crate) week_start: u8,
}

impl Units {
    /// The years with the start's.
    pub(crate) fn years(every: u32, year: &CalendarYear) -> Self {
        Self::Years {
            every,
            base: year.span.number.into(),
        }
    }

    /// The months with the start's.
    pub(crate) fn months(every: u32, system: System, year: &CalendarYear, day: i32) -> Self {
        let month = year.month_at(day);
        let base = month.map_or(0, |month| system.month_number(year, &month));
        Self::Months { every, base }
    }

    /// The years of weeks with the start's.
    pub(crate) fn week_years(every: u32, system: System, weeks: Weeks, day: i32) -> Self {
        let year = system.year_span(day);
        let next = system.year_span(year.end());
        let base = if day >= next.week_one(weeks.week_start) {
            next.number
        } else if day < year.week_one(weeks.week_start) {
            year.number - 1
        } else {
            year.number
        };
        Self::WeekYears {
            every,
            base: base.into(),
            weeks,
        }
    }

    /// Whether a year takes part.
    pub(crate) fn has_year(&self, year: &YearSpan) -> bool {
        match self {
            Self::Years { every, base } | Self::WeekYears { every, base, .. } => {
                is_nth(year.number.into(), *base, *every)
            }
            Self::Days | Self::Months { .. } => true,
        }
    }

    /// Whether a month takes part.
    pub(crate) fn has_month(&self, system: System, year: &CalendarYear, month: &MonthSpan) -> bool {
        match self {
            Self::Months { every, base } => is_nth(system.month_number(year, month), *base, *every),
            _ => self.has_year(&year.span),
        }
    }
}

impl Weeks {
    /// Whether a day is in a wanted week of a year of so many weeks.
    pub(crate) fn has(&self, days_from_week_one: i32, weeks: i32) -> bool {
        let week = days_from_week_one.div_euclid(7);
        let (Ok(before), Ok(after)) = (u32::try_from(week), u32::try_from(weeks - 1 - week)) else {
            return false;
        };
        let has = |mask: u64, bit: u32| mask.checked_shr(bit).unwrap_or(0) & 1 == 1;
        has(self.from_start, before + 1) || has(self.from_end, after + 1)
    }
}

/// Units before the first never take part: with SKIP they could reach into it.
fn is_nth(at: i64, base: i64, every: u32) -> bool {
    at >= base && (at - base) % i64::from(every) == 0
}
