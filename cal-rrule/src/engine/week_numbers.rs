//! BYWEEKNO: the weeks of week-based years (RFC 5545 3.3.10).
//!
//! A week belongs to the year in which most of its days lie, so a year that
//! repeats by week numbers begins with its week 1, up to three days before or
//! after 1 January.

use crate::engine::day_set::DaySet;
use crate::engine::year::{Year, week_start_of};

/// The wanted weeks, and the week-based years that take part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WeekNumbers {
    /// Bit w for week w, and for the wth from the end.
    pub(crate) from_start: u64,
    pub(crate) from_end: u64,
    /// The first day of a week, counted from Monday.
    pub(crate) week_start: u8,
    pub(crate) every: u32,
    /// The week-based year of the rule's start.
    pub(crate) base: i64,
}

impl WeekNumbers {
    /// The day on which week 1 of a year starts: the week with 4 January.
    pub(crate) fn start_of(year: i32, week_start: u8) -> i32 {
        week_start_of(Year::of(year).first + 3, week_start)
    }

    /// The week-based year of a day.
    pub(crate) fn year_of(day: i32, week_start: u8) -> i32 {
        let year = Year::containing(day).number;
        if day >= Self::start_of(year + 1, week_start) {
            year + 1
        } else if day < Self::start_of(year, week_start) {
            year - 1
        } else {
            year
        }
    }

    fn takes_part(&self, year: i32) -> bool {
        (i64::from(year) - self.base).rem_euclid(i64::from(self.every)) == 0
    }

    /// The wanted weeks of a week-based year: its first day, and its days.
    pub(crate) fn week_year(&self, year: i32) -> (i32, DaySet) {
        let start = Self::start_of(year, self.week_start);
        let weeks = (Self::start_of(year + 1, self.week_start) - start) / 7;
        let mut days = DaySet::EMPTY;
        for week in 1..=u16::try_from(weeks).unwrap_or(53) {
            let back = u16::try_from(weeks).unwrap_or(53) + 1 - week;
            if (self.from_start >> week | self.from_end >> back) & 1 == 1 {
                days.insert_range((week - 1) * 7, 7);
            }
        }
        (start, days)
    }

    /// The days of a calendar year that are in wanted weeks.
    pub(crate) fn days(&self, year: Year) -> DaySet {
        let mut days = DaySet::EMPTY;
        for number in [year.number - 1, year.number, year.number + 1] {
            if !self.takes_part(number) {
                continue;
            }
            let (start, wanted) = self.week_year(number);
            let before = u16::try_from(year.first - start).unwrap_or(0);
            let after = u16::try_from(start - year.first).unwrap_or(0);
            if after < year.length() {
                let length = (year.length() - after).min(384 - before);
                days.insert_part(after, &wanted, (before, length));
            }
        }
        days
    }

    /// The first calendar year from a given one on that such a week can touch.
    pub(crate) fn year_from(&self, year: i64) -> i64 {
        let every = i64::from(self.every);
        let phase = (year - 1 - self.base).rem_euclid(every);
        // Week years one before, in, and one after a calendar year touch it.
        let next = if phase == 0 {
            year - 1
        } else {
            year - 1 + every - phase
        };
        (next - 1).max(year)
    }

    /// After how many week-based years that take part their weeks repeat.
    pub(crate) fn week_years_in_cycle(&self) -> u64 {
        400 / super::stride::gcd(u64::from(self.every), 400)
    }

    /// After how many years, whether they take part or not, all repeats.
    pub(crate) fn years_in_period(&self) -> u64 {
        self.week_years_in_cycle() * u64::from(self.every)
    }

    /// After how many calendar years nothing new can come.
    pub(crate) fn years_in_cycle(&self) -> u64 {
        // Up to three calendar years are looked at for each week-based one.
        3 * self.week_years_in_cycle() + 3
    }
}
