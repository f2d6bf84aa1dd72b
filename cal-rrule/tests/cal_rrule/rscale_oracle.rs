//! A literal, slow reading of RFC 7529 to compare with: the days of a calendar
//! are written out one by one and looked at one by one.

use cal_rrule::{Frequency, Month, RRule, Skip, WeekdayNum};
use chrono::{Datelike, Days, NaiveDate};
use icu_calendar::cal::hijri::{
    TabularAlgorithm, TabularAlgorithmEpoch, TabularAlgorithmLeapYears,
};
use icu_calendar::cal::{
    ChineseTraditional, Coptic, Ethiopian, Hebrew, Hijri, Indian, KoreanTraditional, Persian,
};
use icu_calendar::types::RataDie;
use icu_calendar::{AnyCalendar, Date, Ref};

const CIVIL: TabularAlgorithm = TabularAlgorithm::new(
    TabularAlgorithmLeapYears::TypeII,
    TabularAlgorithmEpoch::Friday,
);
const TABULAR: TabularAlgorithm = TabularAlgorithm::new(
    TabularAlgorithmLeapYears::TypeII,
    TabularAlgorithmEpoch::Thursday,
);

/// The calendars, by the names that rules have for them.
pub(crate) const CALENDARS: [(&str, AnyCalendar); 10] = [
    ("CHINESE", AnyCalendar::Chinese(ChineseTraditional::new())),
    ("COPTIC", AnyCalendar::Coptic(Coptic)),
    ("DANGI", AnyCalendar::Dangi(KoreanTraditional::new())),
    ("ETHIOPIC", AnyCalendar::Ethiopian(Ethiopian::new())),
    ("HEBREW", AnyCalendar::Hebrew(Hebrew)),
    ("INDIAN", AnyCalendar::Indian(Indian)),
    ("ISLAMIC-CIVIL", AnyCalendar::HijriTabular(Hijri(CIVIL))),
    ("ISLAMIC-TBLA", AnyCalendar::HijriTabular(Hijri(TABULAR))),
    (
        "ISLAMIC-UMALQURA",
        AnyCalendar::HijriUmmAlQura(Hijri::new_umm_al_qura()),
    ),
    ("PERSIAN", AnyCalendar::Persian(Persian)),
];

/// A day as its calendar has it.
#[derive(Clone, Copy, Debug)]
struct Day {
    date: NaiveDate,
    year: i32,
    /// The months before it since the first day that was written out.
    months_before: i64,
    month: Month,
    month_day: i32,
    days_in_month: i32,
    year_day: i32,
    days_in_year: i32,
}

/// All days of a calendar in whole years around two dates.
struct Almanac {
    days: Vec<Day>,
}

impl Almanac {
    fn new(calendar: &AnyCalendar, from: NaiveDate, to: NaiveDate) -> Self {
        let mut days: Vec<Day> = Vec::new();
        let mut date = from - Days::new(1200);
        while date < to + Days::new(1200) {
            let rata_die = RataDie::new(i64::from(date.num_days_from_ce()));
            let read = Date::from_rata_die(rata_die, Ref(calendar));
            let month = read.month();
            let month_day = i32::from(read.day_of_month().0);
            let next_month = i64::from(month_day == 1);
            days.push(Day {
                date,
                year: read.year().extended_year(),
                months_before: days.last().map_or(0, |day| day.months_before) + next_month,
                month: if month.to_input().is_leap() {
                    Month::leap(month.number())
                } else {
                    Month::new(month.number())
                },
                month_day,
                days_in_month: read.days_in_month().into(),
                year_day: read.day_of_year().0.into(),
                days_in_year: read.days_in_year().into(),
            });
            date = date + Days::new(1);
        }
        Self { days }
    }

    fn day(&self, date: NaiveDate) -> Day {
        let at = (date - self.days[0].date).num_days();
        self.days[usize::try_from(at).unwrap()]
    }

    fn months(&self, year: i32) -> Vec<(i32, Month)> {
        let of_year = self.days.iter().filter(|day| day.year == year);
        let firsts = of_year.filter(|day| day.month_day == 1);
        firsts.map(|day| (year, day.month)).collect()
    }

    fn has_month(&self, year: i32, month: Month) -> bool {
        self.days
            .iter()
            .any(|day| day.year == year && day.month == month)
    }

    /// The number and the year of the month after one.
    fn following(&self, year: i32, month: Month) -> (i32, Month) {
        let last = self
            .days
            .iter()
            .rfind(|day| day.year == year && day.month == month);
        let next = self.day(last.unwrap().date + Days::new(1));
        (next.year, next.month)
    }
}

