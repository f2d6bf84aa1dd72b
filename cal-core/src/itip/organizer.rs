//! What follows from an edit by the organizer (RFC 5546 3.2.2, 3.2.5; RFC 6638 3.2.1).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::draft::Draft;
use super::mark::{REPLY, Revision};
use super::outgoing::{cancelled, public, said, set_sequence};
use super::parts::{Parts, Slot, edit_attendees, later, rewritten};
use super::people::{is_forced, normal, server_sends};
use super::{Context, Message, Method, Refusal, Scheduled};
use crate::edit::PropertyEdit;
use crate::{Calendar, Component, ComponentMut, Moment, NewProperty, Person, PropertyKind};

/// What an organizer's edit comes to: from `before` (`None` for a new object)
/// to `after` (`None` if it is deleted).
///
/// Added attendees get a REQUEST, removed ones a CANCEL, the others a REQUEST
/// where something changed that concerns them: of changed instances alone, if
/// the series is as it was, and only to the attendees of those. Instances that
/// are taken out are cancelled. Where a time changes, SEQUENCE goes up and the
/// attendees are asked again (RFC 5546 2.1.4); otherwise answers stay.
///
/// Attendees whose SCHEDULE-AGENT is not SERVER get nothing, a
/// SCHEDULE-FORCE-SEND=REQUEST sends in any case. Alarms, answers' bookkeeping
/// and the notes of programs do not leave.
///
/// # Errors
/// If the texts are not versions of one object with one organizer.
pub fn organizer_edit(
    before: Option<&Calendar>,
    after: Option<&Calendar>,
    context: &Context,
) -> Result<Scheduled, Refusal> {
    let old = before
        .map(|before| Parts::of(before, &context.zone))
        .transpose()?;
    let stamp = later(context.now, old.as_ref().and_then(Parts::newest));
    let Some(after) = after else {
        let messages = old.map_or(Vec::new(), |old| delete(&old, stamp));
        return Ok(Scheduled {
            object: None,
            messages,
        });
    };
    let new = Parts::of(after, &context.zone)?;
    if let Some(old) = &old {
        check_same(old, &new)?;
    }
    let invites = |parts: &Parts<'_>| {
        parts
            .slots()
            .any(|(_, found)| found.attendees().next().is_some())
    };
    if !invites(&new) && !old.as_ref().is_some_and(invites) {
        return Ok(Scheduled {
            object: Some(after.clone()),
            messages: Vec::new(),
        });
    }
    new.organizer().ok_or(Refusal::NoOrganizer)?;
    let object = settled(old.as_ref(), &new, stamp);
    let stored = Parts::of(&object, &context.zone)?;
    let messages = Edit::new(old.as_ref(), &stored, &new, stamp).messages();
    Ok(Scheduled {
        messages,
        object: Some(object),
    })
}

fn check_same(old: &Parts<'_>, new: &Parts<'_>) -> Result<(), Refusal> {
    if old.uid != new.uid {
        return Err(Refusal::UidDiffers);
    }
    match (old.organizer(), new.organizer()) {
        (Some(old), Some(new)) if !super::people::is_same(&old, &new) => {
            Err(Refusal::OrganizerDiffers)
        }
        _ => Ok(()),
    }
}

