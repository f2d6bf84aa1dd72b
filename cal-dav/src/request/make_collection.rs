//! MKCALENDAR (RFC 4791 section 5.3.1) and extended MKCOL (RFC 5689).

use super::property_update::{properties_to_set, write_set};
use crate::name::{Name, caldav, dav};
use crate::property::ResourceType;
use crate::xml::expect;
use crate::{Element, Error, Limits, Writer, XmlElement};

/// The body of an extended MKCOL request.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Mkcol {
    /// The properties the new collection starts with.
    pub properties: Vec<Element>,
}

/// The body of a MKCALENDAR request.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Mkcalendar {
    /// The properties the new calendar starts with.
    pub properties: Vec<Element>,
}

impl Mkcol {
    /// Reads a request body; an empty one makes a plain collection.
    ///
    /// # Errors
    ///
    /// Those of [`XmlElement::parse`].
    pub fn from_body(body: &[u8], limits: &Limits) -> Result<Self, Error> {
        if body.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        Self::parse(body, limits)
    }

    /// The type asked for; a plain collection where none is.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] where the type cannot be read.
    pub fn resource_type(&self) -> Result<ResourceType, Error> {
        let asked = self
            .properties
            .iter()
            .find(|property| *property.name() == dav::RESOURCETYPE);
        asked.map_or_else(|| Ok(ResourceType::collection()), ResourceType::read)
    }
}

impl Mkcalendar {
    /// Reads a request body; an empty one asks for no properties.
    ///
    /// # Errors
    ///
    /// Those of [`XmlElement::parse`].
    pub fn from_body(body: &[u8], limits: &Limits) -> Result<Self, Error> {
        if body.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        Self::parse(body, limits)
    }
}

impl XmlElement for Mkcol {
    fn read(element: &Element) -> Result<Self, Error> {
        let properties = read_properties(element, &dav::MKCOL)?;
        Ok(Self { properties })
    }

    fn write(&self, writer: &mut Writer) {
        write_properties(writer, &dav::MKCOL, &self.properties);
    }
}

impl XmlElement for Mkcalendar {
    fn read(element: &Element) -> Result<Self, Error> {
        let properties = read_properties(element, &caldav::MKCALENDAR)?;
        Ok(Self { properties })
    }

    fn write(&self, writer: &mut Writer) {
        write_properties(writer, &caldav::MKCALENDAR, &self.properties);
    }
}

fn read_properties(element: &Element, name: &Name) -> Result<Vec<Element>, Error> {
    expect(element, name)?;
    let mut properties = Vec::new();
    for set in element.children_named(&dav::SET) {
        properties.extend(properties_to_set(set, element.language())?);
    }
    Ok(properties)
}

fn write_properties(writer: &mut Writer, name: &Name, properties: &[Element]) {
    if properties.is_empty() {
        return writer.empty(name);
    }
    writer
        .element(name)
        .content(|writer| write_set(writer, properties));
}
