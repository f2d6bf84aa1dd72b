//! One property (or inner component), as it is compared and as it is written.

use std::cmp::Ordering;

use cal_core::{Component, NewComponent, NewProperty, Parameter, Property, PropertyKind};

/// What a property says, and how it was written.
///
/// Two are equal if they say the same.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    said: String,
    written: Written,
}

/// How a piece stands in the text.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    /// As a property.
    Property(NewProperty),
    /// As a component inside.
    Component(NewComponent),
}

/// Parameters that say what holds without them.
const DEFAULTS: &[(&str, &str)] = &[
    ("CUTYPE", "INDIVIDUAL"),
    ("ROLE", "REQ-PARTICIPANT"),
    ("PARTSTAT", "NEEDS-ACTION"),
    ("RSVP", "FALSE"),
    ("RELATED", "START"),
    ("RELTYPE", "PARENT"),
];

/// How deep components are looked into; no format defines more than two levels
/// below an event.
const DEPTH: usize = 8;

impl Line {
    /// The whole of a property.
    pub(crate) fn of(property: Property<'_>) -> Self {
        Self {
            said: head(&property) + &value(&property),
            written: Written::Property(NewProperty::from_property(&property)),
        }
    }

    /// Each value of a property that holds a list.
    pub(crate) fn values_of(property: Property<'_>) -> Vec<Self> {
        let head = head(&property);
        let copy = NewProperty::from_property(&property);
        let raw = property.raw_value();
        split(&raw)
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| Self {
                said: head.clone() + &unescaped(part),
                written: Written::Property(copy.clone().with_raw_value(part)),
            })
            .collect()
    }

    /// A component with all that is inside it; `None` if its name is none.
    pub(crate) fn of_component(component: Component<'_>) -> Option<Self> {
        let (said, copy) = read(component, DEPTH)?;
        Some(Self {
            said,
            written: Written::Component(copy),
        })
    }

    /// What it says; not for people, and not to be written.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }

    /// How it stands in the text.
    pub(crate) fn written(&self) -> &Written {
        &self.written
    }
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.said == other.said
    }
}

impl Eq for Line {}

impl PartialOrd for Line {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Line {
    fn cmp(&self, other: &Self) -> Ordering {
        self.said.cmp(&other.said)
    }
}

/// Name and parameters.
fn head(property: &Property<'_>) -> String {
    let mut head = property.name().to_ascii_uppercase();
    let mut parameters: Vec<String> = property
        .parameters()
        .filter(|parameter| counts(property, parameter))
        .map(|parameter| {
            let values: Vec<_> = parameter.values().collect();
            let name = parameter.name().to_ascii_uppercase();
            format!(";{name}={}", values.join("\u{1}"))
        })
        .collect();
    parameters.sort_unstable();
    head.extend(parameters);
    head.push(':');
    head
}

/// Whether a parameter says anything: its value is not the default, and it is
/// not about which side's server delivers invitations, and what came of it.
fn counts(property: &Property<'_>, parameter: &Parameter<'_>) -> bool {
    let value = parameter.value();
    if parameter.is("VALUE") {
        let default = property.kind().default_type();
        return !value.eq_ignore_ascii_case(default.as_str());
    }
    let is_default = DEFAULTS
        .iter()
        .any(|(name, default)| parameter.is(name) && value.eq_ignore_ascii_case(default));
    let is_delivery = ["SCHEDULE-AGENT", "SCHEDULE-STATUS", "SCHEDULE-FORCE-SEND"]
        .iter()
        .any(|name| parameter.is(name));
    !is_default && !is_delivery
}

/// The value, with whatever can be written in several ways written in one.
fn value(property: &Property<'_>) -> String {
    match property.kind() {
        PropertyKind::RRule | PropertyKind::ExRule => {
            let rule = property.raw_value().trim().to_ascii_uppercase();
            let mut parts: Vec<_> = rule
                .split(';')
                .filter(|part| *part != "INTERVAL=1")
                .collect();
            parts.sort_unstable();
            parts.join(";")
        }
        PropertyKind::Duration | PropertyKind::Trigger => property.duration().map_or_else(
            |_| property.raw_value().into_owned(),
            |length| length.to_string(),
        ),
        PropertyKind::Status
        | PropertyKind::Class
        | PropertyKind::Transp
        | PropertyKind::Action => property.raw_value().trim().to_ascii_uppercase(),
        _ => property.text().into_owned(),
    }
}

/// What a component says, and a copy of it to be written.
fn read(component: Component<'_>, depth: usize) -> Option<(String, NewComponent)> {
    let mut copy = NewComponent::new(component.name()).ok()?;
    let mut said = Vec::new();
    for property in component.properties() {
        let pieces = super::piece::pieces_of(property);
        said.extend(pieces.into_iter().map(|(_, line)| line.said));
        copy = copy.with(NewProperty::from_property(&property));
    }
    let inner = component.components().filter(|_| depth > 0);
    for (inner_said, inner) in inner.filter_map(|inner| read(inner, depth - 1)) {
        said.push(inner_said);
        copy = copy.with_component(inner);
    }
    said.sort_unstable();
    let said = format!(
        "{}\u{2}{}\u{3}",
        component.name().to_ascii_uppercase(),
        said.join("\u{1}")
    );
    Some((said, copy))
}

/// Cuts a list at the commas that are not escaped.
fn split(raw: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    raw.split(move |c: char| {
        let cut = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        cut
    })
}

/// A value of a list of texts without its escapes; dates have none.
fn unescaped(part: &str) -> String {
    part.replace("\\,", ",")
        .replace("\\;", ";")
        .replace("\\\\", "\\")
}
