//! Zones: wall-clock time to UTC and back.

mod cursor;
mod foreign;
mod remembered;
mod transitions;

use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::seconds::{from_seconds, to_seconds};

pub(crate) use cursor::{Resolved, ZoneCursor};
pub(crate) use remembered::Remembered;
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

    /// Like [`Zone::span_at`], for who goes on from an instant and does not
    /// ask what was before: the range may start there, and is worth some search
    /// for its end.
    ///
    /// The provided method is `span_at`.
    fn span_from(&self, utc: NaiveDateTime) -> OffsetSpan {
        self.span_at(utc)
    }

    /// Whether spans are found without a search, so that whoever asks for the
    /// same again and again gains nothing by keeping the answers.
    ///
    /// The provided method says no.
    fn knows_transitions(&self) -> bool {
        false
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
    let offset = zone.offset_at(utc);
    let holds = |seconds| zone.offset_at(from_seconds(seconds)) == offset;
    let back = here.saturating_sub(reach);
    let start = if holds(back) {
        back
    } else {
        first_where(back, here, holds)
    };
    OffsetSpan {
        offset,
        start: from_seconds(start),
        end: change_within(zone, (utc, offset), reach)
            .unwrap_or_else(|| from_seconds(here.saturating_add(reach))),
    }
}

/// Looks `reach` seconds ahead of an instant and its offset, and finds where
/// the offset changes.
fn change_within<Z: Zone + ?Sized>(
    zone: &Z,
    (utc, offset): (NaiveDateTime, i32),
    reach: i64,
) -> Option<NaiveDateTime> {
    let here = to_seconds(utc);
    let ahead = here.saturating_add(reach);
    let changed = |seconds| zone.offset_at(from_seconds(seconds)) != offset;
    changed(ahead).then(|| from_seconds(first_where(here, ahead, changed)))
}

/// Offsets change, almost always, at a quarter of an hour.
const QUARTER: i64 = 900;

/// The first after `low` up to `high` where something holds that does not hold
/// at `low` but does at `high`.
fn first_where(mut low: i64, mut high: i64, holds: impl Fn(i64) -> bool) -> i64 {
    let quarter = |time: i64| time.div_euclid(QUARTER) * QUARTER;
    while high - low > 1 {
        let middle = quarter(low + (high - low) / 2);
        let middle = if middle > low {
            middle
        } else if high - low > QUARTER || holds(high - 1) {
            low + (high - low) / 2
        } else {
            return high;
        };
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
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
    fn span_from(&self, utc: NaiveDateTime) -> OffsetSpan {
        (**self).span_from(utc)
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
    fn span_from(&self, utc: NaiveDateTime) -> OffsetSpan {
        (**self).span_from(utc)
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
    fn span_from(&self, utc: NaiveDateTime) -> OffsetSpan {
        (**self).span_from(utc)
    }
}
