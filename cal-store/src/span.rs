//! Spans of time: what an object covers, and what a query asks for.

use crate::Timestamp;

/// A half-open span `[start, end)` of UTC instants; a missing side is open.
///
/// As an index row it says where the occurrences of an object lie, from the
/// start of the first to the end of the last. It may be wider than the truth
/// (times without a zone are somewhere within a day of UTC), never narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first instant inside, or open to the past.
    pub start: Option<Timestamp>,
    /// The first instant after, or open to the future.
    pub end: Option<Timestamp>,
}

impl Span {
    /// All of time.
    pub const ALWAYS: Self = Self {
        start: None,
        end: None,
    };

    /// From `start` up to but not including `end`.
    #[must_use]
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self {
            start: Some(start),
            end: Some(end),
        }
    }

    /// From `start` on.
    #[must_use]
    pub const fn from(start: Timestamp) -> Self {
        Self {
            start: Some(start),
            end: None,
        }
    }

    /// The first millisecond inside, with an open side at the edge of time.
    #[must_use]
    pub fn first_millis(&self) -> i64 {
        self.start.map_or(i64::MIN, Timestamp::millis)
    }

    /// The first millisecond after, with an open side at the edge of time.
    #[must_use]
    pub fn end_millis(&self) -> i64 {
        self.end.map_or(i64::MAX, Timestamp::millis)
    }

    /// Whether an indexed span is a candidate for a query over `window`.
    ///
    /// An instant (start and end equal) counts as lying in the window that
    /// contains it, also at the window's start.
    #[must_use]
    pub fn overlaps(&self, window: &Self) -> bool {
        self.first_millis() < window.end_millis()
            && (self.end_millis() > window.first_millis()
                || self.first_millis() == self.end_millis()
                    && self.first_millis() == window.first_millis())
    }
}
