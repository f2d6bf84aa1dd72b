//! A table of offset changes and the two questions a zone answers from it.

use cal_rrule::OffsetSpan;
use chrono::{NaiveDateTime, TimeDelta};

/// A moment from which another offset holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Onset {
    /// The instant of the change, UTC.
    pub(super) at: NaiveDateTime,
    /// Seconds east of UTC from then on.
    pub(super) offset: i32,
}

/// Offset changes in ascending order of time, and the offset before the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Onsets {
    before: i32,
    onsets: Box<[Onset]>,
    /// The changes from here on are not known.
    until: NaiveDateTime,
}

impl Onsets {
    /// Sorts the changes, which are all before `until`; of two at one instant
    /// the later in the list holds.
    pub(super) fn new(before: i32, mut onsets: Vec<Onset>, until: NaiveDateTime) -> Self {
        onsets.sort_by_key(|onset| onset.at);
        let mut kept: Vec<Onset> = Vec::with_capacity(onsets.len());
        for onset in onsets {
            match kept.last_mut() {
                Some(last) if last.at == onset.at => *last = onset,
                _ => kept.push(onset),
            }
        }
        Self {
            before,
            onsets: kept.into_boxed_slice(),
            until,
        }
    }

    /// How many changes lie at or before the instant.
    fn passed(&self, utc: NaiveDateTime) -> usize {
        self.onsets.partition_point(|onset| onset.at <= utc)
    }

    fn offset_after(&self, passed: usize) -> i32 {
        passed
            .checked_sub(1)
            .and_then(|last| self.onsets.get(last))
            .map_or(self.before, |onset| onset.offset)
    }

    /// Seconds east of UTC at an instant.
    pub(super) fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        self.offset_after(self.passed(utc))
    }

    /// The offset at an instant, and from when until when it holds as far as
    /// is known.
    pub(super) fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        let passed = self.passed(utc);
        let began = passed.checked_sub(1).and_then(|last| self.onsets.get(last));
        let ends = self.onsets.get(passed);
        OffsetSpan {
            offset: self.offset_after(passed),
            start: began.map_or(NaiveDateTime::MIN, |onset| onset.at),
            end: ends.map_or(self.until, |onset| onset.at),
        }
    }

    /// The instant of a local time (RFC 5545 3.3.5): the first of two, and in
    /// a gap by the offset before it.
    pub(super) fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        // Offsets are under a day, so the change that matters is not earlier.
        let early = shifted(local, -86_400);
        let mut index = self.passed(early);
        let mut previous = self.offset_after(index);
        loop {
            let offset = self.offset_after(index);
            let utc = shifted(local, -i64::from(offset));
            let began = index.checked_sub(1).and_then(|last| self.onsets.get(last));
            if began.is_some_and(|onset| utc < onset.at) {
                return shifted(local, -i64::from(previous));
            }
            match self.onsets.get(index) {
                Some(next) if utc >= next.at => {
                    previous = offset;
                    index += 1;
                }
                _ => return utc,
            }
        }
    }
}

/// A date-time moved by seconds, staying where it is at the calendar's edge.
pub(super) fn shifted(at: NaiveDateTime, seconds: i64) -> NaiveDateTime {
    at.checked_add_signed(TimeDelta::seconds(seconds))
        .unwrap_or(at)
}
