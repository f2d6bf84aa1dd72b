//! Dates and date-times (RFC 5545 3.3.4, 3.3.5).

use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::lexical;

/// The name of a time zone as a calendar writes it; not yet a zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TzId(Arc<str>);

impl TzId {
    /// A zone name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        TzId(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for TzId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for TzId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TzId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for TzId {
    fn from(name: &str) -> Self {
        TzId::new(name)
    }
}

/// When something is, as the calendar says it: only [`Moment::Utc`] is an
/// instant by itself, the others need a zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A whole day, the same date for everyone.
    Date(NaiveDate),
    /// A wall-clock time, the same for everyone wherever they are.
    Floating(NaiveDateTime),
    /// An instant.
    Utc(NaiveDateTime),
    /// A wall-clock time in a named zone.
    Zoned {
        /// The wall-clock time.
        local: NaiveDateTime,
        /// The zone's name in the calendar.
        tzid: TzId,
    },
}

impl Moment {
    /// Reads `YYYYMMDD`, `YYYYMMDDTHHMMSS` or `YYYYMMDDTHHMMSSZ`; `tzid` is the
    /// `TZID` parameter, which a UTC time and a date do without.
    ///
    /// # Errors
    /// If the text has none of these forms or there is no such day or time.
    pub fn parse(text: &str, tzid: Option<&str>) -> Result<Self, crate::Error> {
        Self::exact(text.as_bytes(), tzid)
            .ok_or_else(|| crate::Error::value(crate::ValueType::DateTime, text))
    }

    fn exact(text: &[u8], tzid: Option<&str>) -> Option<Self> {
        if let Some(text) = text.strip_suffix(b"Z") {
            return lexical::date_time(text).map(Moment::Utc);
        }
        if text.len() == 8 {
            return lexical::date(text).map(Moment::Date);
        }
        let local = lexical::date_time(text)?;
        Some(match tzid.filter(|tzid| !tzid.is_empty()) {
            Some(tzid) => Moment::Zoned {
                local,
                tzid: TzId::new(tzid),
            },
            None => Moment::Floating(local),
        })
    }

    /// Also reads what other programs write: blanks around, small letters,
    /// hyphens and colons, no seconds, `24:00`.
    pub(crate) fn parse_lenient(text: &str, tzid: Option<&str>) -> Option<Self> {
        let text = text.trim();
        Self::exact(text.as_bytes(), tzid).or_else(|| {
            if text.len() > 40 {
                return None;
            }
            let plain: Vec<u8> = text
                .bytes()
                .filter(|byte| !matches!(byte, b'-' | b':'))
                .map(|byte| {
                    if byte == b' ' {
                        b'T'
                    } else {
                        byte.to_ascii_uppercase()
                    }
                })
                .collect();
            let (local, utc) = match plain.strip_suffix(b"Z") {
                Some(local) => (local, true),
                None => (plain.as_slice(), false),
            };
            let seconds: &[u8] = match local.len() {
                13 => b"00",
                11 => b"0000",
                _ => b"",
            };
            let mut full = [local, seconds].concat();
            let next_day = full.get(8..) == Some(b"T240000");
            if next_day {
                full.truncate(8);
                full.extend_from_slice(b"T000000");
            }
            if utc && full.len() > 8 {
                full.push(b'Z');
            }
            let moment = Self::exact(&full, tzid)?;
            if next_day {
                moment.shifted(chrono::TimeDelta::days(1))
            } else {
                Some(moment)
            }
        })
    }

    /// The date of the wall clock (of UTC for an instant).
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        self.local().date()
    }

    /// The wall-clock time: midnight for a date, UTC for an instant.
    #[must_use]
    pub fn local(&self) -> NaiveDateTime {
        match self {
            Moment::Date(date) => date.and_time(NaiveTime::MIN),
            Moment::Floating(local) | Moment::Utc(local) | Moment::Zoned { local, .. } => *local,
        }
    }

    /// Whether it is a whole day.
    #[must_use]
    pub fn is_date(&self) -> bool {
        matches!(self, Moment::Date(_))
    }

    /// Whether it is an instant in UTC.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        matches!(self, Moment::Utc(_))
    }

    /// The zone's name, if it has one.
    #[must_use]
    pub fn tzid(&self) -> Option<&TzId> {
        match self {
            Moment::Zoned { tzid, .. } => Some(tzid),
            _ => None,
        }
    }

    /// The same kind of moment at another wall-clock time (a date keeps the day only).
    #[must_use]
    pub fn at_local(&self, local: NaiveDateTime) -> Self {
        match self {
            Moment::Date(_) => Moment::Date(local.date()),
            Moment::Floating(_) => Moment::Floating(local),
            Moment::Utc(_) => Moment::Utc(local),
            Moment::Zoned { tzid, .. } => Moment::Zoned {
                local,
                tzid: tzid.clone(),
            },
        }
    }

    /// Moved along the wall clock; `None` where the calendar ends.
    #[must_use]
    pub fn shifted(&self, by: chrono::TimeDelta) -> Option<Self> {
        Some(self.at_local(self.local().checked_add_signed(by)?))
    }

    /// The value as iCalendar writes it, without the `TZID` and `VALUE` parameters.
    #[must_use]
    pub fn to_value(&self) -> String {
        match self {
            Moment::Date(date) => date.format("%Y%m%d").to_string(),
            Moment::Utc(utc) => utc.format("%Y%m%dT%H%M%SZ").to_string(),
            Moment::Floating(local) | Moment::Zoned { local, .. } => {
                local.format("%Y%m%dT%H%M%S").to_string()
            }
        }
    }
}

impl fmt::Display for Moment {
    /// As RFC 3339 writes dates and times, a zone's name in brackets after it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Date(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            Moment::Utc(utc) => write!(f, "{}", utc.format("%Y-%m-%dT%H:%M:%SZ")),
            Moment::Floating(local) => write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S")),
            Moment::Zoned { local, tzid } => {
                write!(f, "{}[{tzid}]", local.format("%Y-%m-%dT%H:%M:%S"))
            }
        }
    }
}
