//! Parts that can be taken away without a change.

use chrono::Datelike as _;

use super::positions::largest_set;
use super::{Case, Finding, FindingKind};
use crate::weekday::WEEKDAYS;
use crate::{Frequency, Part, RRule, Skip, Weekday};

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let rule = case.rule;
    if rule.calendar().is_err() {
        return;
    }
    let gregorian = rule.is_gregorian();
    if case.is_date() {
        for part in [Part::ByHour, Part::ByMinute, Part::BySecond] {
            let mut rest = rule.clone();
            if take_away(&mut rest, part) && rule.frequency >= Frequency::Daily {
                let finding = Finding::new(FindingKind::TimesOfDates, part);
                findings.push(finding.or_same(&rest));
            }
        }
    }
    for (part, has_none) in [
        (Part::Wkst, week_start_has_none(case)),
        (Part::ByDay, weekdays_have_none(rule)),
        (Part::ByMonth, gregorian && months_have_none(rule)),
        (Part::ByMonthDay, month_days_have_none(rule)),
        (
            Part::ByHour,
            !case.is_date() && times_have_none(rule, Part::ByHour),
        ),
        (
            Part::ByMinute,
            !case.is_date() && times_have_none(rule, Part::ByMinute),
        ),
        (
            Part::BySecond,
            !case.is_date() && times_have_none(rule, Part::BySecond),
        ),
        (Part::BySetPos, positions_have_none(case)),
        (
            Part::Skip,
            rule.skip != Skip::Omit && rule.frequency < Frequency::Monthly,
        ),
        (
            Part::Rscale,
            gregorian && rule.rscale.is_some() && rule.skip == Skip::Omit,
        ),
    ] {
        let mut rest = rule.clone();
        if has_none && take_away(&mut rest, part) {
            findings.push(Finding::new(FindingKind::NoEffect, part).or_same(&rest));
        }
    }
}

/// Takes a part away; says whether it was there.
fn take_away(rule: &mut RRule, part: Part) -> bool {
    let before = rule.clone();
    match part {
        Part::Wkst => rule.week_start = Weekday::Mon,
        Part::ByDay => rule.by_day.clear(),
        Part::ByMonth => rule.by_month.clear(),
        Part::ByMonthDay => rule.by_month_day.clear(),
        Part::ByHour => rule.by_hour.clear(),
        Part::ByMinute => rule.by_minute.clear(),
        Part::BySecond => rule.by_second.clear(),
        Part::BySetPos => rule.by_set_pos.clear(),
        Part::Skip => rule.skip = Skip::Omit,
        Part::Rscale => rule.rscale = None,
        _ => {}
    }
    *rule != before
}

/// Weeks matter where they are counted or numbered, or hold sets.
fn week_start_has_none(case: &Case<'_>) -> bool {
    let rule = case.rule;
    let own_day = case.start.local().weekday();
    let on_own_day = rule.by_day.iter().all(|day| day.weekday() == own_day);
    let weekly = rule.frequency == Frequency::Weekly;
    let counts = rule.interval > 1 && !on_own_day || !rule.by_set_pos.is_empty();
    rule.by_week_no.is_empty() && !(weekly && counts)
}

/// All seven weekdays, in a rule whose days are named by something else.
fn weekdays_have_none(rule: &RRule) -> bool {
    let has = |weekday: &Weekday| {
        rule.by_day
            .iter()
            .any(|day| day.ordinal().is_none() && day.weekday() == *weekday)
    };
    let limits = match rule.frequency {
        Frequency::Weekly => false,
        Frequency::Monthly | Frequency::Yearly => {
            !rule.by_month_day.is_empty() || !rule.by_year_day.is_empty()
        }
        _ => true,
    };
    limits && WEEKDAYS.iter().all(has)
}

/// All twelve months, in a rule whose days are named by something else.
fn months_have_none(rule: &RRule) -> bool {
    let counted = rule.by_day.iter().any(|day| day.ordinal().is_some());
    let limits = match rule.frequency {
        Frequency::Yearly => {
            (!rule.by_year_day.is_empty() || !rule.by_week_no.is_empty()) && !counted
        }
        _ => true,
    };
    limits && rule.by_month.len() == 12
}

/// All days of the month, counted from either end.
fn month_days_have_none(rule: &RRule) -> bool {
    let limits = match rule.frequency {
        Frequency::Monthly => !rule.by_day.is_empty(),
        Frequency::Weekly | Frequency::Yearly => false,
        _ => true,
    };
    let all = |sign: i8| (1..=31).all(|day| rule.by_month_day.contains(&(day * sign)));
    limits && (all(1) || all(-1))
}

/// All hours, minutes or seconds of a rule that steps through them.
fn times_have_none(rule: &RRule, part: Part) -> bool {
    match part {
        Part::ByHour => rule.frequency <= Frequency::Hourly && rule.by_hour.len() == 24,
        Part::ByMinute => rule.frequency <= Frequency::Minutely && rule.by_minute.len() == 60,
        _ => {
            let seconds = rule.by_second.iter().filter(|second| **second < 60);
            rule.frequency == Frequency::Secondly && seconds.count() == 60
        }
    }
}

/// The first or last of sets that have one member.
fn positions_have_none(case: &Case<'_>) -> bool {
    let picks = |position: &i16| position.abs() == 1;
    case.rule.by_set_pos.iter().any(picks) && largest_set(case) == 1
}
