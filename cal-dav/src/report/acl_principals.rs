//! acl-principal-prop-set (RFC 3744 section 9.2).

use crate::name::dav;
use crate::request::Selection;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of an acl-principal-prop-set report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclPrincipalPropSet {
    /// What is asked of each principal in the ACL of the resource.
    pub selection: Selection,
}

impl XmlElement for AclPrincipalPropSet {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::ACL_PRINCIPAL_PROP_SET)?;
        Ok(Self {
            selection: Selection::of_report(element)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::ACL_PRINCIPAL_PROP_SET)
            .content(|writer| self.selection.write(writer));
    }
}
