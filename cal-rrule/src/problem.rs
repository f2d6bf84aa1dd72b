//! What is wrong with a rule, and where.

use std::fmt;

use crate::{Frequency, Part};

/// How much of the offending text a problem quotes.
const QUOTED: usize = 40;

/// One thing that RFC 5545 or RFC 7529 forbids, with its place in the text.
///
/// A strict parse fails with the first; a lenient one lists them all and
/// evaluates the rule by the rule named at each [`ProblemKind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemKind,
    offset: Option<usize>,
    text: String,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, place: Option<(usize, &str)>) -> Self {
        Self {
            kind,
            offset: place.map(|(offset, _)| offset),
            text: place.map_or_else(String::new, |(_, text)| text.chars().take(QUOTED).collect()),
        }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// Where the offending text starts, in bytes from the start of the rule;
    /// `None` for a rule that was not parsed.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// The offending text, at most 40 characters of it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.offset {
            Some(offset) => write!(f, " (`{}` at byte {offset})", self.text),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// The kinds of [`Problem`], each with what a lenient reading does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// No FREQ: there is no rule.
    NoFrequency,
    /// FREQ is none of the seven: there is no rule.
    UnknownFrequency,
    /// The text is longer than any rule needs; it is not read.
    TooLong,
    /// A part that no RFC defines; it is ignored.
    UnknownPart,
    /// A part without `=`, or an empty one; it is ignored.
    NotAPart,
    /// A part that was there before; the first one counts.
    Repeated(Part),
    /// A value that cannot be read; it is ignored.
    Syntax(Part),
    /// A value outside the part's range; it is ignored.
    OutOfRange(Part),
    /// A part that must not be used with this FREQ; it is ignored.
    NotWithFrequency(Part, Frequency),
    /// A BYDAY ordinal with a FREQ other than MONTHLY and YEARLY; the ordinal
    /// is ignored.
    OrdinalNotWithFrequency(Frequency),
    /// A BYDAY ordinal together with BYWEEKNO; the ordinal is ignored.
    OrdinalWithWeekNo,
    /// BYSETPOS without another BYxxx part; it is ignored.
    SetPosAlone,
    /// COUNT together with UNTIL; both apply, the first to be reached ends
    /// the rule.
    CountAndUntil,
    /// SKIP without RSCALE; it applies to the Gregorian calendar.
    SkipWithoutRscale,
    /// A leap month (`5L`) in a calendar that has none; it is ignored.
    LeapMonth,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFrequency => f.write_str("FREQ is missing"),
            Self::UnknownFrequency => f.write_str("FREQ is not a frequency of RFC 5545"),
            Self::TooLong => f.write_str("the rule is longer than 65536 bytes"),
            Self::UnknownPart => f.write_str("unknown part"),
            Self::NotAPart => f.write_str("a part must be NAME=VALUE"),
            Self::Repeated(part) => write!(f, "{part} must not occur twice"),
            Self::Syntax(part) => write!(f, "{part} has a value that cannot be read"),
            Self::OutOfRange(part) => write!(f, "{part} has a value out of range"),
            Self::NotWithFrequency(part, frequency) => {
                write!(f, "{part} must not be used with FREQ={frequency}")
            }
            Self::OrdinalNotWithFrequency(frequency) => {
                write!(f, "a BYDAY ordinal must not be used with FREQ={frequency}")
            }
            Self::OrdinalWithWeekNo => {
                f.write_str("a BYDAY ordinal must not be used with BYWEEKNO")
            }
            Self::SetPosAlone => f.write_str("BYSETPOS needs another BYxxx part"),
            Self::CountAndUntil => f.write_str("COUNT and UNTIL must not occur together"),
            Self::SkipWithoutRscale => f.write_str("SKIP must not be used without RSCALE"),
            Self::LeapMonth => f.write_str("BYMONTH names a leap month, which this calendar lacks"),
        }
    }
}
