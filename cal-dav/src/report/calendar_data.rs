//! Which part of the calendar data a report asks for (RFC 4791 section 9.6).

use super::TimeRange;
use crate::name::caldav;
use crate::xml::{expect, required};
use crate::{Element, Error, Writer, XmlElement};

/// `CALDAV:calendar-data` in a request.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CalendarData {
    /// The media type asked for; `text/calendar` where absent.
    pub content_type: Option<String>,
    /// The version of that media type asked for; `2.0` where absent.
    pub version: Option<String>,
    /// The components and properties asked for; all where absent.
    pub component: Option<ComponentSelection>,
    /// What to do with recurring components.
    pub recurrences: Recurrences,
    /// The span that FREEBUSY values are cut to.
    pub limit_freebusy: Option<TimeRange>,
}

/// What to do with recurring components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Recurrences {
    /// Return them as they are.
    #[default]
    AsStored,
    /// Return one component per instance in the span (section 9.6.5).
    Expand(TimeRange),
    /// Leave out overrides that do not touch the span (section 9.6.6).
    Limit(TimeRange),
}

/// A component asked for, with what is wanted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentSelection {
    /// Its name, for example `VEVENT`.
    pub name: String,
    /// Its properties.
    pub properties: Properties,
    /// The components in it.
    pub components: Components,
}

/// Properties asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Properties {
    /// All of them.
    All,
    /// These.
    Listed(Vec<PropertyChoice>),
}

/// A property asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyChoice {
    /// Its name, for example `SUMMARY`.
    pub name: String,
    /// Whether to leave out the value.
    pub without_value: bool,
}

/// Components asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Components {
    /// All of them.
    All,
    /// These.
    Listed(Vec<ComponentSelection>),
}

impl CalendarData {
    /// Whether iCalendar 2.0 text answers the request.
    #[must_use]
    pub fn is_icalendar(&self) -> bool {
        let media = self.content_type.as_deref().unwrap_or("text/calendar");
        let essence = media.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/calendar")
            && matches!(self.version.as_deref(), None | Some("2.0"))
    }

    /// Whether the object is wanted whole and as it is stored.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.component.is_none()
            && self.recurrences == Recurrences::AsStored
            && self.limit_freebusy.is_none()
    }
}

impl XmlElement for CalendarData {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &caldav::CALENDAR_DATA)?;
        let range = |name| element.child(name).map(TimeRange::read_closed).transpose();
        let expand = range(&caldav::EXPAND)?;
        let limit = range(&caldav::LIMIT_RECURRENCE_SET)?;
        let recurrences = match (expand, limit) {
            (Some(_), Some(_)) => {
                return Err(Error::value(
                    element.name(),
                    "expand and limit-recurrence-set exclude each other",
                    "",
                ));
            }
            (Some(span), None) => Recurrences::Expand(span),
            (None, Some(span)) => Recurrences::Limit(span),
            (None, None) => Recurrences::AsStored,
        };
        Ok(Self {
            content_type: element.attribute("content-type").map(str::to_owned),
            version: element.attribute("version").map(str::to_owned),
            component: element
                .child(&caldav::COMP)
                .map(ComponentSelection::read)
                .transpose()?,
            recurrences,
            limit_freebusy: range(&caldav::LIMIT_FREEBUSY_SET)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        let tag = writer
            .element(&caldav::CALENDAR_DATA)
            .attribute_if("content-type", self.content_type.as_deref())
            .attribute_if("version", self.version.as_deref());
        if self.is_whole() {
            return tag.empty();
        }
        tag.content(|writer| {
            if let Some(component) = &self.component {
                component.write(writer);
            }
            match &self.recurrences {
                Recurrences::AsStored => {}
                Recurrences::Expand(span) => span.write(writer, &caldav::EXPAND),
                Recurrences::Limit(span) => span.write(writer, &caldav::LIMIT_RECURRENCE_SET),
            }
            if let Some(span) = &self.limit_freebusy {
                span.write(writer, &caldav::LIMIT_FREEBUSY_SET);
            }
        });
    }
}

impl ComponentSelection {
    fn read(element: &Element) -> Result<Self, Error> {
        let properties = if element.child(&caldav::ALLPROP).is_some() {
            Properties::All
        } else {
            let listed = element.children_named(&caldav::PROP).map(|property| {
                Ok(PropertyChoice {
                    name: required(property, "name")?.to_owned(),
                    without_value: property.attribute("novalue") == Some("yes"),
                })
            });
            Properties::Listed(listed.collect::<Result<_, Error>>()?)
        };
        let components = if element.child(&caldav::ALLCOMP).is_some() {
            Components::All
        } else {
            let listed = element.children_named(&caldav::COMP).map(Self::read);
            Components::Listed(listed.collect::<Result<_, Error>>()?)
        };
        Ok(Self {
            name: required(element, "name")?.to_owned(),
            properties,
            components,
        })
    }

    fn write(&self, writer: &mut Writer) {
        let tag = writer.element(&caldav::COMP).attribute("name", &self.name);
        tag.content(|writer| {
            match &self.properties {
                Properties::All => writer.empty(&caldav::ALLPROP),
                Properties::Listed(listed) => {
                    for property in listed {
                        writer
                            .element(&caldav::PROP)
                            .attribute("name", &property.name)
                            .attribute_if("novalue", property.without_value.then_some("yes"))
                            .empty();
                    }
                }
            }
            match &self.components {
                Components::All => writer.empty(&caldav::ALLCOMP),
                Components::Listed(listed) => {
                    for component in listed {
                        component.write(writer);
                    }
                }
            }
        });
    }
}
