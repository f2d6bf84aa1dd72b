//! The recurrence set of a component (RFC 5545 3.8.5).

mod compiled;
mod count;
mod descending;
mod descending_stream;
mod exclusions;
mod gaps;
mod lookup;
mod merge;
mod occurrence;
mod occurrences;
mod range;
#[cfg(feature = "rrule")]
mod rrule_crate;
mod rule_stream;
mod start;
mod strike;
mod union;
mod union_merge;

use std::ops::RangeBounds;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDateTime;

pub use descending::Descending;
pub use occurrence::{Occurrence, Source};
pub use occurrences::{Occurrences, Timestamps};
pub use start::Start;
pub use union::{Member, Union};
pub use union_merge::{UnionDescending, UnionOccurrences};

use crate::{Error, RRule, When};
use compiled::Compiled;

/// A series: its start, its rules, and its added and excluded dates.
///
/// ```
/// use cal_rrule::{RecurrenceSet, When};
/// use chrono::{NaiveDate, TimeZone};
/// use chrono_tz::Europe::Berlin;
///
/// let standup = RecurrenceSet::new(Berlin.with_ymd_and_hms(2024, 3, 28, 9, 0, 0).unwrap())
///     .with_rule("FREQ=WEEKLY;BYDAY=MO,TH".parse()?)
///     .with_exdate(NaiveDate::from_ymd_opt(2024, 4, 1).unwrap());
/// let first: Vec<_> = standup
///     .iter()
///     .take(3)
///     .map(|occurrence| Ok(occurrence?.utc().unwrap().to_string()))
///     .collect::<Result<_, cal_rrule::Error>>()?;
/// assert_eq!(first, ["2024-03-28 08:00:00", "2024-04-04 07:00:00", "2024-04-08 07:00:00"]);
/// # Ok::<(), cal_rrule::Error>(())
/// ```
///
/// # What belongs to the set
///
/// - The start always, and it counts towards COUNT, also where no rule
///   generates it (see [`StartMember`]).
/// - What the rules generate from the start on, and the RDATEs, each once.
/// - Not what EXDATE names or an EXRULE generates. Exclusion comes last: it
///   does not change what COUNT counts.
///
/// Occurrences strictly increase: as instants in a zone, else as wall-clock
/// times. A time that the clock skips is read with the offset before the gap;
/// where that meets another occurrence there is one of the two. Of an
/// ambiguous time the first is taken.
///
/// # How values of another form are read
///
/// | | start is a date | start floats | start is in UTC | start has a zone |
/// |---|---|---|---|---|
/// | UNTIL, a date | that date | end of that day | end of that day | end of that day |
/// | UNTIL, local | its date | as it is | as UTC | in that zone |
/// | UNTIL, UTC | before 12:00Z its date, else the next | as local | as it is | as instant |
/// | EXDATE, a date | that date | that day | that day | that local day |
/// | EXDATE, a time | its date | as local | as UTC | as instant |
/// | RDATE, a date | that date | at the start's time of day | likewise | likewise |
/// | RDATE, a time | its date | as local | as UTC | as instant |
#[derive(Clone, Debug)]
pub struct RecurrenceSet {
    start: Start,
    member: StartMember,
    rules: Vec<RRule>,
    exrules: Vec<RRule>,
    rdates: Vec<When>,
    exdates: Vec<When>,
    compiled: OnceLock<Arc<Compiled>>,
}

/// Whether the start belongs to the set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartMember {
    /// Always, as RFC 5545 3.8.5.3 has it for an event.
    #[default]
    Always,
    /// Only where a rule generates it or an RDATE names it.
    IfGenerated,
}

impl RecurrenceSet {
    /// A series that has only its start.
    #[must_use]
    pub fn new(start: impl Into<Start>) -> Self {
        Self {
            start: start.into(),
            member: StartMember::default(),
            rules: Vec::new(),
            exrules: Vec::new(),
            rdates: Vec::new(),
            exdates: Vec::new(),
            compiled: OnceLock::new(),
        }
    }

