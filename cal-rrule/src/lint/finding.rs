//! What the linter finds.

use std::fmt;
use std::ops::Range;

use chrono::NaiveDateTime;

use crate::explain::english::month_list;
use crate::{Month, Part, RRule};

/// How many values a sentence lists.
const SAID: usize = 8;

/// One thing that is likely not meant, with the part that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) kind: FindingKind,
    pub(super) part: Option<Part>,
    pub(super) span: Option<Range<usize>>,
    pub(super) suggestion: Option<Suggestion>,
}

impl Finding {
    pub(super) fn new(kind: FindingKind, part: impl Into<Option<Part>>) -> Self {
        Self {
            kind,
            part: part.into(),
            span: None,
            suggestion: None,
        }
    }

    /// With a rule of the same occurrences, where the RFC allows it.
    pub(super) fn or_same(mut self, rule: &RRule) -> Self {
        self.suggestion = super::allowed(rule).map(Suggestion::Same);
        self
    }

    /// With a rule that may be meant instead, where the RFC allows it.
    pub(super) fn or_perhaps(mut self, rule: &RRule) -> Self {
        self.suggestion = super::allowed(rule).map(Suggestion::Perhaps);
        self
    }

    /// What was found.
    #[must_use]
    pub const fn kind(&self) -> &FindingKind {
        &self.kind
    }

    /// The stable name of what was found, in lower case with hyphens.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind.name()
    }

    /// How much it matters.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.kind.level()
    }

    /// The section of the RFC that it is about, such as `RFC 5545 3.3.10`.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        self.kind.section()
    }

    /// The part that it is about; `None` where it is the whole rule, or its
    /// start.
    #[must_use]
    pub const fn part(&self) -> Option<Part> {
        self.part
    }

    /// Where the value of the part stands, in bytes from the start of the
    /// text; `None` for a rule without text, or a part that it does not have.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }

    /// Another rule to take instead.
    #[must_use]
    pub const fn suggestion(&self) -> Option<&Suggestion> {
        self.suggestion.as_ref()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.say(self.part, f)
    }
}

/// A rule to take instead of the one that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suggestion {
    /// It has the same occurrences, and says so more plainly.
    Same(RRule),
    /// It has other occurrences, which may be the ones that are meant.
    Perhaps(RRule),
}

impl Suggestion {
    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> &RRule {
        match self {
            Self::Same(rule) | Self::Perhaps(rule) => rule,
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// It could be said more plainly.
    Style,
    /// It may surprise.
    Hint,
    /// It is hardly meant, or the RFC forbids it.
    Warning,
}

/// The form that an UNTIL should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UntilForm {
    /// A date, as the start is one.
    Date,
    /// A local time, as the start floats.
    Local,
    /// A time in UTC, as the start is in UTC or has a zone.
    Utc,
}

/// What the linter knows to find.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// The rule generates nothing, ever.
    NeverMatches,
    /// The rule generates nothing, since INTERVAL steps over all that the
    /// other parts name.
    StepsOver,
    /// The first thing that the rule generates is after the year 9999.
    BeyondCalendar,
    /// The engine gave up before it found what the rule generates.
    NotFound,
    /// Some values of a list never match.
    ValuesNeverMatch(Vec<String>),
    /// Positions of BYSETPOS that no set is large enough for.
    PositionsBeyondSet {
        /// The positions.
        positions: Vec<i16>,
        /// An upper bound of the size of a set.
        largest: u32,
    },
    /// The rule does not generate its start; what it generates first is this.
    StartNotInRule(NaiveDateTime),
    /// UNTIL is not of the form that goes with the start.
    UntilForm(UntilForm),
    /// UNTIL is before the first occurrence that the rule would generate.
    UntilBeforeFirst,
    /// Both COUNT and UNTIL.
    CountAndUntil,
    /// BYHOUR, BYMINUTE or BYSECOND, where the start is a date.
    TimesOfDates,
    /// A frequency shorter than a day, where the start is a date.
    SubDailyDates,
    /// Months in which no such day exists.
    MonthsLeftOut {
        /// The months.
        months: Vec<Month>,
        /// Whether February has such a day in leap years only.
        february_of_common_years: bool,
    },
    /// All occurrences are in leap years.
    LeapYearsOnly,
    /// Week 53, which most years do not have.
    LongYearsOnly,
    /// The second occurrence is so many years after the first.
    Rare(u32),
    /// Occurrences whose local time the clock skips: the next of them.
    Skipped(Vec<NaiveDateTime>),
    /// Occurrences whose local time the clock shows twice: the next of them.
    Ambiguous(Vec<NaiveDateTime>),
    /// More than so many occurrences within a day.
    ManyADay(u32),
    /// A rule shorter than a day that does not end.
    EndlessSubDaily,
    /// The calendar of the rule cannot be computed.
    UnsupportedCalendar,
    /// A part that can be taken away without a change.
    NoEffect,
    /// A part that says what goes without saying.
    Default,
    /// Values that are in a list more than once.
    Duplicates(Vec<String>),
}

