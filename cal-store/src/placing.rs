//! Whether what says when a component is can be read at all.

use cal_core::{Component, Error, Property, PropertyKind};

/// The first property of a component that says when it is (DTSTART, DTEND, DUE, DURATION, RDATE
/// or RECURRENCE-ID, RFC 5545 3.8.2 to 3.8.5) and that cannot be read, and why.
#[must_use]
pub fn unreadable_time(component: Component<'_>) -> Option<(Property<'_>, Error)> {
    component
        .properties()
        .find_map(|property| Some((property, read(&property).err()?)))
}

fn read(property: &Property<'_>) -> Result<(), Error> {
    match property.kind() {
        PropertyKind::DtStart
        | PropertyKind::DtEnd
        | PropertyKind::Due
        | PropertyKind::RecurrenceId => property.moment().map(drop),
        PropertyKind::Duration => property.duration().map(drop),
        PropertyKind::RDate if property.raw_value().contains('/') => property.periods().map(drop),
        PropertyKind::RDate => property.date_times().map(drop),
        _ => Ok(()),
    }
}
