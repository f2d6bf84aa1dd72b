//! What the organizer says, taken over into what an attendee has of its own.

use std::collections::BTreeSet;

use bytes::Bytes;

use super::mark::{DECLINED, REPLY, Revision};
use super::parts::{edit_attendees, rewritten};
use super::people::{CalendarUser, is_same, lists};
use crate::edit::PropertyEdit;
use crate::{
    Component, ComponentKind, ComponentMut, NewProperty, Person, Property, PropertyKind, Reader,
};

/// Whether a property is the attendee's own in its copy, whatever the organizer says.
fn is_own(property: Property<'_>) -> bool {
    match property.kind() {
        PropertyKind::Transp
        | PropertyKind::Categories
        | PropertyKind::Color
        | PropertyKind::Created
        | PropertyKind::LastModified
        | PropertyKind::Completed
        | PropertyKind::PercentComplete
        | PropertyKind::RequestStatus
        | PropertyKind::RecurrenceId
        | PropertyKind::Uid => true,
        PropertyKind::ExDate => property.parameter(DECLINED).is_some(),
        _ => false,
    }
}

/// Whether a property that only the attendee's copy has is left there: what
/// this crate does not know may be of the attendee's program.
fn is_foreign(property: Property<'_>) -> bool {
    property.kind() == PropertyKind::Other
}

/// The answer that an attendee keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) user: &'a CalendarUser,
    /// The attendee's line so far, if its answer still counts.
    pub(super) answer: Option<Person<'a>>,
    /// The component that has the answer.
    pub(super) before: Option<Component<'a>>,
    /// The answer that is being given again, if one is.
    pub(super) given: Option<Revision>,
}

/// Takes what the organizer says into a component; lines that say the same
/// keep their bytes.
pub(super) fn merge(component: &mut ComponentMut<'_>, said: &Bytes, kept: Kept<'_>) {
    let said = Reader::new().read(with_answer(said.clone(), kept)).calendar;
    let Some(said) = said.roots().next() else {
        return;
    };
    let line = |property: Property<'_>| NewProperty::from_property(&property).to_string();
    let names: BTreeSet<String> = said
        .properties()
        .map(|property| property.name().to_ascii_uppercase())
        .collect();
    let mut wanted: Vec<(String, Property<'_>)> = said
        .properties()
        .filter(|&property| !is_own(property))
        .map(|property| (line(property), property))
        .collect();
    let organizer = said.organizer();
    component.edit_properties(|property| {
        let written = line(property);
        if let Some(at) = wanted.iter().position(|(line, _)| *line == written) {
            wanted.remove(at);
            return PropertyEdit::Keep;
        }
        let named = names.contains(&property.name().to_ascii_uppercase());
        let stays = is_own(property)
            || (is_foreign(property) && !named)
            || (property.kind() == PropertyKind::Organizer
                && organizer.is_some_and(|other| is_same(&other, &Person::new(property))));
        if !stays {
            return replacement(property, &mut wanted);
        }
        if property.kind() == PropertyKind::Organizer {
            wanted.retain(|(_, other)| other.kind() != PropertyKind::Organizer);
        }
        PropertyEdit::Keep
    });
    let own: BTreeSet<PropertyKind> = component
        .component()
        .properties()
        .filter(|&property| is_own(property))
        .map(|property| property.kind())
        .collect();
    for (_, property) in wanted {
        component.add(&NewProperty::from_property(&property));
    }
    // What is the attendee's to choose begins as the organizer has it.
    let missing = said
        .properties()
        .filter(|&property| is_own(property) && !own.contains(&property.kind()));
    let begun: Vec<NewProperty> = missing
        .filter(|property| property.kind() != PropertyKind::RequestStatus)
        .map(|property| NewProperty::from_property(&property))
        .collect();
    for property in begun {
        component.add(&property);
    }
    take_inner(component, said);
}

/// What stands in the place of a line that the organizer no longer says: the
/// next new one of its name.
fn replacement(property: Property<'_>, wanted: &mut Vec<(String, Property<'_>)>) -> PropertyEdit {
    let same = |other: Property<'_>| match property.kind() {
        PropertyKind::Attendee => {
            other.kind() == PropertyKind::Attendee
                && is_same(&Person::new(other), &Person::new(property))
        }
        PropertyKind::Other => other.is(property.name()),
        kind => other.kind() == kind,
    };
    match wanted.iter().position(|(_, other)| same(*other)) {
        Some(at) => PropertyEdit::Replace(NewProperty::from_property(&wanted.remove(at).1)),
        None => PropertyEdit::Remove,
    }
}

