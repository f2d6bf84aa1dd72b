//! Access control lists (RFC 3744 section 5.5).

use super::Privilege;
use super::privilege_set::privileges_in;
use crate::href::hrefs_in;
use crate::name::{Name, dav};
use crate::xml::expect;
use crate::{Element, Error, Href, Writer, XmlElement};

/// `DAV:acl`, as a property and as the body of the ACL method.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Acl {
    /// The entries, in order.
    pub entries: Vec<Ace>,
}

/// One entry of an access control list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ace {
    /// Whom it is about.
    pub principal: AcePrincipal,
    /// Whether it is about everybody else instead.
    pub inverted: bool,
    /// What it says of the privileges.
    pub permission: Permission,
    /// The privileges.
    pub privileges: Vec<Privilege>,
    /// Whether it cannot be changed.
    pub protected: bool,
    /// The resource it comes from, where it is not this one.
    pub inherited: Option<Href>,
}

/// What an entry says of its privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// They are granted.
    Grant,
    /// They are denied.
    Deny,
}

/// Whom an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcePrincipal {
    /// This principal, and the members of it if it is a group.
    Href(Href),
    /// Everybody.
    All,
    /// Everybody who has logged in.
    Authenticated,
    /// Everybody who has not logged in.
    Unauthenticated,
    /// The resource itself, which is a principal.
    Itself,
    /// The principals that a property of the resource names.
    Property(Name),
}

impl Ace {
    /// An entry that grants privileges.
    #[must_use]
    pub fn grant(principal: AcePrincipal, privileges: Vec<Privilege>) -> Self {
        Self {
            principal,
            inverted: false,
            permission: Permission::Grant,
            privileges,
            protected: false,
            inherited: None,
        }
    }

    fn read(element: &Element) -> Result<Self, Error> {
        let invert = element.child(&dav::INVERT);
        let principal = invert
            .unwrap_or(element)
            .child(&dav::PRINCIPAL)
            .ok_or_else(|| Error::missing(element.name(), "principal"))?;
        let (permission, listed) = match (element.child(&dav::GRANT), element.child(&dav::DENY)) {
            (Some(grant), None) => (Permission::Grant, grant),
            (None, Some(deny)) => (Permission::Deny, deny),
            _ => return Err(Error::missing(element.name(), "either grant or deny")),
        };
        Ok(Self {
            principal: AcePrincipal::read(principal)?,
            inverted: invert.is_some(),
            permission,
            privileges: privileges_in(listed),
            protected: element.child(&dav::PROTECTED).is_some(),
            inherited: element
                .child(&dav::INHERITED)
                .and_then(|inherited| hrefs_in(inherited).into_iter().next()),
        })
    }

    fn write(&self, writer: &mut Writer) {
        let permission = match self.permission {
            Permission::Grant => &dav::GRANT,
            Permission::Deny => &dav::DENY,
        };
        writer.element(&dav::ACE).content(|writer| {
            if self.inverted {
                writer
                    .element(&dav::INVERT)
                    .content(|writer| self.principal.write(writer));
            } else {
                self.principal.write(writer);
            }
            writer.element(permission).content(|writer| {
                for privilege in &self.privileges {
                    privilege.write(writer);
                }
            });
            if self.protected {
                writer.empty(&dav::PROTECTED);
            }
            if let Some(href) = &self.inherited {
                writer
                    .element(&dav::INHERITED)
                    .content(|writer| href.write(writer));
            }
        });
    }
}

impl AcePrincipal {
    fn read(element: &Element) -> Result<Self, Error> {
        for child in element.children() {
            return Ok(match child.name().parts() {
                ("DAV:", "href") => Self::Href(Href::read(child)?),
                ("DAV:", "all") => Self::All,
                ("DAV:", "authenticated") => Self::Authenticated,
                ("DAV:", "unauthenticated") => Self::Unauthenticated,
                ("DAV:", "self") => Self::Itself,
                ("DAV:", "property") => {
                    let property = child
                        .children()
                        .next()
                        .ok_or_else(|| Error::missing(child.name(), "the name of a property"))?;
                    Self::Property(property.name().clone())
                }
                _ => continue,
            });
        }
        Err(Error::missing(element.name(), "whom the entry is about"))
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::PRINCIPAL)
            .content(|writer| match self {
                Self::Href(href) => href.write(writer),
                Self::All => writer.empty(&dav::ALL),
                Self::Authenticated => writer.empty(&dav::AUTHENTICATED),
                Self::Unauthenticated => writer.empty(&dav::UNAUTHENTICATED),
                Self::Itself => writer.empty(&dav::SELF),
                Self::Property(name) => writer
                    .element(&dav::PROPERTY)
                    .content(|writer| writer.empty(name)),
            });
    }
}

impl XmlElement for Acl {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::ACL)?;
        Ok(Self {
            entries: element
                .children_named(&dav::ACE)
                .map(Ace::read)
                .collect::<Result<_, _>>()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::ACL).content(|writer| {
            for entry in &self.entries {
                entry.write(writer);
            }
        });
    }
}
