//! A zone's offset kept from one occurrence to the next.

use super::{DAY, Zone};
use crate::seconds::{from_seconds, to_seconds};

/// How far beyond what is known a time is reached by going on from there.
const NEAR: i64 = 60 * DAY;

/// A wall-clock time found on the line of instants, both in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// The time exists.
    At(i64),
    /// The time was skipped by the clock: its instant, read with the offset
    /// before the gap, and the wall-clock time at which the gap ends.
    InGap { utc: i64, end: i64 },
}

/// The wall-clock times for which one offset is known to be right.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ZoneCursor {
    start: i64,
    end: i64,
    offset: i64,
    /// The instant from which on the offset is known to hold.
    change: i64,
    /// The offset before that instant.
    before: i64,
}

impl ZoneCursor {
    /// The instant of a wall-clock time.
    #[inline(always)]
    pub(crate) fn resolve<Z: Zone + ?Sized>(&mut self, zone: &Z, wall: i64) -> Resolved {
        if self.start <= wall && wall < self.end {
            return Resolved::At(wall - self.offset);
        }
        self.look_up(zone, wall)
    }

    /// The gap, on the wall clock, that a wall-clock time lies so shortly
    /// after that times in the gap are as late as it.
    pub(crate) fn gap_before<Z: Zone + ?Sized>(
        &mut self,
        zone: &Z,
        wall: i64,
    ) -> Option<(i64, i64)> {
        let near = |cursor: &Self| wall - cursor.offset < cursor.change.saturating_add(DAY);
        if near(self) && self.before == self.offset {
            // What is known may start after the transition did.
            self.look_up(zone, wall);
        }
        let start = self.change.checked_add(self.before)?;
        let end = self.change.checked_add(self.offset)?;
        (start < end && near(self) && wall < end + (end - start)).then_some((start, end))
    }

    #[cold]
    fn look_up<Z: Zone + ?Sized>(&mut self, zone: &Z, wall: i64) -> Resolved {
        if self.start < self.end && self.end <= wall && wall - self.end < NEAR {
            self.follow(zone, wall);
            if self.start <= wall && wall < self.end {
                return Resolved::At(wall - self.offset);
            }
        }
        self.look_up_anew(zone, wall)
    }

    /// Goes on to a wall-clock time from the end of what is known.
    fn follow<Z: Zone + ?Sized>(&mut self, zone: &Z, wall: i64) {
        let mut next = *self;
        while next.end <= wall {
            let here = next.end - next.offset;
            let span = zone.span_from(from_seconds(here));
            let offset = i64::from(span.offset);
            if offset != next.offset {
                next = Self {
                    start: here.saturating_add(offset.max(next.offset)),
                    end: 0,
                    offset,
                    change: here,
                    before: next.offset,
                };
            }
            let end = to_seconds(span.end).saturating_add(offset);
            if end <= next.end {
                return;
            }
            next.end = end;
        }
        *self = next;
    }

    fn look_up_anew<Z: Zone + ?Sized>(&mut self, zone: &Z, wall: i64) -> Resolved {
        let utc = to_seconds(zone.to_utc(from_seconds(wall)));
        let span = zone.span_at(from_seconds(utc));
        let change = to_seconds(span.start);
        let offset = i64::from(span.offset);
        let before = i64::from(zone.offset_at(from_seconds(change.saturating_sub(1))));
        if utc.saturating_add(offset) != wall {
            return Resolved::InGap {
                utc,
                end: change.saturating_add(offset),
            };
        }
        let start = if before == offset {
            // What is known starts after a transition that may be near. Times
            // that it brought twice mean the first, with the offset before it.
            change.saturating_add(offset).saturating_add(DAY)
        } else {
            change.saturating_add(offset.max(before))
        };
        *self = Self {
            start,
            end: to_seconds(span.end).saturating_add(offset),
            offset,
            change,
            before,
        };
        Resolved::At(utc)
    }
}
