//! Recurrence rules: their grammar, and whether they fit their DTSTART.

use cal_rrule::{RRule, When};

use super::Finding;
use crate::{Component, Moment, Property, PropertyKind, Rule, ValueType};

pub(super) fn check_grammar(property: &Property<'_>, findings: &mut Vec<Finding>) {
    if property.value_type() != ValueType::Recur {
        return;
    }
    let raw = property.raw_value();
    for problem in RRule::parse_lenient(&raw).problems {
        let mut finding = Finding::at(Rule::BadRecur, property);
        finding.message = format!("{}: {problem}", Rule::BadRecur);
        findings.push(finding);
    }
    if property.kind() == PropertyKind::ExRule {
        findings.push(Finding::at(Rule::Deprecated, property));
    }
}

pub(super) fn check_meaning(component: Component<'_>, findings: &mut Vec<Finding>) {
    if component.is_override() {
        let recurs = |kind| matches!(kind, PropertyKind::RRule | PropertyKind::RDate);
        let rule = component
            .properties()
            .find(|property| recurs(property.kind()));
        findings.extend(rule.map(|rule| Finding::at(Rule::RecurringOverride, &rule)));
        return;
    }
    let mut rules = component.recurrence_rules();
    let first = rules.next();
    findings.extend(
        rules
            .next()
            .map(|second| Finding::at(Rule::SeveralRules, &second)),
    );
    let start = component
        .first(PropertyKind::DtStart)
        .map(|property| property.moment());
    let (Some(property), start) = (first, start) else {
        return;
    };
    let Some(Ok(start)) = start else {
        if start.is_none() {
            findings.push(Finding::at(Rule::RuleWithoutStart, &property));
        }
        return;
    };
    exceptions(component, &start, findings);
    if let Some(rule) = RRule::parse_lenient(&property.raw_value()).rule {
        findings.extend(until_type(&rule, &start).map(|found| Finding::at(found, &property)));
        findings.extend(membership(&rule, &start).map(|found| Finding::at(found, &property)));
    }
}

/// UNTIL is of the type of DTSTART, and in UTC unless DTSTART is floating (RFC 5545 3.3.10).
fn until_type(rule: &RRule, start: &Moment) -> Option<Rule> {
    let fits = matches!(
        (rule.until()?, start),
        (When::Date(_), Moment::Date(_))
            | (When::Local(_), Moment::Floating(_))
            | (When::Utc(_), Moment::Utc(_) | Moment::Zoned { .. })
    );
    (!fits).then_some(Rule::UntilType)
}

/// Whether the rule generates its start, or anything at all.
fn membership(rule: &RRule, start: &Moment) -> Option<Rule> {
    let unbounded = rule.clone().without_bound();
    match unbounded.expand(start.local()).ok()?.next() {
        None => Some(Rule::NeverMatches),
        Some(Ok(first)) if first != start.local() => Some(Rule::StartNotInRule),
        Some(_) => None,
    }
}

/// EXDATE and RDATE are of the type of DTSTART.
fn exceptions(component: Component<'_>, start: &Moment, findings: &mut Vec<Finding>) {
    for property in component.all(PropertyKind::ExDate) {
        let dates = property.date_times().unwrap_or_default();
        if dates.iter().any(|date| date.is_date() != start.is_date()) {
            findings.push(Finding::at(Rule::ExDateType, &property));
        }
    }
}
