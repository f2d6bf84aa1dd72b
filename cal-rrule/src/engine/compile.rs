//! From a rule and its start to an [`Engine`].
//!
//! What the rule does not say is taken from the start, as RFC 5545 3.3.10 has
//! it: the time of day always, and of the date what the other parts leave
//! open.

use crate::engine::day_filter::{
    ALL_MONTHS, ALL_WEEKDAYS, DayFilter, MonthDays, OrdinalScope, Pattern, YearDays,
};
use crate::engine::days::{DayRule, Days};
#[cfg(feature = "rscale")]
use crate::engine::rscale::{CalendarPositionRule, calendar_days};
use crate::engine::set_position::{PositionRule, Positions};
use crate::engine::stride::{Stride, weeks};
use crate::engine::sub_daily::{SlotRule, Slots};
use crate::engine::times::{Grid, Times};
use crate::engine::wall::Wall;
use crate::engine::week_numbers::WeekNumbers;
use crate::engine::year::{Year, weekday_of};
use crate::engine::{Engine, Kind};
use crate::rscale::RuleCalendar;
use crate::{Error, Frequency, RRule, Skip};

const ALL_HOURS: u32 = (1 << 24) - 1;
const ALL_SIXTY: u64 = (1 << 60) - 1;

/// Whether occurrences have a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// They are dates: BYHOUR, BYMINUTE and BYSECOND are ignored.
    Date,
    /// They are times.
    Time,
}

/// Compiles a rule that starts at a wall-clock time.
///
/// # Errors
///
/// [`Error::UnsupportedCalendar`] or [`Error::CalendarNotBuiltIn`] for an
/// RSCALE that cannot be computed.
pub(crate) fn compile(rule: &RRule, start: Wall, precision: Precision) -> Result<Engine, Error> {
    let compiler = Compiler {
        rule,
        start,
        precision,
        year: Year::containing(start.day()),
        calendar: rule.calendar()?,
    };
    Ok(Engine {
        start,
        kind: compiler.kind(),
    })
}

struct Compiler<'a> {
    rule: &'a RRule,
    start: Wall,
    precision: Precision,
    year: Year,
    calendar: RuleCalendar,
}

