//! COUNT and UNTIL.

use super::{Case, Finding, FindingKind, UntilForm};
use crate::when::end_of;
use crate::{Frequency, Part, RecurrenceSet, Start, StartMember, When, Zone as _};

/// Up to which COUNT its end is looked for.
const COUNTED: u64 = 10_000;

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let rule = case.rule;
    let Some(until) = rule.until else {
        return;
    };
    if let Some((form, mended)) = mended(until, case.start) {
        let mut same = rule.clone();
        same.until = Some(mended);
        let kind = FindingKind::UntilForm(form);
        findings.push(Finding::new(kind, Part::Until).or_same(&same));
    }
    if rule.calendar().is_err() {
        return;
    }
    let ended = rule.clone().with_until(until);
    let set = RecurrenceSet::new(case.start.clone())
        .with_rule(ended.clone())
        .with_start_member(StartMember::IfGenerated);
    let would_match = || {
        case.generated(rule)
            .iter()
            .next()
            .is_some_and(|first| first.is_ok())
    };
    if set.iter().next().is_none() && would_match() {
        findings.push(Finding::new(FindingKind::UntilBeforeFirst, Part::Until));
    }
    if let Some(count) = rule.count {
        let finding = Finding::new(FindingKind::CountAndUntil, Part::Count);
        let walkable = count <= COUNTED && rule.frequency >= Frequency::Daily;
        // The start counts whether or not the rule generates it.
        let set = set.with_start_member(StartMember::Always);
        let occurrences = usize::try_from(count).ok().filter(|_| walkable);
        let first_to_end = occurrences.map(|count| {
            if set.iter().take(count).filter(Result::is_ok).count() < count {
                ended
            } else {
                rule.clone().with_count(rule.count.unwrap_or(1))
            }
        });
        findings.push(match first_to_end {
            Some(rule) => finding.or_same(&rule),
            None => finding,
        });
    }
}

/// The form that UNTIL should have, and its value in that form as
/// [`RecurrenceSet`] reads it.
fn mended(until: When, start: &Start) -> Option<(UntilForm, When)> {
    let mended = match (start, until) {
        (Start::Date(_), When::Date(_))
        | (Start::Floating(_), When::Local(_))
        | (Start::Utc(_) | Start::Zoned(..), When::Utc(_)) => return None,
        (Start::Date(_), When::Local(time)) => (UntilForm::Date, When::Date(time.date())),
        (Start::Date(_), When::Utc(time)) => {
            let date = time.date();
            let next = date
                .succ_opt()
                .filter(|_| chrono::Timelike::hour(&time) >= 12);
            (UntilForm::Date, When::Date(next.unwrap_or(date)))
        }
        (Start::Floating(_), When::Date(date)) => (UntilForm::Local, When::Local(end_of(date))),
        (Start::Floating(_), When::Utc(time)) => (UntilForm::Local, When::Local(time)),
        (Start::Utc(_), When::Date(date)) => (UntilForm::Utc, When::Utc(end_of(date))),
        (Start::Utc(_), When::Local(time)) => (UntilForm::Utc, When::Utc(time)),
        (Start::Zoned(_, zone), When::Date(date)) => {
            (UntilForm::Utc, When::Utc(zone.to_utc(end_of(date))))
        }
        (Start::Zoned(_, zone), When::Local(time)) => {
            (UntilForm::Utc, When::Utc(zone.to_utc(time)))
        }
    };
    Some(mended)
}
