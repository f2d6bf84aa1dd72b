//! REQUEST and PUBLISH at those who get them (RFC 5546 3.2.1, 3.2.2).

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::attendee::{declined, last_answer, whole_answer};
use super::draft::{Draft, without_method};
use super::mark::{DECLINED, Declined, Revision, stamp};
use super::merge::{Kept, fresh, merge};
use super::outgoing::answer;
use super::parts::{Parts, Slot, later, rewritten};
use super::people::{lists, server_sends};
use super::receive::{Arrival, Outcome, Unchanged};
use super::{Message, Method, Refusal};
use crate::edit::PropertyEdit;
use crate::{Calendar, Component, ComponentMut, NewProperty, Person, PropertyKind};

pub(super) fn receive(arrival: &Arrival<'_>, method: Method) -> Result<Outcome, Refusal> {
    check_sender(arrival, method)?;
    let user = &arrival.delivery.recipient;
    let invited = arrival
        .message
        .slots()
        .any(|(_, found)| user.attendee(found).is_some());
    if method == Method::Request && !invited {
        return Err(Refusal::NotInvited);
    }
    let Some(existing) = &arrival.existing else {
        return Ok(Outcome::Changed {
            object: first(arrival),
            messages: Vec::new(),
        });
    };
    let update = Update { existing, arrival };
    Ok(match arrival.message.master {
        Some(_) => update.whole(),
        None => update.instances(),
    })
}

/// That the organizer sent it, or someone who delegates an invitation that is
/// new to the recipient.
fn check_sender(arrival: &Arrival<'_>, method: Method) -> Result<(), Refusal> {
    match arrival.check_organizer() {
        // What is published may be nobody's.
        Err(Refusal::NoOrganizer) if method == Method::Publish => Ok(()),
        Err(refusal) => {
            let Arrival {
                existing, delivery, ..
            } = arrival;
            let delegates = |person: Person<'_>| {
                delivery.sender.is(&person) && lists(&person, "DELEGATED-TO", &delivery.recipient)
            };
            let mut lines = arrival
                .message
                .slots()
                .flat_map(|(_, found)| found.attendees());
            if existing.is_none() && lines.any(delegates) {
                Ok(())
            } else {
                Err(refusal)
            }
        }
        Ok(()) => Ok(()),
    }
}

/// The object of an invitation that is new.
fn first(arrival: &Arrival<'_>) -> Calendar {
    let mut draft = Draft::of(&without_method(arrival.message.calendar));
    for (slot, component) in arrival.message.slots() {
        let kept = Kept {
            user: &arrival.delivery.recipient,
            answer: None,
            before: None,
            given: None,
        };
        if let Some(text) = arrival.message.text(slot) {
            draft.remove(component);
            draft.add(fresh(text, kept));
        }
    }
    let object = without_method(arrival.message.calendar);
    draft.finish().unwrap_or(object)
}

struct Update<'t, 'a> {
    existing: &'t Parts<'a>,
    arrival: &'t Arrival<'a>,
}