impl Compiler<'_> {
    fn kind(&self) -> Kind {
        if self.rule.frequency.is_sub_daily() {
            return self.slots();
        }
        let days = self.days();
        if days.pattern.is_never() && self.rule.skip == Skip::Omit {
            return Kind::Never;
        }
        let times = self.times();
        match (self.positions(), self.rule.frequency) {
            (None, _) => Kind::Days(DayRule { days, times }),
            (Some(positions), Frequency::Daily) => match pick(&times, &positions) {
                Some(times) => Kind::Days(DayRule { days, times }),
                None => Kind::Never,
            },
            (Some(positions), _) => positions_of(days, times, positions),
        }
    }

    /// The days of a rule of days or more.
    fn days(&self) -> Days {
        match self.calendar {
            RuleCalendar::Gregorian => Days::new(self.filter(), self.stride(), self.week_numbers()),
            #[cfg(feature = "rscale")]
            RuleCalendar::Other(system) => {
                let days = calendar_days(self.rule, self.start, system);
                match self.rule.frequency {
                    Frequency::Daily | Frequency::Weekly => Days::of_calendar(days, self.stride()),
                    _ => Days::of_calendar(days, Stride::EVERY_DAY),
                }
            }
        }
    }

    /// The days of which a rule finer than a day may take slots.
    fn days_of_slots(&self) -> Days {
        match self.calendar {
            RuleCalendar::Gregorian => Days::new(self.filter(), Stride::EVERY_DAY, None),
            #[cfg(feature = "rscale")]
            RuleCalendar::Other(_) => self.days(),
        }
    }

    fn month_and_day(&self) -> (u32, u16) {
        let ordinal = self.year.ordinal(self.start.day());
        let month = self.year.month_of(ordinal);
        (month, ordinal - self.year.month_start(month) + 1)
    }

    fn filter(&self) -> DayFilter {
        let rule = self.rule;
        let mut filter = DayFilter {
            months: rule.by_month.iter().fold(0, |mask, month| {
                mask | 1_u16.checked_shl(month.number().into()).unwrap_or(0)
            }),
            month_days: month_days(&rule.by_month_day),
            year_days: year_days(&rule.by_year_day),
            weekdays: ALL_WEEKDAYS,
            ordinals: Vec::new(),
            scope: OrdinalScope::Year,
            skip: rule.skip,
        };
        if !rule.by_day.is_empty() {
            filter.weekdays = 0;
        }
        for day in &rule.by_day {
            let weekday = u8::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
            match day.ordinal() {
                Some(ordinal) => filter.ordinals.push((ordinal, weekday)),
                None => filter.weekdays |= 1 << weekday,
            }
        }
        if rule.frequency == Frequency::Monthly || !rule.by_month.is_empty() {
            filter.scope = OrdinalScope::Month;
        }
        self.fill_in(&mut filter);
        if filter.months == 0 {
            filter.months = ALL_MONTHS;
        }
        if !matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly) {
            // Only months and years generate dates that may not exist.
            filter.skip = Skip::Omit;
        }
        filter
    }

    /// Takes from the start what the rule leaves open.
    fn fill_in(&self, filter: &mut DayFilter) {
        let rule = self.rule;
        let (month, day) = self.month_and_day();
        let weekday = 1 << weekday_of(self.start.day());
        let that_day = Some(MonthDays {
            from_start: 1 << day,
            from_end: 0,
        });
        let no_day = rule.by_day.is_empty() && rule.by_month_day.is_empty();
        match rule.frequency {
            Frequency::Weekly if rule.by_day.is_empty() => filter.weekdays = weekday,
            Frequency::Monthly if no_day => filter.month_days = that_day,
            Frequency::Yearly if !rule.by_year_day.is_empty() => {}
            Frequency::Yearly if !rule.by_week_no.is_empty() && no_day => {
                filter.weekdays = weekday;
            }
            Frequency::Yearly if rule.by_week_no.is_empty() => {
                if no_day {
                    filter.month_days = that_day;
                }
                if rule.by_month.is_empty() && filter.month_days.is_some() {
                    filter.months = 1 << month;
                }
            }
            _ => {}
        }
    }

    fn stride(&self) -> Stride {
        let every = self.rule.interval;
        let year = i64::from(self.year.number);
        match self.rule.frequency {
            Frequency::Yearly => Stride::Years { every, base: year },
            Frequency::Monthly => Stride::Months {
                every,
                base: year * 12 + i64::from(self.month_and_day().0) - 1,
            },
            Frequency::Weekly => weeks(every, self.start.day(), self.week_start()),
            _ => Stride::Days {
                every,
                base: self.start.day(),
            },
        }
    }

    fn week_start(&self) -> u8 {
        u8::try_from(self.rule.week_start.num_days_from_monday()).unwrap_or(0)
    }

    fn week_numbers(&self) -> Option<WeekNumbers> {
        if self.rule.by_week_no.is_empty() {
            return None;
        }
        let mut weeks = WeekNumbers {
            from_start: 0,
            from_end: 0,
            week_start: self.week_start(),
            every: self.rule.interval,
            base: i64::from(WeekNumbers::year_of(self.start.day(), self.week_start())),
        };
        for week in &self.rule.by_week_no {
            let bit = 1_u64.checked_shl(week.unsigned_abs().into()).unwrap_or(0);
            if *week > 0 {
                weeks.from_start |= bit;
            } else {
                weeks.from_end |= bit;
            }
        }
        Some(weeks)
    }

    fn times(&self) -> Times {
        let (hours, minutes, seconds) = self.clock();
        let start = self.start.second();
        Times::of(Grid {
            hours: hours.unwrap_or(1 << (start / 3600)),
            minutes: minutes.unwrap_or(1 << (start / 60 % 60)),
            seconds: seconds.unwrap_or(1 << (start % 60)),
        })
    }

    /// BYHOUR, BYMINUTE and BYSECOND as masks, where the rule has them.
    fn clock(&self) -> (Option<u32>, Option<u64>, Option<u64>) {
        if self.precision == Precision::Date {
            return (None, None, None);
        }
        let mask = |values: &[u8], top: u8| {
            let bits = values.iter().map(|value| 1_u64 << (*value).min(top));
            (!values.is_empty()).then(|| bits.fold(0, |mask, bit| mask | bit))
        };
        let hours = mask(&self.rule.by_hour, 23).and_then(|hours| u32::try_from(hours).ok());
        // Second 60 is read as 59 (RFC 5545 3.3.12).
        let seconds = mask(&self.rule.by_second, 59);
        (hours, mask(&self.rule.by_minute, 59), seconds)
    }

    fn positions(&self) -> Option<Positions> {
        if self.rule.by_set_pos.is_empty() {
            return None;
        }
        Some(Positions::of(&self.rule.by_set_pos))
    }

    fn slots(&self) -> Kind {
        let days = self.days_of_slots();
        if days.pattern.is_never() {
            return Kind::Never;
        }
        let (hours, minutes, seconds) = self.clock();
        let start = self.start.second();
        let minute = 1 << (start / 60 % 60);
        let second = 1 << (start % 60);
        let all_hours = hours.unwrap_or(ALL_HOURS);
        let all_minutes = minutes.unwrap_or(ALL_SIXTY);
        // What is finer than the slot expands within it; the rest limits it.
        let grid = |hours, minutes, seconds| Grid {
            hours,
            minutes,
            seconds,
        };
        let (length, allowed, times) = match self.rule.frequency {
            Frequency::Hourly => (
                3600,
                grid(all_hours, 1, 1),
                grid(1, minutes.unwrap_or(minute), seconds.unwrap_or(second)),
            ),
            Frequency::Minutely => (
                60,
                grid(all_hours, all_minutes, 1),
                grid(1, 1, seconds.unwrap_or(second)),
            ),
            _ => (
                1,
                grid(all_hours, all_minutes, seconds.unwrap_or(ALL_SIXTY)),
                grid(1, 1, 1),
            ),
        };
        if let Some(rule) = self.as_day_rule(&days, allowed, times) {
            return rule;
        }
        let mut times = Times::of(times);
        if let Some(positions) = self.positions() {
            match pick(&times, &positions) {
                Some(picked) => times = picked,
                None => return Kind::Never,
            }
        }
        let slots = Slots {
            length,
            every: self.rule.interval,
            allowed,
            times,
        };
        let rule = SlotRule::new(days, slots, self.start);
        if rule.is_never() {
            Kind::Never
        } else {
            Kind::Slots(rule)
        }
    }
}

