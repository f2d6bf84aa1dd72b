//! A zone that remembers when its offset changes.

use std::sync::{Arc, OnceLock};

use chrono::NaiveDateTime;

use super::{DAY, OffsetSpan, Zone};
use crate::seconds::to_seconds;

/// How many spans are remembered: two a year for sixteen years.
const ROOM: usize = 32;
const HALF_A_YEAR: i64 = 183 * DAY;

/// A zone whose spans, as they are met from one change to the next, are kept:
/// the zones of chrono-tz do not tell their changes, so that each has to be
/// searched for.
pub(crate) struct Remembered {
    zone: Arc<dyn Zone>,
    /// `None` for a zone that knows its changes.
    spans: Option<Box<[OnceLock<OffsetSpan>; ROOM]>>,
}

impl Remembered {
    pub(crate) fn new(zone: Arc<dyn Zone>) -> Self {
        let room = || Box::new([const { OnceLock::new() }; ROOM]);
        Self {
            spans: (!zone.knows_transitions()).then(room),
            zone,
        }
    }
}

impl Zone for Remembered {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        self.zone.offset_at(utc)
    }

    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        self.zone.to_utc(local)
    }

    fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        self.zone.to_local(utc)
    }

    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        self.zone.span_at(utc)
    }

    fn span_from(&self, utc: NaiveDateTime) -> OffsetSpan {
        let Some(spans) = &self.spans else {
            return self.zone.span_from(utc);
        };
        let index = usize::try_from(to_seconds(utc).div_euclid(HALF_A_YEAR)).unwrap_or(0) % ROOM;
        let Some(place) = spans.get(index) else {
            return self.zone.span_from(utc);
        };
        match place.get() {
            Some(span) if span.start == utc => *span,
            Some(_) => self.zone.span_from(utc),
            None => *place.get_or_init(|| OffsetSpan {
                start: utc,
                ..self.zone.span_from(utc)
            }),
        }
    }
}