impl<'a> Update<'_, 'a> {
    /// All of an object, as it was when the message was written.
    fn whole(&self) -> Outcome {
        let (existing, message) = (self.existing, &self.arrival.message);
        let Some(master) = message.master else {
            return Outcome::unchanged(Unchanged::NotConcerned);
        };
        if let Some(own) = existing.master {
            match Revision::of(master).cmp(&Revision::of(own)) {
                std::cmp::Ordering::Less => return Outcome::unchanged(Unchanged::OutOfDate),
                std::cmp::Ordering::Equal => return Outcome::unchanged(Unchanged::AlreadyApplied),
                std::cmp::Ordering::Greater => {}
            }
        }
        let mut draft = Draft::of(existing.calendar);
        draft.add_zones(message.calendar);
        let mut answers = Vec::new();
        let as_of = stamp(master);
        let all = message.slots().map(|(slot, _)| slot);
        let dropped = existing
            .slots()
            .map(|(slot, _)| slot)
            .filter(|slot| message.own(*slot).is_none());
        for slot in all.chain(dropped) {
            let newer = existing
                .own(slot)
                .is_some_and(|own| slot.is_some() && stamp(own) > as_of);
            answers.extend(self.declined_again(slot));
            if newer || self.is_hidden(slot) {
                continue;
            }
            match message.own(slot) {
                Some(_) => self.take(&mut draft, slot, &mut answers),
                None => self.drop_or_keep(&mut draft, slot, &mut answers),
            }
        }
        let unnamed = existing.declined().into_keys().map(Some);
        let unnamed = unnamed.filter(|slot| message.own(*slot).is_none());
        answers.extend(unnamed.filter_map(|slot| self.declined_again(slot)));
        self.settle_declined(&mut draft);
        self.changed(draft, &answers)
    }

    /// Some instances of an object.
    fn instances(&self) -> Outcome {
        let (existing, message) = (self.existing, &self.arrival.message);
        let mut draft = Draft::of(existing.calendar);
        draft.add_zones(message.calendar);
        let (mut answers, mut reasons) = (Vec::new(), Vec::new());
        for (slot, component) in message.slots() {
            let revision = Revision::of(component);
            let replaced = existing
                .master
                .is_some_and(|master| stamp(master) > stamp(component));
            answers.extend(self.declined_again(slot));
            match existing.own(slot).map(Revision::of) {
                _ if replaced => reasons.push(Unchanged::OutOfDate),
                _ if self.is_hidden(slot) => reasons.push(Unchanged::NotConcerned),
                Some(own) if own > revision => reasons.push(Unchanged::OutOfDate),
                Some(own) if own == revision => reasons.push(Unchanged::AlreadyApplied),
                _ => self.take(&mut draft, slot, &mut answers),
            }
        }
        let noted = self.settle_declined(&mut draft);
        if reasons.len() == message.slots().count() && !noted && answers.is_empty() {
            return Outcome::of_reasons(&reasons);
        }
        self.changed(draft, &answers)
    }

    fn changed(&self, draft: Draft, answers: &[Bytes]) -> Outcome {
        match draft.finish() {
            None => Outcome::unchanged(Unchanged::AlreadyApplied),
            Some(object) => Outcome::Changed {
                messages: self.again(&object, answers).into_iter().collect(),
                object,
            },
        }
    }

    /// What is answered again: where it is to the series, all of it.
    fn again(&self, object: &Calendar, answers: &[Bytes]) -> Option<Message> {
        let Arrival { delivery, .. } = self.arrival;
        let given = self.kept(None).given;
        let whole = given.and_then(|given| {
            let parts = Parts::of(object, &delivery.context.zone).ok()?;
            Some(whole_answer(&parts, &delivery.recipient, given.stamp?))
        });
        match whole {
            Some(answers) if self.arrival.message.master.is_some() => self.reply(&answers),
            _ => self.reply(answers),
        }
    }

    /// Takes a component of the message over.
    fn take(&self, draft: &mut Draft, slot: Slot, answers: &mut Vec<Bytes>) {
        let Some(said) = self.arrival.message.text(slot) else {
            return;
        };
        let kept = self.kept(slot);
        self.answer_again(said.clone(), kept, answers);
        match self.existing.own(slot) {
            Some(own) => draft.edit(own, |component| merge(component, &said, kept)),
            None => draft.add(fresh(said, kept)),
        }
    }

    /// What the attendee keeps: its answer, if the time is the same.
    fn kept(&self, slot: Slot) -> Kept<'a> {
        let user = &self.arrival.delivery.recipient;
        let before = self.existing.effective(slot);
        let same = self.existing.timing(slot) == self.arrival.message.timing(slot);
        let revived = before.is_some_and(|before| before.is_cancelled());
        let answer = before
            .filter(|_| same && !revived)
            .and_then(|before| user.attendee(before));
        Kept {
            user,
            answer,
            before,
            given: self.given_again(slot, answer, before),
        }
    }

    /// The revision under which an answer is given again, if the organizer may
    /// have forgotten it with a new SEQUENCE.
    fn given_again(
        &self,
        slot: Slot,
        answer: Option<Person<'_>>,
        before: Option<Component<'_>>,
    ) -> Option<Revision> {
        let component = self.arrival.message.effective(slot)?;
        let theirs = self.arrival.delivery.recipient.attendee(component)?;
        let forgotten = theirs.participation() != answer?.participation();
        let sequence = component.sequence();
        (forgotten && sequence > before?.sequence()).then(|| Revision {
            sequence,
            stamp: Some(self.stamp()),
        })
    }

    fn answer_again(&self, said: Bytes, kept: Kept<'_>, answers: &mut Vec<Bytes>) {
        let (Some(own), Some(given)) = (kept.answer, kept.given) else {
            return;
        };
        let own = NewProperty::from_property(&own.property());
        let said = rewritten(said, |component| replace_own(component, kept, &own));
        answers.push(answer(said, kept.user, given.stamp.unwrap_or_default()));
    }

    /// An override that the organizer no longer has: it goes, but for an answer
    /// to an instance that is still there at the same time.
    fn drop_or_keep(&self, draft: &mut Draft, slot: Slot, answers: &mut Vec<Bytes>) {
        let (Some(own), Some(key)) = (self.existing.own(slot), slot) else {
            return;
        };
        let user = &self.arrival.delivery.recipient;
        let kept = self.kept(slot);
        let series = self
            .existing
            .master
            .and_then(|master| user.attendee(master));
        let differs = kept.answer.is_some_and(|answer| {
            series.is_none_or(|series| series.participation() != answer.participation())
        });
        match self.arrival.message.detached(key) {
            Some(said) if differs => {
                self.answer_again(said.clone(), kept, answers);
                draft.edit(own, |component| merge(component, &said, kept));
            }
            _ => draft.remove(own),
        }
    }

    /// The answers as a message.
    fn reply(&self, answers: &[Bytes]) -> Option<Message> {
        let organizer = self.existing.organizer().filter(server_sends)?;
        if answers.is_empty() {
            return None;
        }
        let user = &self.arrival.delivery.recipient;
        let mut own = self.existing.slots();
        let from = own.find_map(|(_, found)| user.attendee(found))?;
        Some(Message::new(
            Method::Reply,
            (
                from.address().trim().to_owned(),
                vec![organizer.address().trim().to_owned()],
            ),
            (self.arrival.message.calendar, answers),
        ))
    }

    fn stamp(&self) -> NaiveDateTime {
        let user = &self.arrival.delivery.recipient;
        later(
            self.arrival.delivery.context.now,
            last_answer(self.existing, user),
        )
    }

    /// Whether the attendee took an instance out, and that holds on.
    fn is_hidden(&self, slot: Slot) -> bool {
        let declined = self.existing.declined();
        let found = slot.and_then(|key| Some((key, declined.get(&key)?)));
        found.is_some_and(|(key, declined)| self.fate(key, declined) != Fate::Back)
    }

    /// That an instance stays out, where the organizer may have forgotten it.
    fn declined_again(&self, slot: Slot) -> Option<Bytes> {
        let (message, user) = (&self.arrival.message, &self.arrival.delivery.recipient);
        let known = self.existing.declined();
        let known = known.get(&slot?)?;
        let is_news = match self.fate(slot?, known) {
            Fate::OutAsOf(stamp) => stamp != known.stamp,
            Fate::Out | Fate::Back => false,
        };
        let theirs = user.attendee(message.effective(slot)?)?;
        (is_news && theirs.participation() != "DECLINED")
            .then(|| message.text(slot))
            .flatten()
            .map(|text| answer(declined(text, user), user, self.stamp()))
    }

    /// What the message does to an instance that the attendee took out: at
    /// another time it is back.
    fn fate(&self, key: NaiveDateTime, declined: &Declined) -> Fate {
        let message = &self.arrival.message;
        let Some(said) = message.own(Some(key)).or(message.master) else {
            return Fate::Out;
        };
        if declined.stamp > stamp(said) {
            return Fate::Out;
        }
        match message.timing(Some(key)) {
            Some(timing) if timing.to_string() == declined.timing => Fate::OutAsOf(stamp(said)),
            _ => Fate::Back,
        }
    }

    /// Leaves of the attendee's EXDATEs those that hold on. Returns whether any
    /// changed.
    fn settle_declined(&self, draft: &mut Draft) -> bool {
        let Some(master) = self.existing.master else {
            return false;
        };
        let edit = |property: crate::Property<'_>| {
            let Some(value) = property.parameter(DECLINED) else {
                return PropertyEdit::Keep;
            };
            let declined = Declined::parse(&value);
            let key = property
                .moment()
                .ok()
                .and_then(|date| self.existing.instances.key(&date));
            match key.map(|key| self.fate(key, &declined)) {
                Some(Fate::Back) => PropertyEdit::Remove,
                Some(Fate::OutAsOf(stamp)) if stamp != declined.stamp => {
                    let value = Declined { stamp, ..declined }.to_value();
                    let line = NewProperty::from_property(&property);
                    PropertyEdit::Replace(line.with_parameter(DECLINED, &value))
                }
                _ => PropertyEdit::Keep,
            }
        };
        let changes = master
            .all(PropertyKind::ExDate)
            .any(|property| !matches!(edit(property), PropertyEdit::Keep));
        if changes {
            draft.edit(master, |component| {
                component.edit_properties(|property| match property.kind() {
                    PropertyKind::ExDate => edit(property),
                    _ => PropertyEdit::Keep,
                });
            });
        }
        changes
    }
}

/// What becomes of an instance that the attendee took out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It stays out; the message says nothing new of it.
    Out,
    /// It stays out, also of what was said then.
    OutAsOf(Option<NaiveDateTime>),
    /// It is there again.
    Back,
}

fn replace_own(component: &mut ComponentMut<'_>, kept: Kept<'_>, own: &NewProperty) {
    super::parts::edit_attendees(component, |person| {
        if kept.user.is(&person) {
            PropertyEdit::Replace(own.clone())
        } else {
            PropertyEdit::Keep
        }
    });
}
