//! principal-search-property-set (RFC 3744 section 9.5): the request is empty,
//! the answer lists what can be searched.

use crate::name::{Name, dav};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a principal-search-property-set report, and of its answer.
///
/// In a request the list is empty.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PrincipalSearchPropertySet {
    /// What can be searched, each with a description in English.
    pub properties: Vec<(Name, String)>,
}

impl XmlElement for PrincipalSearchPropertySet {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::PRINCIPAL_SEARCH_PROPERTY_SET)?;
        let mut properties = Vec::new();
        for entry in element.children_named(&dav::PRINCIPAL_SEARCH_PROPERTY) {
            let property = entry
                .child(&dav::PROP)
                .and_then(|prop| prop.children().next())
                .ok_or_else(|| Error::missing(entry.name(), "prop"))?;
            let description = entry.child(&dav::DESCRIPTION).map(Element::text);
            properties.push((property.name().clone(), description.unwrap_or_default()));
        }
        Ok(Self { properties })
    }

    fn write(&self, writer: &mut Writer) {
        let set = writer.element(&dav::PRINCIPAL_SEARCH_PROPERTY_SET);
        if self.properties.is_empty() {
            return set.empty();
        }
        set.content(|writer| {
            for (name, description) in &self.properties {
                let entry = writer.element(&dav::PRINCIPAL_SEARCH_PROPERTY);
                entry.content(|writer| {
                    writer
                        .element(&dav::PROP)
                        .content(|writer| writer.empty(name));
                    writer
                        .element(&dav::DESCRIPTION)
                        .language("en")
                        .text(description);
                });
            }
        });
    }
}
