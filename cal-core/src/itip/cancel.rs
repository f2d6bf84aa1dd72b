//! CANCEL at attendees (RFC 5546 3.2.5): what is called off stays, with its STATUS.

use chrono::NaiveDateTime;

use super::Refusal;
use super::draft::Draft;
use super::mark::{Revision, stamp};
use super::outgoing::set_sequence;
use super::parts::{Parts, rewritten};
use super::receive::{Arrival, Outcome, Unchanged};
use crate::{Component, ComponentMut, Moment, NewProperty, PropertyKind};

pub(super) fn receive(arrival: &Arrival<'_>) -> Result<Outcome, Refusal> {
    arrival.check_organizer()?;
    let message = &arrival.message;
    let user = &arrival.delivery.recipient;
    // One that lists attendees is for those, unless it is the end for all.
    let others_only = message.slots().all(|(_, found)| {
        found.attendees().next().is_some()
            && user.attendee(found).is_none()
            && !found.is_cancelled()
    });
    if others_only {
        return Ok(Outcome::unchanged(Unchanged::NotConcerned));
    }
    let Some(existing) = &arrival.existing else {
        return Ok(Outcome::unchanged(Unchanged::UnknownObject));
    };
    let mut draft = Draft::of(existing.calendar);
    draft.add_zones(message.calendar);
    let mut reasons = Vec::new();
    for (slot, component) in message.slots() {
        let done = match slot {
            None => whole(&mut draft, existing, message),
            Some(key) => instance(&mut draft, existing, (key, component)),
        };
        reasons.extend(done.err());
    }
    if reasons.len() == message.slots().count() {
        return Ok(Outcome::of_reasons(&reasons));
    }
    Ok(match draft.finish() {
        Some(object) => Outcome::Changed {
            object,
            messages: Vec::new(),
        },
        None => Outcome::unchanged(Unchanged::AlreadyApplied),
    })
}

/// Everything is off, but for what was said later of single instances.
fn whole(draft: &mut Draft, existing: &Parts<'_>, message: &Parts<'_>) -> Result<(), Unchanged> {
    let said = message.master.ok_or(Unchanged::NotConcerned)?;
    let revision = Revision::of(said);
    match existing.master {
        Some(master) => check(Revision::of(master), revision)?,
        // The invitation to all may come yet, and must find that it is off.
        None => draft.add(rewritten(
            message.text(None).unwrap_or_default(),
            |component| call_off(component, revision),
        )),
    }
    for (slot, own) in existing.slots() {
        if slot.is_none() || stamp(own) < revision.stamp {
            draft.edit(own, |component| call_off(component, revision));
        }
    }
    Ok(())
}

/// One instance is off.
fn instance(
    draft: &mut Draft,
    existing: &Parts<'_>,
    (key, said): (NaiveDateTime, Component<'_>),
) -> Result<(), Unchanged> {
    let revision = Revision::of(said);
    let series = existing.master.map(stamp);
    if series.is_some_and(|series| series > revision.stamp) {
        return Err(Unchanged::OutOfDate);
    }
    if let Some(own) = existing.own(Some(key)) {
        check(Revision::of(own), revision)?;
        draft.edit(own, |component| call_off(component, revision));
        return Ok(());
    }
    let Some(text) = existing.detached(key) else {
        // The series may be an older one, which does not have it yet.
        return Err(match series {
            Some(series) if series == revision.stamp => Unchanged::AlreadyApplied,
            _ => Unchanged::UnknownInstance,
        });
    };
    draft.add(rewritten(text, |component| {
        call_off(component, revision);
        if said.is_this_and_future()
            && let Some(id) = component.component().first(PropertyKind::RecurrenceId)
        {
            let id = NewProperty::from_property(&id).with_parameter("RANGE", "THISANDFUTURE");
            component.set(&id);
        }
    }));
    Ok(())
}

fn check(own: Revision, said: Revision) -> Result<(), Unchanged> {
    match said.cmp(&own) {
        std::cmp::Ordering::Less => Err(Unchanged::OutOfDate),
        std::cmp::Ordering::Equal => Err(Unchanged::AlreadyApplied),
        std::cmp::Ordering::Greater => Ok(()),
    }
}

fn call_off(component: &mut ComponentMut<'_>, revision: Revision) {
    component.set_status("CANCELLED");
    set_sequence(component, revision.sequence);
    if let Some(stamp) = revision.stamp {
        component.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
    }
}
