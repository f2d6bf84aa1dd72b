//! calendar-multiget (RFC 4791 sections 7.9 and 9.10).

use crate::href::hrefs_in;
use crate::name::caldav;
use crate::request::Selection;
use crate::xml::expect;
use crate::{Element, Error, Href, Writer, XmlElement};

/// The body of a calendar-multiget report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarMultiget {
    /// What is asked of each object.
    pub selection: Selection,
    /// The objects, in the order asked for; what is no href at all is left out.
    pub hrefs: Vec<Href>,
}

impl XmlElement for CalendarMultiget {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::CALENDAR_MULTIGET)?;
        let hrefs = hrefs_in(element);
        if hrefs.is_empty() {
            return Err(Error::missing(element.name(), "href"));
        }
        Ok(Self {
            selection: Selection::of_report(element)?,
            hrefs,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&caldav::CALENDAR_MULTIGET)
            .content(|writer| {
                self.selection.write(writer);
                for href in &self.hrefs {
                    href.write(writer);
                }
            });
    }
}
