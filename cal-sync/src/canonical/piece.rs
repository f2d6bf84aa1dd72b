//! Which pieces of a component are changed, compared and merged on their own.

use cal_core::{Property, PropertyKind};

use super::Line;

/// What changes by itself: one property, one value of a list, the inner
/// components of one kind, or the times that only make sense together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Piece {
    name: String,
    /// Which of several values; empty where there is only one.
    item: String,
}

/// The name of the piece that holds start, end and rule: moving the start on
/// one side and the end on the other must not add up to a third event.
const TIMES: &str = "time";

impl Piece {
    /// The inner components of this name.
    pub(crate) fn component(name: &str) -> Self {
        Self {
            name: name.to_ascii_uppercase(),
            item: String::new(),
        }
    }

    /// What to call it when telling a person.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it says when something starts, ends and repeats.
    pub(crate) fn is_times(&self) -> bool {
        self.name == TIMES
    }

    /// Whether it adds or takes away an instance of a series.
    pub(crate) fn is_instance(&self) -> bool {
        self.name == "EXDATE" || self.name == "RDATE"
    }
}

/// The pieces that a property makes up, which is more than one only for a list.
pub(crate) fn pieces_of(property: Property<'_>) -> Vec<(Piece, Line)> {
    if is_volatile(&property) || is_default(&property) {
        return Vec::new();
    }
    let name = property.name().to_ascii_uppercase();
    let line = Line::of(property);
    match property.kind() {
        PropertyKind::DtStart
        | PropertyKind::DtEnd
        | PropertyKind::Due
        | PropertyKind::Duration
        | PropertyKind::RRule
        | PropertyKind::ExRule => vec![(single(TIMES.to_owned()), line)],
        PropertyKind::ExDate
        | PropertyKind::RDate
        | PropertyKind::Categories
        | PropertyKind::Resources => Line::values_of(property)
            .into_iter()
            .map(|line| (item(name.clone(), line.said().to_owned()), line))
            .collect(),
        PropertyKind::Attendee => {
            let address = property.raw_value().trim().to_lowercase();
            vec![(item(name, address), line)]
        }
        PropertyKind::Attach
        | PropertyKind::Comment
        | PropertyKind::Contact
        | PropertyKind::RelatedTo
        | PropertyKind::Conference
        | PropertyKind::Image
        | PropertyKind::Link => vec![(item(name, line.said().to_owned()), line)],
        _ => vec![(single(name), line)],
    }
}

fn single(name: String) -> Piece {
    item(name, String::new())
}

fn item(name: String, item: String) -> Piece {
    Piece { name, item }
}

/// Whether a property is rewritten by servers and clients without anyone
/// having changed anything.
fn is_volatile(property: &Property<'_>) -> bool {
    match property.kind() {
        PropertyKind::DtStamp
        | PropertyKind::LastModified
        | PropertyKind::Created
        | PropertyKind::Sequence
        | PropertyKind::ProdId
        | PropertyKind::Acknowledged
        | PropertyKind::RequestStatus => true,
        PropertyKind::Other => {
            let name = property.name().to_ascii_uppercase();
            name.starts_with("X-MOZ-") || name.starts_with("X-LIC-")
        }
        _ => false,
    }
}

/// Whether a property says what holds without it.
fn is_default(property: &Property<'_>) -> bool {
    let value = property.raw_value();
    match property.kind() {
        PropertyKind::Transp => value.eq_ignore_ascii_case("OPAQUE"),
        PropertyKind::Class => value.eq_ignore_ascii_case("PUBLIC"),
        PropertyKind::Priority => value.trim() == "0",
        PropertyKind::Summary | PropertyKind::Description | PropertyKind::Location => {
            value.is_empty()
        }
        _ => false,
    }
}
