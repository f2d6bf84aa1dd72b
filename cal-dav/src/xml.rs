//! The contract of a typed element.

use crate::{Element, Error, Limits, Writer};

/// An element of the vocabulary: one type that reads it and writes it.
///
/// Reading ignores elements and attributes it does not know (RFC 4918
/// section 17); what it writes, it reads back as an equal value.
pub trait XmlElement: Sized {
    /// Reads it from a tree.
    ///
    /// # Errors
    ///
    /// [`Error::Root`] for another element; [`Error::Missing`],
    /// [`Error::Value`] or [`Error::Precondition`] for one that is not as its
    /// specification has it.
    fn read(element: &Element) -> Result<Self, Error>;

    /// Writes it.
    fn write(&self, writer: &mut Writer);

    /// Reads a document of which it is the root.
    ///
    /// # Errors
    ///
    /// Those of [`Element::parse`] and [`read`](Self::read).
    fn parse(document: &[u8], limits: &Limits) -> Result<Self, Error> {
        Self::read(&Element::parse(document, limits)?)
    }

    /// Writes a document of which it is the root.
    fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::document();
        self.write(&mut writer);
        writer.into_bytes()
    }
}

/// Refuses an element of another name.
pub(crate) fn expect(element: &Element, name: &crate::name::Name) -> Result<(), Error> {
    if element.name() == name {
        return Ok(());
    }
    Err(Error::Root {
        expected: name.to_string(),
        found: element.name().clone(),
    })
}

/// The value of an attribute that must be there.
pub(crate) fn required<'e>(element: &'e Element, attribute: &str) -> Result<&'e str, Error> {
    element
        .attribute(attribute)
        .ok_or_else(|| Error::missing(element.name(), attribute))
}