/// The edited object with SEQUENCE, DTSTAMP and answers set right.
fn settled(old: Option<&Parts<'_>>, new: &Parts<'_>, stamp: NaiveDateTime) -> Calendar {
    let mut draft = Draft::of(new.calendar);
    let next = old.map_or(0, |old| old.sequence().saturating_add(1));
    let reverted = old.map_or(Vec::new(), |old| reverted(old, new));
    let mut stamped = false;
    for (slot, component) in new.slots() {
        let known = old.and_then(|old| old.effective(slot));
        let moves = |slot: Slot| old.is_some_and(|old| old.timing(slot) != new.timing(slot));
        let is_series = slot.is_none();
        // Also an instance that the object did not have: one of that time may
        // have been there before, and old answers to it may still arrive.
        let reset = old.is_some() && (known.is_none() || moves(slot));
        let significant = reset
            || known.is_some_and(|known| known.status() != component.status())
            || (is_series
                && old.is_some_and(|old| {
                    old.excluded() != new.excluded() || old.added() != new.added()
                }))
            || (is_series && reverted.iter().any(|key| moves(Some(*key))));
        let changed = significant
            || old.and_then(|old| old.text(slot)).map(said) != new.text(slot).map(said)
            || (is_series && !reverted.is_empty());
        let floor = known.map_or(0, |known| known.sequence());
        let sequence = component
            .sequence()
            .max(if significant { next } else { floor });
        stamped |= changed;
        draft.edit(component, |edited| {
            set_sequence(edited, sequence);
            if changed {
                edited.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
            }
            settle_answers(edited, known, reset.then_some(sequence));
        });
    }
    let first = new.slots().next();
    if let (false, Some((_, first))) = (stamped, first) {
        // Someone may have gone, which no component says.
        draft.edit(first, |edited| {
            edited.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp));
        });
    }
    draft.finish().unwrap_or_else(|| new.calendar.clone())
}

/// Overrides that are gone although their instances are not.
fn reverted(old: &Parts<'_>, new: &Parts<'_>) -> Vec<NaiveDateTime> {
    let gone = old.overrides.keys().copied();
    gone.filter(|key| !new.overrides.contains_key(key) && new.instance(*key).is_some())
        .collect()
}

/// Asks again where `reset` is the SEQUENCE of a new time; else keeps what is
/// remembered of answers.
fn settle_answers(edited: &mut ComponentMut<'_>, known: Option<Component<'_>>, reset: Option<i32>) {
    let organizer = edited
        .component()
        .organizer()
        .map(|organizer| normal(&organizer.address()));
    let remembered: HashMap<String, String> = known
        .iter()
        .flat_map(Component::attendees)
        .filter_map(|found| {
            let mark = found.property().parameter(REPLY)?.into_owned();
            Some((normal(&found.address()), mark))
        })
        .collect();
    edit_attendees(edited, |person| {
        let address = normal(&person.address());
        let property = person.property();
        let forced = property.parameter("SCHEDULE-FORCE-SEND").is_some();
        let line = NewProperty::from_property(&property).without_parameter("SCHEDULE-FORCE-SEND");
        if Some(&address) == organizer.as_ref() {
            return if forced {
                PropertyEdit::Replace(line)
            } else {
                PropertyEdit::Keep
            };
        }
        if let Some(sequence) = reset {
            let asked = line
                .with_parameter("PARTSTAT", "NEEDS-ACTION")
                .without_parameter("SCHEDULE-STATUS");
            let mark = Revision {
                sequence,
                stamp: None,
            };
            return PropertyEdit::Replace(mark.mark(asked));
        }
        match remembered.get(&address) {
            Some(mark) if property.parameter(REPLY).as_deref() != Some(&**mark) => {
                PropertyEdit::Replace(line.with_parameter(REPLY, mark))
            }
            _ if forced => PropertyEdit::Replace(line),
            _ => PropertyEdit::Keep,
        }
    });
}

/// What some attendees get; those for whom it is the same get it together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Letter {
    /// These components; of the series without the instances named beside.
    Request(BTreeSet<Slot>, BTreeSet<NaiveDateTime>),
    Cancel(BTreeSet<Slot>),
}

/// An attendee of either version.
struct Attendee {
    address: String,
    key: String,
    is_sent_to: bool,
    forced: bool,
}