impl FindingKind {
    /// The stable name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NeverMatches => "never-matches",
            Self::StepsOver => "interval-steps-over",
            Self::BeyondCalendar => "beyond-calendar",
            Self::NotFound => "hardly-matches",
            Self::ValuesNeverMatch(_) => "value-never-matches",
            Self::PositionsBeyondSet { .. } => "position-beyond-set",
            Self::StartNotInRule(_) => "dtstart-not-in-rule",
            Self::UntilForm(_) => "until-type",
            Self::UntilBeforeFirst => "until-before-first",
            Self::CountAndUntil => "count-and-until",
            Self::TimesOfDates => "times-of-dates",
            Self::SubDailyDates => "sub-daily-dates",
            Self::MonthsLeftOut { .. } => "months-left-out",
            Self::LeapYearsOnly => "leap-years-only",
            Self::LongYearsOnly => "long-years-only",
            Self::Rare(_) => "occurs-rarely",
            Self::Skipped(_) => "skipped-local-time",
            Self::Ambiguous(_) => "ambiguous-local-time",
            Self::ManyADay(_) => "many-a-day",
            Self::EndlessSubDaily => "endless-sub-daily",
            Self::UnsupportedCalendar => "unsupported-calendar",
            Self::NoEffect => "no-effect",
            Self::Default => "explicit-default",
            Self::Duplicates(_) => "duplicate-value",
        }
    }

    /// How much it matters.
    #[must_use]
    pub const fn level(&self) -> Level {
        match self {
            Self::NeverMatches
            | Self::StepsOver
            | Self::BeyondCalendar
            | Self::NotFound
            | Self::ValuesNeverMatch(_)
            | Self::PositionsBeyondSet { .. }
            | Self::StartNotInRule(_)
            | Self::UntilForm(_)
            | Self::UntilBeforeFirst
            | Self::CountAndUntil
            | Self::TimesOfDates
            | Self::SubDailyDates => Level::Warning,
            Self::MonthsLeftOut { .. }
            | Self::LeapYearsOnly
            | Self::LongYearsOnly
            | Self::Rare(_)
            | Self::Skipped(_)
            | Self::Ambiguous(_)
            | Self::ManyADay(_)
            | Self::EndlessSubDaily
            | Self::UnsupportedCalendar => Level::Hint,
            Self::NoEffect | Self::Default | Self::Duplicates(_) => Level::Style,
        }
    }

    /// The section of the RFC that it is about.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        match self {
            Self::StartNotInRule(_) => "RFC 5545 3.8.5.3",
            Self::Skipped(_) | Self::Ambiguous(_) => "RFC 5545 3.3.5",
            Self::UnsupportedCalendar => "RFC 7529 4.1",
            _ => "RFC 5545 3.3.10",
        }
    }

    /// A sentence, in lower case and without full stop.
    fn say(&self, part: Option<Part>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = part.map_or("the rule", Part::name);
        match self {
            Self::NeverMatches => f.write_str("the rule never matches"),
            Self::StepsOver => f.write_str(
                "INTERVAL steps over all that the other parts name, so the rule never matches",
            ),
            Self::BeyondCalendar => {
                f.write_str("the rule does not match before the year 9999 ends")
            }
            Self::NotFound => f.write_str("the rule matches hardly ever: no occurrence was found"),
            Self::ValuesNeverMatch(values) => {
                write!(f, "{part} has values that never match: {}", some(values))
            }
            Self::PositionsBeyondSet { positions, largest } => {
                let positions = some(positions);
                write!(
                    f,
                    "BYSETPOS picks from sets of at most {largest}, and never finds: {positions}"
                )
            }
            Self::StartNotInRule(first) => {
                write!(
                    f,
                    "the rule does not generate DTSTART; the first that it generates is {first}"
                )
            }
            Self::UntilForm(UntilForm::Date) => {
                f.write_str("UNTIL must be a date, as DTSTART is one")
            }
            Self::UntilForm(UntilForm::Local) => {
                f.write_str("UNTIL must be a local time, as DTSTART is one")
            }
            Self::UntilForm(UntilForm::Utc) => f.write_str("UNTIL must be a time in UTC"),
            Self::UntilBeforeFirst => f.write_str("UNTIL is before all that the rule generates"),
            Self::CountAndUntil => f.write_str("COUNT and UNTIL must not occur together"),
            Self::TimesOfDates => write!(f, "{part} means nothing where DTSTART is a date"),
            Self::SubDailyDates => f.write_str("FREQ is shorter than a day, but DTSTART is a date"),
            Self::MonthsLeftOut {
                months,
                february_of_common_years,
            } => say_months(months, *february_of_common_years, f),
            Self::LeapYearsOnly => f.write_str("the rule matches in leap years only"),
            Self::LongYearsOnly => {
                f.write_str("week 53 is only in years of 53 weeks, every five or six years")
            }
            Self::Rare(years) => write!(f, "the rule matches rarely: first {years} years apart"),
            Self::Skipped(times) => {
                write!(f, "the clock skips the local time of {}", some(times))
            }
            Self::Ambiguous(times) => {
                write!(f, "the clock shows twice the local time of {}", some(times))
            }
            Self::ManyADay(limit) => write!(f, "the rule matches more than {limit} times a day"),
            Self::EndlessSubDaily => f.write_str("the rule repeats within a day, and does not end"),
            Self::UnsupportedCalendar => {
                f.write_str("the rule counts in a calendar that cannot be computed here")
            }
            Self::NoEffect => write!(f, "{part} has no effect"),
            Self::Default => write!(f, "{part} says what goes without saying"),
            Self::Duplicates(values) => {
                write!(f, "{part} has values more than once: {}", some(values))
            }
        }
    }
}

fn say_months(
    months: &[Month],
    february_of_common_years: bool,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut named = month_list(months);
    if february_of_common_years {
        let february = "February outside leap years";
        named = match named.as_str() {
            "" => february.to_owned(),
            _ => format!("{named}, and {february}"),
        };
    }
    write!(f, "no such day is in {named}")
}

/// Values with commas between them; of many the first.
fn some<T: ToString>(values: &[T]) -> String {
    let first: Vec<_> = values.iter().take(SAID).map(T::to_string).collect();
    let first = first.join(", ");
    match values.len().saturating_sub(SAID) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
