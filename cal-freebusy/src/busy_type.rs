//! Kinds of busy time (RFC 5545 section 3.2.9).

use std::fmt;

/// How firmly a time is taken.
///
/// Ordered by precedence: where times of different kinds overlap, the greater
/// one holds (RFC 4791 section 7.10 leaves the order to the server; ours is the
/// one of firmness: unavailable, busy, tentative).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BusyType {
    /// `BUSY-TENTATIVE`: may become busy.
    Tentative,
    /// `BUSY`: something is scheduled.
    Busy,
    /// `BUSY-UNAVAILABLE`: nothing can be scheduled.
    Unavailable,
}

impl BusyType {
    /// All kinds, weakest first.
    pub const ALL: [Self; 3] = [Self::Tentative, Self::Busy, Self::Unavailable];

    /// Reads a value of the FBTYPE parameter. `FREE` is `None`; a value that is
    /// not known counts as `BUSY`, as RFC 5545 asks.
    #[must_use]
    pub fn of_parameter(value: &str) -> Option<Self> {
        let is = |name: &str| value.eq_ignore_ascii_case(name);
        if is("FREE") {
            None
        } else if is("BUSY-UNAVAILABLE") {
            Some(Self::Unavailable)
        } else if is("BUSY-TENTATIVE") {
            Some(Self::Tentative)
        } else {
            Some(Self::Busy)
        }
    }

    /// Its name as a value of the FBTYPE parameter.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tentative => "BUSY-TENTATIVE",
            Self::Busy => "BUSY",
            Self::Unavailable => "BUSY-UNAVAILABLE",
        }
    }
}

impl fmt::Display for BusyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
