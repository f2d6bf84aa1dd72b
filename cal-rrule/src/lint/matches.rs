//! Whether a rule, and each of its values, ever matches.

use chrono::NaiveDateTime;

use super::dates::{leap_years_only, names_week_53};
use super::{Case, Finding, FindingKind, gcd};
use crate::explain::Stated;
use crate::{Error, Frequency, Part, RRule};

/// How many values of a list are tried one by one.
const TRIED: usize = 64;

/// How many where years do not repeat and each takes long.
const TRIED_ELSEWHERE: usize = 13;

/// From how many years on, the time between occurrences is long.
const LONG: i64 = 5;

/// The most years from one leap year to the next; years of 53 weeks are closer.
const LEAP_YEARS_APART: i64 = 8;

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let set = case.generated(case.rule);
    let mut times = set.local_times(..);
    match times.next() {
        None => findings.push(Finding::new(never(case), None)),
        Some(Err(Error::UnsupportedCalendar { .. } | Error::CalendarNotBuiltIn { .. })) => {
            let kind = FindingKind::UnsupportedCalendar;
            findings.push(Finding::new(kind, Part::Rscale));
        }
        Some(Err(Error::PastYear9999)) => {
            findings.push(Finding::new(FindingKind::BeyondCalendar, None));
        }
        Some(Err(_)) => findings.push(Finding::new(FindingKind::NotFound, None)),
        Some(Ok(first)) => {
            if first != case.start.local() {
                findings.push(Finding::new(FindingKind::StartNotInRule(first), None));
            }
            check_values(case, findings);
            if case.rule.count != Some(1)
                && let Some(Ok(second)) = times.next()
            {
                findings.extend(rarity(case, first, second));
            }
        }
    }
}

/// Why nothing is generated.
fn never(case: &Case<'_>) -> FindingKind {
    let mut each = case.rule.clone();
    each.interval = 1;
    if case.rule.interval > 1 && case.generated(&each).local_times(..).next().is_some() {
        FindingKind::StepsOver
    } else {
        FindingKind::NeverMatches
    }
}

/// A long time from the first occurrence to the second, which neither INTERVAL
/// nor leap years and years of 53 weeks explain.
fn rarity(case: &Case<'_>, first: NaiveDateTime, second: NaiveDateTime) -> Option<Finding> {
    let rule = case.rule;
    let days_of_unit = match rule.frequency {
        Frequency::Yearly => 366,
        Frequency::Monthly => 31,
        Frequency::Weekly => 7,
        _ => 1,
    };
    let by_interval = 2 * days_of_unit * i64::from(rule.interval);
    let stated = Stated::of(rule, Some(case.start));
    let by_year = match (leap_years_only(rule, &stated), names_week_53(rule)) {
        (None, false) => LONG * 365,
        _ => LEAP_YEARS_APART * 366,
    };
    let days = (second - first).num_days();
    let years = u32::try_from(days / 365).ok();
    let years = years.filter(|_| days > by_interval.max(by_year))?;
    Some(Finding::new(FindingKind::Rare(years), None))
}

/// Values of lists that never match. What a list generates is what each of its
/// values generates, taken together, unless BYSETPOS picks from all.
fn check_values(case: &Case<'_>, findings: &mut Vec<Finding>) {
    if !case.rule.by_set_pos.is_empty() {
        return;
    }
    let rule = case.rule;
    let by_date = |part| {
        let mut days = rule.clone();
        if rule.frequency.is_sub_daily() {
            // The days alone: the times of a step are judged below.
            days.interval = 1;
            days.by_hour.clear();
            days.by_minute.clear();
            days.by_second.clear();
        }
        useless(&days, part, |rule| {
            case.generated(rule).local_times(..).next().is_none()
        })
    };
    let parts = [
        Part::ByDay,
        Part::ByMonthDay,
        Part::ByYearDay,
        Part::ByWeekNo,
        Part::ByMonth,
    ];
    for part in parts {
        report(case, part, &by_date(part), findings);
    }
    if rule.frequency.is_sub_daily() && !case.is_date() {
        let met = |part| useless(rule, part, |rule| !is_met(rule, case.start.local()));
        for part in [Part::ByHour, Part::ByMinute, Part::BySecond] {
            report(case, part, &met(part), findings);
        }
    }
}

