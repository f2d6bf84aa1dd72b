//! How many occurrences there are in a day.

use chrono::TimeDelta;

use super::{Case, Finding, FindingKind};
use crate::{Part, Start, When, Zone as _};

/// The most occurrences of a day that are counted: its seconds.
const SECONDS: u32 = 86_400;

pub(super) fn check(case: &Case<'_>, per_day: u32, findings: &mut Vec<Finding>) {
    let rule = case.rule;
    let sub_daily = rule.frequency.is_sub_daily();
    if case.is_date() {
        if sub_daily {
            findings.push(Finding::new(FindingKind::SubDailyDates, Part::Freq));
        }
        return;
    }
    if sub_daily && !rule.is_bounded() {
        findings.push(Finding::new(FindingKind::EndlessSubDaily, Part::Freq));
    }
    let few = rule.count.is_some_and(|count| count <= u64::from(per_day));
    if per_day >= SECONDS || few {
        return;
    }
    let set = case.generated(rule);
    let Some(Ok(first)) = set.local_times(..).next() else {
        return;
    };
    let Some(end) = first.checked_add_signed(TimeDelta::days(1)) else {
        return;
    };
    // UNTIL may end it within that day.
    let until = match (rule.until, case.start) {
        (Some(When::Utc(until)), Start::Zoned(_, zone)) => Some(zone.to_local(until)),
        (until, _) => until.map(When::wall_clock),
    };
    let end = until.map_or(end, |until| end.min(until));
    let most = usize::try_from(per_day).unwrap_or(usize::MAX);
    let more = set.local_times(first..end).nth(most);
    if matches!(more, Some(Ok(_))) {
        findings.push(Finding::new(FindingKind::ManyADay(per_day), None));
    }
}
