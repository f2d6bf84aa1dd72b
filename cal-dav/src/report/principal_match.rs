//! principal-match (RFC 3744 section 9.3).

use crate::name::{Name, dav};
use crate::request::Selection;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a principal-match report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalMatch {
    /// What is looked for.
    pub target: PrincipalTarget,
    /// What is asked of each resource that matches.
    pub selection: Selection,
}

/// What a principal-match looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalTarget {
    /// Principals that are the current user or a group of theirs.
    Itself,
    /// Resources of which this property names the current user or a group of
    /// theirs.
    Property(Name),
}

impl XmlElement for PrincipalMatch {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::PRINCIPAL_MATCH)?;
        let target = if element.child(&dav::SELF).is_some() {
            PrincipalTarget::Itself
        } else {
            let property = element
                .child(&dav::PRINCIPAL_PROPERTY)
                .and_then(|property| property.children().next())
                .ok_or_else(|| Error::missing(element.name(), "self or principal-property"))?;
            PrincipalTarget::Property(property.name().clone())
        };
        Ok(Self {
            target,
            selection: Selection::of_report(element)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::PRINCIPAL_MATCH).content(|writer| {
            match &self.target {
                PrincipalTarget::Itself => writer.empty(&dav::SELF),
                PrincipalTarget::Property(name) => writer
                    .element(&dav::PRINCIPAL_PROPERTY)
                    .content(|writer| writer.empty(name)),
            }
            self.selection.write(writer);
        });
    }
}
