//! ADD (RFC 5546 3.2.4, 3.4.4, 3.5.2): further instances of a series.
//!
//! Both ends take it alike: the series gets the date, and an override says what
//! is on then. The override alone has the revision of the ADD; the series keeps
//! its own, so that an update of it that the ADD overtook is still taken.

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::draft::Draft;
use super::mark::{Revision, stamp};
use super::merge::{Kept, fresh};
use super::organizer::address_of;
use super::outgoing::{public, set_sequence};
use super::parts::{Parts, edit_attendees, later, rewritten};
use super::people::{normal, server_sends};
use super::proposal::refresh_message;
use super::receive::{Arrival, Outcome, Unchanged};
use super::{Context, Message, Method, Refusal, Scheduled};
use crate::edit::PropertyEdit;
use crate::{Calendar, Component, Moment, NewProperty, PropertyKind};

/// Adds an instance to a series that the organizer has, without asking anyone
/// again about the others: `instance` is a calendar with one component of the
/// same UID and kind, without RECURRENCE-ID, that says when and what it is.
///
/// Where it names nobody, those of the series are invited. Who has the series
/// gets an ADD, others a REQUEST for the instance.
///
/// # Errors
/// If there is no series, the instance has no start that can be one of it, or
/// the series has such an instance already.
pub fn add_instance(
    object: &Calendar,
    instance: &Calendar,
    context: &Context,
) -> Result<Scheduled, Refusal> {
    let existing = Parts::of(object, &context.zone)?;
    let added = Parts::of(instance, &context.zone)?;
    if existing.uid != added.uid {
        return Err(Refusal::UidDiffers);
    }
    let organizer = existing.organizer().ok_or(Refusal::NoOrganizer)?;
    if let Some(other) = added.organizer()
        && !super::people::is_same(&organizer, &other)
    {
        return Err(Refusal::OrganizerDiffers);
    }
    let (Some(master), Some(said)) = (existing.master, added.master) else {
        return Err(Refusal::NotAnInstance);
    };
    let key = added_key(&existing, said).ok_or(Refusal::NotAnInstance)?;
    let known = existing.effective(Some(key)).is_some() || existing.excluded().contains(&key);
    let local = existing.instances.local_of(key).filter(|_| !known);
    let date = local.and_then(|local| existing.instances.spelled(local));
    let date = date.ok_or(Refusal::NotAnInstance)?;
    let revision = Revision {
        sequence: existing.sequence().saturating_add(1),
        stamp: Some(later(context.now, existing.newest())),
    };
    let text = added.text(None).ok_or(Refusal::NotAnInstance)?;
    let text = invited(text, (master, &normal(&organizer.address())), revision);
    let mut draft = Draft::of(object);
    draft.add_zones(instance);
    draft.edit(master, |component| {
        component.add(&NewProperty::of(PropertyKind::RDate).with_moment(&date));
    });
    draft.add(identified(text.clone(), &date));
    let object = draft.finish().ok_or(Refusal::NotAnInstance)?;
    Ok(Scheduled {
        messages: letters(&existing, &object, (text, &date)),
        object: Some(object),
    })
}

