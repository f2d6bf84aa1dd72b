//! A literal, slow reading of RFC 5545 3.3.10 to compare with.
//!
//! Every day, or every hour, minute or second, of the horizon is looked at and
//! asked whether the rule's words fit it.

use cal_rrule::{Frequency, RRule, Weekday};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

/// All occurrences of a rule from its start up to a horizon, exclusive.
pub(crate) fn occurrences(
    rule: &RRule,
    start: NaiveDateTime,
    horizon: NaiveDateTime,
) -> Vec<NaiveDateTime> {
    let sets = if rule.frequency() < Frequency::Daily {
        sub_daily_sets(rule, start, horizon)
    } else {
        daily_sets(rule, start, horizon)
    };
    let mut all: Vec<_> = sets
        .into_iter()
        .flat_map(|set| positions(rule, set))
        .collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|time| *time >= start);
    if let Some(count) = rule.count() {
        all.truncate(usize::try_from(count).unwrap());
    }
    all.retain(|time| *time < horizon);
    if let Some(until) = rule.until() {
        let until = match until {
            cal_rrule::When::Date(date) => date.and_hms_opt(23, 59, 59).unwrap(),
            cal_rrule::When::Local(time) | cal_rrule::When::Utc(time) => time,
        };
        all.retain(|time| *time <= until);
    }
    all
}

fn positions(rule: &RRule, mut set: Vec<NaiveDateTime>) -> Vec<NaiveDateTime> {
    set.sort_unstable();
    set.dedup();
    if rule.by_set_pos().is_empty() {
        return set;
    }
    let size = i32::try_from(set.len()).unwrap();
    let mut picked = Vec::new();
    for position in rule.by_set_pos() {
        let position = i32::from(*position);
        let index = if position > 0 {
            position - 1
        } else {
            size + position
        };
        if (0..size).contains(&index) {
            picked.push(set[usize::try_from(index).unwrap()]);
        }
    }
    picked
}

/// The interval in which a day lies, as a number that grows by one.
fn interval_of(rule: &RRule, day: NaiveDate) -> i64 {
    match rule.frequency() {
        Frequency::Yearly if !rule.by_week_no().is_empty() => i64::from(week_of(rule, day).0),
        Frequency::Yearly => i64::from(day.year()),
        Frequency::Monthly => i64::from(day.year()) * 12 + i64::from(day.month0()),
        Frequency::Weekly => {
            let monday = i64::from(day.num_days_from_ce() - 1);
            let start = i64::from(rule.week_start().num_days_from_monday());
            (monday - start).div_euclid(7)
        }
        _ => i64::from(day.num_days_from_ce()),
    }
}

/// The week-based year and week number of a day: week 1 is the first with at
/// least four days in the year.
fn week_of(rule: &RRule, day: NaiveDate) -> (i32, i32) {
    let days_before =
        (7 + day.weekday().num_days_from_monday() - rule.week_start().num_days_from_monday()) % 7;
    // The fourth day of the week decides its year.
    let fourth = day - Days::new(u64::from(days_before)) + Days::new(3);
    (
        fourth.year(),
        i32::try_from(fourth.ordinal0() / 7 + 1).unwrap(),
    )
}

fn weeks_in(rule: &RRule, year: i32) -> i32 {
    let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
    (0..7)
        .map(|back| week_of(rule, last - Days::new(back)))
        .filter(|(week_year, _)| *week_year == year)
        .map(|(_, week)| week)
        .max()
        .unwrap()
}

fn daily_sets(
    rule: &RRule,
    start: NaiveDateTime,
    horizon: NaiveDateTime,
) -> Vec<Vec<NaiveDateTime>> {
    let base = interval_of(rule, start.date());
    // The whole of the first interval belongs to its set, also before the start.
    let mut day = start.date() - Days::new(400);
    let end = horizon.date() + Days::new(400);
    let mut sets: Vec<(i64, Vec<NaiveDateTime>)> = Vec::new();
    while day < end {
        let interval = interval_of(rule, day);
        if (interval - base).rem_euclid(i64::from(rule.interval())) == 0
            && interval >= base
            && day_fits(rule, start, day)
        {
            if sets.last().is_none_or(|(last, _)| *last != interval) {
                sets.push((interval, Vec::new()));
            }
            let times = times_of_day(rule, start);
            let set = &mut sets.last_mut().unwrap().1;
            set.extend(
                times
                    .iter()
                    .map(|(h, m, s)| day.and_hms_opt(*h, *m, *s).unwrap()),
            );
        }
        day = day + Days::new(1);
    }
    sets.into_iter().map(|(_, set)| set).collect()
}

fn or_start(values: &[u8], start: u32) -> Vec<u32> {
    if values.is_empty() {
        vec![start]
    } else {
        values
            .iter()
            .map(|value| u32::from(*value).min(59))
            .collect()
    }
}

fn times_of_day(rule: &RRule, start: NaiveDateTime) -> Vec<(u32, u32, u32)> {
    let mut times = Vec::new();
    for hour in or_start(rule.by_hour(), start.hour()) {
        for minute in or_start(rule.by_minute(), start.minute()) {
            for second in or_start(rule.by_second(), start.second()) {
                times.push((hour, minute, second));
            }
        }
    }
    times
}

