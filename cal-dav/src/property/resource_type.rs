//! What a resource is (RFC 4918 section 15.9).

use crate::name::{Name, caldav, calendarserver, dav};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `DAV:resourcetype`: the types a resource has; none for a plain file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ResourceType {
    types: Vec<Name>,
}

impl ResourceType {
    /// No type: a plain resource.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }

    /// A collection.
    #[must_use]
    pub fn collection() -> Self {
        Self::plain().with(&dav::COLLECTION)
    }

    /// A calendar.
    #[must_use]
    pub fn calendar() -> Self {
        Self::collection().with(&caldav::CALENDAR)
    }

    /// A principal.
    #[must_use]
    pub fn principal() -> Self {
        Self::plain().with(&dav::PRINCIPAL)
    }

    /// The same with one type more.
    #[must_use]
    pub fn with(mut self, name: &Name) -> Self {
        if !self.has(name) {
            self.types.push(name.clone());
        }
        self
    }

    /// Whether this is one of its types.
    #[must_use]
    pub fn has(&self, name: &Name) -> bool {
        self.types.contains(name)
    }

    /// Whether it is a collection of any kind.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        self.has(&dav::COLLECTION)
    }

    /// Whether it is a calendar.
    #[must_use]
    pub fn is_calendar(&self) -> bool {
        self.has(&caldav::CALENDAR)
    }

    /// Whether it is a calendar that the server fetches from elsewhere.
    #[must_use]
    pub fn is_subscribed(&self) -> bool {
        self.has(&calendarserver::SUBSCRIBED)
    }

    /// Its types.
    #[must_use]
    pub fn types(&self) -> &[Name] {
        &self.types
    }
}

impl XmlElement for ResourceType {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::RESOURCETYPE)?;
        let types = element.children().map(|child| child.name().clone());
        Ok(Self {
            types: types.collect(),
        })
    }

    fn write(&self, writer: &mut Writer) {
        let tag = writer.element(&dav::RESOURCETYPE);
        if self.types.is_empty() {
            return tag.empty();
        }
        tag.content(|writer| {
            for name in &self.types {
                writer.empty(name);
            }
        });
    }
}
