//! Conditions on property parameters (RFC 4791 section 9.7.3).

use super::TextMatch;
use super::component_filter::{only_child, unknown_condition};
use crate::name::caldav;
use crate::xml::required;
use crate::{Element, Error, Writer};

/// A condition on a parameter of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterFilter {
    /// The name of the parameter, for example `PARTSTAT`.
    pub name: String,
    /// What must be true of it.
    pub test: ParameterTest,
}

/// What must be true of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterTest {
    /// It is absent.
    IsNotDefined,
    /// It is there, and its value matches, where a condition is given.
    Defined(Option<TextMatch>),
}

impl ParameterFilter {
    pub(crate) fn read(element: &Element) -> Result<Self, Error> {
        let mut test = ParameterTest::Defined(None);
        for child in element.children() {
            match child.name().parts() {
                ("urn:ietf:params:xml:ns:caldav", "is-not-defined") => {
                    only_child(element)?;
                    test = ParameterTest::IsNotDefined;
                }
                ("urn:ietf:params:xml:ns:caldav", "text-match") => {
                    only_child(element)?;
                    test = ParameterTest::Defined(Some(TextMatch::read(child)?));
                }
                _ => unknown_condition(child)?,
            }
        }
        Ok(Self {
            name: required(element, "name")?.to_owned(),
            test,
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let tag = writer
            .element(&caldav::PARAM_FILTER)
            .attribute("name", &self.name);
        match &self.test {
            ParameterTest::IsNotDefined => {
                tag.content(|writer| writer.empty(&caldav::IS_NOT_DEFINED));
            }
            ParameterTest::Defined(None) => tag.empty(),
            ParameterTest::Defined(Some(text)) => tag.content(|writer| text.write(writer)),
        }
    }
}
