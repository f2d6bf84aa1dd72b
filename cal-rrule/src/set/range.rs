//! A range of moments, and the wall-clock times that enclose it.

use std::ops::{Bound, RangeBounds};

use chrono::{NaiveDateTime, Timelike};

use crate::Zone;
use crate::engine::Wall;
use crate::seconds::{from_seconds, to_seconds};
use crate::set::compiled::{Compiled, TimeLine};

/// No zone is further from UTC than this, and no gap is longer.
const DAY: i64 = 86_400;

/// A half-open range of moments in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moments {
    pub(super) from: i64,
    pub(super) end: i64,
}

impl Moments {
    pub(super) const fn contains(self, moment: i64) -> bool {
        self.from <= moment && moment < self.end
    }

    pub(super) fn of(range: &impl RangeBounds<NaiveDateTime>) -> Self {
        let up = |time: &NaiveDateTime| to_seconds(*time) + i64::from(time.nanosecond() > 0);
        let past = |time: &NaiveDateTime| to_seconds(*time) + 1;
        Self {
            from: match range.start_bound() {
                Bound::Included(time) => up(time),
                Bound::Excluded(time) => past(time),
                Bound::Unbounded => i64::MIN,
            },
            end: match range.end_bound() {
                Bound::Included(time) => past(time),
                Bound::Excluded(time) => up(time),
                Bound::Unbounded => i64::MAX,
            },
        }
    }
}

/// A wall-clock time before which no occurrence at or after a moment is.
pub(super) fn earliest_wall(set: &Compiled, from: i64) -> Wall {
    let TimeLine::Zoned(zone) = &set.line else {
        return Wall::from_seconds(from);
    };
    if from == i64::MIN {
        return Wall::MIN;
    }
    // A time in a gap that ended up to a day ago may still come.
    let offset = |moment: i64| i64::from(zone.offset_at(from_seconds(moment)));
    let earlier = offset(from.saturating_sub(DAY)).min(offset(from));
    Wall::from_seconds(from.saturating_add(earlier))
}

/// A wall-clock time after which no occurrence before a moment is.
pub(super) fn latest_wall(set: &Compiled, end: i64) -> Wall {
    let last = end.saturating_sub(1);
    let TimeLine::Zoned(zone) = &set.line else {
        return Wall::from_seconds(last);
    };
    if end == i64::MAX {
        return Wall::MAX;
    }
    // Of a time that came twice the first is meant, with the offset before.
    let offset = |moment: i64| i64::from(zone.offset_at(from_seconds(moment)));
    let later = offset(last.saturating_sub(DAY)).max(offset(last));
    Wall::from_seconds(last.saturating_add(later))
}
