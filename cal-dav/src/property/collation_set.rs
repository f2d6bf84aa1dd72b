//! Which collations a server has (RFC 4791 section 7.5.1).

use crate::name::caldav;
use crate::report::Collation;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `CALDAV:supported-collation-set`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SupportedCollationSet {
    /// The registered names of the collations.
    pub names: Vec<String>,
}

impl FromIterator<Collation> for SupportedCollationSet {
    fn from_iter<I: IntoIterator<Item = Collation>>(collations: I) -> Self {
        let names = collations
            .into_iter()
            .map(|collation| collation.as_str().to_owned());
        Self {
            names: names.collect(),
        }
    }
}

impl XmlElement for SupportedCollationSet {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::SUPPORTED_COLLATION_SET)?;
        let names = element
            .children_named(&caldav::SUPPORTED_COLLATION)
            .map(|collation| collation.text().trim().to_owned());
        Ok(Self {
            names: names.collect(),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&caldav::SUPPORTED_COLLATION_SET)
            .content(|writer| {
                for name in &self.names {
                    writer.text_element(&caldav::SUPPORTED_COLLATION, name);
                }
            });
    }
}
