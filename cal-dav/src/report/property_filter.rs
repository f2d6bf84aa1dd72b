//! Conditions on properties (RFC 4791 section 9.7.2).

use super::component_filter::{only_child, unknown_condition};
use super::{ParameterFilter, TextMatch, TimeRange};
use crate::name::caldav;
use crate::xml::required;
use crate::{Element, Error, Writer};

/// A condition on a property of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyFilter {
    /// The name of the property, for example `SUMMARY`.
    pub name: String,
    /// What must be true of it.
    pub test: PropertyTest,
}

/// What must be true of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PropertyTest {
    /// There is none.
    IsNotDefined,
    /// There is one for which all of these hold.
    Defined {
        /// The condition on its value.
        value: Option<ValueTest>,
        /// The conditions on its parameters.
        parameters: Vec<ParameterFilter>,
    },
}

/// What must be true of the value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueTest {
    /// It is a time inside this span.
    TimeRange(TimeRange),
    /// It is a text that matches.
    Text(TextMatch),
}

impl PropertyFilter {
    pub(crate) fn read(element: &Element) -> Result<Self, Error> {
        let mut value = None;
        let mut parameters = Vec::new();
        let mut absent = false;
        for child in element.children() {
            let test = match child.name().parts() {
                ("urn:ietf:params:xml:ns:caldav", "is-not-defined") => {
                    only_child(element)?;
                    absent = true;
                    continue;
                }
                ("urn:ietf:params:xml:ns:caldav", "param-filter") => {
                    parameters.push(ParameterFilter::read(child)?);
                    continue;
                }
                ("urn:ietf:params:xml:ns:caldav", "time-range") => {
                    ValueTest::TimeRange(TimeRange::read(child)?)
                }
                ("urn:ietf:params:xml:ns:caldav", "text-match") => {
                    ValueTest::Text(TextMatch::read(child)?)
                }
                _ => {
                    unknown_condition(child)?;
                    continue;
                }
            };
            if value.replace(test).is_some() {
                return Err(Error::value(
                    element.name(),
                    "only one time-range or text-match may be given",
                    child.name().local(),
                ));
            }
        }
        let test = if absent {
            PropertyTest::IsNotDefined
        } else {
            PropertyTest::Defined { value, parameters }
        };
        Ok(Self {
            name: required(element, "name")?.to_owned(),
            test,
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let tag = writer
            .element(&caldav::PROP_FILTER)
            .attribute("name", &self.name);
        match &self.test {
            PropertyTest::IsNotDefined => {
                tag.content(|writer| writer.empty(&caldav::IS_NOT_DEFINED));
            }
            PropertyTest::Defined { value, parameters } => tag.content(|writer| {
                match value {
                    Some(ValueTest::TimeRange(range)) => range.write(writer, &caldav::TIME_RANGE),
                    Some(ValueTest::Text(text)) => text.write(writer),
                    None => {}
                }
                for parameter in parameters {
                    parameter.write(writer);
                }
            }),
        }
    }
}
