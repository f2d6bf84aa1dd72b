//! Which components a calendar holds (RFC 4791 section 5.2.3).

use crate::name::caldav;
use crate::xml::{expect, required};
use crate::{Element, Error, Writer, XmlElement};

/// `CALDAV:supported-calendar-component-set`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SupportedComponentSet {
    components: Vec<String>,
}

impl SupportedComponentSet {
    /// The names of the components, in upper case.
    #[must_use]
    pub fn components(&self) -> &[String] {
        &self.components
    }

    /// Whether objects of this component, for example `VEVENT`, are held.
    #[must_use]
    pub fn has(&self, component: &str) -> bool {
        self.components
            .iter()
            .any(|held| held.eq_ignore_ascii_case(component))
    }
}

impl<S: AsRef<str>> FromIterator<S> for SupportedComponentSet {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut set = Self::default();
        for name in names {
            if !set.has(name.as_ref()) {
                set.components.push(name.as_ref().to_ascii_uppercase());
            }
        }
        set
    }
}

impl XmlElement for SupportedComponentSet {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::SUPPORTED_CALENDAR_COMPONENT_SET)?;
        element
            .children_named(&caldav::COMP)
            .map(|component| required(component, "name"))
            .collect()
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&caldav::SUPPORTED_CALENDAR_COMPONENT_SET)
            .content(|writer| {
                for name in &self.components {
                    writer
                        .element(&caldav::COMP)
                        .attribute("name", name)
                        .empty();
                }
            });
    }
}
