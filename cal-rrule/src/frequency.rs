//! FREQ: how often a rule's interval repeats (RFC 5545 3.3.10).

use std::fmt;

/// The unit in which a rule repeats, from the finest to the coarsest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Frequency {
    /// Every second.
    Secondly,
    /// Every minute.
    Minutely,
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Every week, beginning on the rule's week start.
    Weekly,
    /// Every month.
    Monthly,
    /// Every year; with BYWEEKNO, every week-based year.
    Yearly,
}

impl Frequency {
    /// All frequencies, finest first.
    pub const ALL: [Self; 7] = [
        Self::Secondly,
        Self::Minutely,
        Self::Hourly,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Yearly,
    ];

    /// The name in a rule, such as `WEEKLY`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secondly => "SECONDLY",
            Self::Minutely => "MINUTELY",
            Self::Hourly => "HOURLY",
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        }
    }

    /// The frequency of a name, in any case.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|frequency| frequency.name().eq_ignore_ascii_case(name))
    }

    /// Whether the interval is shorter than a day.
    #[must_use]
    pub fn is_sub_daily(self) -> bool {
        self < Self::Daily
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
