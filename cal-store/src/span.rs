//! Spans of time: what an object covers, and what a query asks for.

use cal_core::Window;

use crate::Timestamp;

/// A half-open span `[start, end)` of UTC instants; a missing side is open.
///
/// As an index row it says where the occurrences of an object lie, from the
/// start of the first to the end of the last. It may be wider than the truth
/// (times without a zone are somewhere within a day of UTC), never narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
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
    pub const fn starting(start: Timestamp) -> Self {
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
    /// The end counts as inside, because something without length may be there.
    #[must_use]
    pub fn may_overlap(&self, window: &Self) -> bool {
        self.first_millis() < window.end_millis() && self.end_millis() >= window.first_millis()
    }

    /// How long the span is, roughly; see [`LengthClass`].
    #[must_use]
    pub fn length_class(&self) -> LengthClass {
        let length = match (self.start, self.end) {
            (Some(start), Some(end)) => end.millis().checked_sub(start.millis()),
            (None, _) | (_, None) => None,
        };
        let fits = |class: &LengthClass| length.is_some_and(|length| length <= class.longest());
        LengthClass::all().find(fits).unwrap_or(LengthClass::OPEN)
    }
}

impl From<cal_core::Span> for Span {
    fn from(span: cal_core::Span) -> Self {
        Self {
            start: span.start().map(Timestamp::from),
            end: span.end().map(Timestamp::from),
        }
    }
}

impl From<Window> for Span {
    fn from(window: Window) -> Self {
        Self {
            start: window.start().map(Timestamp::from),
            end: window.end().map(Timestamp::from),
        }
    }
}

/// A class of spans of about the same length, for indexes ordered by start.
///
/// What overlaps a window may begin long before it. An index keyed by class
/// and start has to look back from the window only as far as the
/// [longest](Self::longest) span of each class, so that the cost of a question
/// does not grow with what lies outside of it. Few spans are long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LengthClass(u8);

impl LengthClass {
    const DAY: i64 = 86_400_000;

    /// The longest span of each class but the last, in days.
    const LONGEST: [i64; 5] = [2, 10, 45, 400, 4400];

    /// The class of spans without an end, or longer than all others.
    pub const OPEN: Self = Self(5);

    /// Every class, shortest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::OPEN.0).map(Self)
    }

    /// The class as a key.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The greatest length in milliseconds.
    #[must_use]
    pub fn longest(self) -> i64 {
        let days = Self::LONGEST.get(usize::from(self.0));
        days.map_or(i64::MAX, |days| days.saturating_mul(Self::DAY))
    }

    /// The first start, in milliseconds, that a span of this class can have
    /// and still reach into a window.
    #[must_use]
    pub fn earliest_start(self, window: &Span) -> i64 {
        match self {
            Self::OPEN => i64::MIN,
            _ => window.first_millis().saturating_sub(self.longest()),
        }
    }
}