struct Edit<'t, 'a> {
    old: Option<&'t Parts<'a>>,
    new: &'t Parts<'a>,
    stamp: NaiveDateTime,
    attendees: Vec<Attendee>,
    was_in: HashMap<Slot, BTreeSet<String>>,
    is_in: HashMap<Slot, BTreeSet<String>>,
    /// What says something else than before.
    changed: BTreeSet<Slot>,
    /// Instances of which someone may have been taken out.
    suspects: BTreeSet<NaiveDateTime>,
    /// What held for them before, and what holds now, unless it is called off.
    held: HashMap<NaiveDateTime, Slot>,
    holds: HashMap<NaiveDateTime, Slot>,
    /// Those of them that the series has.
    in_series: BTreeSet<NaiveDateTime>,
}

/// Which of two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Before,
    Now,
}

/// Which component holds for each of some instances, if one does.
fn holding(parts: &Parts<'_>, instances: &BTreeSet<NaiveDateTime>) -> HashMap<NaiveDateTime, Slot> {
    let holds = |at: &NaiveDateTime| match parts.own(Some(*at)) {
        Some(own) => (!own.is_cancelled()).then_some((*at, Some(*at))),
        None => parts.instance(*at).map(|_| (*at, None)),
    };
    instances.iter().filter_map(holds).collect()
}