/// The values of a list, by their index, with which alone the rule is useless.
fn useless(rule: &RRule, part: Part, is_useless: impl Fn(&RRule) -> bool) -> Vec<usize> {
    let length = length(rule, part);
    let most = if rule.is_gregorian() {
        TRIED
    } else {
        TRIED_ELSEWHERE
    };
    if !(2..=most).contains(&length) {
        return Vec::new();
    }
    (0..length)
        .filter(|index| {
            let mut one = rule.clone();
            retain(&mut one, part, |other| other == *index);
            is_useless(&one)
        })
        .collect()
}

fn report(case: &Case<'_>, part: Part, useless: &[usize], findings: &mut Vec<Finding>) {
    if useless.is_empty() || useless.len() == length(case.rule, part) {
        return;
    }
    let mut rest = case.rule.clone();
    retain(&mut rest, part, |index| !useless.contains(&index));
    let all = values(case.rule, part);
    let named = useless.iter().filter_map(|index| all.get(*index).cloned());
    let kind = FindingKind::ValuesNeverMatch(named.collect());
    findings.push(Finding::new(kind, part).or_same(&rest));
}

/// Whether the steps of a rule shorter than a day ever meet the values of its
/// lists, as far as a list by itself can tell.
fn is_met(rule: &RRule, start: NaiveDateTime) -> bool {
    let unit = match rule.frequency {
        Frequency::Hourly => 3600,
        Frequency::Minutely => 60,
        _ => 1,
    };
    let step = unit * u64::from(rule.interval);
    let time = chrono::Timelike::num_seconds_from_midnight(&start.time());
    let begun = u64::from(time) / unit * unit;
    // Steps of `step` seconds on a circle of `around` seconds meet every
    // `gcd(step, around)`th of them; is one in the value's stretch?
    let meets = |values: &[u8], top: u8, around: u64, stretch: u64| {
        let every = gcd(step, around);
        let offset = begun % every;
        values.iter().any(|value| {
            let from = u64::from((*value).min(top)) * stretch;
            let until_next = (every + offset - from % every) % every;
            until_next < stretch
        })
    };
    let minutes_limit = rule.frequency < Frequency::Hourly && !rule.by_minute.is_empty();
    let seconds_limit = rule.frequency < Frequency::Minutely && !rule.by_second.is_empty();
    (rule.by_hour.is_empty() || meets(&rule.by_hour, 23, 86_400, 3600))
        && (!minutes_limit || meets(&rule.by_minute, 59, 3600, 60))
        && (!seconds_limit || meets(&rule.by_second, 59, 60, 1))
}

fn length(rule: &RRule, part: Part) -> usize {
    match part {
        Part::BySecond => rule.by_second.len(),
        Part::ByMinute => rule.by_minute.len(),
        Part::ByHour => rule.by_hour.len(),
        Part::ByDay => rule.by_day.len(),
        Part::ByMonthDay => rule.by_month_day.len(),
        Part::ByYearDay => rule.by_year_day.len(),
        Part::ByWeekNo => rule.by_week_no.len(),
        Part::ByMonth => rule.by_month.len(),
        _ => 0,
    }
}

fn values(rule: &RRule, part: Part) -> Vec<String> {
    fn all<T: ToString>(values: &[T]) -> Vec<String> {
        values.iter().map(ToString::to_string).collect()
    }
    match part {
        Part::BySecond => all(&rule.by_second),
        Part::ByMinute => all(&rule.by_minute),
        Part::ByHour => all(&rule.by_hour),
        Part::ByDay => all(&rule.by_day),
        Part::ByMonthDay => all(&rule.by_month_day),
        Part::ByYearDay => all(&rule.by_year_day),
        Part::ByWeekNo => all(&rule.by_week_no),
        Part::ByMonth => all(&rule.by_month),
        _ => Vec::new(),
    }
}

/// Leaves in a list only values at some indexes.
fn retain(rule: &mut RRule, part: Part, keep: impl Fn(usize) -> bool) {
    fn of<T>(values: &mut Vec<T>, keep: impl Fn(usize) -> bool) {
        let mut index = 0;
        values.retain(|_| {
            index += 1;
            keep(index - 1)
        });
    }
    match part {
        Part::BySecond => of(&mut rule.by_second, keep),
        Part::ByMinute => of(&mut rule.by_minute, keep),
        Part::ByHour => of(&mut rule.by_hour, keep),
        Part::ByDay => of(&mut rule.by_day, keep),
        Part::ByMonthDay => of(&mut rule.by_month_day, keep),
        Part::ByYearDay => of(&mut rule.by_year_day, keep),
        Part::ByWeekNo => of(&mut rule.by_week_no, keep),
        Part::ByMonth => of(&mut rule.by_month, keep),
        _ => {}
    }
}
