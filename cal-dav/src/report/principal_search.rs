//! principal-property-search (RFC 3744 section 9.4).

use super::text_match::MatchType;
use crate::name::{Name, dav};
use crate::request::{Requested, Selection};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a principal-property-search report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalPropertySearch {
    /// The conditions; without any, all principals match.
    pub searches: Vec<PropertySearch>,
    /// How the conditions combine.
    pub test: SearchTest,
    /// What is asked of each principal that matches.
    pub selection: Selection,
    /// Whether to search the `DAV:principal-collection-set` in place of the
    /// collection the request names.
    pub in_principal_collections: bool,
}

/// How several conditions combine: the attribute `test`, which is not of the
/// RFC but sent by clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum SearchTest {
    /// All must hold.
    #[default]
    All,
    /// One must hold.
    Any,
}

/// A text looked for in some properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertySearch {
    /// The properties that must all have it.
    pub properties: Vec<Name>,
    /// The text, compared without regard to case.
    pub text: String,
    /// Where in the value it must be: the attribute `match-type`, which is not
    /// of the RFC but sent by clients.
    pub match_type: MatchType,
}

impl PropertySearch {
    /// Whether the value of a property has the text.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        let fold = |text: &str| super::Collation::UnicodeCasemap.fold(text).into_owned();
        self.match_type.holds(&fold(value), &fold(&self.text))
    }

    fn read(element: &Element) -> Result<Self, Error> {
        let properties = element
            .child(&dav::PROP)
            .ok_or_else(|| Error::missing(element.name(), "prop"))?;
        let text = element
            .child(&dav::MATCH)
            .ok_or_else(|| Error::missing(element.name(), "match"))?;
        Ok(Self {
            properties: properties
                .children()
                .map(|child| child.name().clone())
                .collect(),
            text: text.text(),
            match_type: MatchType::read(text)?.unwrap_or_default(),
        })
    }

    fn write(&self, writer: &mut Writer) {
        let match_type = Some(self.match_type).filter(|kind| *kind != MatchType::default());
        writer.element(&dav::PROPERTY_SEARCH).content(|writer| {
            writer.element(&dav::PROP).content(|writer| {
                for name in &self.properties {
                    writer.empty(name);
                }
            });
            writer
                .element(&dav::MATCH)
                .attribute_if("match-type", match_type.map(MatchType::as_str))
                .text(&self.text);
        });
    }
}

/// What is asked of each principal. python-caldav writes properties beside an
/// empty `DAV:prop` where it means them inside; they are taken as meant.
fn selection(element: &Element) -> Result<Selection, Error> {
    let mut selection = Selection::of_report(element)?;
    if let Selection::Listed(asked) = &mut selection {
        let strays = element.children().filter(|child| {
            let own = [
                &dav::PROPERTY_SEARCH,
                &dav::PROP,
                &dav::APPLY_TO_PRINCIPAL_COLLECTION_SET,
            ];
            !own.contains(&child.name())
        });
        asked.extend(strays.map(|child| Requested::Property(child.name().clone())));
    }
    Ok(selection)
}

impl XmlElement for PrincipalPropertySearch {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::PRINCIPAL_PROPERTY_SEARCH)?;
        let test = match element.attribute("test") {
            Some("anyof") => SearchTest::Any,
            _ => SearchTest::All,
        };
        Ok(Self {
            searches: element
                .children_named(&dav::PROPERTY_SEARCH)
                .map(PropertySearch::read)
                .collect::<Result<_, _>>()?,
            test,
            selection: selection(element)?,
            in_principal_collections: element
                .child(&dav::APPLY_TO_PRINCIPAL_COLLECTION_SET)
                .is_some(),
        })
    }

    fn write(&self, writer: &mut Writer) {
        let test = (self.test == SearchTest::Any).then_some("anyof");
        let tag = writer
            .element(&dav::PRINCIPAL_PROPERTY_SEARCH)
            .attribute_if("test", test);
        tag.content(|writer| {
            for search in &self.searches {
                search.write(writer);
            }
            self.selection.write(writer);
            if self.in_principal_collections {
                writer.empty(&dav::APPLY_TO_PRINCIPAL_COLLECTION_SET);
            }
        });
    }
}