impl Compiler<'_> {
    /// The rule as one of whole days, where it strikes at the same times on
    /// each of its days: where INTERVAL divides the day's hours, or the hour's
    /// minutes, or the minute's seconds.
    fn as_day_rule(&self, days: &Days, allowed: Grid, within: Grid) -> Option<Kind> {
        let every = self.rule.interval;
        let start = self.start.second();
        let all_days = matches!(days.pattern, Pattern::All);
        let hours_match = allowed.hours == ALL_HOURS;
        let mut grid = Grid {
            hours: allowed.hours,
            minutes: within.minutes,
            seconds: within.seconds,
        };
        let is_plain = match self.rule.frequency {
            Frequency::Hourly if 24 % every == 0 => {
                let hours = every_nth(start / 3600, every) & u64::from(ALL_HOURS);
                grid.hours &= u32::try_from(hours).unwrap_or(0);
                hours_match && within.len() == 1
            }
            Frequency::Minutely if 60 % every == 0 => {
                grid.minutes = allowed.minutes & every_nth(start / 60 % 60, every);
                hours_match && allowed.minutes == ALL_SIXTY && within.len() == 1
            }
            Frequency::Secondly if 60 % every == 0 => {
                grid.minutes = allowed.minutes;
                grid.seconds = allowed.seconds & every_nth(start % 60, every);
                hours_match && allowed.minutes == ALL_SIXTY && allowed.seconds == ALL_SIXTY
            }
            _ => return None,
        };
        if (is_plain && all_days) || !self.rule.by_set_pos.is_empty() {
            // Plain steps are found faster as such.
            return None;
        }
        if grid.len() == 0 {
            return Some(Kind::Never);
        }
        Some(Kind::Days(DayRule {
            days: days.clone(),
            times: Times::of(grid),
        }))
    }
}

/// BYSETPOS with a rule of weeks, months or years.
fn positions_of(days: Days, times: Times, positions: Positions) -> Kind {
    match days {
        #[cfg(feature = "rscale")]
        Days {
            pattern: Pattern::Calendar(days),
            stride: Stride::Days { .. },
            ..
        } => Kind::CalendarPositions(CalendarPositionRule {
            days: *days,
            times,
            positions,
        }),
        days => Kind::Positions(PositionRule::new(days, times, positions)),
    }
}

/// Bits 0 to 59 that are a multiple of `every` away from `start`.
fn every_nth(start: u32, every: u32) -> u64 {
    (0..60)
        .filter(|bit| bit % every == start % every)
        .fold(0, |mask, bit| mask | 1 << bit)
}

/// The times at the positions of a set that is the same in each unit.
fn pick(times: &Times, positions: &Positions) -> Option<Times> {
    let mut picked = Vec::new();
    let mut index = 0;
    while let Some(found) = positions.at_or_after(index, times.len()) {
        picked.push(times.nth(found));
        index = found + 1;
    }
    match picked.as_slice() {
        [] => None,
        [only] => Some(Times::Single(*only)),
        _ => Some(Times::Picked(picked.into_boxed_slice())),
    }
}

fn month_days(days: &[i8]) -> Option<MonthDays> {
    if days.is_empty() {
        return None;
    }
    let mut set = MonthDays::default();
    for day in days {
        let bit = 1_u64.checked_shl(day.unsigned_abs().into()).unwrap_or(0);
        if *day > 0 {
            set.from_start |= bit;
        } else {
            set.from_end |= bit;
        }
    }
    Some(set)
}

fn year_days(days: &[i16]) -> Option<YearDays> {
    if days.is_empty() {
        return None;
    }
    let mut set = YearDays::default();
    for day in days {
        let index = day.unsigned_abs().saturating_sub(1);
        if *day > 0 {
            set.from_start.insert(index);
        } else {
            set.from_end.insert(index);
        }
    }
    Some(set)
}
