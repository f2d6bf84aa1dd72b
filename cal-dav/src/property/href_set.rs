//! Properties that hold hrefs, for example `CALDAV:calendar-home-set`,
//! `DAV:principal-collection-set` and `CALDAV:calendar-user-address-set`.

use crate::href::hrefs_in;
use crate::name::Name;
use crate::{Element, Error, Href, Writer, XmlElement};

/// A property that holds any number of hrefs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HrefSet {
    /// The property.
    pub name: Name,
    /// What it refers to.
    pub hrefs: Vec<Href>,
}

impl HrefSet {
    /// A property that holds one href.
    #[must_use]
    pub fn one(name: &Name, href: Href) -> Self {
        Self {
            name: name.clone(),
            hrefs: vec![href],
        }
    }

    /// Writes a property that holds hrefs.
    pub fn write_named<'h>(
        writer: &mut Writer,
        name: &Name,
        hrefs: impl IntoIterator<Item = &'h Href>,
    ) {
        writer.element(name).content(|writer| {
            for href in hrefs {
                href.write(writer);
            }
        });
    }
}

impl XmlElement for HrefSet {
    /// Reads any element; children that are no readable href are left out.
    fn read(element: &Element) -> Result<Self, Error> {
        Ok(Self {
            name: element.name().clone(),
            hrefs: hrefs_in(element),
        })
    }

    fn write(&self, writer: &mut Writer) {
        Self::write_named(writer, &self.name, &self.hrefs);
    }
}
