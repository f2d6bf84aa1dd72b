//! Times on the command line.

use std::str::FromStr;

use cal_rrule::Zone;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use crate::error::Error;

/// A time as a user may write it.
///
/// An instant (`2026-01-30T09:00:00+01:00`, `20260130T080000Z`) stands for
/// itself. A local time (`2026-01-30T09:00`) or a date (`2026-01-30`, its
/// midnight) is one of the zone that the command works in. `2d ago` is that long
/// before whatever the clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PointInTime {
    /// A time with an offset.
    Instant(DateTime<Utc>),
    /// A wall-clock time.
    Local(NaiveDateTime),
    /// Whatever the clock says.
    Now,
    /// So long before what the clock says.
    Ago(TimeDelta),
}

impl PointInTime {
    /// The instant in UTC.
    ///
    /// A local time that a clock change skips or repeats is read as RFC 5545
    /// 3.3.5 has it: the offset before the gap, the first of the two.
    pub(crate) fn utc(self, zone: &dyn Zone, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            PointInTime::Instant(utc) => utc,
            PointInTime::Local(local) => zone.to_utc(local).and_utc(),
            PointInTime::Now => now,
            // Before what can be told is as early as can be told.
            PointInTime::Ago(length) => now
                .checked_sub_signed(length)
                .unwrap_or(DateTime::<Utc>::MIN_UTC),
        }
    }
}

/// Whether a time to look at ends after it starts.
///
/// # Errors
/// It does not.
pub(crate) fn in_order(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<(), Error> {
    if from < to {
        Ok(())
    } else {
        Err(Error::Usage("--to must be later than --from".to_owned()))
    }
}

/// The forms of a local time, from the most to the least usual.
const LOCAL_FORMS: &[&str] = &[
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y%m%dT%H%M%S",
];

const DATE_FORMS: &[&str] = &["%Y-%m-%d", "%Y%m%d"];

impl FromStr for PointInTime {
    type Err = String;

    fn from_str(text: &str) -> Result<PointInTime, String> {
        if text == "now" {
            return Ok(PointInTime::Now);
        }
        if let Some(length) = ago(text) {
            return Ok(PointInTime::Ago(length));
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Ok(PointInTime::Instant(instant.with_timezone(&Utc)));
        }
        if let Ok(utc) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ") {
            return Ok(PointInTime::Instant(utc.and_utc()));
        }
        for form in LOCAL_FORMS {
            if let Ok(local) = NaiveDateTime::parse_from_str(text, form) {
                return Ok(PointInTime::Local(local));
            }
        }
        for form in DATE_FORMS {
            if let Ok(date) = NaiveDate::parse_from_str(text, form) {
                return Ok(PointInTime::Local(date.and_time(NaiveTime::MIN)));
            }
        }
        Err("a time is written 2026-01-30, 2026-01-30T09:00, 2026-01-30T09:00:00+01:00, 2026-01-30T08:00:00Z, \"2d ago\" or now".to_owned())
    }
}

/// A length before now: `90s`, `15m`, `3h`, `2d` or `1w`, and `ago` after it.
fn ago(text: &str) -> Option<TimeDelta> {
    let length = text.strip_suffix("ago")?;
    let length = length.strip_suffix([' ', '-'])?.trim_end();
    let digits = length.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = length.split_at_checked(digits)?;
    let number = number.parse().ok()?;
    match unit.trim_start() {
        "s" => TimeDelta::try_seconds(number),
        "m" | "min" => TimeDelta::try_minutes(number),
        "h" => TimeDelta::try_hours(number),
        "d" | "day" | "days" => TimeDelta::try_days(number),
        "w" | "week" | "weeks" => TimeDelta::try_weeks(number),
        _ => None,
    }
}
