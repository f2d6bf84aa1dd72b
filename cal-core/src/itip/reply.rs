//! REPLY at the organizer (RFC 5546 3.2.3): one attendee's answer.

use std::collections::BTreeSet;

use super::Message;
use super::Refusal;
use super::delegation::{delegates, is_loop};
use super::draft::Draft;
use super::mark::{REPLY, Revision};
use super::organizer::request_for;
use super::parts::{Parts, Slot, edit_attendees, later, rewritten};
use super::people::{CalendarUser, lists};
use super::receive::{Arrival, Delivery, Outcome, Unchanged};
use crate::edit::PropertyEdit;
use crate::{Calendar, Component, ComponentMut, Moment, NewProperty, Person, PropertyKind};

pub(super) fn receive(arrival: &Arrival<'_>) -> Result<Outcome, Refusal> {
    arrival.check_attendee()?;
    let Some(existing) = &arrival.existing else {
        return Ok(Outcome::unchanged(Unchanged::UnknownObject));
    };
    existing.organizer().ok_or(Refusal::NoOrganizer)?;
    let mut draft = Draft::of(existing.calendar);
    let mut reasons = Vec::new();
    let mut taken = false;
    for (slot, component) in arrival.message.slots() {
        let Some(answer) = Answer::of(component, arrival.delivery) else {
            reasons.push(Unchanged::NotConcerned);
            continue;
        };
        let known = existing.effective(slot);
        if known.is_some_and(|known| is_loop(&answer.line, known)) {
            return Err(Refusal::DelegationLoop);
        }
        match answer.take(&mut draft, existing, (slot, &arrival.message)) {
            Ok(()) => taken = true,
            Err(reason) => reasons.push(reason),
        }
    }
    if !taken {
        return Ok(Outcome::of_reasons(&reasons));
    }
    Ok(match draft.finish() {
        Some(object) => {
            let (object, messages) = welcome(arrival, existing, object)?;
            Outcome::Changed { object, messages }
        }
        None => Outcome::unchanged(Unchanged::AlreadyApplied),
    })
}

/// The object as it now is for those whom the sender delegated to and who come to
/// more of it than before: they have it from the sender, who may have had
/// another one. It is a version of its own, later than what they have.
fn welcome(
    arrival: &Arrival<'_>,
    before: &Parts<'_>,
    object: Calendar,
) -> Result<(Calendar, Vec<Message>), Refusal> {
    let named = arrival.message.slots().filter_map(|(_, found)| {
        let line = arrival.delivery.sender.attendee(found)?;
        (line.participation() == "DELEGATED").then(|| delegates(&line))
    });
    let named: BTreeSet<String> = named.flatten().collect();
    let after = Parts::of(&object, &arrival.delivery.context.zone)?;
    let attends = |parts: &Parts<'_>, address: &str| {
        let delegate = CalendarUser::new([address]);
        let slots = parts.slots();
        let own = slots.filter(|(_, found)| delegate.attendee(*found).is_some());
        own.count()
    };
    let news = named
        .iter()
        .filter(|address| attends(&after, address) > attends(before, address));
    let stamp = later(arrival.delivery.context.now, after.newest());
    let messages: Vec<Message> = news
        .map(|address| request_for(&after, address, stamp))
        .collect();
    let mut draft = Draft::of(&object);
    if let (false, Some((_, first))) = (messages.is_empty(), after.slots().next()) {
        draft.edit(first, |edited| {
            edited.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
        });
    }
    let stamped = draft.finish();
    Ok((stamped.unwrap_or(object), messages))
}

/// The answer of one attendee for one component.
struct Answer<'a> {
    user: &'a CalendarUser,
    /// Whether it counts although nobody invited the user.
    admitted: bool,
    line: Person<'a>,
    revision: Revision,
    /// What the attendee's side says of the request, for SCHEDULE-STATUS.
    status: String,
    delegates: Vec<Person<'a>>,
}

impl<'a> Answer<'a> {
    fn of(component: Component<'a>, delivery: &'a Delivery) -> Option<Self> {
        let user = &delivery.sender;
        let statuses = component.all(PropertyKind::RequestStatus);
        let codes: Vec<String> = statuses
            .filter_map(|status| {
                let raw = status.raw_value();
                let code = raw.split(';').next()?.trim();
                let plain = code
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.');
                (plain && !code.is_empty()).then(|| code.to_owned())
            })
            .collect();
        Some(Self {
            user,
            admitted: delivery.admits_uninvited,
            line: user.attendee(component)?,
            revision: Revision::of(component),
            status: if codes.is_empty() {
                "2.0".to_owned()
            } else {
                codes.join(",")
            },
            delegates: component
                .attendees()
                .filter(|person| lists(person, "DELEGATED-FROM", user))
                .collect(),
        })
    }

