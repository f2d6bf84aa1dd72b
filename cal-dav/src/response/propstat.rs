//! Properties that share a status (RFC 4918 section 14.22).

use http::StatusCode;

use super::Precondition;
use super::error_body::ErrorBody;
use crate::name::{Name, dav};
use crate::status::{parse_status_line, write_status};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// Properties of a resource with one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Propstat {
    /// What became of them.
    pub status: StatusCode,
    /// The properties; empty elements where the status is no success.
    pub properties: Vec<Element>,
    /// The conditions that were not met.
    pub conditions: Vec<Precondition>,
    /// A text for people.
    pub description: Option<String>,
}

impl Propstat {
    /// These properties with this status.
    #[must_use]
    pub fn new(status: StatusCode, properties: Vec<Element>) -> Self {
        Self {
            status,
            properties,
            conditions: Vec::new(),
            description: None,
        }
    }

    /// The property of this name.
    #[must_use]
    pub fn property(&self, name: &Name) -> Option<&Element> {
        self.properties
            .iter()
            .find(|property| property.name() == name)
    }
}

impl XmlElement for Propstat {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::PROPSTAT)?;
        let status = element
            .child(&dav::STATUS)
            .ok_or_else(|| Error::missing(element.name(), "status"))?;
        let properties = element
            .children_named(&dav::PROP)
            .flat_map(Element::children);
        Ok(Self {
            status: parse_status_line(&status.text())?,
            properties: properties.cloned().collect(),
            conditions: ErrorBody::inside(element)?,
            description: element.child(&dav::RESPONSEDESCRIPTION).map(Element::text),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::PROPSTAT).content(|writer| {
            writer.element(&dav::PROP).content(|writer| {
                for property in &self.properties {
                    writer.tree(property);
                }
            });
            write_status(writer, self.status);
            ErrorBody::write_inside(writer, &self.conditions);
            if let Some(description) = &self.description {
                writer.text_element(&dav::RESPONSEDESCRIPTION, description);
            }
        });
    }
}
