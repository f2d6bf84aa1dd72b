//! Answers to MKCOL (RFC 5689 section 5.2) and MKCALENDAR (RFC 4791 section
//! 9.3) that speak of properties.

use super::Propstat;
use crate::name::{Name, caldav, dav};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `DAV:mkcol-response`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MkcolResponse {
    /// What became of the properties.
    pub propstats: Vec<Propstat>,
}

/// `CALDAV:mkcalendar-response`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MkcalendarResponse {
    /// What became of the properties.
    pub propstats: Vec<Propstat>,
}

impl XmlElement for MkcolResponse {
    fn read(element: &Element) -> Result<Self, Error> {
        let propstats = read_propstats(element, &dav::MKCOL_RESPONSE)?;
        Ok(Self { propstats })
    }

    fn write(&self, writer: &mut Writer) {
        write_propstats(writer, &dav::MKCOL_RESPONSE, &self.propstats);
    }
}

impl XmlElement for MkcalendarResponse {
    fn read(element: &Element) -> Result<Self, Error> {
        let propstats = read_propstats(element, &caldav::MKCALENDAR_RESPONSE)?;
        Ok(Self { propstats })
    }

    fn write(&self, writer: &mut Writer) {
        write_propstats(writer, &caldav::MKCALENDAR_RESPONSE, &self.propstats);
    }
}

fn read_propstats(element: &Element, name: &Name) -> Result<Vec<Propstat>, Error> {
    expect(element, name)?;
    element
        .children_named(&dav::PROPSTAT)
        .map(Propstat::read)
        .collect()
}

fn write_propstats(writer: &mut Writer, name: &Name, propstats: &[Propstat]) {
    writer.element(name).content(|writer| {
        for propstat in propstats {
            propstat.write(writer);
        }
    });
}
