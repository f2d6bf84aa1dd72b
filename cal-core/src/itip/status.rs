//! How deliveries went (SCHEDULE-STATUS, RFC 6638 7.3).

use super::draft::Draft;
use super::parts::edit_attendees;
use super::people::CalendarUser;
use crate::edit::PropertyEdit;
use crate::{Calendar, NewProperty, Person, PropertyKind};

/// Notes how the delivery to a user went: `status` is a code such as `1.2`
/// (delivered) or `3.7` (nobody by that address), or several with commas
/// between. The ATTENDEEs of an object and its ORGANIZER may be such a user.
#[must_use]
pub fn record_status(calendar: &Calendar, user: &CalendarUser, status: &str) -> Calendar {
    let mut draft = Draft::of(calendar);
    for component in calendar.components() {
        let noted = |person: Person<'_>| {
            let line = NewProperty::from_property(&person.property());
            PropertyEdit::Replace(line.with_parameter("SCHEDULE-STATUS", status))
        };
        if user.attendee(component).is_some() {
            draft.edit(component, |edited| {
                edit_attendees(edited, |person| {
                    if user.is(&person) {
                        noted(person)
                    } else {
                        PropertyEdit::Keep
                    }
                });
            });
        }
        if component.organizer().is_some_and(|found| user.is(&found)) {
            draft.edit(component, |edited| {
                edited.edit_properties(|property| match property.kind() {
                    PropertyKind::Organizer => noted(Person::new(property)),
                    _ => PropertyEdit::Keep,
                });
            });
        }
    }
    draft.finish().unwrap_or_else(|| calendar.clone())
}
