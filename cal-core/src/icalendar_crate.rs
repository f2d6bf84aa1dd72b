//! Conversion to and from the `icalendar` crate, so that its users can move
//! over a piece at a time.

use crate::{Calendar, Error, Reader};

impl From<&icalendar::Calendar> for Calendar {
    /// The calendar that the `icalendar` crate would print.
    fn from(calendar: &icalendar::Calendar) -> Self {
        Reader::new().read(calendar.to_string()).calendar
    }
}

impl TryFrom<&Calendar> for icalendar::Calendar {
    type Error = Error;

    /// Lets the `icalendar` crate read the calendar. It keeps the first
    /// VCALENDAR only, neither order nor repeated properties in full, and
    /// nothing of the form of the text.
    fn try_from(calendar: &Calendar) -> Result<Self, Error> {
        calendar
            .to_string()
            .parse()
            .map_err(|reason: String| Error::Refused {
                by: "icalendar",
                reason: crate::fault::quoted(reason.as_bytes()),
            })
    }
}
