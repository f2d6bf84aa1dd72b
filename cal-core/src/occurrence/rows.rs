//! The time-range tables of RFC 4791 9.9, one function a component, on bare
//! instants.

use chrono::{DateTime, Utc};

use crate::Window;

type Instant = DateTime<Utc>;

/// The comparisons that the tables are made of; an open side is infinitely far.
impl Window {
    fn starts_before(&self, at: Instant) -> bool {
        self.start().is_none_or(|start| start < at)
    }

    fn starts_by(&self, at: Instant) -> bool {
        self.start().is_none_or(|start| start <= at)
    }

    fn ends_after(&self, at: Instant) -> bool {
        self.end().is_none_or(|end| end > at)
    }

    fn ends_from(&self, at: Instant) -> bool {
        self.end().is_none_or(|end| end >= at)
    }
}

/// A VEVENT, or a VJOURNAL with a start: `start` to `end`, which are the same
/// for something without length.
pub(crate) fn event(window: &Window, start: Instant, end: Instant) -> bool {
    window.overlaps(start, end)
}

/// A VAVAILABILITY, which counts for good on a side without bound (RFC 7953
/// section 7.2.2).
pub(crate) fn availability(window: &Window, start: Option<Instant>, end: Option<Instant>) -> bool {
    let ends_after = start.is_none_or(|start| window.ends_after(start));
    let starts_before = end.is_none_or(|end| window.starts_before(end));
    ends_after && starts_before && !window.is_empty()
}

/// What a VTODO says of its time. Ends are instants; a DURATION has been added
/// to the start it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TodoTimes {
    pub(crate) start: Option<Instant>,
    /// DTSTART plus DURATION.
    pub(crate) finish: Option<Instant>,
    pub(crate) due: Option<Instant>,
    pub(crate) completed: Option<Instant>,
    pub(crate) created: Option<Instant>,
}

/// A VTODO, all eight rows of its table.
pub(crate) fn todo(window: &Window, times: &TodoTimes) -> bool {
    if window.is_empty() {
        return false;
    }
    match *times {
        TodoTimes {
            start: Some(start),
            finish: Some(finish),
            ..
        } => window.starts_by(finish) && (window.ends_after(start) || window.ends_from(finish)),
        TodoTimes {
            start: Some(start),
            due: Some(due),
            ..
        } => {
            (window.starts_before(due) || window.starts_by(start))
                && (window.ends_after(start) || window.ends_from(due))
        }
        TodoTimes {
            start: Some(start), ..
        } => window.starts_by(start) && window.ends_after(start),
        TodoTimes { due: Some(due), .. } => window.starts_before(due) && window.ends_from(due),
        TodoTimes {
            completed: Some(completed),
            created: Some(created),
            ..
        } => {
            (window.starts_by(created) || window.starts_by(completed))
                && (window.ends_from(created) || window.ends_from(completed))
        }
        TodoTimes {
            completed: Some(completed),
            ..
        } => window.starts_by(completed) && window.ends_from(completed),
        TodoTimes {
            created: Some(created),
            ..
        } => window.ends_after(created),
        TodoTimes { .. } => true,
    }
}

/// A VFREEBUSY with DTSTART and DTEND.
pub(crate) fn free_busy(window: &Window, start: Instant, end: Instant) -> bool {
    !window.is_empty() && window.starts_by(end) && window.ends_after(start)
}

/// One period of a FREEBUSY property.
pub(crate) fn period(window: &Window, start: Instant, end: Instant) -> bool {
    !window.is_empty() && window.starts_before(end) && window.ends_after(start)
}

/// One trigger of a VALARM.
pub(crate) fn trigger(window: &Window, at: Instant) -> bool {
    window.contains(at)
}
