//! Which privileges a resource knows, and which contain which (RFC 3744
//! section 5.3).

use super::Privilege;
use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `DAV:supported-privilege-set`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SupportedPrivilegeSet {
    /// The outermost privileges, commonly `DAV:all` alone.
    pub privileges: Vec<SupportedPrivilege>,
}

/// A privilege that a resource knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportedPrivilege {
    /// The privilege.
    pub privilege: Privilege,
    /// Whether it can be granted by itself.
    pub usage: PrivilegeUse,
    /// A text for people.
    pub description: String,
    /// The privileges it contains.
    pub contains: Vec<SupportedPrivilege>,
}

/// Whether a privilege can stand in an access control entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum PrivilegeUse {
    /// It can.
    #[default]
    Concrete,
    /// It comes only with one that contains it.
    Abstract,
}

impl SupportedPrivilege {
    /// A concrete privilege that contains these.
    #[must_use]
    pub fn new(privilege: Privilege, description: &str, contains: Vec<Self>) -> Self {
        Self {
            privilege,
            usage: PrivilegeUse::Concrete,
            description: description.to_owned(),
            contains,
        }
    }

    fn read(element: &Element) -> Result<Self, Error> {
        let privilege = element
            .child(&dav::PRIVILEGE)
            .ok_or_else(|| Error::missing(element.name(), "privilege"))?;
        let usage = match element.child(&dav::ABSTRACT) {
            Some(_) => PrivilegeUse::Abstract,
            None => PrivilegeUse::Concrete,
        };
        Ok(Self {
            privilege: Privilege::read(privilege)?,
            usage,
            description: element
                .child(&dav::DESCRIPTION)
                .map(Element::text)
                .unwrap_or_default(),
            contains: read_all(element)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::SUPPORTED_PRIVILEGE).content(|writer| {
            self.privilege.write(writer);
            if self.usage == PrivilegeUse::Abstract {
                writer.empty(&dav::ABSTRACT);
            }
            writer
                .element(&dav::DESCRIPTION)
                .language("en")
                .text(&self.description);
            for contained in &self.contains {
                contained.write(writer);
            }
        });
    }
}

impl XmlElement for SupportedPrivilegeSet {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::SUPPORTED_PRIVILEGE_SET)?;
        Ok(Self {
            privileges: read_all(element)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::SUPPORTED_PRIVILEGE_SET)
            .content(|writer| {
                for privilege in &self.privileges {
                    privilege.write(writer);
                }
            });
    }
}

fn read_all(parent: &Element) -> Result<Vec<SupportedPrivilege>, Error> {
    parent
        .children_named(&dav::SUPPORTED_PRIVILEGE)
        .map(SupportedPrivilege::read)
        .collect()
}
