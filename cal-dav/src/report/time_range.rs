//! Spans of time in requests (RFC 4791 section 9.9).

use chrono::NaiveDateTime;

use crate::name::Name;
use crate::{Element, Error, Writer};

const FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// A half-open span `[start, end)` of UTC instants, open where a side is
/// absent. At least one side is there and `start` is before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeRange {
    start: Option<NaiveDateTime>,
    end: Option<NaiveDateTime>,
}

impl TimeRange {
    /// The span between two UTC instants; `None` if it would hold none.
    #[must_use]
    pub fn new(start: NaiveDateTime, end: NaiveDateTime) -> Option<Self> {
        (start < end).then_some(Self {
            start: Some(start),
            end: Some(end),
        })
    }

    /// All from this UTC instant on.
    #[must_use]
    pub fn from(start: NaiveDateTime) -> Self {
        Self {
            start: Some(start),
            end: None,
        }
    }

    /// All before this UTC instant.
    #[must_use]
    pub fn until(end: NaiveDateTime) -> Self {
        Self {
            start: None,
            end: Some(end),
        }
    }

    /// The first UTC instant inside, if the span has a start.
    #[must_use]
    pub fn start(&self) -> Option<NaiveDateTime> {
        self.start
    }

    /// The first UTC instant after it, if the span has an end.
    #[must_use]
    pub fn end(&self) -> Option<NaiveDateTime> {
        self.end
    }

    /// Reads the attributes `start` and `end` of an element.
    pub(crate) fn read(element: &Element) -> Result<Self, Error> {
        let range = Self {
            start: instant(element, "start")?,
            end: instant(element, "end")?,
        };
        match (range.start, range.end) {
            (None, None) => Err(Error::missing(element.name(), "start or end")),
            (Some(start), Some(end)) if start >= end => Err(Error::value(
                element.name(),
                "the start is not before the end",
                element.attribute("end").unwrap_or_default(),
            )),
            _ => Ok(range),
        }
    }

    /// Reads an element that must have both attributes.
    pub(crate) fn read_closed(element: &Element) -> Result<Self, Error> {
        let range = Self::read(element)?;
        match (range.start, range.end) {
            (Some(_), Some(_)) => Ok(range),
            (None, _) => Err(Error::missing(element.name(), "start")),
            (_, None) => Err(Error::missing(element.name(), "end")),
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer, name: &Name) {
        let text = |side: Option<NaiveDateTime>| side.map(|at| at.format(FORMAT).to_string());
        writer
            .element(name)
            .attribute_if("start", text(self.start).as_deref())
            .attribute_if("end", text(self.end).as_deref())
            .empty();
    }
}

fn instant(element: &Element, attribute: &str) -> Result<Option<NaiveDateTime>, Error> {
    let Some(text) = element.attribute(attribute) else {
        return Ok(None);
    };
    let well_formed = text.len() == "YYYYMMDDTHHMMSSZ".len()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b'Z'));
    NaiveDateTime::parse_from_str(text, FORMAT)
        .ok()
        .filter(|_| well_formed)
        .map(Some)
        .ok_or_else(|| Error::value(element.name(), "not a UTC date-time", text))
}
