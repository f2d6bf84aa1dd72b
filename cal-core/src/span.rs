//! From when to when an object can be on at all: what a store indexes.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use crate::Window;

/// The time within which all occurrences of an object lie: from its first
/// start to its last end, open where there is none.
///
/// It may be wider than the truth, never narrower, whatever zone dates and
/// floating times are later taken in: an object whose span
/// [misses](Span::may_overlap) a window has nothing in it.
///
/// ```
/// use cal_core::{Calendar, Window};
///
/// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260301T090000Z\n\
///     DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n";
/// let span = Calendar::read(text).calendar.span().unwrap();
/// assert_eq!(span.to_string(), "2026-03-01T09:00:00Z/2026-03-03T10:00:00Z");
/// assert!(!span.may_overlap(&Window::ending(span.start().unwrap())));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
}

impl Span {
    /// All of time: for what may be on whenever one asks.
    pub const ALWAYS: Self = Self {
        start: None,
        end: None,
    };

    /// From a first start to a last end, open where `None`.
    #[must_use]
    pub const fn new(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Self {
        Self { start, end }
    }

    /// The earliest start, or `None` if there is no telling.
    #[must_use]
    pub const fn start(&self) -> Option<DateTime<Utc>> {
        self.start
    }

    /// The latest end, or `None` if it goes on for ever.
    #[must_use]
    pub const fn end(&self) -> Option<DateTime<Utc>> {
        self.end
    }

    /// Whether something in this span may be on in the window. The end counts
    /// as inside, because something without length may be there.
    #[must_use]
    pub fn may_overlap(&self, window: &Window) -> bool {
        let begins = match (self.start, window.end()) {
            (Some(start), Some(end)) => start < end,
            _ => true,
        };
        let lasts = match (self.end, window.start()) {
            (Some(end), Some(start)) => end >= start,
            _ => true,
        };
        begins && lasts && !window.is_empty()
    }

    /// The span of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            start: self.start.zip(other.start).map(|(one, two)| one.min(two)),
            end: self.end.zip(other.end).map(|(one, two)| one.max(two)),
        }
    }

    /// Wider by a time on both sides.
    pub(crate) fn widened(self, by: TimeDelta) -> Self {
        Self {
            start: self.start.and_then(|at| at.checked_sub_signed(by)),
            end: self.end.and_then(|at| at.checked_add_signed(by)),
        }
    }
}

impl fmt::Display for Span {
    /// As [`Window`] is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Window::between(self.start, self.end).fmt(f)
    }
}
