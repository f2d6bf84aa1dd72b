//! PUBLISH, REFRESH, COUNTER and DECLINECOUNTER (RFC 5546 3.2.1, 3.2.6 to 3.2.8).

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::organizer::address_of;
use super::outgoing::{answer, public};
use super::parts::{Parts, later, rewritten};
use super::people::{CalendarUser, normal};
use super::receive::{Arrival, Outcome, Unchanged};
use super::{Context, Message, Method, Refusal};
use crate::{Calendar, NewProperty, PropertyKind};

/// An object for anyone to read: without its attendees and all that is private.
///
/// # Errors
/// If the calendar does not hold one object.
pub fn publish(object: &Calendar, context: &Context) -> Result<Message, Refusal> {
    let parts = Parts::of(object, &context.zone)?;
    let texts = parts.slots().filter_map(|(slot, _)| parts.text(slot));
    let components: Vec<Bytes> = texts
        .map(|text| {
            rewritten(public(text, context.now), |component| {
                component.remove("ATTENDEE");
            })
        })
        .collect();
    let from = address_of(parts.organizer());
    Ok(Message::new(
        Method::Publish,
        (from, Vec::new()),
        (object, &components),
    ))
}

/// Asks the organizer for the latest version of an object.
///
/// # Errors
/// If the user is not an attendee, or nobody organizes it.
pub fn refresh(
    object: &Calendar,
    user: &CalendarUser,
    context: &Context,
) -> Result<Message, Refusal> {
    let parts = Parts::of(object, &context.zone)?;
    parts.organizer().ok_or(Refusal::NoOrganizer)?;
    refresh_message(&parts, user, context.now).ok_or(Refusal::NotInvited)
}

pub(super) fn refresh_message(
    parts: &Parts<'_>,
    user: &CalendarUser,
    now: NaiveDateTime,
) -> Option<Message> {
    let organizer = parts.organizer()?;
    let (slot, component) = parts
        .slots()
        .find(|(_, found)| user.attendee(*found).is_some())?;
    let from = user.attendee(component)?.address().trim().to_owned();
    let text = rewritten(answer(parts.text(slot)?, user, now), |component| {
        component.remove_where(|property| {
            !matches!(
                property.kind(),
                PropertyKind::Uid
                    | PropertyKind::DtStamp
                    | PropertyKind::Organizer
                    | PropertyKind::Attendee
                    | PropertyKind::RecurrenceId
            )
        });
    });
    Some(Message::new(
        Method::Refresh,
        (from, vec![organizer.address().trim().to_owned()]),
        (parts.calendar, &[text]),
    ))
}

/// Proposes something else: `proposal` is the object as the attendee would
/// have it, of which what differs is sent, or all of it.
///
/// # Errors
/// If the user is not an attendee, nobody organizes it, or the proposal is of
/// another object.
pub fn counter(
    object: &Calendar,
    proposal: &Calendar,
    user: &CalendarUser,
    context: &Context,
) -> Result<Message, Refusal> {
    let known = Parts::of(object, &context.zone)?;
    let parts = Parts::of(proposal, &context.zone)?;
    if known.uid != parts.uid {
        return Err(Refusal::UidDiffers);
    }
    let organizer = known.organizer().ok_or(Refusal::NoOrganizer)?;
    let from = known
        .slots()
        .find_map(|(_, found)| user.attendee(found))
        .ok_or(Refusal::NotInvited)?;
    let stamp = later(context.now, super::attendee::last_answer(&known, user));
    let differs = |slot| known.text(slot) != parts.text(slot);
    let components: Vec<Bytes> = parts
        .slots()
        .filter(|(slot, _)| differs(*slot))
        .filter_map(|(slot, _)| Some(public(parts.text(slot)?, stamp)))
        .collect();
    Ok(Message::new(
        Method::Counter,
        (
            from.address().trim().to_owned(),
            vec![organizer.address().trim().to_owned()],
        ),
        (proposal, &components),
    ))
}

/// Tells an attendee that the organizer does not take over a proposal;
/// `proposal` is the COUNTER that came.
///
/// # Errors
/// If nobody organizes the object, or the COUNTER is of another.
pub fn decline_counter(
    object: &Calendar,
    proposal: &Calendar,
    attendee: &CalendarUser,
    context: &Context,
) -> Result<Message, Refusal> {
    let known = Parts::of(object, &context.zone)?;
    let parts = Parts::in_series(proposal, &context.zone, Some(&known))?;
    if known.uid != parts.uid {
        return Err(Refusal::UidDiffers);
    }
    let organizer = known.organizer().ok_or(Refusal::NoOrganizer)?;
    let to = parts
        .slots()
        .find_map(|(_, found)| attendee.attendee(found))
        .ok_or(Refusal::NotInvited)?;
    let texts = parts.slots().filter_map(|(slot, found)| {
        let sequence = known.effective(slot).unwrap_or(found).sequence();
        let text = answer(parts.text(slot)?, attendee, context.now);
        Some(rewritten(text, |component| {
            super::outgoing::set_sequence(component, sequence);
            let status = NewProperty::of(PropertyKind::RequestStatus);
            component.set(&status.with_raw_value("2.11;Declined by the organizer"));
        }))
    });
    let components: Vec<Bytes> = texts.collect();
    Ok(Message::new(
        Method::DeclineCounter,
        (
            organizer.address().trim().to_owned(),
            vec![to.address().trim().to_owned()],
        ),
        (known.calendar, &components),
    ))
}

/// A REFRESH at the organizer: the attendee gets its view of the object.
pub(super) fn receive_refresh(arrival: &Arrival<'_>) -> Result<Outcome, Refusal> {
    arrival.check_attendee()?;
    let Some(existing) = &arrival.existing else {
        return Ok(Outcome::unchanged(Unchanged::UnknownObject));
    };
    let sender = &arrival.delivery.sender;
    let attends = existing
        .slots()
        .find_map(|(_, found)| sender.attendee(found));
    let Some(attendee) = attends else {
        return Err(Refusal::NotInvited);
    };
    let address = normal(&attendee.address());
    let stamp = existing.newest().unwrap_or(arrival.delivery.context.now);
    let message = super::organizer::request_for(existing, &address, stamp);
    Ok(Outcome::Unchanged {
        reason: Unchanged::Answered,
        messages: vec![message],
    })
}

/// A COUNTER at the organizer.
pub(super) fn receive_counter(arrival: &Arrival<'_>) -> Result<Outcome, Refusal> {
    arrival.check_attendee()?;
    let Some(existing) = &arrival.existing else {
        return Ok(Outcome::unchanged(Unchanged::UnknownObject));
    };
    let sender = &arrival.delivery.sender;
    let invited = existing
        .slots()
        .any(|(_, found)| sender.attendee(found).is_some());
    if !invited {
        return Err(Refusal::NotInvited);
    }
    let older = arrival.message.slots().any(|(slot, found)| {
        let known = existing.effective(slot);
        known.is_some_and(|known| found.sequence() < known.sequence())
    });
    if older {
        return Ok(Outcome::unchanged(Unchanged::OutOfDate));
    }
    Ok(Outcome::Proposed)
}
