//! Conditions on components (RFC 4791 sections 9.7 and 9.7.1).

use super::{PropertyFilter, TimeRange, filter_rules};
use crate::name::{Namespace, caldav};
use crate::xml::required;
use crate::{Element, Error, Writer};

/// A condition on a component, the outermost on `VCALENDAR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentFilter {
    /// The name of the component, for example `VEVENT`.
    pub name: String,
    /// What must be true of it.
    pub test: ComponentTest,
}

/// What must be true of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComponentTest {
    /// There is none.
    IsNotDefined,
    /// There is one for which all of these hold.
    Defined {
        /// It has an instance in this span.
        time_range: Option<TimeRange>,
        /// The conditions on its properties.
        properties: Vec<PropertyFilter>,
        /// The conditions on its components.
        components: Vec<ComponentFilter>,
    },
}

impl ComponentFilter {
    /// The component is there.
    #[must_use]
    pub fn exists(name: &str) -> Self {
        Self::defined(name, None)
    }

    /// The component is there with an instance in this span.
    #[must_use]
    pub fn overlaps(name: &str, range: TimeRange) -> Self {
        Self::defined(name, Some(range))
    }

    fn defined(name: &str, time_range: Option<TimeRange>) -> Self {
        Self {
            name: name.to_owned(),
            test: ComponentTest::Defined {
                time_range,
                properties: Vec::new(),
                components: Vec::new(),
            },
        }
    }

    /// `VCALENDAR` with this condition on what it holds: the outermost
    /// condition of a query.
    #[must_use]
    pub fn in_calendar(self) -> Self {
        Self {
            name: "VCALENDAR".to_owned(),
            test: ComponentTest::Defined {
                time_range: None,
                properties: Vec::new(),
                components: vec![self],
            },
        }
    }

    /// Reads `CALDAV:filter`, which holds one condition on `VCALENDAR`.
    pub(crate) fn read_filter(filter: &Element) -> Result<Self, Error> {
        let mut root = None;
        for child in filter.children() {
            if *child.name() != caldav::COMP_FILTER {
                unknown_condition(child)?;
                continue;
            }
            if root.replace(Self::read(child)?).is_some() {
                return Err(Error::value(filter.name(), "more than one comp-filter", ""));
            }
        }
        let root = root.ok_or_else(|| Error::missing(filter.name(), "comp-filter"))?;
        if !root.name.eq_ignore_ascii_case("VCALENDAR") {
            return Err(Error::value(
                filter.name(),
                "the outermost comp-filter is on VCALENDAR",
                &root.name,
            ));
        }
        filter_rules::check(&root)?;
        Ok(root)
    }

    fn read(element: &Element) -> Result<Self, Error> {
        let mut time_range = None;
        let mut properties = Vec::new();
        let mut components = Vec::new();
        let mut absent = false;
        for child in element.children() {
            match child.name().parts() {
                ("urn:ietf:params:xml:ns:caldav", "is-not-defined") => {
                    only_child(element)?;
                    absent = true;
                }
                ("urn:ietf:params:xml:ns:caldav", "time-range") => {
                    if time_range.replace(TimeRange::read(child)?).is_some() {
                        return Err(Error::value(element.name(), "more than one time-range", ""));
                    }
                }
                ("urn:ietf:params:xml:ns:caldav", "prop-filter") => {
                    properties.push(PropertyFilter::read(child)?);
                }
                ("urn:ietf:params:xml:ns:caldav", "comp-filter") => {
                    components.push(Self::read(child)?);
                }
                _ => unknown_condition(child)?,
            }
        }
        let test = if absent {
            ComponentTest::IsNotDefined
        } else {
            ComponentTest::Defined {
                time_range,
                properties,
                components,
            }
        };
        Ok(Self {
            name: required(element, "name")?.to_owned(),
            test,
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let tag = writer
            .element(&caldav::COMP_FILTER)
            .attribute("name", &self.name);
        match &self.test {
            ComponentTest::IsNotDefined => {
                tag.content(|writer| writer.empty(&caldav::IS_NOT_DEFINED));
            }
            ComponentTest::Defined {
                time_range,
                properties,
                components,
            } => tag.content(|writer| {
                if let Some(range) = time_range {
                    range.write(writer, &caldav::TIME_RANGE);
                }
                for property in properties {
                    property.write(writer);
                }
                for component in components {
                    component.write(writer);
                }
            }),
        }
    }
}

/// Refuses a condition that stands beside others but may not.
pub(super) fn only_child(parent: &Element) -> Result<(), Error> {
    if parent.children().count() == 1 {
        return Ok(());
    }
    Err(Error::value(
        parent.name(),
        "a condition that must stand alone does not",
        "",
    ))
}

/// Elements of other namespaces are ignored; one of CalDAV that has no
/// business here would change what the filter says.
pub(super) fn unknown_condition(element: &Element) -> Result<(), Error> {
    if *element.name().namespace() != Namespace::CALDAV {
        return Ok(());
    }
    Err(Error::value(
        "filter",
        "the element is no condition of this place",
        element.name().local(),
    ))
}
