//! The clock of an entry: how its moments become local times without zone, and
//! back (RFC 8984 1.4.4, 1.4.5, 4.7.1).

use cal_rrule::Zone;
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

use crate::{Duration, Moment, TimeZones, ZoneRules};

/// How an entry spells its moments.
#[derive(Clone, Debug)]
pub(super) enum Clock {
    Date,
    Floating,
    Utc,
    /// A zone by the name that iCalendar has for it; nothing may be known of it.
    Zone(String, Option<ZoneRules>),
}

impl Clock {
    pub(super) fn of(moment: &Moment, zones: &TimeZones) -> Self {
        match moment {
            Moment::Date(_) => Clock::Date,
            Moment::Floating(_) => Clock::Floating,
            Moment::Utc(_) => Clock::Utc,
            Moment::Zoned { tzid, .. } => {
                let rules = zones.resolve(tzid).map(|zone| zone.rules);
                Clock::Zone(tzid.to_string(), rules)
            }
        }
    }

    /// The moment at a local time.
    pub(super) fn moment(&self, local: NaiveDateTime) -> Moment {
        match self {
            Clock::Date => Moment::Date(local.date()),
            Clock::Floating => Moment::Floating(local),
            Clock::Utc => Moment::Utc(local),
            Clock::Zone(tzid, _) => Moment::Zoned {
                local,
                tzid: tzid.as_str().into(),
            },
        }
    }

    /// The instant of a local time, for a clock that tells.
    pub(super) fn to_utc(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Clock::Utc => Some(local),
            Clock::Zone(_, Some(rules)) => Some(rules.to_utc(local)),
            _ => None,
        }
    }

    /// The local time of an instant, if it is the one that this local time means.
    pub(super) fn at_utc(&self, utc: NaiveDateTime) -> Option<NaiveDateTime> {
        let local = match self {
            Clock::Utc => utc,
            Clock::Zone(_, Some(rules)) => rules.to_local(utc),
            _ => return None,
        };
        (self.to_utc(local)? == utc).then_some(local)
    }

    /// A moment of any kind on this clock, as a series takes the moments of
    /// its EXDATEs and RECURRENCE-IDs; none where that takes more knowledge.
    pub(super) fn local(&self, moment: &Moment, zones: &TimeZones) -> Option<NaiveDateTime> {
        match (self, moment) {
            (Clock::Date, other) => Some(other.date().and_time(NaiveTime::MIN)),
            (_, Moment::Date(_)) => None,
            (_, Moment::Floating(local)) => Some(*local),
            (Clock::Zone(own, _), Moment::Zoned { local, tzid }) if **own == **tzid => Some(*local),
            (_, other) => self.at_utc(Clock::of(other, zones).to_utc(other.local())?),
        }
    }

    /// From one local time to another: on the time line where there is one,
    /// else on the clock.
    pub(super) fn between(&self, start: NaiveDateTime, end: NaiveDateTime) -> Duration {
        let (start, end) = match (self.to_utc(start), self.to_utc(end)) {
            (Some(start), Some(end)) => (start, end),
            _ => (start, end),
        };
        let seconds = (end - start).num_seconds();
        match self {
            Clock::Date => Duration::from_days(seconds / 86_400),
            _ => Duration::from_seconds(seconds),
        }
    }

    /// So long after a local time; days on the clock, the rest on the time line.
    pub(super) fn after(&self, start: NaiveDateTime, length: Duration) -> Option<NaiveDateTime> {
        let day = start.checked_add_signed(TimeDelta::days(length.days()))?;
        let seconds = TimeDelta::seconds(length.seconds());
        match self.to_utc(day) {
            Some(utc) => self.at_utc(utc.checked_add_signed(seconds)?),
            None => day.checked_add_signed(seconds),
        }
    }
}

/// A LocalDateTime.
pub(super) fn write_local(local: NaiveDateTime) -> String {
    local.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Reads a LocalDateTime.
pub(super) fn read_local(text: &str) -> Option<NaiveDateTime> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok()?;
    (write_local(local) == text).then_some(local)
}

/// A UTCDateTime.
pub(super) fn write_utc(utc: NaiveDateTime) -> String {
    write_local(utc) + "Z"
}

/// Reads a UTCDateTime.
pub(super) fn read_utc(text: &str) -> Option<NaiveDateTime> {
    read_local(text.strip_suffix('Z')?)
}
