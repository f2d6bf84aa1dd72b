//! What the current user may do (RFC 3744 section 5.5).

use super::Privilege;
use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `DAV:current-user-privilege-set`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CurrentUserPrivilegeSet {
    /// The privileges, those that others contain included.
    pub privileges: Vec<Privilege>,
}

impl CurrentUserPrivilegeSet {
    /// Whether the set has a privilege by its own name.
    #[must_use]
    pub fn has(&self, privilege: &Privilege) -> bool {
        self.privileges.contains(privilege)
    }

    /// Whether the user can change what a collection holds. Servers say so in
    /// different words, and each of them counts.
    #[must_use]
    pub fn allows_writing(&self) -> bool {
        [
            Privilege::All,
            Privilege::Write,
            Privilege::WriteContent,
            Privilege::Bind,
        ]
        .iter()
        .any(|privilege| self.has(privilege))
    }
}

impl FromIterator<Privilege> for CurrentUserPrivilegeSet {
    fn from_iter<I: IntoIterator<Item = Privilege>>(privileges: I) -> Self {
        Self {
            privileges: privileges.into_iter().collect(),
        }
    }
}

impl XmlElement for CurrentUserPrivilegeSet {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::CURRENT_USER_PRIVILEGE_SET)?;
        Ok(Self {
            privileges: privileges_in(element),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::CURRENT_USER_PRIVILEGE_SET)
            .content(|writer| {
                for privilege in &self.privileges {
                    privilege.write(writer);
                }
            });
    }
}

/// The privileges among the children of an element. A `DAV:privilege` that
/// names several counts for each.
pub(super) fn privileges_in(element: &Element) -> Vec<Privilege> {
    element
        .children_named(&dav::PRIVILEGE)
        .flat_map(Element::children)
        .map(|child| Privilege::of(child.name()))
        .collect()
}
