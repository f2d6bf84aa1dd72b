//! Components as they leave: without what is private, with the stamp of the
//! message that carries them.

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::mark::{DECLINED, REPLY};
use super::parts::rewritten;
use super::people::CalendarUser;
use crate::edit::PropertyEdit;
use crate::object::property_digest;
use crate::{
    Component, ComponentKind, ComponentMut, Moment, NewProperty, Person, Property, PropertyKind,
    Reader,
};

/// Parameters that are between a user and its own server (RFC 6638 7), and our own.
const PRIVATE_PARAMETERS: &[&str] = &[
    "SCHEDULE-AGENT",
    "SCHEDULE-STATUS",
    "SCHEDULE-FORCE-SEND",
    REPLY,
    DECLINED,
];

/// Beginnings of properties in which programs keep notes for their own user.
const PRIVATE_PREFIXES: &[&str] = &[
    "X-MOZ-",
    "X-LIC-",
    "X-CAL-",
    "X-CALENDARSERVER-",
    "X-EVOLUTION-",
    "X-KDE-",
    "X-WR-",
];

/// What a REPLY says besides whose it is (RFC 5546 3.2.3, 3.4.3).
const ANSWERED: &[PropertyKind] = &[
    PropertyKind::Uid,
    PropertyKind::DtStamp,
    PropertyKind::Sequence,
    PropertyKind::RecurrenceId,
    PropertyKind::Organizer,
    PropertyKind::DtStart,
    PropertyKind::DtEnd,
    PropertyKind::Due,
    PropertyKind::Duration,
    PropertyKind::Summary,
];

/// What a CANCEL says besides whom it concerns.
const CANCELLED: &[PropertyKind] = &[
    PropertyKind::Uid,
    PropertyKind::DtStamp,
    PropertyKind::Sequence,
    PropertyKind::RecurrenceId,
    PropertyKind::Organizer,
    PropertyKind::DtStart,
    PropertyKind::DtEnd,
    PropertyKind::Due,
    PropertyKind::Duration,
    PropertyKind::RRule,
    PropertyKind::RDate,
    PropertyKind::ExDate,
    PropertyKind::Summary,
    PropertyKind::Location,
    PropertyKind::Comment,
];

/// A component for others to read: no alarms, notes of programs, delivery
/// states.
pub(super) fn public(text: Bytes, stamp: NaiveDateTime) -> Bytes {
    rewritten(text, |component| {
        publish(component);
        component.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
    })
}

fn publish(component: &mut ComponentMut<'_>) {
    component.remove_components_where(|inner| inner.kind() == ComponentKind::Alarm);
    component.edit_properties(|property| {
        if is_note(property) || property.kind() == PropertyKind::RequestStatus {
            return PropertyEdit::Remove;
        }
        match without_private(property) {
            Some(clean) => PropertyEdit::Replace(clean),
            None => PropertyEdit::Keep,
        }
    });
}

/// Whether a property is a note that a program keeps for its own user.
fn is_note(property: Property<'_>) -> bool {
    let name = property.name().to_ascii_uppercase();
    PRIVATE_PREFIXES
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// The property without private parameters; `None` if it has none.
fn without_private(property: Property<'_>) -> Option<NewProperty> {
    let private = |name: &str| {
        PRIVATE_PARAMETERS
            .iter()
            .any(|own| own.eq_ignore_ascii_case(name))
    };
    let mut found = property.parameters().filter(|found| private(found.name()));
    found.next()?;
    Some(bare(property))
}

fn bare(property: Property<'_>) -> NewProperty {
    let property = NewProperty::from_property(&property);
    PRIVATE_PARAMETERS
        .iter()
        .fold(property, |property, name| property.without_parameter(name))
}

/// A component as the answer of one attendee: of the others nothing is said,
/// but for the delegates of that one.
pub(super) fn answer(text: Bytes, user: &CalendarUser, stamp: NaiveDateTime) -> Bytes {
    rewritten(text, |component| {
        let todo = component.component().kind() == ComponentKind::Todo;
        component.remove_components_where(|_| true);
        component.edit_properties(|property| {
            let person = Person::new(property);
            match property.kind() {
                PropertyKind::Attendee if user.is(&person) => {
                    PropertyEdit::Replace(bare(property).without_parameter("RSVP"))
                }
                PropertyKind::Attendee if super::people::lists(&person, "DELEGATED-FROM", user) => {
                    PropertyEdit::Replace(bare(property))
                }
                PropertyKind::PercentComplete | PropertyKind::Completed if todo => {
                    PropertyEdit::Keep
                }
                kind if ANSWERED.contains(&kind) => match without_private(property) {
                    Some(clean) => PropertyEdit::Replace(clean),
                    None => PropertyEdit::Keep,
                },
                _ => PropertyEdit::Remove,
            }
        });
        component.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
        component.add(&NewProperty::of(PropertyKind::RequestStatus).with_raw_value("2.0;Success"));
    })
}

/// A component as its end for some attendees.
pub(super) fn cancelled(
    text: Bytes,
    (sequence, stamp): (i32, NaiveDateTime),
    concerns: impl Fn(&Person<'_>) -> bool,
) -> Bytes {
    rewritten(text, |component| {
        component.remove_components_where(|_| true);
        component.edit_properties(|property| match property.kind() {
            PropertyKind::Attendee if concerns(&Person::new(property)) => {
                PropertyEdit::Replace(bare(property))
            }
            kind if CANCELLED.contains(&kind) => match without_private(property) {
                Some(clean) => PropertyEdit::Replace(clean),
                None => PropertyEdit::Keep,
            },
            _ => PropertyEdit::Remove,
        });
        component.set_status("CANCELLED");
        set_sequence(component, sequence);
        component.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
    })
}

/// Sets SEQUENCE, unless it says so already.
pub(super) fn set_sequence(component: &mut ComponentMut<'_>, sequence: i32) {
    if component.component().sequence() != sequence {
        let property = NewProperty::of(PropertyKind::Sequence);
        component.set(&property.with_raw_value(&sequence.to_string()));
    }
}

/// What a component says to others, apart from answers and revisions: two that
/// say the same are equal. Of the series without the dates taken out of it.
pub(super) fn said(text: Bytes) -> Vec<u128> {
    let public = rewritten(text, |component| {
        publish(component);
        component.edit_properties(|property| match property.kind() {
            PropertyKind::Sequence | PropertyKind::ExDate => PropertyEdit::Remove,
            PropertyKind::Attendee | PropertyKind::Organizer => {
                let person = NewProperty::from_property(&property);
                let answers = ["PARTSTAT", "RSVP"].into_iter();
                PropertyEdit::Replace(answers.fold(person, NewProperty::without_parameter))
            }
            _ => PropertyEdit::Keep,
        });
    });
    let part = Reader::new().read(public).calendar;
    let root = part.roots().next();
    let mut said: Vec<u128> = root
        .iter()
        .flat_map(Component::properties)
        .filter_map(property_digest)
        .collect();
    let inner = root.iter().flat_map(Component::components);
    said.extend(inner.map(|inner| inner.content_hash().to_u128()));
    said.sort_unstable();
    said
}
