//! expand-property (RFC 3253 section 3.8).

use crate::name::{Name, Namespace, dav};
use crate::xml::{expect, required};
use crate::{Element, Error, Writer, XmlElement};

/// The body of an expand-property report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpandProperty {
    /// The properties asked for.
    pub properties: Vec<ExpandedProperty>,
}

/// A property; if it holds hrefs, the properties asked of what they name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpandedProperty {
    /// The property.
    pub name: Name,
    /// What is asked of the resources it refers to.
    pub properties: Vec<ExpandedProperty>,
}

impl XmlElement for ExpandProperty {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::EXPAND_PROPERTY)?;
        Ok(Self {
            properties: read_all(element)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::EXPAND_PROPERTY).content(|writer| {
            for property in &self.properties {
                property.write(writer);
            }
        });
    }
}

fn read_all(parent: &Element) -> Result<Vec<ExpandedProperty>, Error> {
    parent
        .children_named(&dav::PROPERTY)
        .map(|property| {
            let namespace = property
                .attribute("namespace")
                .map_or(Namespace::DAV, Namespace::new);
            Ok(ExpandedProperty {
                name: Name::new(namespace, required(property, "name")?)?,
                properties: read_all(property)?,
            })
        })
        .collect()
}

impl ExpandedProperty {
    fn write(&self, writer: &mut Writer) {
        let tag = writer
            .element(&dav::PROPERTY)
            .attribute("name", self.name.local())
            .attribute("namespace", self.name.namespace().as_str());
        tag.content(|writer| {
            for property in &self.properties {
                property.write(writer);
            }
        });
    }
}
