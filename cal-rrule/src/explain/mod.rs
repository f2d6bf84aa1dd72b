//! Rules in words: what RFC 5545 3.3.10 makes of a rule, as a person says it.
//!
//! It happens in two steps. A [`Description`] is what there is to say: the
//! analysis of the rule, in no language. A [`Phrasebook`] says it.

mod days;
mod description;
pub(crate) mod english;
mod stated;
mod times;

pub use description::{Condition, Days, Description, Months, OrdinalScope, Picked, Times};
pub(crate) use stated::Stated;

pub use english::{DateFormat, DayFirst, English, MonthFirst};

use crate::{RRule, Start};

/// A language into which rules can be put.
///
/// The analysis is done: an implementation chooses words, and their order, for
/// each [`Description`]. Rules whose occurrences differ should differ in their
/// sentences; that holds where every field of the description is said.
pub trait Phrasebook {
    /// The sentence for a description, without capital letter and full stop,
    /// so that it can stand in another.
    fn sentence(&self, description: &Description) -> String;
}

impl RRule {
    /// What there is to say of the rule by itself. What it leaves to the start
    /// stays open; see [`RRule::describe_from`].
    #[must_use]
    pub fn describe(&self) -> Description {
        Description::of(self, None)
    }

    /// What there is to say of the rule with its start, which decides the time
    /// of day, what the rule leaves open of the date, and from where INTERVAL
    /// counts.
    #[must_use]
    pub fn describe_from(&self, start: &Start) -> Description {
        Description::of(self, Some(start))
    }

    /// The rule in words.
    ///
    /// ```
    /// use cal_rrule::{English, RRule};
    ///
    /// let rule: RRule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1".parse()?;
    /// assert_eq!(rule.explain(&English::new()), "on the last weekday of every month");
    /// # Ok::<(), cal_rrule::Error>(())
    /// ```
    #[must_use]
    pub fn explain(&self, phrasebook: &impl Phrasebook) -> String {
        phrasebook.sentence(&self.describe())
    }

    /// The rule in words, with what it takes from its start.
    ///
    /// ```
    /// use cal_rrule::{English, RRule, Start};
    /// use chrono::NaiveDate;
    ///
    /// let monday = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap().and_hms_opt(9, 30, 0).unwrap();
    /// let rule: RRule = "FREQ=WEEKLY".parse()?;
    /// assert_eq!(
    ///     rule.explain_from(&Start::Floating(monday), &English::new()),
    ///     "every week on Monday at 9:30",
    /// );
    /// # Ok::<(), cal_rrule::Error>(())
    /// ```
    #[must_use]
    pub fn explain_from(&self, start: &Start, phrasebook: &impl Phrasebook) -> String {
        phrasebook.sentence(&self.describe_from(start))
    }
}
