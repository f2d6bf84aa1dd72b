//! Whether attendees hear of what is synced (RFC 6638 section 7.1).

use bytes::Bytes;
use cal_core::{Calendar, NewProperty, Property, PropertyKind};

use crate::Body;

/// Whether a server may tell attendees of what is written to it (RFC 6638).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Invitations {
    /// It may not: attendees and organizers are written with
    /// `SCHEDULE-AGENT=CLIENT`, unless they say already who delivers.
    #[default]
    Suppressed,
    /// It may: objects are written as they are.
    Delivered,
}

/// The object with every attendee and organizer marked as not to be told by the
/// server; `None` if it has none to mark.
pub(super) fn undelivered(body: &Body) -> Option<Bytes> {
    let is_open = |property: &Property<'_>| {
        matches!(
            property.kind(),
            PropertyKind::Attendee | PropertyKind::Organizer
        ) && property.parameter("SCHEDULE-AGENT").is_none()
    };
    let mut calendar = Calendar::read(body.as_bytes()).calendar;
    let with_people: Vec<_> = calendar
        .components()
        .filter(|component| component.properties().any(|property| is_open(&property)))
        .map(|component| component.id())
        .collect();
    for id in &with_people {
        let mut component = calendar.component_mut(*id)?;
        let marked: Vec<_> = component
            .component()
            .properties()
            .filter(is_open)
            .map(|person| {
                NewProperty::from_property(&person).with_parameter("SCHEDULE-AGENT", "CLIENT")
            })
            .collect();
        component.remove_where(|property| is_open(&property));
        for person in &marked {
            component.add(person);
        }
    }
    (!with_people.is_empty()).then(|| calendar.to_bytes())
}
