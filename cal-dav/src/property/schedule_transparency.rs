//! Whether a calendar counts for free-busy times (RFC 6638 section 9.1).

use crate::name::caldav;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `CALDAV:schedule-calendar-transp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ScheduleTransparency {
    /// It counts.
    #[default]
    Opaque,
    /// It does not.
    Transparent,
}

impl XmlElement for ScheduleTransparency {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::SCHEDULE_CALENDAR_TRANSP)?;
        if element.child(&caldav::TRANSPARENT).is_some() {
            Ok(Self::Transparent)
        } else if element.child(&caldav::OPAQUE).is_some() {
            Ok(Self::Opaque)
        } else {
            Err(Error::missing(element.name(), "opaque or transparent"))
        }
    }

    fn write(&self, writer: &mut Writer) {
        let value = match self {
            Self::Opaque => &caldav::OPAQUE,
            Self::Transparent => &caldav::TRANSPARENT,
        };
        writer
            .element(&caldav::SCHEDULE_CALENDAR_TRANSP)
            .content(|writer| writer.empty(value));
    }
}
