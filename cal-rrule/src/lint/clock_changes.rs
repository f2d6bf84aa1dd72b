//! Occurrences at times that the clock of a zone skips or shows twice
//! (RFC 5545 3.3.5).

use chrono::{Days, NaiveDateTime, TimeDelta};

use super::{Case, Finding, FindingKind, Linter};
use crate::{Frequency, RRule, RecurrenceSet, Start, StartMember, When, Zone};

/// How many spans of one offset are looked at: more than any zone has in 50
/// years, and about ten years where a zone only tells day by day.
const SPANS: usize = 4000;

/// Up to which COUNT its end is looked for.
const COUNTED: u64 = 10_000;

pub(super) fn check(case: &Case<'_>, linter: &Linter, findings: &mut Vec<Finding>) {
    let Start::Zoned(local, zone) = case.start else {
        return;
    };
    let Some(set) = walkable(case.rule, zone.as_ref(), *local) else {
        return;
    };
    let begin = zone.to_utc(*local);
    let from = linter.from.map_or(begin, |from| from.max(begin));
    let Some(end) = from.checked_add_days(Days::new(u64::from(linter.years) * 366)) else {
        return;
    };
    let (mut skipped, mut ambiguous) = (Vec::new(), Vec::new());
    for change in changes(zone.as_ref(), from, end) {
        let (times, room) = if change.skips {
            (&mut skipped, linter.listed)
        } else {
            (&mut ambiguous, linter.listed)
        };
        let room = room.saturating_sub(times.len());
        let found = set.local_times(change.first..change.end);
        times.extend(found.map_while(Result::ok).take(room));
        if skipped.len() >= linter.listed && ambiguous.len() >= linter.listed {
            break;
        }
    }
    if !skipped.is_empty() {
        findings.push(Finding::new(FindingKind::Skipped(skipped), None));
    }
    if !ambiguous.is_empty() {
        findings.push(Finding::new(FindingKind::Ambiguous(ambiguous), None));
    }
}

/// The series on the wall clock, where its end is quickly found.
fn walkable(rule: &RRule, zone: &dyn Zone, start: NaiveDateTime) -> Option<RecurrenceSet> {
    let far = rule.count.is_some_and(|count| count > COUNTED);
    if rule.count.is_some() && (far || rule.frequency < Frequency::Daily) {
        return None;
    }
    let mut rule = rule.clone();
    if let Some(When::Utc(until)) = rule.until {
        rule.until = Some(When::Local(zone.to_local(until)));
    }
    let set = RecurrenceSet::new(start).with_rule(rule);
    Some(set.with_start_member(StartMember::Always))
}

/// Local times that a change of the offset skips, or shows twice.
struct Change {
    skips: bool,
    first: NaiveDateTime,
    /// Exclusive.
    end: NaiveDateTime,
}

/// The changes of a zone's offset from an instant on and before another.
fn changes(
    zone: &dyn Zone,
    from: NaiveDateTime,
    end: NaiveDateTime,
) -> impl Iterator<Item = Change> {
    // A change just before is at local times that are still to come.
    let mut at = from.checked_sub_days(Days::new(1)).unwrap_or(from);
    let spans = std::iter::from_fn(move || {
        let span = zone.span_at(at);
        if span.end >= end || span.end <= at {
            return None;
        }
        at = span.end;
        let after = zone.offset_at(at);
        Some((at, span.offset, after))
    });
    let changes = spans
        .take(SPANS)
        .filter(|(_, before, after)| before != after);
    changes.filter_map(move |(at, before, after)| {
        let local = |offset: i32| at.checked_add_signed(TimeDelta::seconds(offset.into()));
        let (first, end) = (local(before.min(after))?, local(before.max(after))?);
        Some(Change {
            skips: after > before,
            first,
            end,
        })
    })
}
