//! xCal, the XML format for iCalendar (RFC 6321).

mod document;
mod read;
mod write;

use crate::{Calendar, Converted, Error};

/// The namespace of xCal's elements.
const NAMESPACE: &str = "urn:ietf:params:xml:ns:icalendar-2.0";

impl Calendar {
    /// The calendar as xCal, an XML document with `icalendar` as its root.
    ///
    /// xCal carries what jCal does: components, properties, parameters and
    /// values, but not the letter case of names, folding, or lines that are no
    /// properties. What XML 1.0 has no place for (control characters, which
    /// RFC 5545 forbids too, and names that begin with a digit or hyphen) is
    /// left out and listed.
    ///
    /// ```
    /// use cal_core::Calendar;
    ///
    /// let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260301\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    /// let xcal = Calendar::read(text).calendar.to_xcal();
    /// assert!(xcal.value.contains("<dtstart><date>2026-03-01</date></dtstart>"));
    /// assert_eq!(Calendar::from_xcal(&xcal.value)?.to_string(), text);
    /// # Ok::<(), cal_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_xcal(&self) -> Converted<String> {
        write::calendar(self)
    }

    /// Reads xCal. Attributes say nothing in xCal and are passed over; an
    /// element of another namespace among properties becomes an `XML` property
    /// (RFC 6321 4.2).
    ///
    /// # Errors
    /// If the text is not a well-formed XML document without document type, at
    /// most 1 GiB of at most ten million elements nested no deeper than 600
    /// levels, or not xCal.
    pub fn from_xcal(xml: &str) -> Result<Self, Error> {
        read::calendar(xml)
    }
}
