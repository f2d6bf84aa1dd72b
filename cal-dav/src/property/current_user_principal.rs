//! Who the server takes the client for (RFC 5397).

use crate::href::hrefs_in;
use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, Href, Writer, XmlElement};

/// `DAV:current-user-principal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CurrentUserPrincipal {
    /// This principal.
    Principal(Href),
    /// Nobody: the client has not logged in.
    Unauthenticated,
}

impl XmlElement for CurrentUserPrincipal {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::CURRENT_USER_PRINCIPAL)?;
        if let Some(href) = hrefs_in(element).into_iter().next() {
            return Ok(Self::Principal(href));
        }
        match element.child(&dav::UNAUTHENTICATED) {
            Some(_) => Ok(Self::Unauthenticated),
            None => Err(Error::missing(element.name(), "href or unauthenticated")),
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::CURRENT_USER_PRINCIPAL)
            .content(|writer| match self {
                Self::Principal(href) => href.write(writer),
                Self::Unauthenticated => writer.empty(&dav::UNAUTHENTICATED),
            });
    }
}
