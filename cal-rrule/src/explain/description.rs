//! What there is to say of a rule, before it is put into words.

use chrono::{NaiveTime, Weekday};

use crate::explain::{days, stated::Stated, times};
use crate::{Frequency, Month, Part, RRule, Rscale, Skip, Start, WeekdayNum, When};

/// A rule as a person thinks of it.
///
/// Rules that generate the same may share a description: `FREQ=WEEKLY` and
/// `FREQ=DAILY`, each with `BYDAY=MO`, are both a matter of days that are
/// Mondays. Lists are in the order of the rule's own.
///
/// ```
/// use cal_rrule::explain::Days;
/// use cal_rrule::{Frequency, RRule, Weekday};
///
/// let rule: RRule = "FREQ=YEARLY;BYDAY=MO".parse()?;
/// let description = rule.describe();
/// assert_eq!(description.frequency, Frequency::Daily);
/// assert_eq!(description.days, Days::Weekdays(vec![Weekday::Mon]));
/// # Ok::<(), cal_rrule::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The unit that repeats. It may be another than that of the rule: the
    /// one in which its days are best named.
    pub frequency: Frequency,
    /// Every how many units, from 1.
    pub interval: u32,
    /// Which days of a unit, or which days it is limited to.
    pub days: Days,
    /// Which months. In a unit of a year they hold the days; in a shorter one
    /// they limit them.
    pub months: Months,
    /// Which times of a day, or of a shorter unit.
    pub times: Times,
    /// BYSETPOS where [`Days`] does not say it already.
    pub picked: Option<Picked>,
    /// The first day of a week, where it decides something and is not Monday.
    pub week_start: Option<Weekday>,
    /// The calendar that the rule names.
    pub calendar: Option<Rscale>,
    /// What happens to dates that do not exist.
    pub skip: Skip,
    /// How many occurrences there are at most.
    pub count: Option<u64>,
    /// The inclusive end.
    pub until: Option<When>,
    /// From where an interval of more than one unit counts, if that is known.
    pub counted_from: Option<When>,
    /// Whether times are in UTC.
    pub utc: bool,
    /// The parts that the rule does not have and takes from its start.
    pub implied: Vec<Part>,
}

/// The days of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Days {
    /// All of them.
    Every,
    /// The day of the start, which is not known: its weekday in a week, its
    /// day in a month, its date in a year.
    OfStart,
    /// Each of some weekdays.
    Weekdays(Vec<Weekday>),
    /// Weekdays of which at least one is counted within the month or year.
    NthWeekdays(Vec<WeekdayNum>, OrdinalScope),
    /// The nth days of the unit that are any of some weekdays, such as the
    /// last day of the month from Monday to Friday.
    NthOf(Vec<i16>, Vec<Weekday>),
    /// Days of the month, counted from its end where negative.
    MonthDays(Vec<i8>),
    /// Days of the year, counted from its end where negative.
    YearDays(Vec<i16>),
    /// Weekdays of weeks of the year; no weekday stands for that of the start.
    OfWeeks(Vec<i8>, Vec<Weekday>),
    /// Days that fulfil several conditions at once.
    Matching(Vec<Condition>),
}

/// One of several conditions of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// It is one of these weekdays.
    Weekdays(Vec<Weekday>),
    /// It is one of these weekdays, some of them counted.
    NthWeekdays(Vec<WeekdayNum>, OrdinalScope),
    /// It is one of these days of the month.
    MonthDays(Vec<i8>),
    /// It is one of these days of the year.
    YearDays(Vec<i16>),
    /// It is in one of these weeks of the year.
    Weeks(Vec<i8>),
}

/// Within what weekdays are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrdinalScope {
    /// The second Monday of a month.
    Month,
    /// The twentieth Monday of a year.
    Year,
}

/// The months of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Months {
    /// All of them.
    Any,
    /// The month of the start, which is not known.
    OfStart,
    /// These.
    These(Vec<Month>),
}

/// The times of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Times {
    /// Nothing is known, or there are none since days are dates.
    Unsaid,
    /// These times of each day, at most eight, ascending.
    At {
        /// The times.
        times: Vec<NaiveTime>,
        /// Whether their seconds are part of what the rule says.
        to_the_second: bool,
    },
    /// Times of each day that are evenly spaced.
    Stepped {
        /// The minutes from one to the next.
        minutes: u32,
        /// The first.
        from: NaiveTime,
        /// The last.
        to: NaiveTime,
    },
    /// All combinations of hours, minutes and seconds. In a unit shorter than
    /// a day, what is not finer than the unit limits it, and an empty list is
    /// no limit. Otherwise an empty list is the value of the start, which is
    /// not known.
    Grid {
        /// Hours, 0 to 23.
        hours: Vec<u8>,
        /// Minutes, 0 to 59.
        minutes: Vec<u8>,
        /// Seconds, 0 to 59.
        seconds: Vec<u8>,
    },
}

/// Which occurrences of each unit are kept, where the others are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picked {
    /// Positions from 1, or from -1 for the last.
    pub positions: Vec<i16>,
    /// The unit within which they count: that of the rule.
    pub of_each: Frequency,
}

impl Description {
    pub(super) fn of(rule: &RRule, start: Option<&Start>) -> Self {
        let stated = Stated::of(rule, start);
        let days::Shape {
            frequency,
            days,
            months,
        } = days::shape(&stated);
        let picks = !rule.by_set_pos.is_empty() && !matches!(days, Days::NthOf(..));
        Self {
            frequency,
            interval: rule.interval,
            days,
            months,
            times: times::times(&stated),
            picked: picks.then(|| Picked {
                positions: rule.by_set_pos.clone(),
                of_each: rule.frequency,
            }),
            week_start: deciding_week_start(rule),
            calendar: rule.rscale.clone(),
            skip: rule.skip,
            count: rule.count,
            until: rule.until,
            counted_from: start.filter(|_| rule.interval > 1).map(form_of),
            utc: matches!(start, Some(Start::Utc(_))),
            implied: stated.implied,
        }
    }
}

fn form_of(start: &Start) -> When {
    match start {
        Start::Date(date) => When::Date(*date),
        Start::Utc(time) => When::Utc(*time),
        Start::Floating(time) | Start::Zoned(time, _) => When::Local(*time),
    }
}

fn deciding_week_start(rule: &RRule) -> Option<Weekday> {
    let weekly = rule.frequency == Frequency::Weekly;
    let counts_weeks = rule.interval > 1 && !rule.by_day.is_empty();
    let decides =
        !rule.by_week_no.is_empty() || weekly && (counts_weeks || !rule.by_set_pos.is_empty());
    (decides && rule.week_start != Weekday::Mon).then_some(rule.week_start)
}
