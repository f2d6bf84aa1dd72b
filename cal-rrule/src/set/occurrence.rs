//! One member of a recurrence set.

use chrono::NaiveDateTime;

/// An occurrence of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    pub(crate) local: NaiveDateTime,
    pub(crate) utc: Option<NaiveDateTime>,
    pub(crate) source: Source,
}

/// Where an occurrence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// It is the start.
    Start,
    /// A rule generated it: the nth, from 0, that the set was given.
    Rule(usize),
    /// An RDATE names it: the nth, from 0, that the set was given. Where a
    /// rule generates the same moment, the RDATE is named.
    Rdate(usize),
}

impl Occurrence {
    /// The wall-clock time that the series names: of a date its midnight, in
    /// UTC for a series in UTC. Where the clock skips that time,
    /// [`Zone::to_local`](crate::Zone::to_local) of [`Occurrence::utc`] is what
    /// the clock really shows.
    #[must_use]
    #[inline]
    pub const fn local(&self) -> NaiveDateTime {
        self.local
    }

    /// The instant; `None` for dates and floating times, whose instant depends
    /// on who looks.
    #[must_use]
    #[inline]
    pub const fn utc(&self) -> Option<NaiveDateTime> {
        self.utc
    }

    /// Where it comes from.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }
}
