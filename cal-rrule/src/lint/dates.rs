//! Days that not every month or year has.

use super::{Case, Finding, FindingKind, allowed, gcd};
use crate::explain::Stated;
use crate::{Frequency, Month, Part, RRule, Skip};

/// The days of each month, in a leap year.
const LENGTHS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let rule = case.rule;
    if !rule.is_gregorian() || has_no_occurrence(findings) {
        return;
    }
    if names_week_53(rule) {
        findings.push(Finding::new(FindingKind::LongYearsOnly, Part::ByWeekNo));
    }
    if rule.skip != Skip::Omit {
        return;
    }
    let stated = Stated::of(rule, Some(case.start));
    if let Some(part) = leap_years_only(rule, &stated) {
        findings.push(Finding::new(FindingKind::LeapYearsOnly, part));
    } else if rule.frequency == Frequency::Monthly && rule.by_month.is_empty() {
        findings.extend(months_left_out(case, &stated));
    }
}

fn has_no_occurrence(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| {
        matches!(
            finding.kind,
            FindingKind::NeverMatches
                | FindingKind::StepsOver
                | FindingKind::BeyondCalendar
                | FindingKind::NotFound
        )
    })
}

pub(super) fn names_week_53(rule: &RRule) -> bool {
    rule.by_week_no.iter().any(|week| week.abs() == 53)
}

/// The part that makes all occurrences lie in leap years.
pub(super) fn leap_years_only(rule: &RRule, stated: &Stated<'_>) -> Option<Part> {
    let year_days = &rule.by_year_day;
    if !year_days.is_empty() && year_days.iter().all(|day| day.abs() == 366) {
        return Some(Part::ByYearDay);
    }
    let february = stated.months == [Month::new(2)];
    let month_days = &stated.month_days;
    let leap_days = !month_days.is_empty() && month_days.iter().all(|day| day.abs() == 29);
    (february && leap_days).then_some(Part::ByMonthDay)
}

/// The months that a monthly rule reaches and that have none of its days.
fn months_left_out(case: &Case<'_>, stated: &Stated<'_>) -> Option<Finding> {
    let shortest = stated
        .month_days
        .iter()
        .map(|day| day.unsigned_abs())
        .min()?;
    let first = chrono::Datelike::month0(&case.start.local().date());
    let reached = |month: u32| {
        let every = gcd(case.rule.interval.into(), 12);
        u64::from(month + 12 - first).is_multiple_of(every)
    };
    let missing = |(_, length): &(u32, u8)| *length < shortest;
    let months: Vec<Month> = (0..)
        .zip(LENGTHS)
        .filter(|(month, _)| reached(*month))
        .filter(missing)
        .filter_map(|(month, _)| u8::try_from(month + 1).ok().map(Month::new))
        .collect();
    let february_of_common_years = shortest == 29 && reached(1);
    if months.is_empty() && !february_of_common_years {
        return None;
    }
    let kind = FindingKind::MonthsLeftOut {
        months,
        february_of_common_years,
    };
    let finding = Finding::new(kind, Part::ByMonthDay);
    Some(match last_day_instead(case.rule, stated) {
        Some(rule) => finding.or_perhaps(&rule),
        None => finding,
    })
}

/// The rule with the last day of a month where the month is too short.
fn last_day_instead(rule: &RRule, stated: &Stated<'_>) -> Option<RRule> {
    let &[day @ 29..=31] = stated.month_days.as_slice() else {
        return None;
    };
    let times = [&rule.by_hour, &rule.by_minute, &rule.by_second];
    let once_a_day = times.iter().all(|values| values.len() <= 1);
    if !rule.by_day.is_empty() || !rule.by_set_pos.is_empty() || !once_a_day {
        return None;
    }
    let mut last = rule.clone();
    if day == 31 {
        last.by_month_day = vec![-1];
    } else {
        last.by_month_day = (28..=day).collect();
        last.by_set_pos = vec![-1];
    }
    allowed(&last)
}
