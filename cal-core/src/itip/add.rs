//! ADD at attendees (RFC 5546 3.2.4): further instances of a series.

use chrono::NaiveDateTime;

use super::draft::Draft;
use super::mark::Revision;
use super::merge::{Kept, fresh};
use super::outgoing::set_sequence;
use super::parts::{Parts, rewritten};
use super::proposal::refresh_message;
use super::receive::{Arrival, Outcome, Unchanged};
use super::{Message, Refusal};
use crate::{Component, Moment, NewProperty, PropertyKind};

pub(super) fn receive(arrival: &Arrival<'_>) -> Result<Outcome, Refusal> {
    arrival.check_organizer()?;
    let Some(existing) = &arrival.existing else {
        return Ok(ask(arrival, Unchanged::UnknownObject));
    };
    // The instance that is added has no RECURRENCE-ID: it names itself by its start.
    let Some(said) = arrival.message.master else {
        return Ok(Outcome::unchanged(Unchanged::NotConcerned));
    };
    let Some(master) = existing.master else {
        return Ok(ask(arrival, Unchanged::Incomplete));
    };
    let (own, new) = (Revision::of(master), Revision::of(said));
    if new.sequence > own.sequence.saturating_add(1) {
        return Ok(ask(arrival, Unchanged::Incomplete));
    }
    if new <= own {
        return Ok(Outcome::unchanged(Unchanged::OutOfDate));
    }
    let Some(key) = added_key(existing, said) else {
        return Ok(Outcome::unchanged(Unchanged::UnknownInstance));
    };
    if existing.effective(Some(key)).is_some() {
        return Ok(Outcome::unchanged(Unchanged::AlreadyApplied));
    }
    match added(arrival, existing, (master, said, key)) {
        Some(object) => Ok(Outcome::Changed {
            object,
            messages: Vec::new(),
        }),
        None => Ok(Outcome::unchanged(Unchanged::UnknownInstance)),
    }
}

fn added_key(existing: &Parts<'_>, said: Component<'_>) -> Option<NaiveDateTime> {
    let start = said.moment(PropertyKind::DtStart).ok()??;
    existing.instances.key(&start)
}

/// The series with the date, and what is on then as an override.
fn added(
    arrival: &Arrival<'_>,
    existing: &Parts<'_>,
    (master, said, key): (Component<'_>, Component<'_>, NaiveDateTime),
) -> Option<crate::Calendar> {
    let local = existing.instances.local_of(key)?;
    let date = existing.instances.spelled(local)?;
    let revision = Revision::of(said);
    let mut draft = Draft::of(existing.calendar);
    draft.add_zones(arrival.message.calendar);
    draft.edit(master, |component| {
        component.add(&NewProperty::of(PropertyKind::RDate).with_moment(&date));
        set_sequence(component, revision.sequence);
        if let Some(stamp) = revision.stamp {
            component.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
        }
    });
    let kept = Kept {
        user: &arrival.delivery.recipient,
        answer: None,
        before: Some(master),
        given: None,
    };
    let text = rewritten(arrival.message.text(None)?, |component| {
        component.remove("RRULE");
        component.remove("RDATE");
        component.remove("EXDATE");
        component.add(&NewProperty::of(PropertyKind::RecurrenceId).with_moment(&date));
    });
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
