//! Recurrence rules: their grammar, and what they mean with their DTSTART.

use cal_rrule::lint::{FindingKind, Linter, Suggestion};
use cal_rrule::{RRule, Start};

use super::Finding;
use crate::{
    Component, ComponentKind, Moment, Property, PropertyKind, Rule, TimeZones, ValueType, ZoneRules,
};

/// How many rules of one component are looked at.
const RULES: usize = 16;

/// The longest rule that a message suggests, in bytes.
const SUGGESTED: usize = 200;

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

pub(super) fn check_meaning(
    component: Component<'_>,
    zones: &TimeZones,
    findings: &mut Vec<Finding>,
) {
    if component.is_override() {
        let recurs = |kind| matches!(kind, PropertyKind::RRule | PropertyKind::RDate);
        let rule = component
            .properties()
            .find(|property| recurs(property.kind()));
        findings.extend(rule.map(|rule| Finding::at(Rule::RecurringOverride, &rule)));
        return;
    }
    let mut rules = component.recurrence_rules().take(RULES).peekable();
    let Some(first) = rules.peek().copied() else {
        return;
    };
    let start = component
        .first(PropertyKind::DtStart)
        .map(|property| property.moment());
    let Some(Ok(start)) = start else {
        if start.is_none() {
            findings.push(Finding::at(Rule::RuleWithoutStart, &first));
        }
        return;
    };
    exceptions(component, &start, findings);
    let context = Context::of(component, &start, zones);
    for (number, property) in rules.enumerate() {
        if number == 1 {
            findings.push(Finding::at(Rule::SeveralRules, &property));
        }
        context.check(&property, number == 0, findings);
    }
}

/// What the rules of a component start from.
struct Context {
    start: Start,
    /// Whether the zone of the start is known.
    is_resolved: bool,
    /// Whether it is known without a guess.
    is_certain: bool,
    /// Whether they are those of a time zone, which end in UTC although their
    /// start is local (RFC 5545 3.6.5).
    is_observance: bool,
}

impl Context {
    fn of(component: Component<'_>, start: &Moment, zones: &TimeZones) -> Self {
        let is_observance = matches!(
            component.kind(),
            ComponentKind::Standard | ComponentKind::Daylight
        );
        let zone = start.tzid().and_then(|tzid| zones.resolve(tzid.as_str()));
        let is_resolved = zone.is_some() || start.tzid().is_none();
        let is_certain = is_resolved && zone.as_ref().is_none_or(|zone| zone.source.is_certain());
        let start = match start {
            _ if is_observance => Start::Utc(start.local()),
            Moment::Date(date) => Start::Date(*date),
            Moment::Floating(local) => Start::Floating(*local),
            Moment::Utc(utc) => Start::Utc(*utc),
            Moment::Zoned { local, .. } => {
                let rules = zone.map_or_else(ZoneRules::utc, |zone| zone.rules);
                Start::zoned(*local, rules)
            }
        };
        Self {
            start,
            is_resolved,
            is_certain,
            is_observance,
        }
    }

    /// The fix of an UNTIL of the wrong type, where there is one thing alone
    /// that it can mean: an instant is no date and no floating time without a
    /// zone that nobody names.
    fn until_fix(
        &self,
        property: &Property<'_>,
        found: &cal_rrule::lint::Finding,
    ) -> Option<super::Fix> {
        let (FindingKind::UntilForm(_), Some(Suggestion::Same(same))) =
            (found.kind(), found.suggestion())
        else {
            return None;
        };
        let is_plain = match self.start {
            Start::Date(_) | Start::Floating(_) => {
                !until_of(&property.raw_value())?.ends_with(['Z', 'z'])
            }
            Start::Utc(_) | Start::Zoned(..) => self.is_certain && !self.is_observance,
        };
        let same = same.to_string();
        let until = until_of(&same).filter(|_| is_plain)?;
        super::fix::until(property, until)
    }

    fn check(&self, property: &Property<'_>, is_first: bool, findings: &mut Vec<Finding>) {
        let text = property.raw_value();
        for found in Linter::new().check_text(&text, &self.start) {
            let applies = match found.kind() {
                // Another rule may generate it.
                FindingKind::StartNotInRule(_) => is_first,
                FindingKind::UntilForm(_) | FindingKind::NeverMatches | FindingKind::StepsOver => {
                    true
                }
                FindingKind::UntilBeforeFirst => self.is_resolved && !self.is_observance,
                _ => !self.is_observance,
            };
            let Some(rule) = rule_of(found.kind()).filter(|_| applies) else {
                continue;
            };
            let mut finding = Finding::at(rule, property);
            finding.message = message(rule, &found);
            finding.fix = self.until_fix(property, &found);
            findings.push(finding);
        }
    }
}

/// The UNTIL of a rule.
fn until_of(rule: &str) -> Option<&str> {
    let mut parts = rule.split(';').filter_map(|part| part.split_once('='));
    let (_, until) = parts.find(|(name, _)| name.eq_ignore_ascii_case("UNTIL"))?;
    Some(until)
}

/// What was found, with the rule to take instead.
fn message(rule: Rule, found: &cal_rrule::lint::Finding) -> String {
    let said = match found.kind() {
        FindingKind::StartNotInRule(first) => format!("{rule}; what it generates first is {first}"),
        _ => found.to_string(),
    };
    let (joint, rule) = match found.suggestion() {
        Some(Suggestion::Same(same)) => ("the same is", same.to_string()),
        Some(Suggestion::Perhaps(meant)) => ("perhaps what is meant is", meant.to_string()),
        _ => return said,
    };
    if rule.len() > SUGGESTED {
        return said;
    }
    format!("{said}; {joint} {rule}")
}

/// The rule of the format for a finding of the linter of rules; none for what
/// the grammar forbids, which is told already.
fn rule_of(kind: &FindingKind) -> Option<Rule> {
    Some(match kind {
        FindingKind::NeverMatches => Rule::NeverMatches,
        FindingKind::StepsOver => Rule::StepsOver,
        FindingKind::BeyondCalendar => Rule::BeyondCalendar,
        FindingKind::NotFound => Rule::HardlyMatches,
        FindingKind::ValuesNeverMatch(_) => Rule::ValueNeverMatches,
        FindingKind::PositionsBeyondSet { .. } => Rule::PositionBeyondSet,
        FindingKind::StartNotInRule(_) => Rule::StartNotInRule,
        FindingKind::UntilForm(_) => Rule::UntilType,
        FindingKind::UntilBeforeFirst => Rule::UntilBeforeFirst,
        FindingKind::TimesOfDates => Rule::TimesOfDates,
        FindingKind::SubDailyDates => Rule::SubDailyDates,
        FindingKind::MonthsLeftOut { .. } => Rule::MonthsLeftOut,
        FindingKind::LeapYearsOnly => Rule::LeapYearsOnly,
        FindingKind::LongYearsOnly => Rule::LongYearsOnly,
        FindingKind::Rare(_) => Rule::OccursRarely,
        FindingKind::Skipped(_) => Rule::SkippedTime,
        FindingKind::Ambiguous(_) => Rule::AmbiguousTime,
        FindingKind::ManyADay(_) => Rule::ManyADay,
        FindingKind::EndlessSubDaily => Rule::EndlessSubDaily,
        FindingKind::UnsupportedCalendar => Rule::UnsupportedCalendar,
        FindingKind::NoEffect => Rule::NoEffect,
        FindingKind::Default => Rule::ExplicitDefault,
        FindingKind::Duplicates(_) => Rule::DuplicateValue,
        _ => return None,
    })
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
