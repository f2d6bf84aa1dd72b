//! PROPFIND (RFC 4918 section 9.1).

use super::Selection;
use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, Limits, Writer, XmlElement};

/// The body of a PROPFIND request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Propfind {
    /// What is asked for.
    pub selection: Selection,
}

impl Propfind {
    /// Reads a request body; an empty one asks for all properties.
    ///
    /// # Errors
    ///
    /// Those of [`XmlElement::parse`].
    pub fn from_body(body: &[u8], limits: &Limits) -> Result<Self, Error> {
        if body.trim_ascii().is_empty() {
            let include = Vec::new();
            return Ok(Self {
                selection: Selection::All { include },
            });
        }
        Self::parse(body, limits)
    }
}

impl XmlElement for Propfind {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::PROPFIND)?;
        let selection = Selection::find(element)?
            .ok_or_else(|| Error::missing(element.name(), "prop, propname or allprop"))?;
        Ok(Self { selection })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::PROPFIND)
            .content(|writer| self.selection.write(writer));
    }
}
