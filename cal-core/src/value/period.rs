//! Periods of time (RFC 5545 3.3.9).

use std::fmt;

use super::duration::Duration;
use super::moment::Moment;

/// A start with an end or a length.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Period {
    /// When it begins; a date-time.
    pub start: Moment,
    /// How it ends.
    pub end: PeriodEnd,
}

/// How a [`Period`] says when it ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PeriodEnd {
    /// At a moment.
    At(Moment),
    /// After a time.
    After(Duration),
}

impl Period {
    /// Reads `start/end` or `start/duration`; `tzid` is the `TZID` parameter.
    ///
    /// # Errors
    /// If the text has neither form.
    pub fn parse(text: &str, tzid: Option<&str>) -> Result<Self, crate::Error> {
        let read = || {
            let (start, end) = text.split_once('/')?;
            let start = Moment::parse(start, tzid)
                .ok()
                .filter(|start| !start.is_date())?;
            let end = if end.contains('P') {
                PeriodEnd::After(end.parse().ok()?)
            } else {
                PeriodEnd::At(Moment::parse(end, tzid).ok().filter(|end| !end.is_date())?)
            };
            Some(Period { start, end })
        };
        read().ok_or_else(|| crate::Error::value(crate::ValueType::Period, text))
    }

    /// As calendars in the field write it, one slash too many included.
    pub(crate) fn parse_lenient(text: &str, tzid: Option<&str>) -> Option<Self> {
        let (start, end) = text.split_once('/')?;
        let end = end.strip_suffix('/').unwrap_or(end);
        let start = Moment::parse_lenient(start, tzid)?;
        let end = match Duration::parse_lenient(end) {
            Some(duration) => PeriodEnd::After(duration),
            None => PeriodEnd::At(Moment::parse_lenient(end, tzid)?),
        };
        Some(Period { start, end })
    }

    /// The value as iCalendar writes it, without parameters.
    #[must_use]
    pub fn to_value(&self) -> String {
        match &self.end {
            PeriodEnd::At(end) => format!("{}/{}", self.start.to_value(), end.to_value()),
            PeriodEnd::After(length) => format!("{}/{length}", self.start.to_value()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.end {
            PeriodEnd::At(end) => write!(f, "{}/{end}", self.start),
            PeriodEnd::After(length) => write!(f, "{}/{length}", self.start),
        }
    }
}