impl<'t, 'a> Edit<'t, 'a> {
    /// `asked` is the new version as it was handed in, with SCHEDULE-FORCE-SEND.
    fn new(
        old: Option<&'t Parts<'a>>,
        new: &'t Parts<'a>,
        asked: &Parts<'a>,
        stamp: NaiveDateTime,
    ) -> Self {
        let mut attendees: BTreeMap<String, Attendee> = BTreeMap::new();
        let organizer = new.organizer().map(|found| normal(&found.address()));
        let lines = asked.slots().chain(old.iter().flat_map(|old| old.slots()));
        for person in lines.flat_map(|(_, found)| found.attendees()) {
            let key = normal(&person.address());
            if Some(&key) == organizer.as_ref() {
                continue;
            }
            let entry = attendees.entry(key.clone()).or_insert_with(|| Attendee {
                address: person.address().trim().to_owned(),
                key,
                is_sent_to: server_sends(&person),
                forced: false,
            });
            entry.forced |= is_forced(&person, "REQUEST");
        }
        let changed_slots = |old: &Parts<'a>| {
            let changed = new
                .slots()
                .filter(|(slot, _)| old.text(*slot).map(said) != new.text(*slot).map(said));
            changed.map(|(slot, _)| slot).collect::<BTreeSet<Slot>>()
        };
        let mut changed = old.map_or(BTreeSet::new(), changed_slots);
        let mut suspects: BTreeSet<NaiveDateTime> = new.overrides.keys().copied().collect();
        if let Some(old) = old {
            suspects.extend(old.overrides.keys());
            suspects.extend(new.excluded());
            let readded = !old.excluded().is_subset(&new.excluded());
            if readded || !reverted(old, new).is_empty() {
                changed.insert(None);
            }
        }
        Self {
            old,
            new,
            stamp,
            attendees: attendees.into_values().collect(),
            was_in: old.map(members).unwrap_or_default(),
            is_in: members(new),
            changed,
            held: old.map_or(HashMap::new(), |old| holding(old, &suspects)),
            holds: holding(new, &suspects),
            in_series: suspects
                .iter()
                .copied()
                .filter(|at| new.instance(*at).is_some())
                .collect(),
            suspects,
        }
    }

    fn messages(&self) -> Vec<Message> {
        let mut letters: BTreeMap<Letter, Vec<String>> = BTreeMap::new();
        for attendee in self.attendees.iter().filter(|found| found.is_sent_to) {
            for letter in self.letters(attendee) {
                letters
                    .entry(letter)
                    .or_default()
                    .push(attendee.address.clone());
            }
        }
        let written = letters
            .into_iter()
            .map(|(letter, to)| self.write(&letter, to));
        written.collect()
    }

    fn attends(&self, slots: &HashMap<Slot, BTreeSet<String>>, slot: Slot, key: &str) -> bool {
        slots.get(&slot).is_some_and(|found| found.contains(key))
    }

    /// Whether an attendee is expected at an instance, now or before.
    fn is_expected(&self, then: Then, at: NaiveDateTime, key: &str) -> bool {
        let (members, holding) = match then {
            Then::Before => (&self.was_in, &self.held),
            Then::Now => (&self.is_in, &self.holds),
        };
        let slot = holding.get(&at);
        slot.is_some_and(|slot| self.attends(members, *slot, key))
    }

    fn letters(&self, attendee: &Attendee) -> Vec<Letter> {
        let key = attendee.key.as_str();
        let own = |members: &HashMap<Slot, BTreeSet<String>>| -> BTreeSet<Slot> {
            let own = members.iter().filter(|(_, found)| found.contains(key));
            own.map(|(slot, _)| *slot).collect()
        };
        let (was, is) = (own(&self.was_in), own(&self.is_in));
        if was.is_empty() {
            let whole = Letter::Request(is.clone(), self.missing(key, &is));
            return if is.is_empty() {
                Vec::new()
            } else {
                vec![whole]
            };
        }
        let called_off = self.new.master.is_some_and(|master| master.is_cancelled())
            && !self
                .old
                .and_then(|old| old.master)
                .is_some_and(|master| master.is_cancelled());
        if is.is_empty() || (called_off && is.contains(&None)) {
            return vec![Letter::Cancel(if was.contains(&None) {
                BTreeSet::from([None])
            } else {
                was
            })];
        }
        let gone: BTreeSet<Slot> = self
            .suspects
            .iter()
            .filter(|at| self.is_expected(Then::Before, **at, key))
            .filter(|at| !self.is_expected(Then::Now, **at, key))
            .map(|at| Some(*at))
            .collect();
        let whole = is.contains(&None) && (self.changed.contains(&None) || !was.contains(&None));
        let parts: BTreeSet<Slot> = if whole || attendee.forced {
            is.clone()
        } else {
            let changed = self.changed.intersection(&is).copied();
            changed.filter(|slot| !gone.contains(slot)).collect()
        };
        let mut letters = Vec::new();
        if !parts.is_empty() {
            let missing = self.missing(key, &parts);
            letters.push(Letter::Request(parts, missing));
        }
        if !gone.is_empty() {
            letters.push(Letter::Cancel(gone));
        }
        letters
    }

    /// Instances of the series that an attendee has no part in.
    fn missing(&self, key: &str, slots: &BTreeSet<Slot>) -> BTreeSet<NaiveDateTime> {
        if !slots.contains(&None) {
            return BTreeSet::new();
        }
        let others = self.new.overrides.keys().copied();
        others
            .filter(|at| !self.attends(&self.is_in, Some(*at), key))
            .filter(|at| self.in_series.contains(at))
            .collect()
    }

    fn write(&self, letter: &Letter, to: Vec<String>) -> Message {
        let (method, components) = match letter {
            Letter::Request(slots, missing) => (Method::Request, self.requested(slots, missing)),
            Letter::Cancel(slots) => (Method::Cancel, self.called_off(slots, &to)),
        };
        let source = match (method, self.old) {
            (Method::Cancel, Some(old)) => old.calendar,
            _ => self.new.calendar,
        };
        let from = address_of(self.new.organizer());
        Message::new(method, (from, to), (source, &components))
    }

    fn requested(&self, slots: &BTreeSet<Slot>, missing: &BTreeSet<NaiveDateTime>) -> Vec<Bytes> {
        let texts = slots
            .iter()
            .filter_map(|slot| Some((*slot, self.new.text(*slot)?)));
        let written = texts.map(|(slot, text)| {
            let text = public(text, self.stamp);
            if slot.is_some() || missing.is_empty() {
                return text;
            }
            rewritten(text, |component| {
                for date in missing.iter().filter_map(|at| self.new.spelled(*at)) {
                    component.add(&NewProperty::of(PropertyKind::ExDate).with_moment(&date));
                }
            })
        });
        written.collect()
    }

    fn called_off(&self, slots: &BTreeSet<Slot>, to: &[String]) -> Vec<Bytes> {
        let concerns: BTreeSet<String> = to.iter().map(|address| normal(address)).collect();
        let Some(old) = self.old else {
            return Vec::new();
        };
        let texts = slots
            .iter()
            .filter_map(|slot| Some((*slot, old.text(*slot)?)));
        let written = texts.map(|(slot, text)| {
            let holds = self.new.effective(slot).or(self.new.master);
            let sequence = holds.map_or(0, |found| found.sequence());
            let sequence = sequence.max(old.effective(slot).map_or(0, |found| found.sequence()));
            cancelled(text, (sequence, self.stamp), |person| {
                concerns.contains(&normal(&person.address()))
            })
        });
        written.collect()
    }
}

