//! What identifies an instance of a series: its original instant, or its
//! original wall-clock time where the series has no zone.

use cal_rrule::{When, Zone};
use chrono::{NaiveDate, NaiveDateTime};

use super::plan::{Clock, Plan};
use crate::{Moment, Property, ValueType};

/// The instance of a series that a moment elsewhere means (RECURRENCE-ID,
/// EXDATE, RDATE), however that moment is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// This one: UTC for a series with a zone, else the wall clock.
    Time(NaiveDateTime),
    /// Whatever a timed series has on this date of its zone.
    Day(NaiveDate),
}

impl Plan<'_> {
    /// The key of the instance at a local time of the series.
    pub(super) fn key(&self, local: NaiveDateTime) -> NaiveDateTime {
        if self.is_wall() {
            local
        } else {
            self.rules.to_utc(local)
        }
    }

    /// The local time of the instance with a key.
    pub(super) fn local_of(&self, key: NaiveDateTime) -> NaiveDateTime {
        if self.is_wall() {
            key
        } else {
            self.rules.to_local(key)
        }
    }

    /// A moment of an EXDATE or RDATE as the recurrence set of this series
    /// takes it.
    pub(super) fn when(&self, moment: &Moment, clock: Clock<'_>) -> When {
        match (&self.start, moment) {
            (Moment::Date(_), other) => When::Date(other.date()),
            (_, Moment::Date(date)) => When::Date(*date),
            (_, Moment::Floating(local)) => When::Local(*local),
            (Moment::Floating(_), other) => {
                When::Local(clock.default.to_local(clock.instant(other)))
            }
            (_, other) => When::Utc(clock.instant(other)),
        }
    }

    /// The instance of this series that a moment means.
    pub(super) fn key_of(&self, moment: &Moment, clock: Clock<'_>) -> Key {
        match (&self.start, moment) {
            // A time on an all-day series means the date on its own clock.
            (Moment::Date(_), other) => Key::Time(midnight(other.date())),
            (_, Moment::Date(date)) => Key::Day(*date),
            (Moment::Floating(_), Moment::Floating(local)) => Key::Time(*local),
            (Moment::Floating(_), other) => Key::Time(clock.default.to_local(clock.instant(other))),
            (_, Moment::Floating(local)) => Key::Time(self.rules.to_utc(*local)),
            (_, Moment::Zoned { local, tzid }) if self.start.tzid() == Some(tzid) => {
                Key::Time(self.rules.to_utc(*local))
            }
            (_, other) => Key::Time(clock.instant(other)),
        }
    }
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(chrono::NaiveTime::MIN)
}

/// The moments of a list (EXDATE, RDATE) that can be read; the rest is passed
/// over. Of a period its start.
pub(super) fn moments(property: &Property<'_>) -> Vec<Moment> {
    let tzid = property.parameter("TZID");
    let dates = property.value_type() == ValueType::Date;
    let read = |part: &str| {
        let moment = Moment::parse_lenient(part.split('/').next()?, tzid.as_deref())?;
        Some(if dates {
            Moment::Date(moment.date())
        } else {
            moment
        })
    };
    property.raw_value().split(',').filter_map(read).collect()
}
