//! Half-open windows of time.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// A half-open stretch of time, `[start, end)`, between two UTC instants;
/// either side may be open.
///
/// ```
/// use cal_core::Window;
/// use chrono::{TimeZone, Utc};
///
/// let day = Window::new(
///     Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap(),
///     Utc.with_ymd_and_hms(2026, 3, 2, 0, 0, 0).unwrap(),
/// );
/// let nine = Utc.with_ymd_and_hms(2026, 3, 1, 9, 0, 0).unwrap();
/// assert!(day.contains(nine));
/// assert!(!day.contains(day.end().unwrap()));
/// ```
///
/// A window whose end is not after its start holds nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Window {
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
}

impl Window {
    /// The window that holds every instant.
    pub const ALL: Self = Self {
        start: None,
        end: None,
    };

    /// From `start` up to, but not including, `end`.
    #[must_use]
    pub const fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self {
            start: Some(start),
            end: Some(end),
        }
    }

    /// From `start` on, without an end.
    #[must_use]
    pub const fn starting(start: DateTime<Utc>) -> Self {
        Self {
            start: Some(start),
            end: None,
        }
    }

    /// Everything before `end`.
    #[must_use]
    pub const fn ending(end: DateTime<Utc>) -> Self {
        Self {
            start: None,
            end: Some(end),
        }
    }

    /// Either side given or left open.
    #[must_use]
    pub const fn between(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Self {
        Self { start, end }
    }

    /// The first instant inside, or `None` if the past is open.
    #[must_use]
    pub const fn start(&self) -> Option<DateTime<Utc>> {
        self.start
    }

    /// The first instant after the window, or `None` if the future is open.
    #[must_use]
    pub const fn end(&self) -> Option<DateTime<Utc>> {
        self.end
    }

    /// Whether no instant is inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!((self.start, self.end), (Some(start), Some(end)) if end <= start)
    }

    /// Whether the instant is inside.
    #[must_use]
    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.start.is_none_or(|start| start <= instant) && self.end.is_none_or(|end| instant < end)
    }

    /// Whether something that runs from `start` to `end` is at least partly
    /// inside. Something without length overlaps where it is inside, so one
    /// exactly at the window's start counts and one at its end does not.
    ///
    /// ```
    /// # use cal_core::Window;
    /// # use chrono::{TimeZone, Utc};
    /// # let at = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
    /// let window = Window::new(at(9), at(10));
    /// assert!(window.overlaps(at(8), at(11)));
    /// assert!(!window.overlaps(at(8), at(9)));
    /// assert!(window.overlaps(at(9), at(9)));
    /// ```
    #[must_use]
    pub fn overlaps(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        if self.is_empty() {
            return false;
        }
        if end <= start {
            return self.contains(start);
        }
        self.end.is_none_or(|bound| start < bound) && self.start.is_none_or(|bound| end > bound)
    }

    /// The same window with `margin` added at both closed sides. Sides that
    /// would leave the calendar become open.
    #[must_use]
    pub fn widened(&self, margin: TimeDelta) -> Self {
        Self {
            start: self.start.and_then(|at| at.checked_sub_signed(margin)),
            end: self.end.and_then(|at| at.checked_add_signed(margin)),
        }
    }

    /// The bounds as UTC date-times without their zone.
    pub(crate) fn naive(&self) -> (Option<NaiveDateTime>, Option<NaiveDateTime>) {
        (
            self.start.map(|at| at.naive_utc()),
            self.end.map(|at| at.naive_utc()),
        )
    }
}

impl fmt::Display for Window {
    /// `2026-03-01T00:00:00Z/2026-03-02T00:00:00Z`, with `..` for an open side.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |f: &mut fmt::Formatter<'_>, at: Option<DateTime<Utc>>| match at {
            Some(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%SZ")),
            None => f.write_str(".."),
        };
        side(f, self.start)?;
        f.write_str("/")?;
        side(f, self.end)
    }
}