fn listed(value: i32, size: i32, list: impl IntoIterator<Item = i32>) -> bool {
    // The nth from the end of `size` is written -n.
    list.into_iter()
        .any(|wanted| wanted == value || wanted == value - size - 1)
}

fn days_in_month(day: NaiveDate) -> i32 {
    let first = day.with_day(1).unwrap();
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap();
    i32::try_from((next - first).num_days()).unwrap()
}

fn days_in_year(year: i32) -> i32 {
    if NaiveDate::from_ymd_opt(year, 2, 29).is_some() {
        366
    } else {
        365
    }
}

fn day_fits(rule: &RRule, start: NaiveDateTime, day: NaiveDate) -> bool {
    let has_day = !(rule.by_day().is_empty()
        && rule.by_month_day().is_empty()
        && rule.by_year_day().is_empty()
        && rule.by_week_no().is_empty());
    let yearly = rule.frequency() == Frequency::Yearly;
    let month = i32::try_from(day.month()).unwrap();
    let month_day = i32::try_from(day.day()).unwrap();
    let year_day = i32::try_from(day.ordinal()).unwrap();
    let month_fits = if !rule.by_month().is_empty() {
        rule.by_month()
            .iter()
            .any(|wanted| i32::from(wanted.number()) == month)
    } else if yearly
        && rule.by_year_day().is_empty()
        && rule.by_week_no().is_empty()
        && (!has_day || !rule.by_month_day().is_empty())
    {
        day.month() == start.month()
    } else {
        true
    };
    let week_fits = rule.by_week_no().is_empty() || {
        let (year, week) = week_of(rule, day);
        listed(
            week,
            weeks_in(rule, year),
            rule.by_week_no().iter().map(|w| i32::from(*w)),
        )
    };
    let year_day_fits = rule.by_year_day().is_empty()
        || listed(
            year_day,
            days_in_year(day.year()),
            rule.by_year_day().iter().map(|d| i32::from(*d)),
        );
    let month_day_fits = if !rule.by_month_day().is_empty() {
        let days = rule.by_month_day().iter().map(|d| i32::from(*d));
        listed(month_day, days_in_month(day), days)
    } else if (yearly || rule.frequency() == Frequency::Monthly) && !has_day {
        day.day() == start.day()
    } else {
        true
    };
    let weekday_fits = if !rule.by_day().is_empty() {
        rule.by_day().iter().any(|wanted| {
            wanted.weekday() == day.weekday()
                && wanted
                    .ordinal()
                    .is_none_or(|nth| nth_fits(rule, day, i32::from(nth)))
        })
    } else if rule.frequency() == Frequency::Weekly
        || (!rule.by_week_no().is_empty()
            && rule.by_month_day().is_empty()
            && rule.by_year_day().is_empty())
    {
        day.weekday() == start.weekday()
    } else {
        true
    };
    month_fits && week_fits && year_day_fits && month_day_fits && weekday_fits
}

/// Whether a day is the nth of its weekday in the month or the year.
fn nth_fits(rule: &RRule, day: NaiveDate, nth: i32) -> bool {
    let in_month = rule.frequency() == Frequency::Monthly || !rule.by_month().is_empty();
    let (at, size) = if in_month {
        (i32::try_from(day.day()).unwrap(), days_in_month(day))
    } else {
        (
            i32::try_from(day.ordinal()).unwrap(),
            days_in_year(day.year()),
        )
    };
    if nth > 0 {
        (at - 1) / 7 + 1 == nth
    } else {
        (size - at) / 7 + 1 == -nth
    }
}

fn sub_daily_sets(
    rule: &RRule,
    start: NaiveDateTime,
    horizon: NaiveDateTime,
) -> Vec<Vec<NaiveDateTime>> {
    let length = match rule.frequency() {
        Frequency::Hourly => 3600,
        Frequency::Minutely => 60,
        _ => 1,
    };
    let step = TimeDelta::seconds(length * i64::from(rule.interval()));
    let mut slot = start;
    if length >= 60 {
        slot = slot.with_second(0).unwrap();
    }
    if length >= 3600 {
        slot = slot.with_minute(0).unwrap();
    }
    let mut sets = Vec::new();
    while slot < horizon {
        let hour_fits = rule.by_hour().is_empty() || has(rule.by_hour(), slot.hour());
        let minute_fits =
            length == 3600 || rule.by_minute().is_empty() || has(rule.by_minute(), slot.minute());
        let second_fits =
            length > 1 || rule.by_second().is_empty() || has(rule.by_second(), slot.second());
        if hour_fits && minute_fits && second_fits && day_fits(rule, start, slot.date()) {
            let minutes = match length {
                3600 => or_start(rule.by_minute(), start.minute()),
                _ => vec![slot.minute()],
            };
            let seconds = match length {
                1 => vec![slot.second()],
                _ => or_start(rule.by_second(), start.second()),
            };
            let mut set = Vec::new();
            for minute in &minutes {
                for second in &seconds {
                    set.push(
                        slot.date()
                            .and_hms_opt(slot.hour(), *minute, *second)
                            .unwrap(),
                    );
                }
            }
            sets.push(set);
        }
        slot += step;
    }
    sets
}

fn has(values: &[u8], value: u32) -> bool {
    values
        .iter()
        .any(|wanted| u32::from(*wanted).min(59) == value)
}

/// Used by the table of weekdays in the strategies.
pub(crate) const WEEKDAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];
