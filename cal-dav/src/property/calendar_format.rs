//! Which media types a calendar holds (RFC 4791 section 5.2.4).

use crate::name::caldav;
use crate::xml::{expect, required};
use crate::{Element, Error, Writer, XmlElement};

/// `CALDAV:supported-calendar-data`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SupportedCalendarData {
    /// The media types.
    pub formats: Vec<CalendarFormat>,
}

/// A media type and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFormat {
    /// The media type, for example `text/calendar`.
    pub content_type: String,
    /// Its version, for example `2.0`.
    pub version: String,
}

impl CalendarFormat {
    /// iCalendar text (RFC 5545).
    #[must_use]
    pub fn icalendar() -> Self {
        Self {
            content_type: "text/calendar".to_owned(),
            version: "2.0".to_owned(),
        }
    }
}

impl XmlElement for SupportedCalendarData {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::SUPPORTED_CALENDAR_DATA)?;
        let formats = element.children_named(&caldav::CALENDAR_DATA).map(|data| {
            Ok(CalendarFormat {
                content_type: required(data, "content-type")?.to_owned(),
                version: required(data, "version")?.to_owned(),
            })
        });
        Ok(Self {
            formats: formats.collect::<Result<_, Error>>()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&caldav::SUPPORTED_CALENDAR_DATA)
            .content(|writer| {
                for format in &self.formats {
                    writer
                        .element(&caldav::CALENDAR_DATA)
                        .attribute("content-type", &format.content_type)
                        .attribute("version", &format.version)
                        .empty();
                }
            });
    }
}
