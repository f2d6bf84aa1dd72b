//! STANDARD and DAYLIGHT blocks: when an offset begins to hold (RFC 5545 3.6.5).

use cal_rrule::RRule;
use chrono::{NaiveDateTime, NaiveTime};

use super::onsets::shifted;
use crate::{Moment, Observance, PropertyKind, UtcOffset};

/// What one STANDARD or DAYLIGHT block says.
///
/// Onsets are on the wall clock that runs before the change, at `offset_from`.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The first onset.
    pub(super) first: NaiveDateTime,
    /// Seconds east of UTC before each onset.
    pub(super) offset_from: i32,
    /// Seconds east of UTC from each onset on.
    pub(super) offset_to: i32,
    /// The rules by which it returns.
    pub(super) rules: Vec<RRule>,
    /// Further onsets one by one.
    pub(super) dates: Vec<NaiveDateTime>,
}

impl Block {
    /// Reads a block; `None` if it lacks what defines it.
    pub(super) fn read(block: &Observance<'_>) -> Option<Self> {
        let offset_to = block.offset_to().ok()?.seconds();
        let offset_from = block.offset_from().map_or(offset_to, UtcOffset::seconds);
        let first = wall(&block.start().ok()?, offset_from, NaiveTime::MIN);
        let rules = block.recurrence_rules();
        let dates = block.all(PropertyKind::RDate);
        Some(Self {
            first,
            offset_from,
            offset_to,
            rules: rules
                .filter_map(|rule| RRule::parse_lenient(&rule.raw_value()).rule)
                .collect(),
            dates: dates
                .filter_map(|dates| dates.date_times().ok())
                .flatten()
                .map(|date| wall(&date, offset_from, first.time()))
                .collect(),
        })
    }

    /// The instant of an onset on the wall clock.
    pub(super) fn instant(&self, onset: NaiveDateTime) -> NaiveDateTime {
        shifted(onset, -i64::from(self.offset_from))
    }
}

/// An onset as wall-clock time; one in UTC (against the RFC, but seen) is
/// converted, a bare date takes the usual time of day.
fn wall(moment: &Moment, offset_from: i32, time: NaiveTime) -> NaiveDateTime {
    match moment {
        Moment::Date(date) => date.and_time(time),
        Moment::Utc(utc) => shifted(*utc, i64::from(offset_from)),
        Moment::Floating(local) | Moment::Zoned { local, .. } => *local,
    }
}