/// All dates of a rule of days or more from its start up to a horizon.
pub(crate) fn dates(
    rule: &RRule,
    calendar: &AnyCalendar,
    start: NaiveDate,
    horizon: NaiveDate,
) -> Vec<NaiveDate> {
    let almanac = Almanac::new(calendar, start, horizon);
    let first = almanac.day(start);
    let units = match rule.skip() {
        _ if rule.frequency() < Frequency::Monthly => fitting(rule, &almanac, first),
        Skip::Omit => fitting(rule, &almanac, first),
        _ => moved(rule, &almanac, first),
    };
    let mut dates: Vec<_> = units
        .into_iter()
        .flat_map(|set| picked(rule, set))
        .collect();
    dates.sort_unstable();
    dates.dedup();
    dates.retain(|date| start <= *date && *date < horizon);
    dates
}

fn picked(rule: &RRule, mut set: Vec<NaiveDate>) -> Vec<NaiveDate> {
    set.sort_unstable();
    set.dedup();
    if rule.by_set_pos().is_empty() {
        return set;
    }
    let from_end = |position: usize| set.len().checked_sub(position);
    let at = |position: &i16| {
        let index = usize::from(position.unsigned_abs());
        let index = if *position > 0 {
            Some(index - 1)
        } else {
            from_end(index)
        };
        index.and_then(|index| set.get(index).copied())
    };
    rule.by_set_pos().iter().filter_map(at).collect()
}

/// The interval in which a day lies, as a number that grows by one.
fn interval_of(rule: &RRule, almanac: &Almanac, day: Day) -> i64 {
    match rule.frequency() {
        Frequency::Yearly if !rule.by_week_no().is_empty() => {
            i64::from(week_of(rule, almanac, day).0)
        }
        Frequency::Yearly => day.year.into(),
        Frequency::Monthly => day.months_before,
        Frequency::Weekly => {
            let monday = i64::from(day.date.num_days_from_ce() - 1);
            let start = i64::from(rule.week_start().num_days_from_monday());
            (monday - start).div_euclid(7)
        }
        _ => day.date.num_days_from_ce().into(),
    }
}

/// The year of weeks and the number of the week: week 1 is the first with at
/// least four days in the year.
fn week_of(rule: &RRule, almanac: &Almanac, day: Day) -> (i32, i32) {
    let weekday = day.date.weekday().num_days_from_monday();
    let before = (7 + weekday - rule.week_start().num_days_from_monday()) % 7;
    // The fourth day of the week decides its year.
    let fourth = almanac.day(day.date - Days::new(before.into()) + Days::new(3));
    (fourth.year, (fourth.year_day - 1) / 7 + 1)
}

fn weeks_in(rule: &RRule, almanac: &Almanac, day: Day) -> i32 {
    let year = week_of(rule, almanac, day).0;
    let mut last = day;
    loop {
        let next = almanac.day(last.date + Days::new(7));
        if week_of(rule, almanac, next).0 != year {
            return week_of(rule, almanac, last).1;
        }
        last = next;
    }
}

/// Days one by one, each asked whether it fits.
fn fitting(rule: &RRule, almanac: &Almanac, first: Day) -> Vec<Vec<NaiveDate>> {
    let base = interval_of(rule, almanac, first);
    let mut sets: Vec<(i64, Vec<NaiveDate>)> = Vec::new();
    // Far enough from the ends that weeks and years are whole.
    let inner = &almanac.days[500..almanac.days.len() - 500];
    for day in inner {
        let interval = interval_of(rule, almanac, *day);
        let distance = interval - base;
        let takes_part = distance >= 0 && distance % i64::from(rule.interval()) == 0;
        if takes_part && fits(rule, almanac, first, *day) {
            if sets.last().is_none_or(|(last, _)| *last != interval) {
                sets.push((interval, Vec::new()));
            }
            sets.last_mut().unwrap().1.push(day.date);
        }
    }
    sets.into_iter().map(|(_, set)| set).collect()
}

fn listed(value: i32, size: i32, list: impl IntoIterator<Item = i32>) -> bool {
    // The nth from the end of `size` is written -n.
    list.into_iter()
        .any(|wanted| wanted == value || wanted == value - size - 1)
}

/// The months and days of the month that a rule has or takes from its start.
fn stated(rule: &RRule, first: Day) -> (Vec<Month>, Vec<i32>) {
    let mut months = rule.by_month().to_vec();
    let mut days: Vec<i32> = rule.by_month_day().iter().map(|d| i32::from(*d)).collect();
    let yearly = rule.frequency() == Frequency::Yearly
        && rule.by_year_day().is_empty()
        && rule.by_week_no().is_empty();
    let no_day = days.is_empty() && rule.by_day().is_empty();
    if no_day && (yearly || rule.frequency() == Frequency::Monthly) {
        days.push(first.month_day);
    }
    if yearly && months.is_empty() && !days.is_empty() {
        months.push(first.month);
    }
    (months, days)
}

