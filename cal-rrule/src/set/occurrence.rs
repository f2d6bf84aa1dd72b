//! One member of a recurrence set.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::engine::SECONDS_PER_DAY;

/// An occurrence of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// The wall-clock time: its date and its second of the day.
    pub(super) date: NaiveDate,
    pub(super) second: u32,
    pub(super) line: Line,
    pub(super) source: Source,
}

/// How the wall-clock time relates to UTC, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Line {
    /// Dates and floating times.
    Wall,
    /// Instants: so many seconds east of UTC.
    Offset(i32),
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
    pub fn local(&self) -> NaiveDateTime {
        at(self.date, self.second)
    }

    /// The instant; `None` for dates and floating times, whose instant depends
    /// on who looks.
    #[must_use]
    #[inline]
    pub fn utc(&self) -> Option<NaiveDateTime> {
        let Line::Offset(offset) = self.line else {
            return None;
        };
        let second = i64::from(self.second) - i64::from(offset);
        if let Ok(second @ 0..SECONDS_PER_DAY) = u32::try_from(second) {
            return Some(at(self.date, second));
        }
        let date = if second < 0 {
            self.date.pred_opt()?
        } else {
            self.date.succ_opt()?
        };
        let second = second.rem_euclid(i64::from(SECONDS_PER_DAY));
        Some(at(date, u32::try_from(second).ok()?))
    }

    /// Where it comes from.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }
}

#[inline]
fn at(date: NaiveDate, second: u32) -> NaiveDateTime {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second, 0);
    NaiveDateTime::new(date, time.unwrap_or(NaiveTime::MIN))
}
