//! JSCalendar (RFC 8984), by the mapping of draft-ietf-calext-jscalendar-icalendar.

mod alerts;
mod clock;
mod draft;
mod entry;
mod fields;
mod group;
mod kept;
mod links;
mod locations;
mod overrides;
mod participants;
mod patch;
mod pointer;
mod recurrence_rule;
mod sheet;
mod time_zones;
mod timing;

use serde_json::{Map, Value};

use crate::{Calendar, Converted, Error};

/// A JSON object.
type Object = Map<String, Value>;

impl Calendar {
    /// The calendar as JSCalendar, a JSON text: an `Event` or `Task` where it
    /// is one object and says nothing else, a `Group` of them otherwise.
    ///
    /// What JSCalendar has no word for (unknown properties and parameters,
    /// journal entries, ATTENDEEs of alarms and their like) stands in the
    /// `iCalendar` property of its object, as the mapping draft has it, and
    /// comes back from [`Calendar::from_jscal`]. What does not come back is
    /// listed, as is a component that only stands there although JSCalendar
    /// means something of its kind, and an override for all later instances,
    /// which another reader takes for one of a single instance. Definitions of IANA time zones are left
    /// out, because every reader has them.
    ///
    /// ```
    /// use cal_core::Calendar;
    ///
    /// let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:1\r\n\
    ///     DTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260301\r\nSUMMARY:Spring\r\n\
    ///     END:VEVENT\r\nEND:VCALENDAR\r\n";
    /// let jscal = Calendar::read(text).calendar.to_jscal();
    /// assert!(jscal.value.contains(r#""title":"Spring""#));
    /// let back = Calendar::from_jscal(&jscal.value)?.value;
    /// let event = back.events().next().ok_or("no event")?;
    /// assert_eq!(event.start()?.to_string(), "2026-03-01");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_jscal(&self) -> Converted<String> {
        group::write(self)
    }

    /// Reads JSCalendar: an `Event`, a `Task` or a `Group`. Also takes the
    /// names that the coming revision of JSCalendar gives to some properties
    /// (`recurrenceRule`, `organizerCalendarAddress`, `calendarAddress`,
    /// `endTimeZone`).
    ///
    /// A property that iCalendar has no word for becomes a `JSPROP` property,
    /// from which [`Calendar::to_jscal`] makes it again. So do `localizations`:
    /// iCalendar has one language, that of the object itself.
    ///
    /// # Errors
    /// If the text is not JSON (nested no deeper than 128 levels), not one of
    /// these objects, an object lacks what it must have (`uid`, and `start`
    /// for an event), or the calendar would be larger than 256 MiB.
    pub fn from_jscal(json: &str) -> Result<Converted<Self>, Error> {
        group::read(json)
    }
}

/// An error with the path to what is wrong.
fn wrong(place: &str, reason: &'static str) -> Error {
    Error::JsCalendar {
        place: crate::fault::quoted(place.as_bytes()),
        reason,
    }
}
