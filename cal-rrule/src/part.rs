//! The names of a rule's parts.

use std::fmt;

/// A part of a rule: what stands before the `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// RSCALE (RFC 7529)
    Rscale,
    /// FREQ
    Freq,
    /// UNTIL
    Until,
    /// COUNT
    Count,
    /// INTERVAL
    Interval,
    /// BYSECOND
    BySecond,
    /// BYMINUTE
    ByMinute,
    /// BYHOUR
    ByHour,
    /// BYDAY
    ByDay,
    /// BYMONTHDAY
    ByMonthDay,
    /// BYYEARDAY
    ByYearDay,
    /// BYWEEKNO
    ByWeekNo,
    /// BYMONTH
    ByMonth,
    /// BYSETPOS
    BySetPos,
    /// WKST
    Wkst,
    /// SKIP (RFC 7529)
    Skip,
}

impl Part {
    const ALL: [Self; 16] = [
        Self::Rscale,
        Self::Freq,
        Self::Until,
        Self::Count,
        Self::Interval,
        Self::BySecond,
        Self::ByMinute,
        Self::ByHour,
        Self::ByDay,
        Self::ByMonthDay,
        Self::ByYearDay,
        Self::ByWeekNo,
        Self::ByMonth,
        Self::BySetPos,
        Self::Wkst,
        Self::Skip,
    ];

    /// The name in a rule.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rscale => "RSCALE",
            Self::Freq => "FREQ",
            Self::Until => "UNTIL",
            Self::Count => "COUNT",
            Self::Interval => "INTERVAL",
            Self::BySecond => "BYSECOND",
            Self::ByMinute => "BYMINUTE",
            Self::ByHour => "BYHOUR",
            Self::ByDay => "BYDAY",
            Self::ByMonthDay => "BYMONTHDAY",
            Self::ByYearDay => "BYYEARDAY",
            Self::ByWeekNo => "BYWEEKNO",
            Self::ByMonth => "BYMONTH",
            Self::BySetPos => "BYSETPOS",
            Self::Wkst => "WKST",
            Self::Skip => "SKIP",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|part| part.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
