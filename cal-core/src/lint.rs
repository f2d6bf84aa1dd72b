//! The linter: everything in a calendar text that breaks a rule or is likely
//! not what was meant, each with its place and, where it is safe, a fix.

mod alarms;
mod declared;
mod fix;
mod instances;
mod lines;
mod recurrence;
mod status;
mod texts;
mod timing;
mod zones;

use crate::{
    Calendar, Component, Components, Fault, Position, Property, Reader, Rule, Severity, TimeZones,
};

pub use fix::{Fix, apply_fixes};

/// One thing that [`check`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    rule: Rule,
    position: Position,
    message: String,
    fix: Option<Fix>,
}

impl Finding {
    fn new(rule: Rule, position: Position) -> Self {
        Finding {
            rule,
            position,
            message: rule.to_string(),
            fix: None,
        }
    }

    fn at(rule: Rule, property: &Property<'_>) -> Self {
        let finding = Finding::new(rule, property.value_position());
        finding.about(&property.raw_value())
    }

    fn of(rule: Rule, component: Component<'_>) -> Self {
        Finding::new(
            rule,
            Position {
                line: component.line(),
                column: 1,
            },
        )
    }

    /// Adds the offending text to the message, cut to a few dozen bytes.
    fn about(mut self, text: &str) -> Self {
        if !text.is_empty() {
            let text = crate::fault::quoted(text.as_bytes());
            self.message = format!("{}: {text:?}", self.rule);
        }
        self
    }

    /// The rule that is broken.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// The stable name of the rule.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.rule.code()
    }

    /// The section that states the rule; empty where none does.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.rule.section()
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }

    /// Physical line, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.position.line
    }

    /// Character in the line, from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.position.column
    }

    /// What is wrong, in words, with the offending text.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The change that mends it and alters nothing else, if there is one.
    #[must_use]
    pub fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }
}

impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        Finding {
            rule: fault.rule(),
            position: fault.position(),
            message: fault.message(),
            fix: None,
        }
    }
}

/// All that is wrong with a calendar as it would be printed, in the order of its text. What is a
/// matter of style alone is left out; see [`check_down_to`].
///
/// ```
/// use cal_core::{Calendar, check};
///
/// let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:1\r\n\
///             DTSTAMP:20260101T000000Z\r\nDTSTART:20260301\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// let findings = check(&Calendar::read(text).calendar);
/// assert_eq!(findings[0].code(), "date-without-value");
/// assert_eq!((findings[0].line(), findings[0].column()), (7, 9));
/// ```
#[must_use]
pub fn check(calendar: &Calendar) -> Vec<Finding> {
    check_down_to(calendar, Severity::Hint)
}

/// Like [`check`], with all findings of a severity and those that matter more:
/// from [`Severity::Style`] on they include what could be said more plainly.
#[must_use]
pub fn check_down_to(calendar: &Calendar, lowest: Severity) -> Vec<Finding> {
    // Read anew: places and fixes are those of the text as it is now.
    let text = calendar.to_bytes();
    let reading = Reader::new().read(text.clone());
    let calendar = &reading.calendar;
    let utf_16 = calendar.tree.received.is_some();
    let faults = reading
        .warnings
        .into_iter()
        .filter(|fault| fault.rule() != Rule::BadRecur);
    let mut findings: Vec<Finding> = faults.map(Finding::from).collect();
    if !utf_16 {
        lines::check(&text, &mut findings);
        fix::attach(calendar, &mut findings);
    }
    let zones = TimeZones::of(calendar);
    let excessive = zones::excessive(calendar, &zones);
    each_component(calendar, |component| {
        for property in component.properties() {
            texts::check(&property, &mut findings);
            declared::check(&property, &mut findings);
            zones::check_property(&property, &zones, &excessive, &mut findings);
            recurrence::check_grammar(&property, &mut findings);
            status::check(component, &property, &mut findings);
        }
        timing::check(component, &mut findings);
        recurrence::check_meaning(component, &zones, &mut findings);
        alarms::check(component, &mut findings);
    });
    zones::check_definitions(calendar, &excessive, &mut findings);
    zones::check_differences(calendar, &zones, &mut findings);
    instances::check(calendar, &mut findings);
    findings.retain(|finding| finding.severity() >= lowest);
    if utf_16 {
        // Places in the text are not those of its bytes.
        findings.iter_mut().for_each(|finding| finding.fix = None);
    }
    findings.sort_by_key(|finding| finding.position);
    findings
}

/// Calls back for every component at any depth, in the order of the text.
fn each_component(calendar: &Calendar, mut visit: impl FnMut(Component<'_>)) {
    let mut stack: Vec<Components<'_>> = vec![calendar.roots()];
    while let Some(components) = stack.last_mut() {
        if let Some(component) = components.next() {
            visit(component);
            stack.push(component.components());
        } else {
            stack.pop();
        }
    }
}
