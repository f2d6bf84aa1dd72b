//! Zones: wall-clock time to UTC and back.

mod cursor;
mod foreign;
mod transitions;

use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::seconds::{from_seconds, to_seconds};

pub(crate) use cursor::{Resolved, ZoneCursor};
pub use transitions::Transitions;

/// One day; no zone is further than this from UTC.
const DAY: i64 = 86_400;

/// A zone: what a wall clock shows at an instant.
///
/// It is implemented for [`chrono_tz::Tz`], [`chrono::Utc`] and
/// [`chrono::FixedOffset`]. Only [`Zone::offset_at`] must be written; a zone
/// that knows its transitions says more with [`Zone::span_at`], which saves
/// iterators from asking again at each occurrence. [`Transitions`] does that
/// for a list of transitions, or for any zone over a range of years.
///
/// ```
/// use cal_rrule::Zone;
/// use chrono::NaiveDate;
/// use chrono_tz::America::New_York;
///
/// let day = NaiveDate::from_ymd_opt(2024, 3, 10).unwrap();
/// // 02:30 did not exist that day: it is read with the offset before the gap.
/// let utc = New_York.to_utc(day.and_hms_opt(2, 30, 0).unwrap());
/// assert_eq!(utc, day.and_hms_opt(7, 30, 0).unwrap());
/// assert_eq!(New_York.to_local(utc), day.and_hms_opt(3, 30, 0).unwrap());
/// ```
pub trait Zone: Send + Sync {
    /// Seconds east of UTC in force at a UTC instant, less than a day.
    fn offset_at(&self, utc: NaiveDateTime) -> i32;

    /// The UTC instant of a wall-clock time. As RFC 5545 3.3.5 has it, a time
    /// in a gap uses the offset before the gap, and an ambiguous one is the
    /// first of the two.
    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        let wall = to_seconds(local);
        let offset_at = |seconds| i64::from(self.offset_at(from_seconds(seconds)));
        let before = offset_at(wall.saturating_sub(DAY));
        let after = offset_at(wall.saturating_add(DAY));
        let early = wall.saturating_sub(before);
        let late = wall.saturating_sub(after);
        if before == after || offset_at(early) == before || offset_at(late) != after {
            from_seconds(early)
        } else {
            from_seconds(late)
        }
    }

    /// What the wall clock shows at a UTC instant.
    fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        from_seconds(to_seconds(utc).saturating_add(i64::from(self.offset_at(utc))))
    }

    /// The offset at a UTC instant with a range of instants around it over
    /// which it holds. The range may be shorter than the truth, never longer.
    ///
    /// The provided method looks a day ahead and finds a transition to the
    /// second; it expects that an offset lasts for at least a day.
    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        probe(self, utc, DAY)
    }
}

/// An offset and the UTC instants over which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetSpan {
    /// Seconds east of UTC.
    pub offset: i32,
    /// The first instant, or [`NaiveDateTime::MIN`].
    pub start: NaiveDateTime,
    /// The first instant after it, or [`NaiveDateTime::MAX`].
    pub end: NaiveDateTime,
}

/// Looks `reach` seconds back and ahead, and finds where the offset changes.
fn probe<Z: Zone + ?Sized>(zone: &Z, utc: NaiveDateTime, reach: i64) -> OffsetSpan {
    let here = to_seconds(utc);
    let offset_at = |seconds| zone.offset_at(from_seconds(seconds));
    let offset = offset_at(here);
    let (back, ahead) = (here.saturating_sub(reach), here.saturating_add(reach));
    let start = if offset_at(back) == offset {
        back
    } else {
        1 + last_where(back, here, |seconds| offset_at(seconds) != offset)
    };
    let end = if offset_at(ahead) == offset {
        ahead
    } else {
        1 + last_where(here, ahead, |seconds| offset_at(seconds) == offset)
    };
    OffsetSpan {
        offset,
        start: from_seconds(start),
        end: from_seconds(end),
    }
}

/// The last of `low..high` that holds, where `low` holds and `high` does not.
fn last_where(mut low: i64, mut high: i64, holds: impl Fn(i64) -> bool) -> i64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

impl<Z: Zone + ?Sized> Zone for &Z {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        (**self).offset_at(utc)
    }
    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        (**self).to_utc(local)
    }
    fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        (**self).to_local(utc)
    }
    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        (**self).span_at(utc)
    }
}

impl<Z: Zone + ?Sized> Zone for Arc<Z> {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        (**self).offset_at(utc)
    }
    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        (**self).to_utc(local)
    }
    fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        (**self).to_local(utc)
    }
    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        (**self).span_at(utc)
    }
}

impl<Z: Zone + ?Sized> Zone for Box<Z> {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        (**self).offset_at(utc)
    }
    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        (**self).to_utc(local)
    }
    fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        (**self).to_local(utc)
    }
    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        (**self).span_at(utc)
    }
}