    fn take(
        &self,
        draft: &mut Draft,
        existing: &Parts<'_>,
        (slot, message): (Slot, &Parts<'_>),
    ) -> Result<(), Unchanged> {
        let component = existing.effective(slot).ok_or(Unchanged::UnknownInstance)?;
        let known = self.user.attendee(component);
        if known.is_none() && !self.admitted {
            return Err(Unchanged::NotInvited);
        }
        // One who was not invited answers what is there now, nothing older.
        let mark = known.map_or_else(
            || Revision {
                sequence: component.sequence(),
                stamp: None,
            },
            |known| Revision::marked(&known),
        );
        if self.revision <= mark {
            return Err(if self.revision == mark {
                Unchanged::AlreadyApplied
            } else {
                Unchanged::OutOfDate
            });
        }
        match (existing.own(slot), slot) {
            (Some(own), _) => draft.edit(own, |edited| self.write(edited)),
            (None, Some(key)) => {
                let text = existing.detached(key).ok_or(Unchanged::UnknownInstance)?;
                draft.add(rewritten(text, |edited| self.write(edited)));
            }
            (None, None) => return Err(Unchanged::UnknownInstance),
        }
        if slot.is_none() {
            self.take_for_instances(draft, existing, message);
        }
        Ok(())
    }

    /// An answer for the series counts for each instance that has no later one.
    fn take_for_instances(&self, draft: &mut Draft, existing: &Parts<'_>, message: &Parts<'_>) {
        for (slot, own) in existing.slots() {
            if slot.is_none() || message.own(slot).is_some() {
                continue;
            }
            let earlier = |known: Person<'_>| self.counts_over(Revision::marked(&known));
            if self.user.attendee(own).is_some_and(earlier) {
                draft.edit(own, |edited| self.write(edited));
            }
        }
    }

    /// Whether it is later than an answer to an instance, and not older than
    /// the instance's last change of time.
    fn counts_over(&self, mark: Revision) -> bool {
        match mark.stamp {
            Some(stamp) => {
                self.revision.sequence >= mark.sequence && self.revision.stamp > Some(stamp)
            }
            None => self.revision.sequence >= mark.sequence,
        }
    }

    fn write(&self, component: &mut ComponentMut<'_>) {
        if self.user.attendee(component.component()).is_none() {
            let line = NewProperty::from_property(&self.line.property());
            component.add(&line.without_parameter(REPLY));
        }
        edit_attendees(component, |person| {
            if !self.user.is(&person) {
                return PropertyEdit::Keep;
            }
            let line = NewProperty::from_property(&person.property())
                .with_parameter("PARTSTAT", &self.line.participation())
                .with_parameter("SCHEDULE-STATUS", &self.status);
            let to = self.line.property();
            let to = to.parameters().find(|found| found.is("DELEGATED-TO"));
            let line = match to {
                Some(to) => line.with_parameter_values("DELEGATED-TO", to.values()),
                None => line.without_parameter("DELEGATED-TO"),
            };
            PropertyEdit::Replace(self.revision.mark(line))
        });
        if self.line.participation() == "DELEGATED" {
            self.add_delegates(component);
        }
    }

    /// Those the attendee delegated to take part now, with an answer of their own to give.
    fn add_delegates(&self, component: &mut ComponentMut<'_>) {
        let own = self.line.address();
        let named = self.line.property();
        let named = named
            .parameters()
            .filter(|found| found.is("DELEGATED-TO"))
            .flat_map(|found| {
                found
                    .values()
                    .map(std::borrow::Cow::into_owned)
                    .collect::<Vec<_>>()
            });
        for address in named {
            let delegate = CalendarUser::new([&address]);
            if delegate.attendee(component.component()).is_some() {
                continue;
            }
            let line = self
                .delegates
                .iter()
                .find(|person| delegate.is(person))
                .map_or_else(
                    || NewProperty::of(PropertyKind::Attendee).with_raw_value(&address),
                    |person| NewProperty::from_property(&person.property()),
                );
            let line = line
                .without_parameter(REPLY)
                .with_parameter("DELEGATED-FROM", own.trim())
                .with_parameter("PARTSTAT", "NEEDS-ACTION")
                .with_parameter("RSVP", "TRUE");
            component.add(&line);
        }
    }
}
