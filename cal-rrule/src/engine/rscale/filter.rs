//! Which days of a calendar's year or month a rule's BYMONTH, BYMONTHDAY,
//! BYYEARDAY and BYDAY leave, whatever its interval (RFC 7529 4.1).
//!
//! SKIP moves a month that a year does not have first, and then a day that
//! the month does not have.

use super::system::System;
use super::year::{CalendarYear, MonthSpan};
use crate::engine::day_filter::{ALL_WEEKDAYS, OrdinalScope};
use crate::engine::year::weekday_of;
use crate::{Month, Skip};

/// The conditions on a day. An empty list is no condition.
#[derive(Clone, Debug)]
pub(crate) struct CalendarFilter {
    pub(crate) system: System,
    pub(crate) months: Vec<Month>,
    pub(crate) month_days: Vec<i8>,
    pub(crate) year_days: Vec<i16>,
    /// Plain weekdays, Monday in bit 0; all of them where there is no BYDAY.
    pub(crate) weekdays: u8,
    /// The nth weekday, negative from the end; in addition to the plain ones.
    pub(crate) ordinals: Vec<(i8, u8)>,
    pub(crate) scope: OrdinalScope,
    pub(crate) skip: Skip,
}

impl CalendarFilter {
    /// Whether each of its lists names something that the calendar can have.
    pub(crate) fn can_match(&self) -> bool {
        fn any<T: Copy>(values: &[T], fits: impl Fn(T) -> bool) -> bool {
            values.is_empty() || values.iter().any(|value| fits(*value))
        }
        let moves = self.skip != Skip::Omit;
        let month = |month: Month| {
            self.system.has_month(month)
                || moves && self.system.has_month(Month::new(month.number()))
        };
        let month_day = |day: i8| i32::from(day).abs() <= self.system.longest_month();
        let year_day = |day: i16| i32::from(day).abs() <= self.system.longest_year();
        any(&self.months, month)
            && (moves || any(&self.month_days, month_day) && any(&self.year_days, year_day))
    }

    /// The days of a year that pass, in no order and some perhaps twice. With
    /// SKIP, one may lie before the year or after it.
    pub(crate) fn days_of_year(&self, year: &CalendarYear, take: &mut impl FnMut(i32)) {
        if !self.month_days.is_empty() {
            self.each_month(year, &mut |month| {
                self.month_days_of(month, &mut |day| {
                    if self.is_year_day(year, day) && self.is_weekday(year, day) {
                        take(day);
                    }
                });
            });
        } else if !self.year_days.is_empty() {
            for &number in &self.year_days {
                let span = (year.span.first, year.span.length);
                let day = nth_day(span, number.into(), self.skip);
                if let Some(day) = day
                    && self.is_in_months(year, day)
                    && self.is_weekday(year, day)
                {
                    take(day);
                }
            }
        } else {
            self.each_month(year, &mut |month| self.weekdays_of(year, month, take));
        }
    }

    /// The days of a month that pass, like [`Self::days_of_year`]. A month that
    /// exists is never moved, so BYMONTH only limits.
    pub(crate) fn days_of_month(
        &self,
        year: &CalendarYear,
        month: MonthSpan,
        take: &mut impl FnMut(i32),
    ) {
        if !self.months.is_empty() && !self.months.contains(&month.month) {
            return;
        }
        if self.month_days.is_empty() {
            return self.weekdays_of(year, month, take);
        }
        self.month_days_of(month, &mut |day| {
            if self.is_weekday(year, day) {
                take(day);
            }
        });
    }

    /// The wanted months of a year, some perhaps twice.
    fn each_month(&self, year: &CalendarYear, take: &mut impl FnMut(MonthSpan)) {
        if self.months.is_empty() {
            year.months.iter().for_each(|month| take(*month));
        }
        for &month in &self.months {
            if let Some(month) = year.month(month).or_else(|| self.moved(year, month)) {
                take(month);
            }
        }
    }

    /// The month that SKIP takes for a leap month that a year does not have.
    fn moved(&self, year: &CalendarYear, month: Month) -> Option<MonthSpan> {
        let regular = year.month(Month::new(month.number()))?;
        match self.skip {
            _ if !month.is_leap() => None,
            Skip::Omit => None,
            Skip::Backward => Some(regular),
            Skip::Forward if year.span.contains(regular.end()) => year.month_at(regular.end()),
            Skip::Forward => self.system.year(regular.end()).months.first().copied(),
        }
    }

    fn month_days_of(&self, month: MonthSpan, take: &mut impl FnMut(i32)) {
        for &number in &self.month_days {
            let span = (month.first, month.length);
            if let Some(day) = nth_day(span, number.into(), self.skip) {
                take(day);
            }
        }
    }

    fn weekdays_of(&self, year: &CalendarYear, month: MonthSpan, take: &mut impl FnMut(i32)) {
        for day in month.first..month.end() {
            if self.is_weekday(year, day) {
                take(day);
            }
        }
    }

    /// Whether a day is in a wanted month, where months only limit.
    fn is_in_months(&self, year: &CalendarYear, day: i32) -> bool {
        if self.months.is_empty() {
            return true;
        }
        if !year.span.contains(day) {
            return self.is_in_months(&self.system.year(day), day);
        }
        let mut found = false;
        self.each_month(year, &mut |month| {
            found |= month.first <= day && day < month.end();
        });
        found
    }

    fn is_year_day(&self, year: &CalendarYear, day: i32) -> bool {
        if self.year_days.is_empty() {
            return true;
        }
        if !year.span.contains(day) {
            return self.is_year_day(&self.system.year(day), day);
        }
        let span = (year.span.first, year.span.length);
        let named = |number: &i16| nth_day(span, (*number).into(), Skip::Omit) == Some(day);
        self.year_days.iter().any(named)
    }

    fn is_weekday(&self, year: &CalendarYear, day: i32) -> bool {
        if self.weekdays == ALL_WEEKDAYS && self.ordinals.is_empty() {
            return true;
        }
        let weekday = weekday_of(day);
        if self.weekdays >> weekday & 1 == 1 {
            return true;
        }
        if !self.ordinals.iter().any(|(_, named)| *named == weekday) {
            return false;
        }
        if !year.span.contains(day) {
            return self.is_weekday(&self.system.year(day), day);
        }
        let (first, length) = match (self.scope, year.month_at(day)) {
            (OrdinalScope::Month, Some(month)) => (month.first, month.length),
            _ => (year.span.first, year.span.length),
        };
        let from_start = (day - first) / 7 + 1;
        let from_end = (first + length - 1 - day) / 7 + 1;
        let is_nth = |nth: i8| i32::from(nth) == from_start || -i32::from(nth) == from_end;
        self.ordinals
            .iter()
            .any(|(nth, named)| *named == weekday && is_nth(*nth))
    }
}

/// The nth day of a span, negative from its end; where the span is too short,
/// the day that SKIP takes instead.
fn nth_day((first, length): (i32, i32), number: i32, skip: Skip) -> Option<i32> {
    let exists = number.abs() <= length;
    let end = first + length;
    match (number > 0, skip) {
        (true, _) if exists => Some(first + number - 1),
        (false, _) if exists => Some(end + number),
        (_, Skip::Omit) => None,
        (true, Skip::Backward) => Some(end - 1),
        (true, Skip::Forward) => Some(end),
        (false, Skip::Backward) => Some(first - 1),
        (false, Skip::Forward) => Some(first),
    }
}
