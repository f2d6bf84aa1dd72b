//! One member of a recurrence set.

use chrono::NaiveDateTime;

use crate::seconds::from_seconds;

/// An occurrence of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    pub(crate) local: NaiveDateTime,
    pub(crate) line: Line,
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

/// The instant in UTC seconds, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Line {
    /// Dates and floating times.
    Wall,
    /// Instants.
    Utc(i64),
}

impl Occurrence {
    /// The wall-clock time that the series names: of a date its midnight, in
    /// UTC for a series in UTC. Where the clock skips that time,
    /// [`Zone::to_local`](crate::Zone::to_local) of [`Occurrence::utc`] is what
    /// the clock really shows.
    #[must_use]
    pub const fn local(&self) -> NaiveDateTime {
        self.local
    }

    /// The instant; `None` for dates and floating times, whose instant depends
    /// on who looks.
    #[must_use]
    pub fn utc(&self) -> Option<NaiveDateTime> {
        match self.line {
            Line::Wall => None,
            Line::Utc(seconds) => Some(from_seconds(seconds)),
        }
    }

    /// Where it comes from.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }
}
