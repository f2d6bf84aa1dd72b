//! What can go wrong.

use crate::Problem;

/// Why a rule was refused, or why an iteration could not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The rule breaks RFC 5545 or RFC 7529.
    #[error(transparent)]
    Invalid(#[from] Problem),
    /// The rule counts in a calendar that is not known.
    #[error("recurrences in the calendar {rscale} are not supported")]
    UnsupportedCalendar {
        /// The name of the calendar.
        rscale: String,
    },
    /// The rule counts in a calendar that is computed only with the feature
    /// `rscale` of this crate.
    #[error("recurrences in the calendar {rscale} need the feature `rscale` of cal-rrule")]
    CalendarNotBuiltIn {
        /// The name of the calendar.
        rscale: String,
    },
    /// The recurrence goes on after the year 9999, the last that iCalendar can
    /// write.
    #[error("the recurrence continues past the year 9999")]
    PastYear9999,
    /// A sub-daily rule went this many steps without meeting its own
    /// conditions, or a BYSETPOS with SKIP this many towards the end of its
    /// COUNT.
    #[error("no occurrence within {limit} steps of the rule")]
    SearchLimit {
        /// The number of steps that were tried.
        limit: u32,
    },
    /// This many occurrences in a row were excluded.
    #[error("more than {limit} occurrences in a row are excluded")]
    ExclusionLimit {
        /// The number of occurrences that were excluded.
        limit: u32,
    },
    /// More occurrences than this would have to be visited to count them.
    #[error("more than {limit} occurrences would have to be visited")]
    CountLimit {
        /// The number of occurrences that may be visited.
        limit: u32,
    },
    /// Another library refused what it was given.
    #[error("the {by} crate refuses: {reason}")]
    Refused {
        /// Its name.
        by: &'static str,
        /// What it said.
        reason: String,
    },
    /// Series of instants and series of wall-clock times have no common order.
    #[error("occurrences with and without a time zone cannot be put in one order")]
    MixedTimeLines,
}
