//! PROPPATCH (RFC 4918 section 9.2).

use crate::name::{Name, dav};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a PROPPATCH request: instructions in document order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PropertyUpdate {
    /// What to do, in this order, all or nothing.
    pub instructions: Vec<Instruction>,
}

/// One change of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// Set the property to this element. A language in force where the element
    /// stood in the request is its own `xml:lang` here.
    Set(Element),
    /// Remove the property, if it is there.
    Remove(Name),
}

impl Instruction {
    /// The property it is about.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Self::Set(element) => element.name(),
            Self::Remove(name) => name,
        }
    }
}

impl XmlElement for PropertyUpdate {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::PROPERTYUPDATE)?;
        let mut instructions = Vec::new();
        for child in element.children() {
            match child.name().parts() {
                ("DAV:", "set") => {
                    let values = properties_to_set(child, element.language())?;
                    instructions.extend(values.into_iter().map(Instruction::Set));
                }
                ("DAV:", "remove") => {
                    let prop = child
                        .child(&dav::PROP)
                        .ok_or_else(|| Error::missing(child.name(), "prop"))?;
                    let names = prop.children().map(|property| property.name().clone());
                    instructions.extend(names.map(Instruction::Remove));
                }
                _ => {}
            }
        }
        if instructions.is_empty() {
            return Err(Error::missing(element.name(), "set or remove"));
        }
        Ok(Self { instructions })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::PROPERTYUPDATE).content(|writer| {
            for instruction in &self.instructions {
                match instruction {
                    Instruction::Set(element) => {
                        write_set(writer, std::slice::from_ref(element));
                    }
                    Instruction::Remove(name) => writer.element(&dav::REMOVE).content(|writer| {
                        writer
                            .element(&dav::PROP)
                            .content(|writer| writer.empty(name));
                    }),
                }
            }
        });
    }
}

/// The properties of a `DAV:set`, each with the language that was in force.
pub(super) fn properties_to_set(
    set: &Element,
    language: Option<&str>,
) -> Result<Vec<Element>, Error> {
    let prop = set
        .child(&dav::PROP)
        .ok_or_else(|| Error::missing(set.name(), "prop"))?;
    let language = prop.language().or(set.language()).or(language);
    Ok(prop
        .children()
        .map(|property| {
            let mut property = property.clone();
            property.inherit_language(language);
            property
        })
        .collect())
}

/// One `DAV:set` with these properties.
pub(super) fn write_set(writer: &mut Writer, properties: &[Element]) {
    writer.element(&dav::SET).content(|writer| {
        writer.element(&dav::PROP).content(|writer| {
            for property in properties {
                writer.tree(property);
            }
        });
    });
}
