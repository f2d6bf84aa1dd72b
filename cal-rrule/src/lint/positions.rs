//! BYSETPOS: how large the sets are that it picks from.

use super::{Case, Finding, FindingKind};
use crate::{Frequency, Part, RRule};

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let largest = largest_set(case);
    let rule = case.rule;
    let beyond: Vec<i16> = rule
        .by_set_pos
        .iter()
        .copied()
        .filter(|position| u32::from(position.unsigned_abs()) > largest)
        .collect();
    if beyond.is_empty() {
        return;
    }
    let mut rest = rule.clone();
    rest.by_set_pos
        .retain(|position| !beyond.contains(position));
    let all = rest.by_set_pos.is_empty();
    let kind = FindingKind::PositionsBeyondSet {
        positions: beyond,
        largest,
    };
    let finding = Finding::new(kind, Part::BySetPos);
    findings.push(if all { finding } else { finding.or_same(&rest) });
}

/// The most occurrences that the set of one interval can have.
pub(super) fn largest_set(case: &Case<'_>) -> u32 {
    let rule = case.rule;
    let listed = |values: &[u8]| match values.len() {
        0 => 1,
        _ if case.is_date() => 1,
        length => size(length),
    };
    let (hours, minutes, seconds) = (
        listed(&rule.by_hour),
        listed(&rule.by_minute),
        listed(&rule.by_second),
    );
    match rule.frequency {
        Frequency::Secondly => 1,
        Frequency::Minutely => seconds,
        Frequency::Hourly => minutes * seconds,
        _ => hours * minutes * seconds * largest_days(rule),
    }
}

/// The most days that one interval can have: no more than each of its lists
/// allows.
fn largest_days(rule: &RRule) -> u32 {
    match rule.frequency {
        Frequency::Weekly => size(rule.by_day.len().max(1)),
        Frequency::Monthly => {
            let weekdays = (!rule.by_day.is_empty()).then(|| weekdays(rule, 5, 1));
            let days = (!rule.by_month_day.is_empty()).then(|| size(rule.by_month_day.len()));
            [weekdays, days].into_iter().flatten().min().unwrap_or(1)
        }
        // The year of weeks may hold a date twice, but not a week.
        Frequency::Yearly if !rule.by_week_no.is_empty() => {
            let of_week = match rule.by_day.len() {
                0 => 7,
                weekdays => size(weekdays),
            };
            size(rule.by_week_no.len()) * of_week
        }
        Frequency::Yearly => largest_days_of_year(rule),
        _ => 1,
    }
}

fn largest_days_of_year(rule: &RRule) -> u32 {
    // The longest years have 385 days in 13 months.
    let (most_months, weeks) = if rule.is_gregorian() {
        (12, 53)
    } else {
        (13, 55)
    };
    let months = match rule.by_month.len() {
        0 => most_months,
        months => size(months),
    };
    let weekdays = (!rule.by_day.is_empty()).then(|| {
        if rule.by_month.is_empty() {
            weekdays(rule, weeks, 1)
        } else {
            weekdays(rule, 5 * months, months)
        }
    });
    let month_days =
        (!rule.by_month_day.is_empty()).then(|| size(rule.by_month_day.len()) * months);
    let year_days = (!rule.by_year_day.is_empty()).then(|| size(rule.by_year_day.len()));
    let bounds = [weekdays, month_days, year_days];
    bounds.into_iter().flatten().min().unwrap_or(months)
}

/// How many days BYDAY can name: each plain weekday so often, each counted one
/// in so many months or years.
fn weekdays(rule: &RRule, of_plain: u32, of_counted: u32) -> u32 {
    let counted = rule.by_day.iter().filter(|day| day.ordinal().is_some());
    let counted = size(counted.count());
    (size(rule.by_day.len()) - counted) * of_plain + counted * of_counted
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
