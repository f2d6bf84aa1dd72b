//! free-busy-query (RFC 4791 sections 7.10 and 9.11).

use super::TimeRange;
use crate::name::caldav;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a free-busy-query report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeBusyQuery {
    /// The span asked about.
    pub range: TimeRange,
}

impl XmlElement for FreeBusyQuery {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::FREE_BUSY_QUERY)?;
        let range = element
            .child(&caldav::TIME_RANGE)
            .ok_or_else(|| Error::missing(element.name(), "time-range"))?;
        Ok(Self {
            range: TimeRange::read(range)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&caldav::FREE_BUSY_QUERY)
            .content(|writer| self.range.write(writer, &caldav::TIME_RANGE));
    }
}