fn fits(rule: &RRule, almanac: &Almanac, first: Day, day: Day) -> bool {
    let (months, month_days) = stated(rule, first);
    let week_fits = rule.by_week_no().is_empty() || {
        let weeks = rule.by_week_no().iter().map(|week| i32::from(*week));
        let week = week_of(rule, almanac, day).1;
        listed(week, weeks_in(rule, almanac, day), weeks)
    };
    week_fits
        && (months.is_empty() || months.contains(&day.month))
        && (month_days.is_empty() || listed(day.month_day, day.days_in_month, month_days))
        && year_day_fits(rule, day)
        && weekday_fits(rule, first, day)
}

fn year_day_fits(rule: &RRule, day: Day) -> bool {
    let days = rule.by_year_day().iter().map(|day| i32::from(*day));
    rule.by_year_day().is_empty() || listed(day.year_day, day.days_in_year, days)
}

fn weekday_fits(rule: &RRule, first: Day, day: Day) -> bool {
    let by_start = rule.frequency() == Frequency::Weekly
        || !rule.by_week_no().is_empty()
            && rule.by_month_day().is_empty()
            && rule.by_year_day().is_empty();
    if rule.by_day().is_empty() {
        return !by_start || day.date.weekday() == first.date.weekday();
    }
    let in_month = rule.frequency() == Frequency::Monthly || !rule.by_month().is_empty();
    let (at, size) = if in_month {
        (day.month_day, day.days_in_month)
    } else {
        (day.year_day, day.days_in_year)
    };
    let is_nth = |nth: i8| match i32::from(nth) {
        nth if nth > 0 => (at - 1) / 7 + 1 == nth,
        nth => (size - at) / 7 + 1 == -nth,
    };
    let fits = |wanted: &WeekdayNum| {
        wanted.weekday() == day.date.weekday() && wanted.ordinal().is_none_or(is_nth)
    };
    rule.by_day().iter().any(fits)
}

/// Dates by name, with those that do not exist moved: first the month, then the
/// day.
fn moved(rule: &RRule, almanac: &Almanac, first: Day) -> Vec<Vec<NaiveDate>> {
    let (months, month_days) = stated(rule, first);
    let mut units: Vec<(i64, i32, Option<Month>)> = Vec::new();
    for day in &almanac.days[500..almanac.days.len() - 500] {
        let interval = interval_of(rule, almanac, *day) - interval_of(rule, almanac, first);
        let month = (rule.frequency() == Frequency::Monthly).then_some(day.month);
        let unit = (interval, day.year, month);
        if interval >= 0
            && interval % i64::from(rule.interval()) == 0
            && units.last() != Some(&unit)
        {
            units.push(unit);
        }
    }
    let set_of = |(_, year, month): (i64, i32, Option<Month>)| {
        let months: Vec<(i32, Month)> = match month {
            Some(month) if months.is_empty() || months.contains(&month) => vec![(year, month)],
            Some(_) => Vec::new(),
            None if months.is_empty() => almanac.months(year),
            None => (months.iter())
                .filter_map(|month| moved_month(rule, almanac, year, *month))
                .collect(),
        };
        let mut set = Vec::new();
        for (year, month) in months {
            let of_month = |day: &&Day| day.year == year && day.month == month;
            let mut all = almanac.days.iter().filter(of_month);
            if month_days.is_empty() {
                set.extend(all.map(|day| day.date));
                continue;
            }
            let last = all.next_back().unwrap();
            for day in &month_days {
                set.extend(moved_day(rule, *last, *day));
            }
        }
        set.retain(|date| weekday_fits(rule, first, almanac.day(*date)));
        set
    };
    units.into_iter().map(set_of).collect()
}

fn moved_month(rule: &RRule, almanac: &Almanac, year: i32, month: Month) -> Option<(i32, Month)> {
    if almanac.has_month(year, month) {
        return Some((year, month));
    }
    let regular = Month::new(month.number());
    if !month.is_leap() || !almanac.has_month(year, regular) {
        return None;
    }
    match rule.skip() {
        Skip::Omit => None,
        Skip::Backward => Some((year, regular)),
        Skip::Forward => Some(almanac.following(year, regular)),
    }
}

fn moved_day(rule: &RRule, last: Day, number: i32) -> Option<NaiveDate> {
    let length = last.days_in_month;
    let at = |day: i32| {
        let back = i64::from(length - day);
        last.date - chrono::TimeDelta::days(back)
    };
    let exists = number.abs() <= length;
    match (number > 0, rule.skip()) {
        (true, _) if exists => Some(at(number)),
        (false, _) if exists => Some(at(length + 1 + number)),
        (_, Skip::Omit) => None,
        (true, Skip::Backward) => Some(at(length)),
        (true, Skip::Forward) => Some(at(length + 1)),
        (false, Skip::Backward) => Some(at(0)),
        (false, Skip::Forward) => Some(at(1)),
    }
}