    /// With a rule more (RRULE).
    #[must_use]
    pub fn with_rule(mut self, rule: RRule) -> Self {
        if self.rules.is_empty() {
            // Hardly ever is there a second one, and rules are large.
            self.rules.reserve_exact(1);
        }
        self.rules.push(rule);
        self.changed()
    }

    /// Without what a rule generates from the start on (EXRULE of RFC 2445).
    #[must_use]
    pub fn with_exrule(mut self, rule: RRule) -> Self {
        self.exrules.push(rule);
        self.changed()
    }

    /// With a date more (RDATE). [`Source::Rdate`] tells which one an
    /// occurrence comes from, for callers whose RDATEs carry more, such as a
    /// PERIOD.
    #[must_use]
    pub fn with_rdate(mut self, date: impl Into<When>) -> Self {
        self.rdates.push(date.into());
        self.changed()
    }

    /// With dates more, numbered on from those before.
    #[must_use]
    pub fn with_rdates<W: Into<When>>(mut self, dates: impl IntoIterator<Item = W>) -> Self {
        self.rdates.extend(dates.into_iter().map(Into::into));
        self.changed()
    }

    /// Without an instant or, given a date, without a whole local day (EXDATE).
    #[must_use]
    pub fn with_exdate(mut self, date: impl Into<When>) -> Self {
        self.exdates.push(date.into());
        self.changed()
    }

    /// Without several instants or days.
    #[must_use]
    pub fn with_exdates<W: Into<When>>(mut self, dates: impl IntoIterator<Item = W>) -> Self {
        self.exdates.extend(dates.into_iter().map(Into::into));
        self.changed()
    }

    /// With or without the start where no rule generates it.
    #[must_use]
    pub fn with_start_member(mut self, member: StartMember) -> Self {
        self.member = member;
        self.changed()
    }

    /// The same without its EXDATEs.
    fn without_exdates(&self) -> Self {
        let set = Self {
            exdates: Vec::new(),
            ..self.clone()
        };
        set.changed()
    }

    fn changed(mut self) -> Self {
        self.compiled = OnceLock::new();
        self
    }

    /// The start.
    #[must_use]
    pub const fn start(&self) -> &Start {
        &self.start
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[RRule] {
        &self.rules
    }

    /// All occurrences, ascending. The iterator is lazy and owns what it
    /// needs.
    #[must_use]
    pub fn iter(&self) -> Occurrences {
        self.within(..)
    }

    /// The occurrences that start within a range, ascending; found without
    /// visiting those before.
    ///
    /// Bounds are UTC instants where the start is in UTC or has a zone, and
    /// wall-clock times where it floats or is a date.
    #[must_use]
    pub fn within(&self, range: impl RangeBounds<NaiveDateTime>) -> Occurrences {
        Occurrences::new(Arc::clone(self.compiled()), &range)
    }

    /// The occurrences within a range, the last first; see
    /// [`RecurrenceSet::within`] for the bounds.
    #[must_use]
    pub fn descending(&self, range: impl RangeBounds<NaiveDateTime>) -> Descending {
        Descending::new(Arc::clone(self.compiled()), &range)
    }

    /// The wall-clock times of the occurrences within a range; see
    /// [`RecurrenceSet::within`].
    pub fn local_times<R: RangeBounds<NaiveDateTime>>(
        &self,
        range: R,
    ) -> impl Iterator<Item = Result<NaiveDateTime, Error>> + use<R> {
        self.within(range)
            .map(|occurrence| occurrence.map(|occurrence| occurrence.local()))
    }

    fn compiled(&self) -> &Arc<Compiled> {
        self.compiled.get_or_init(|| Arc::new(Compiled::of(self)))
    }
}

impl IntoIterator for &RecurrenceSet {
    type Item = Result<Occurrence, Error>;
    type IntoIter = Occurrences;

    fn into_iter(self) -> Occurrences {
        self.iter()
    }
}

impl RRule {
    /// The series of this rule from a start; shorthand for a
    /// [`RecurrenceSet`] of one rule.
    #[must_use]
    pub fn starting(self, start: impl Into<Start>) -> RecurrenceSet {
        RecurrenceSet::new(start).with_rule(self)
    }
}