fn members(parts: &Parts<'_>) -> HashMap<Slot, BTreeSet<String>> {
    let people = |component: Component<'_>| {
        let people = component.attendees();
        people.map(|person| normal(&person.address())).collect()
    };
    parts
        .slots()
        .map(|(slot, component)| (slot, people(component)))
        .collect()
}

pub(super) fn address_of(person: Option<Person<'_>>) -> String {
    person.map_or(String::new(), |person| person.address().trim().to_owned())
}

/// The object as one attendee is to have it.
pub(super) fn request_for(parts: &Parts<'_>, attendee: &str, stamp: NaiveDateTime) -> Message {
    let edit = Edit::new(None, parts, parts, stamp);
    let own = edit
        .is_in
        .iter()
        .filter(|(_, found)| found.contains(attendee));
    let slots: BTreeSet<Slot> = own.map(|(slot, _)| *slot).collect();
    let missing = edit.missing(attendee, &slots);
    let known = edit.attendees.iter().find(|found| found.key == attendee);
    let to = known.map_or(attendee, |known| &known.address).to_owned();
    edit.write(&Letter::Request(slots, missing), vec![to])
}

/// The end of an object for all its attendees.
pub(super) fn delete(old: &Parts<'_>, stamp: NaiveDateTime) -> Vec<Message> {
    let Some(organizer) = old.organizer() else {
        return Vec::new();
    };
    let own = normal(&organizer.address());
    let members = members(old);
    let mut to: BTreeMap<BTreeSet<Slot>, Vec<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (_, component) in old.slots() {
        for person in component.attendees().filter(server_sends) {
            let key = normal(&person.address());
            if key == own || !seen.insert(key.clone()) {
                continue;
            }
            let all = members.iter().filter(|(_, found)| found.contains(&key));
            let mut slots: BTreeSet<Slot> = all.map(|(slot, _)| *slot).collect();
            if slots.contains(&None) {
                slots = BTreeSet::from([None]);
            }
            let called_off = slots
                .iter()
                .all(|slot| old.own(*slot).is_some_and(|found| found.is_cancelled()));
            if !called_off {
                to.entry(slots)
                    .or_default()
                    .push(person.address().trim().to_owned());
            }
        }
    }
    let sequence = old.sequence().saturating_add(1);
    let written = to.into_iter().map(|(slots, to)| {
        let concerned: BTreeSet<String> = to.iter().map(|address| normal(address)).collect();
        let texts = slots.iter().filter_map(|slot| old.text(*slot));
        let components: Vec<Bytes> = texts
            .map(|text| {
                cancelled(text, (sequence, stamp), |person| {
                    concerned.contains(&normal(&person.address()))
                })
            })
            .collect();
        let from = address_of(Some(organizer));
        Message::new(Method::Cancel, (from, to), (old.calendar, &components))
    });
    written.collect()
}
