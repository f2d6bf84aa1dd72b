//! calendar-multiget (RFC 4791 sections 7.9 and 9.10).

use crate::name::{caldav, dav};
use crate::request::Selection;
use crate::xml::expect;
use crate::{Element, Error, Href, Writer, XmlElement};

/// The body of a calendar-multiget report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarMultiget {
    /// What is asked of each object.
    pub selection: Selection,
    /// The objects, in the order asked for.
    pub hrefs: Vec<Href>,
}

impl XmlElement for CalendarMultiget {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::CALENDAR_MULTIGET)?;
        let hrefs: Vec<Href> = element
            .children_named(&dav::HREF)
            .map(Href::read)
            .collect::<Result<_, _>>()?;
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
