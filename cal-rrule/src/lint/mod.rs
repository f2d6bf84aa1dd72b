//! Rules that are allowed and likely not what was meant (RFC 5545 3.3.10,
//! 3.8.5.3).
//!
//! A finding is true of every occurrence, not a guess from the looks of the
//! rule: what is said never to happen is proven by arithmetic or by the
//! engine, and what is said to have no effect can be taken away.

mod clock_changes;
mod dates;
mod effect;
mod end;
mod finding;
mod matches;
mod pace;
mod positions;
mod written;

use chrono::NaiveDateTime;

pub use finding::{Finding, FindingKind, Level, Suggestion, UntilForm};

use crate::{RRule, RecurrenceSet, Start, StartMember};

/// Looks for what is likely not meant in a rule and its start.
///
/// It is bounded: it searches as far as the engine does, and not at all where
/// that could be long.
///
/// ```
/// use cal_rrule::lint::Linter;
/// use cal_rrule::{RRule, Start};
/// use chrono::NaiveDate;
///
/// let start = Start::Date(NaiveDate::from_ymd_opt(2026, 1, 31).unwrap());
/// let rule: RRule = "FREQ=MONTHLY".parse()?;
/// let findings = Linter::new().check(&rule, &start);
/// assert_eq!(findings[0].name(), "months-left-out");
/// let suggestion = findings[0].suggestion().unwrap();
/// assert_eq!(suggestion.rule().to_string(), "FREQ=MONTHLY;BYMONTHDAY=-1");
/// # Ok::<(), cal_rrule::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Linter {
    from: Option<NaiveDateTime>,
    years: u16,
    listed: usize,
    per_day: u32,
}

impl Default for Linter {
    fn default() -> Self {
        Self {
            from: None,
            years: 5,
            listed: 3,
            per_day: 96,
        }
    }
}

impl Linter {
    /// A linter that looks for changes of the clock in the five years from the
    /// start, names three occurrences of a kind, and finds more than 96
    /// occurrences a day many.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looking for changes of the clock from an instant in UTC on, where that
    /// is after the start.
    #[must_use]
    pub fn with_from(mut self, utc: NaiveDateTime) -> Self {
        self.from = Some(utc);
        self
    }

    /// Looking for changes of the clock within so many years, at most 50.
    #[must_use]
    pub fn with_years(mut self, years: u16) -> Self {
        self.years = years.min(50);
        self
    }

    /// Naming so many occurrences at a change of the clock.
    #[must_use]
    pub fn with_listed(mut self, occurrences: usize) -> Self {
        self.listed = occurrences;
        self
    }

    /// Finding more than so many occurrences a day many.
    #[must_use]
    pub fn with_per_day(mut self, occurrences: u32) -> Self {
        self.per_day = occurrences;
        self
    }

    /// What is to be said of a rule and its start, the gravest first.
    #[must_use]
    pub fn check(&self, rule: &RRule, start: &Start) -> Vec<Finding> {
        let case = Case { rule, start };
        let mut findings = Vec::new();
        matches::check(&case, &mut findings);
        positions::check(&case, &mut findings);
        end::check(&case, &mut findings);
        dates::check(&case, &mut findings);
        pace::check(&case, self.per_day, &mut findings);
        clock_changes::check(&case, self, &mut findings);
        effect::check(&case, &mut findings);
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level()));
        findings
    }

    /// Like [`Linter::check`] for a rule as it is written: findings have their
    /// place in the text, and what canonical form would leave out is found as
    /// well. What the RFC forbids is not repeated here; see
    /// [`RRule::parse_lenient`].
    #[must_use]
    pub fn check_text(&self, text: &str, start: &Start) -> Vec<Finding> {
        let Some(rule) = RRule::parse_lenient(text).rule else {
            return Vec::new();
        };
        let mut findings = self.check(&rule, start);
        written::check(text, &rule, &mut findings);
        for finding in &mut findings {
            written::locate(text, finding);
        }
        findings
    }

    /// What is to be said of each rule of a set: the number of the rule, from
    /// 0, and the finding.
    #[must_use]
    pub fn check_set(&self, set: &RecurrenceSet) -> Vec<(usize, Finding)> {
        let rules = set.rules().iter().enumerate();
        rules
            .flat_map(|(number, rule)| {
                let findings = self.check(rule, set.start());
                findings.into_iter().map(move |finding| (number, finding))
            })
            .collect()
    }
}

impl RRule {
    /// What is likely not meant in the rule, given its start; shorthand for
    /// [`Linter::check`].
    #[must_use]
    pub fn lint(&self, start: &Start) -> Vec<Finding> {
        Linter::new().check(self, start)
    }
}

/// A rule with its start.
struct Case<'a> {
    rule: &'a RRule,
    start: &'a Start,
}

impl Case<'_> {
    fn is_date(&self) -> bool {
        matches!(self.start, Start::Date(_))
    }

    /// What a rule generates from the start on the wall clock, without COUNT
    /// and UNTIL.
    fn generated(&self, rule: &RRule) -> RecurrenceSet {
        let start = match self.start {
            Start::Date(date) => Start::Date(*date),
            start => Start::Floating(start.local()),
        };
        RecurrenceSet::new(start)
            .with_rule(rule.clone().without_bound())
            .with_start_member(StartMember::IfGenerated)
    }
}

/// The rule, if the RFC allows it.
fn allowed(rule: &RRule) -> Option<RRule> {
    rule.to_string().parse().ok()
}

/// The greatest common divisor: steps of `a` around a circle of `b` meet every
/// so manyth place.
fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