/// Components inside, but for alarms: those are the attendee's own.
fn take_inner(component: &mut ComponentMut<'_>, said: Component<'_>) {
    let shared = |component: Component<'_>| -> Vec<u128> {
        let inner = component
            .components()
            .filter(|inner| inner.kind() != ComponentKind::Alarm);
        inner.map(|inner| inner.content_hash().to_u128()).collect()
    };
    if shared(component.component()) == shared(said) {
        return;
    }
    component.remove_components_where(|inner| inner.kind() != ComponentKind::Alarm);
    for inner in said
        .components()
        .filter(|inner| inner.kind() != ComponentKind::Alarm)
    {
        component.add_component_text(inner.to_bytes());
    }
}

/// What the organizer says as a new component of the attendee: without alarms,
/// but with those that the attendee has for the series.
pub(super) fn fresh(said: Bytes, kept: Kept<'_>) -> Bytes {
    rewritten(with_answer(said, kept), |component| {
        component.remove_components_where(|inner| inner.kind() == ComponentKind::Alarm);
        component.remove_where(|property| property.kind() == PropertyKind::RequestStatus);
        let Some(before) = kept.before else { return };
        for kind in [
            PropertyKind::Transp,
            PropertyKind::Categories,
            PropertyKind::Color,
        ] {
            let own: Vec<NewProperty> = before
                .all(kind)
                .map(|property| NewProperty::from_property(&property))
                .collect();
            if let (Some(name), false) = (kind.name(), own.is_empty()) {
                component.remove(name);
                for property in &own {
                    component.add(property);
                }
            }
        }
        for alarm in before.alarms() {
            component.add_component_text(alarm.component().to_bytes());
        }
    })
}

/// What the organizer says, with the attendee's own answer where that counts on.
fn with_answer(said: Bytes, kept: Kept<'_>) -> Bytes {
    rewritten(said, |component| {
        edit_attendees(component, |person| {
            let clean = NewProperty::from_property(&person.property());
            let clean = [
                "SCHEDULE-STATUS",
                "SCHEDULE-AGENT",
                "SCHEDULE-FORCE-SEND",
                REPLY,
            ]
            .into_iter()
            .fold(clean, NewProperty::without_parameter);
            if !kept.user.is(&person) {
                return PropertyEdit::Replace(clean);
            }
            PropertyEdit::Replace(own_line(clean, kept))
        });
        let delegated = |answer: Person<'_>| answer.participation() == "DELEGATED";
        if !kept.answer.is_some_and(delegated) {
            return;
        }
        // Whom the attendee delegated to, until the organizer knows.
        let delegates: Vec<NewProperty> = kept
            .before
            .iter()
            .flat_map(Component::attendees)
            .filter(|person| lists(person, "DELEGATED-FROM", kept.user))
            .filter(|person| {
                let mut known = component.component().attendees();
                !known.any(|known| is_same(&known, person))
            })
            .map(|person| NewProperty::from_property(&person.property()))
            .collect();
        for delegate in delegates {
            component.add(&delegate);
        }
    })
}

fn own_line(line: NewProperty, kept: Kept<'_>) -> NewProperty {
    let before = kept.before.and_then(|before| kept.user.attendee(before));
    let mark = before.and_then(|before| before.property().parameter(REPLY));
    let line = match (kept.given, mark) {
        (Some(given), _) => given.mark(line),
        (None, Some(mark)) => line.with_parameter(REPLY, &mark),
        (None, None) => line,
    };
    let Some(answer) = kept.answer else {
        return line;
    };
    let line = line.with_parameter("PARTSTAT", &answer.participation());
    let delegated = answer.property();
    let to: Vec<String> = delegated
        .parameters()
        .filter(|found| found.is("DELEGATED-TO"))
        .flat_map(|found| {
            found
                .values()
                .map(std::borrow::Cow::into_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    if to.is_empty() {
        line
    } else {
        line.with_parameter_values("DELEGATED-TO", &to)
    }
}
