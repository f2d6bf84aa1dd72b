//! From a rule of another calendar and its start to the days that it
//! generates.

use super::days::CalendarDays;
use super::filter::CalendarFilter;
use super::system::System;
use super::units::{Units, Weeks};
use super::year::{CalendarYear, MonthSpan};
use crate::engine::Wall;
use crate::engine::day_filter::{ALL_WEEKDAYS, OrdinalScope};
use crate::engine::year::weekday_of;
use crate::{Frequency, RRule, Skip, Weekday};

/// The days of a rule. An INTERVAL of weeks, days or less is left to the
/// caller: it is the same in every calendar.
pub(crate) fn calendar_days(rule: &RRule, start: Wall, system: System) -> CalendarDays {
    let start = CalendarStart {
        day: start.day(),
        year: system.year(start.day()),
    };
    CalendarDays {
        filter: start.filter(rule, system),
        units: start.units(rule, system),
    }
}

/// The start of a rule in its calendar.
struct CalendarStart {
    day: i32,
    year: CalendarYear,
}

impl CalendarStart {
    fn units(&self, rule: &RRule, system: System) -> Units {
        let every = rule.interval;
        match rule.frequency {
            Frequency::Yearly if !rule.by_week_no.is_empty() => {
                Units::week_years(every, system, weeks(rule), self.day)
            }
            Frequency::Yearly => Units::years(every, &self.year),
            Frequency::Monthly => Units::months(every, system, &self.year, self.day),
            _ => Units::Days,
        }
    }

    fn filter(&self, rule: &RRule, system: System) -> CalendarFilter {
        let in_month = rule.frequency == Frequency::Monthly || !rule.by_month.is_empty();
        let mut filter = CalendarFilter {
            system,
            months: rule.by_month.clone(),
            month_days: rule.by_month_day.clone(),
            year_days: rule.by_year_day.clone(),
            weekdays: 0,
            ordinals: Vec::new(),
            scope: if in_month {
                OrdinalScope::Month
            } else {
                OrdinalScope::Year
            },
            // Only months and years generate dates that may not exist.
            skip: match rule.frequency {
                Frequency::Monthly | Frequency::Yearly => rule.skip,
                _ => Skip::Omit,
            },
        };
        for day in &rule.by_day {
            let weekday = number_of(day.weekday());
            match day.ordinal() {
                Some(ordinal) => filter.ordinals.push((ordinal, weekday)),
                None => filter.weekdays |= 1 << weekday,
            }
        }
        self.fill_in(rule, &mut filter);
        if filter.weekdays == 0 && filter.ordinals.is_empty() {
            filter.weekdays = ALL_WEEKDAYS;
        }
        filter
    }

    /// Takes from the start what the rule leaves open.
    fn fill_in(&self, rule: &RRule, filter: &mut CalendarFilter) {
        let no_day = rule.by_day.is_empty() && rule.by_month_day.is_empty();
        let in_weeks = !rule.by_week_no.is_empty();
        let in_years = rule.frequency == Frequency::Yearly && rule.by_year_day.is_empty();
        if rule.frequency == Frequency::Weekly && rule.by_day.is_empty()
            || in_years && in_weeks && no_day
        {
            filter.weekdays = 1 << weekday_of(self.day);
        }
        let Some(month) = self.year.month_at(self.day) else {
            return;
        };
        if no_day && (rule.frequency == Frequency::Monthly || in_years && !in_weeks) {
            filter.month_days.push(self.day_of(month));
        }
        if in_years && !in_weeks && rule.by_month.is_empty() && !filter.month_days.is_empty() {
            filter.months.push(month.month);
        }
    }

    fn day_of(&self, month: MonthSpan) -> i8 {
        i8::try_from(self.day - month.first + 1).unwrap_or(1)
    }
}

fn weeks(rule: &RRule) -> Weeks {
    let mut weeks = Weeks {
        from_start: 0,
        from_end: 0,
        week_start: number_of(rule.week_start),
    };
    for week in &rule.by_week_no {
        let bit = 1_u64.checked_shl(week.unsigned_abs().into()).unwrap_or(0);
        if *week > 0 {
            weeks.from_start |= bit;
        } else {
            weeks.from_end |= bit;
        }
    }
    weeks
}

/// Counted from Monday.
fn number_of(weekday: Weekday) -> u8 {
    u8::try_from(weekday.num_days_from_monday()).unwrap_or(0)
}