/// The component with whom to ask, none of whom has answered yet.
fn invited(text: Bytes, (series, organizer): (Component<'_>, &str), revision: Revision) -> Bytes {
    rewritten(text, |component| {
        for (name, kind) in [
            ("ORGANIZER", PropertyKind::Organizer),
            ("ATTENDEE", PropertyKind::Attendee),
        ] {
            if component.component().first(kind).is_none() {
                component.remove(name);
                for line in series.all(kind) {
                    component.add(&NewProperty::from_property(&line));
                }
            }
        }
        set_sequence(component, revision.sequence);
        if let Some(stamp) = revision.stamp {
            component.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
        }
        let asked = Revision {
            stamp: None,
            ..revision
        };
        edit_attendees(component, |person| {
            if normal(&person.address()) == organizer {
                return PropertyEdit::Keep;
            }
            let line = NewProperty::from_property(&person.property())
                .with_parameter("PARTSTAT", "NEEDS-ACTION")
                .without_parameter("SCHEDULE-STATUS");
            PropertyEdit::Replace(asked.mark(line))
        });
    })
}

/// The component as the override that it is in the series.
fn identified(text: Bytes, date: &Moment) -> Bytes {
    rewritten(text, |component| {
        for name in ["RRULE", "RDATE", "EXDATE"] {
            component.remove(name);
        }
        component.add(&NewProperty::of(PropertyKind::RecurrenceId).with_moment(date));
    })
}

fn letters(
    existing: &Parts<'_>,
    object: &Calendar,
    (text, date): (Bytes, &Moment),
) -> Vec<Message> {
    let part = crate::Reader::new().read(text.clone()).calendar;
    let Some(component) = part.roots().next() else {
        return Vec::new();
    };
    let has_series: BTreeSet<String> = existing
        .master
        .iter()
        .flat_map(Component::attendees)
        .map(|person| normal(&person.address()))
        .collect();
    let own = existing
        .organizer()
        .map(|organizer| normal(&organizer.address()));
    let others = component
        .attendees()
        .filter(server_sends)
        .map(|person| person.address().trim().to_owned())
        .filter(|address| Some(normal(address)) != own);
    let (adds, asks): (Vec<String>, Vec<String>) =
        others.partition(|address| has_series.contains(&normal(address)));
    let sent = stamp(component).unwrap_or_default();
    let from = address_of(existing.organizer());
    let told = public(text, sent);
    let asked = identified(told.clone(), date);
    [(Method::Add, adds, told), (Method::Request, asks, asked)]
        .into_iter()
        .filter(|(_, to, _)| !to.is_empty())
        .map(|(method, to, text)| Message::new(method, (from.clone(), to), (object, &[text])))
        .collect()
}

pub(super) fn receive(arrival: &Arrival<'_>) -> Result<Outcome, Refusal> {
    arrival.check_organizer()?;
    // The instance that is added has no RECURRENCE-ID: it names itself by its start.
    let Some(said) = arrival.message.master else {
        return Ok(Outcome::unchanged(Unchanged::NotConcerned));
    };
    let Some(existing) = &arrival.existing else {
        return Ok(ask(arrival, Unchanged::UnknownObject));
    };
    let Some(master) = existing.master else {
        return Ok(ask(arrival, Unchanged::Incomplete));
    };
    if stamp(master) > stamp(said) {
        return Ok(Outcome::unchanged(Unchanged::OutOfDate));
    }
    let Some(key) = added_key(existing, said) else {
        return Ok(Outcome::unchanged(Unchanged::UnknownInstance));
    };
    let revision = Revision::of(said);
    let declined = existing.declined();
    if declined
        .get(&key)
        .is_some_and(|own| own.stamp >= revision.stamp)
    {
        return Ok(Outcome::unchanged(Unchanged::AlreadyApplied));
    }
    let own = existing.own(Some(key));
    if let Some(own) = own.map(Revision::of).filter(|own| *own >= revision) {
        return Ok(Outcome::unchanged(if own == revision {
            Unchanged::AlreadyApplied
        } else {
            Unchanged::OutOfDate
        }));
    }
    if revision.sequence < Revision::of(master).sequence {
        return Ok(Outcome::unchanged(Unchanged::OutOfDate));
    }
    if revision.sequence > existing.sequence().saturating_add(1) {
        return Ok(ask(arrival, Unchanged::Incomplete));
    }
    Ok(match added(arrival, existing, (master, own, key)) {
        Some(object) => Outcome::Changed {
            object,
            messages: Vec::new(),
        },
        None => Outcome::unchanged(Unchanged::UnknownInstance),
    })
}

fn added_key(existing: &Parts<'_>, said: Component<'_>) -> Option<NaiveDateTime> {
    let start = said.moment(PropertyKind::DtStart).ok()??;
    existing.instances.key(&start)
}

/// The series with the date, and what is on then as an override.
fn added(
    arrival: &Arrival<'_>,
    existing: &Parts<'_>,
    (master, own, key): (Component<'_>, Option<Component<'_>>, NaiveDateTime),
) -> Option<Calendar> {
    let local = existing.instances.local_of(key)?;
    let date = existing.instances.spelled(local)?;
    let mut draft = Draft::of(existing.calendar);
    draft.add_zones(arrival.message.calendar);
    if existing.instance(key).is_none() {
        draft.edit(master, |component| {
            component.add(&NewProperty::of(PropertyKind::RDate).with_moment(&date));
        });
    }
    if let Some(own) = own {
        draft.remove(own);
    }
    let kept = Kept {
        user: &arrival.delivery.recipient,
        answer: None,
        before: Some(master),
        given: None,
    };
    let text = identified(arrival.message.text(None)?, &date);
    draft.add(fresh(text, kept));
    draft.finish()
}

/// Something is missing: the organizer is asked for all of it.
fn ask(arrival: &Arrival<'_>, reason: Unchanged) -> Outcome {
    let messages: Vec<Message> = refresh_message(
        &arrival.message,
        &arrival.delivery.recipient,
        arrival.delivery.context.now,
    )
    .into_iter()
    .collect();
    Outcome::Unchanged { reason, messages }
}
