//! A rule with what it takes from its start filled in.

use chrono::{Datelike, Timelike, Weekday};

use crate::explain::OrdinalScope;
use crate::{Frequency, Month, Part, RRule, Start, WeekdayNum};

/// The parts of a rule that name days and times, as they hold with its start.
pub(crate) struct Stated<'a> {
    pub(crate) rule: &'a RRule,
    pub(crate) months: Vec<Month>,
    pub(crate) month_days: Vec<i8>,
    pub(crate) weekdays: Vec<WeekdayNum>,
    pub(crate) hours: Vec<u8>,
    pub(crate) minutes: Vec<u8>,
    /// Second 60 is read as 59 (RFC 5545 3.3.12).
    pub(crate) seconds: Vec<u8>,
    pub(crate) scope: OrdinalScope,
    pub(crate) has_start: bool,
    pub(crate) implied: Vec<Part>,
}

impl<'a> Stated<'a> {
    pub(crate) fn of(rule: &'a RRule, start: Option<&Start>) -> Self {
        let in_month = rule.frequency == Frequency::Monthly || !rule.by_month.is_empty();
        let mut seconds: Vec<u8> = rule.by_second.iter().map(|s| (*s).min(59)).collect();
        seconds.dedup();
        let mut stated = Self {
            rule,
            months: rule.by_month.clone(),
            month_days: rule.by_month_day.clone(),
            weekdays: rule.by_day.clone(),
            hours: rule.by_hour.clone(),
            minutes: rule.by_minute.clone(),
            seconds,
            scope: if in_month {
                OrdinalScope::Month
            } else {
                OrdinalScope::Year
            },
            has_start: start.is_some(),
            implied: Vec::new(),
        };
        match start {
            Some(Start::Date(_)) => {
                stated.hours.clear();
                stated.minutes.clear();
                stated.seconds.clear();
            }
            Some(start) => stated.fill_in_times(start),
            None => {}
        }
        if let Some(start) = start {
            stated.fill_in_days(start);
        }
        stated
    }

    /// Takes from the start the time of day that the rule leaves open.
    fn fill_in_times(&mut self, start: &Start) {
        let time = start.local().time();
        let mut fill = |part, values: &mut Vec<u8>, value: u32| {
            if values.is_empty() {
                values.extend(u8::try_from(value));
                self.implied.push(part);
            }
        };
        if self.rule.frequency > Frequency::Hourly {
            fill(Part::ByHour, &mut self.hours, time.hour());
        }
        if self.rule.frequency > Frequency::Minutely {
            fill(Part::ByMinute, &mut self.minutes, time.minute());
        }
        // A whole minute goes without saying.
        if self.rule.frequency > Frequency::Secondly && time.second() > 0 {
            fill(Part::BySecond, &mut self.seconds, time.second());
        }
    }

    /// Takes from the start what the rule leaves open of the date.
    fn fill_in_days(&mut self, start: &Start) {
        let (rule, date) = (self.rule, start.local().date());
        let no_day = rule.by_day.is_empty() && rule.by_month_day.is_empty();
        let in_weeks = !rule.by_week_no.is_empty();
        let yearly = rule.frequency == Frequency::Yearly && rule.by_year_day.is_empty();
        let weekly = rule.frequency == Frequency::Weekly;
        if no_day && (weekly || yearly && in_weeks) {
            self.weekdays.push(WeekdayNum::every(date.weekday()));
            self.implied.push(Part::ByDay);
        }
        let in_years = yearly && !in_weeks;
        let Some((month, day)) = rule.month_and_day(date) else {
            return;
        };
        if no_day && (rule.frequency == Frequency::Monthly || in_years) {
            self.month_days.push(day);
            self.implied.push(Part::ByMonthDay);
        }
        if in_years && rule.by_month.is_empty() && !self.month_days.is_empty() {
            self.months.push(month);
            self.implied.push(Part::ByMonth);
        }
    }

    /// The weekdays, where none of them is counted.
    pub(crate) fn plain_weekdays(&self) -> Option<Vec<Weekday>> {
        let plain = |day: &WeekdayNum| day.ordinal().is_none().then_some(day.weekday());
        self.weekdays.iter().map(plain).collect()
    }
}
