//! calendar-query (RFC 4791 sections 7.8 and 9.5, RFC 7809 section 5.2).

use super::ComponentFilter;
use crate::name::caldav;
use crate::request::Selection;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a calendar-query report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarQuery {
    /// What is asked of each object that matches.
    pub selection: Selection,
    /// The condition on `VCALENDAR`.
    pub filter: ComponentFilter,
    /// The zone that floating times and dates are read in.
    pub zone: Option<QueryZone>,
}

/// The zone a query names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryZone {
    /// `CALDAV:timezone`: an iCalendar object with one VTIMEZONE.
    Data(String),
    /// `CALDAV:timezone-id`: an IANA name.
    Id(String),
}

impl XmlElement for CalendarQuery {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::CALENDAR_QUERY)?;
        let filter = element
            .child(&caldav::FILTER)
            .ok_or_else(|| Error::missing(element.name(), "filter"))
            .and_then(ComponentFilter::read_filter)
            .map_err(Error::into_invalid_filter)?;
        let data = element
            .child(&caldav::TIMEZONE)
            .map(|zone| QueryZone::Data(zone.text()));
        let id = element
            .child(&caldav::TIMEZONE_ID)
            .map(|zone| QueryZone::Id(zone.text().trim().to_owned()));
        Ok(Self {
            selection: Selection::of_report(element)?,
            filter,
            zone: data.or(id),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&caldav::CALENDAR_QUERY).content(|writer| {
            self.selection.write(writer);
            writer
                .element(&caldav::FILTER)
                .content(|writer| self.filter.write(writer));
            match &self.zone {
                Some(QueryZone::Data(text)) => writer.text_element(&caldav::TIMEZONE, text),
                Some(QueryZone::Id(id)) => writer.text_element(&caldav::TIMEZONE_ID, id),
                None => {}
            }
        });
    }
}
