//! A zone as a list of the instants at which its offset changes.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, NaiveDateTime};

use super::{OffsetSpan, Zone};
use crate::seconds::{from_seconds, to_seconds};

/// A zone written out: the instants at which its offset changes, in order.
///
/// It answers faster than the zone it was made of, and one of it can serve
/// many recurrence sets through an [`Arc`](std::sync::Arc).
///
/// ```
/// use std::sync::Arc;
/// use cal_rrule::{Transitions, Zone};
/// use chrono::NaiveDate;
/// use chrono_tz::Europe::Berlin;
///
/// let berlin: Arc<dyn Zone> = Arc::new(Transitions::of(&Berlin, 2020..=2030));
/// let noon = NaiveDate::from_ymd_opt(2024, 7, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
/// assert_eq!(berlin.offset_at(noon), 7200);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transitions {
    /// UTC seconds from which on an offset holds, ascending; the first entry
    /// stands for all time before the second.
    changes: Vec<(i64, i32)>,
}

impl Transitions {
    /// A zone with an offset in seconds east of UTC, and the UTC instants from
    /// which on it has others. Changes to the offset that already holds are
    /// left out.
    #[must_use]
    pub fn new(first: i32, changes: impl IntoIterator<Item = (NaiveDateTime, i32)>) -> Self {
        let mut later: Vec<_> = changes
            .into_iter()
            .map(|(utc, offset)| (to_seconds(utc), offset))
            .collect();
        later.sort_by_key(|(utc, _)| *utc);
        let mut all = vec![(i64::MIN, first)];
        for (utc, offset) in later {
            match all.last_mut() {
                Some(last) if last.0 == utc => last.1 = offset,
                _ => all.push((utc, offset)),
            }
        }
        all.dedup_by_key(|(_, offset)| *offset);
        Self { changes: all }
    }

    /// The transitions of a zone in a range of years. Before and after them
    /// the first and last offset hold, whatever the zone says.
    #[must_use]
    pub fn of<Z: Zone + ?Sized>(zone: &Z, years: RangeInclusive<i32>) -> Self {
        let midnight = |year| {
            let date = NaiveDate::from_ymd_opt(year, 1, 1);
            to_seconds(
                date.unwrap_or(NaiveDate::MAX)
                    .and_hms_opt(0, 0, 0)
                    .unwrap_or_default(),
            )
        };
        let end = midnight(years.end().saturating_add(1));
        let mut here = midnight(*years.start());
        let mut changes = vec![(i64::MIN, zone.offset_at(from_seconds(here)))];
        while here < end {
            let span = zone.span_from(from_seconds(here));
            changes.push((here, span.offset));
            here = to_seconds(span.end).max(here.saturating_add(1));
        }
        changes.dedup_by_key(|(_, offset)| *offset);
        Self { changes }
    }

    /// Which entry holds at an instant.
    fn index_at(&self, utc: i64) -> usize {
        self.changes
            .partition_point(|(start, _)| *start <= utc)
            .saturating_sub(1)
    }

    fn entry(&self, index: usize) -> (i64, i32) {
        self.changes.get(index).copied().unwrap_or((i64::MIN, 0))
    }
}

impl Zone for Transitions {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        self.entry(self.index_at(to_seconds(utc))).1
    }

    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        let wall = to_seconds(local);
        // The last entry that has begun on the wall clock that was in use
        // when it began is the one that a time after a gap or an overlap uses.
        let mut index = self.index_at(wall.saturating_add(super::DAY));
        while index > 0 {
            let (start, offset) = self.entry(index);
            let previous = self.entry(index - 1).1;
            if wall >= start.saturating_add(i64::from(offset.max(previous))) {
                break;
            }
            index -= 1;
        }
        from_seconds(wall.saturating_sub(i64::from(self.entry(index).1)))
    }

    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        let index = self.index_at(to_seconds(utc));
        let (start, offset) = self.entry(index);
        let end = self.changes.get(index + 1).map_or(i64::MAX, |next| next.0);
        OffsetSpan {
            offset,
            start: from_seconds(start),
            end: from_seconds(end),
        }
    }

    fn knows_transitions(&self) -> bool {
        true
    }
}
