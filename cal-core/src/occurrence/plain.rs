//! What most events are: from one time to another on one clock, without
//! anything that repeats them. Those are read here, and nothing is kept of them.

use std::borrow::Cow;
use std::ops::Range;

use cal_rrule::Zone;
use chrono::NaiveDateTime;
use smallvec::SmallVec;

use super::plan::Clock;
use crate::value::lexical;
use crate::{Moment, Property, TzId, ZoneRules};

/// More zones than this in one calendar are not kept in mind.
const MOST_ZONES: usize = 8;

/// A year has about three spans of one offset.
const MOST_SPANS: usize = 4;

const DAY: i64 = 86_400;

/// Reads the plain events of a calendar one after another; most are in the
/// same zone.
pub(super) struct PlainTimes<'a, 'z> {
    clock: Clock<'z>,
    zones: SmallVec<[KnownZone<'a>; 1]>,
    /// The parameters that were read last, with the TZID that they give: of most
    /// events they are the same.
    last: Option<(&'a [u8], &'a str)>,
}

/// DTSTART and DTEND of an event that says nothing else of its time.
pub(super) struct Ends<'a> {
    pub(super) start: Property<'a>,
    pub(super) end: Property<'a>,
}

/// A time on a clock.
struct Reading<'a> {
    local: NaiveDateTime,
    /// `None` of a time in UTC.
    tzid: Option<&'a str>,
}

/// A zone by the name that the calendar has for it.
struct KnownZone<'a> {
    tzid: &'a str,
    rules: ZoneRules,
    /// Where its offset was found out already.
    spans: SmallVec<[KnownSpan; MOST_SPANS]>,
    /// Which of them gives way to the next.
    oldest: usize,
}

/// The wall-clock seconds over which an offset in seconds is right.
struct KnownSpan {
    walls: Range<i64>,
    offset: i64,
}

impl<'a, 'z> PlainTimes<'a, 'z> {
    pub(super) fn new(clock: Clock<'z>) -> Self {
        Self {
            clock,
            zones: SmallVec::new(),
            last: None,
        }
    }

    /// From when to when, in UTC seconds; `None` for what takes more to read.
    pub(super) fn read(&mut self, ends: &Ends<'a>) -> Option<Range<i64>> {
        let start = self.reading(ends.start)?;
        let end = self.reading(ends.end)?;
        if start.tzid != end.tzid || end.local < start.local {
            return None;
        }
        let Some(tzid) = start.tzid else {
            return Some(seconds(start.local)..seconds(end.local));
        };
        let zone = self.zone(tzid)?;
        let start = zone.instant(start.local);
        Some(start..zone.instant(end.local).max(start))
    }

    /// The value as RFC 5545 3.3.5 has it and nothing else, in UTC or with a
    /// TZID that needs no decoding.
    fn reading(&mut self, property: Property<'a>) -> Option<Reading<'a>> {
        let Cow::Borrowed(value) = property.raw_bytes() else {
            return None;
        };
        let parameters = property.raw_parameters();
        if let Some(value) = value.strip_suffix(b"Z") {
            let local = lexical::date_time(value).filter(|_| parameters.is_empty())?;
            return Some(Reading { local, tzid: None });
        }
        let tzid = match self.last {
            Some((last, tzid)) if last == parameters => tzid,
            _ => property.only_tzid()?,
        };
        self.last = Some((parameters, tzid));
        Some(Reading {
            local: lexical::date_time(value)?,
            tzid: Some(tzid),
        })
    }

    fn zone(&mut self, tzid: &'a str) -> Option<&mut KnownZone<'a>> {
        let place = self.zones.iter().position(|known| known.tzid == tzid);
        if place.is_none() {
            if self.zones.len() == MOST_ZONES {
                return None;
            }
            let moment = Moment::Zoned {
                local: NaiveDateTime::default(),
                tzid: TzId::new(tzid),
            };
            self.zones.push(KnownZone {
                tzid,
                rules: self.clock.rules(&moment),
                spans: SmallVec::new(),
                oldest: 0,
            });
        }
        match place {
            Some(place) => self.zones.get_mut(place),
            None => self.zones.last_mut(),
        }
    }
}

impl KnownZone<'_> {
    /// The instant of a wall-clock time, in seconds.
    fn instant(&mut self, local: NaiveDateTime) -> i64 {
        let wall = seconds(local);
        let known = self.spans.iter().find(|span| span.walls.contains(&wall));
        match known {
            Some(span) => wall - span.offset,
            None => self.look_up(local),
        }
    }

    #[cold]
    fn look_up(&mut self, local: NaiveDateTime) -> i64 {
        let utc = self.rules.to_utc(local);
        let span = self.rules.span_at(utc);
        let offset = i64::from(span.offset);
        let known = KnownSpan {
            // Times that a change of the clock brings twice mean the first, and
            // no clock is ever set back by a day.
            walls: seconds(span.start) + offset + DAY..seconds(span.end) + offset,
            offset,
        };
        match self.spans.get_mut(self.oldest) {
            Some(oldest) => *oldest = known,
            None => self.spans.push(known),
        }
        self.oldest = (self.oldest + 1) % MOST_SPANS;
        seconds(utc)
    }
}

fn seconds(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp()
}
