//! What follows from an edit by an attendee (RFC 5546 3.2.3; RFC 6638 3.2.2).

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::draft::Draft;
use super::mark::{DECLINED, Declined, REPLY, Revision, stamp};
use super::outgoing::{answer, public, set_sequence};
use super::parts::{Parts, Slot, edit_attendees, later, rewritten};
use super::people::{CalendarUser, is_forced, is_same, lists, server_sends};
use super::{Context, Message, Method, Refusal, Scheduled};
use crate::edit::PropertyEdit;
use crate::object::property_digest;
use crate::occurrence::Instance;
use crate::series_edit::detached;
use crate::{
    Calendar, Component, ComponentKind, ComponentMut, Moment, NewProperty, Person, Property,
    PropertyKind, Reader,
};

/// What an attendee's edit comes to: from `before` to `after` (`None` if it is
/// deleted, which declines).
///
/// The attendee may change its own answer, with delegates, and what is its own
/// in its copy: alarms, transparency, categories, colour, comments, progress of
/// a to-do, notes of programs; it may take instances out, which declines them,
/// and make overrides for any of that. Where an answer or the progress changed,
/// the organizer gets a REPLY for each instance concerned, and a new delegate a
/// REQUEST, unless the ORGANIZER's SCHEDULE-AGENT says that others send;
/// SCHEDULE-FORCE-SEND=REPLY sends in any case.
///
/// DTSTAMP and SEQUENCE of the kept object are those of the organizer's last
/// message, whatever the edit made of them: they tell which message is newer.
///
/// # Errors
/// If the user is not an attendee, or changed what is the organizer's.
pub fn attendee_edit(
    before: &Calendar,
    after: Option<&Calendar>,
    user: &CalendarUser,
    context: &Context,
) -> Result<Scheduled, Refusal> {
    let old = Parts::of(before, &context.zone)?;
    let organizer = old.organizer().ok_or(Refusal::NoOrganizer)?;
    let stamp = later(context.now, last_answer(&old, user));
    let Some(after) = after else {
        return Ok(Scheduled {
            object: None,
            messages: declined_all(&old, user, stamp),
        });
    };
    let mut new = Parts::of(after, &context.zone)?;
    if new.uid != old.uid {
        return Err(Refusal::UidDiffers);
    }
    let kept = with_declined(after, &old, &new, user);
    if let Some(kept) = &kept {
        new = Parts::of(kept, &context.zone)?;
    }
    match new.organizer() {
        Some(other) if is_same(&organizer, &other) => {}
        _ => return Err(Refusal::OrganizerDiffers),
    }
    if old.slots().all(|(_, found)| user.attendee(found).is_none()) {
        return Err(Refusal::NotInvited);
    }
    let edit = Edit {
        old: &old,
        new: &new,
        user,
        stamp,
    };
    edit.check()?;
    for (_, component) in new.slots() {
        let own = user.attendee(component);
        if own.is_some_and(|own| super::delegation::is_loop(&own, component)) {
            return Err(Refusal::DelegationLoop);
        }
    }
    Ok(edit.scheduled())
}

/// When the user last answered, as far as its copy remembers.
pub(super) fn last_answer(parts: &Parts<'_>, user: &CalendarUser) -> Option<NaiveDateTime> {
    let own = parts.slots().filter_map(|(_, found)| user.attendee(found));
    own.filter_map(|own| Revision::marked(&own).stamp).max()
}

/// A deleted object declines what was not declined or called off yet.
fn declined_all(old: &Parts<'_>, user: &CalendarUser, stamp: NaiveDateTime) -> Vec<Message> {
    let open = |component: Component<'_>| {
        !component.is_cancelled()
            && user
                .attendee(component)
                .is_some_and(|own| own.participation() != "DECLINED")
    };
    let whole = old.master.is_some_and(open);
    let concerned = old.slots().filter(
        |(slot, found)| {
            if slot.is_none() { whole } else { open(*found) }
        },
    );
    let components: Vec<Bytes> = concerned
        .filter_map(|(slot, _)| Some(answer(declined(old.text(slot)?, user), user, stamp)))
        .collect();
    reply(old, user, &components).into_iter().collect()
}

/// The edited object with the instances that were taken out of it, declined,
/// where the series as it is known does not have them: no EXDATE can say so
/// there, and with the series they would be back.
fn with_declined(
    after: &Calendar,
    old: &Parts<'_>,
    new: &Parts<'_>,
    user: &CalendarUser,
) -> Option<Calendar> {
    let excluded = new.excluded();
    let gone = old.slots().filter(|(slot, found)| {
        let unknown = slot.is_some_and(|key| {
            [old, new].iter().all(|parts| parts.instance(key).is_none()) && !excluded.contains(&key)
        });
        unknown
            && new.own(*slot).is_none()
            && !found.is_cancelled()
            && user.attendee(*found).is_some()
    });
    let mut kept = None;
    for text in gone.filter_map(|(slot, _)| old.text(slot)) {
        let calendar: &mut Calendar = kept.get_or_insert_with(|| after.clone());
        calendar.add_text(declined(text, user)).ok()?;
    }
    kept
}

pub(super) fn declined(text: Bytes, user: &CalendarUser) -> Bytes {
    rewritten(text, |component| {
        edit_attendees(component, |person| {
            if !user.is(&person) {
                return PropertyEdit::Keep;
            }
            let line = NewProperty::from_property(&person.property());
            PropertyEdit::Replace(line.with_parameter("PARTSTAT", "DECLINED"))
        });
    })
}

/// Answers as a message to the organizer, if it is the server's to send.
fn reply(parts: &Parts<'_>, user: &CalendarUser, components: &[Bytes]) -> Option<Message> {
    let organizer = parts.organizer().filter(server_sends)?;
    let from = parts.slots().find_map(|(_, found)| user.attendee(found))?;
    (!components.is_empty()).then(|| {
        let to = vec![organizer.address().trim().to_owned()];
        let from = from.address().trim().to_owned();
        Message::new(Method::Reply, (from, to), (parts.calendar, components))
    })
}

struct Edit<'t, 'a, 'b> {
    old: &'t Parts<'a>,
    new: &'t Parts<'b>,
    user: &'t CalendarUser,
    stamp: NaiveDateTime,
}

impl Edit<'_, '_, '_> {
    /// The slots that either version has components for.
    fn slots(&self) -> BTreeSet<Slot> {
        let old = self.old.slots().map(|(slot, _)| slot);
        old.chain(self.new.slots().map(|(slot, _)| slot)).collect()
    }

    /// That nothing changed that is the organizer's.
    fn check(&self) -> Result<(), Refusal> {
        for slot in self.slots() {
            match (self.old.text(slot), self.new.text(slot)) {
                (Some(old), Some(new)) => self.check_component(old, new)?,
                // Taken out: declined.
                (Some(_), None) if slot.is_some() => {}
                (None, Some(_)) if self.was_declined(slot) => {}
                (_, found) => {
                    let property = if found.is_some() {
                        "RECURRENCE-ID"
                    } else {
                        "the series"
                    };
                    return Err(Refusal::NotYours {
                        property: property.into(),
                    });
                }
            }
        }
        let left = self.new.excluded();
        let mut gone = self
            .old
            .excluded()
            .into_iter()
            .filter(|key| !left.contains(key));
        if gone.any(|key| !self.was_declined(Some(key))) {
            return Err(Refusal::NotYours {
                property: "EXDATE".into(),
            });
        }
        Ok(())
    }

    /// Whether it was the user who took an instance out.
    fn was_declined(&self, slot: Slot) -> bool {
        let own = self.old.declined();
        slot.is_some_and(|key| own.contains_key(&key))
    }

    fn check_component(&self, old: Bytes, new: Bytes) -> Result<(), Refusal> {
        let (old, new) = (self.shared(old), self.shared(new));
        let other = old
            .iter()
            .find(|found| !new.contains(found))
            .or_else(|| new.iter().find(|found| !old.contains(found)));
        match other {
            None => Ok(()),
            Some((name, _)) => Err(Refusal::NotYours {
                property: name.as_str().into(),
            }),
        }
    }

    /// What of a component is the organizer's, by name and content.
    fn shared(&self, text: Bytes) -> Vec<(String, u128)> {
        let text = rewritten(text, |component| {
            component.edit_properties(|property| self.shared_line(property));
        });
        let part = Reader::new().read(text).calendar;
        let root = part.roots().next();
        let properties = root.iter().flat_map(Component::properties);
        let named = properties
            .filter_map(|found| Some((found.name().to_ascii_uppercase(), property_digest(found)?)));
        let inner = root.iter().flat_map(Component::components);
        let inner = inner
            .filter(|inner| inner.kind() != ComponentKind::Alarm)
            .map(|inner| (inner.name().to_owned(), inner.content_hash().to_u128()));
        named.chain(inner).collect()
    }

    fn shared_line(&self, property: Property<'_>) -> PropertyEdit {
        let person = Person::new(property);
        match property.kind() {
            PropertyKind::Transp
            | PropertyKind::Categories
            | PropertyKind::Color
            | PropertyKind::Comment
            | PropertyKind::Completed
            | PropertyKind::PercentComplete
            | PropertyKind::RequestStatus
            | PropertyKind::Sequence
            | PropertyKind::Created
            | PropertyKind::ExDate
            | PropertyKind::Other => PropertyEdit::Remove,
            // A to-do that is worked on says so.
            PropertyKind::Status if self.is_todo() => PropertyEdit::Remove,
            PropertyKind::Attendee
                if self.user.is(&person) || lists(&person, "DELEGATED-FROM", self.user) =>
            {
                PropertyEdit::Remove
            }
            PropertyKind::Organizer | PropertyKind::Attendee => {
                let line = NewProperty::of(property.kind());
                let address = super::people::normal(&property.raw_value());
                let line = line.with_raw_value(&address);
                // Of the others the answers are the organizer's to note.
                let answer = person.participation().into_owned();
                PropertyEdit::Replace(line.with_parameter("PARTSTAT", &answer))
            }
            PropertyKind::RecurrenceId => PropertyEdit::Remove,
            _ => PropertyEdit::Keep,
        }
    }

    fn is_todo(&self) -> bool {
        let mut all = self.old.slots();
        all.any(|(_, found)| found.kind() == ComponentKind::Todo)
    }

    /// What the user says of a slot: its answer and, of a to-do, how far it is.
    fn answer_of(&self, parts: &Parts<'_>, slot: Slot) -> Option<Vec<String>> {
        let component = parts.effective(slot)?;
        let own = self.user.attendee(component)?;
        let mut said = vec![own.participation().into_owned()];
        let to = own.property();
        let to = to.parameters().filter(|found| found.is("DELEGATED-TO"));
        said.extend(to.map(|found| found.raw().into_owned()));
        if component.kind() == ComponentKind::Todo {
            let progress = [
                PropertyKind::PercentComplete,
                PropertyKind::Completed,
                PropertyKind::Status,
            ];
            said.extend(
                progress
                    .into_iter()
                    .map(|kind| component.text(kind).unwrap_or_default().into_owned()),
            );
        }
        Some(said)
    }

    fn scheduled(&self) -> Scheduled {
        let taken_out: Vec<NaiveDateTime> = self
            .new
            .excluded()
            .into_iter()
            .filter(|key| self.old.effective(Some(*key)).is_some())
            .filter(|key| self.new.effective(Some(*key)).is_none())
            .collect();
        let mut changed: BTreeSet<Slot> = self
            .slots()
            .into_iter()
            .filter(|slot| self.new.effective(*slot).is_some())
            .filter(|slot| self.answer_of(self.old, *slot) != self.answer_of(self.new, *slot))
            .collect();
        let forced = self
            .new
            .organizer()
            .is_some_and(|organizer| is_forced(&organizer, "REPLY"));
        if forced || changed.contains(&None) {
            // An answer for the series counts for each instance that is not named.
            let series = self.new.slots().map(|(slot, _)| slot);
            let differs =
                |slot: &Slot| self.answer_of(self.new, *slot) != self.answer_of(self.new, None);
            changed.extend(series.filter(|slot| forced || differs(slot)));
        }
        let answers = changed
            .iter()
            .filter_map(|slot| Some((*slot, self.new.text(*slot)?)))
            .map(|(slot, text)| self.commented(slot, answer(text, self.user, self.stamp)));
        let refused = self.refused(&taken_out, &changed);
        let components: Vec<Bytes> = answers.chain(refused).collect();
        let mut messages: Vec<Message> = reply(self.new, self.user, &components)
            .into_iter()
            .collect();
        messages.extend(self.delegations(&changed));
        Scheduled {
            object: Some(self.kept(&changed, &taken_out)),
            messages,
        }
    }

    /// An answer with what the user wrote to it: the comments that were not there before.
    fn commented(&self, slot: Slot, text: Bytes) -> Bytes {
        let of = |parts: &Parts<'_>| -> Vec<String> {
            let component = parts.effective(slot);
            let comments = component
                .iter()
                .flat_map(|found| found.all(PropertyKind::Comment));
            comments
                .map(|comment| comment.text().into_owned())
                .collect()
        };
        let known = of(self.old);
        rewritten(text, |component| {
            for comment in of(self.new)
                .iter()
                .filter(|comment| !known.contains(comment))
            {
                component.add(&NewProperty::of(PropertyKind::Comment).with_text(comment));
            }
        })
    }

    /// Answers for instances that were taken out, those of earlier edits among
    /// them where the whole series is answered.
    fn refused(&self, taken_out: &[NaiveDateTime], changed: &BTreeSet<Slot>) -> Vec<Bytes> {
        let mut all: BTreeSet<NaiveDateTime> = taken_out.iter().copied().collect();
        if changed.contains(&None) {
            let left = self.new.excluded();
            let own = self.old.declined().into_keys();
            all.extend(own.filter(|key| left.contains(key)));
        }
        let texts = all
            .into_iter()
            .filter_map(|key| bare_instance(self.old, key));
        texts
            .map(|text| answer(declined(text, self.user), self.user, self.stamp))
            .collect()
    }

    /// Invitations to those who were newly delegated to.
    fn delegations(&self, changed: &BTreeSet<Slot>) -> Vec<Message> {
        let mut messages = Vec::new();
        for slot in changed {
            let Some(component) = self.new.effective(*slot) else {
                continue;
            };
            let Some(own) = self.user.attendee(component) else {
                continue;
            };
            let delegates = component.attendees().filter(|person| {
                let known = self.old.effective(*slot);
                let known = known.iter().flat_map(Component::attendees);
                lists(person, "DELEGATED-FROM", self.user)
                    && !known.into_iter().any(|known| is_same(&known, person))
            });
            for delegate in delegates.filter(server_sends) {
                let Some(text) = self.delegated(*slot, &delegate) else {
                    continue;
                };
                // The organizer's stamp: its next message must be newer.
                let sent = stamp(component).unwrap_or(self.stamp);
                let to = delegate.address().trim().to_owned();
                messages.push(Message::new(
                    Method::Request,
                    (own.address().trim().to_owned(), vec![to]),
                    (self.new.calendar, &[public(text, sent)]),
                ));
            }
        }
        messages
    }

    /// What a delegate gets: the series without the instances that the user did
    /// not delegate, as the organizer would send it.
    fn delegated(&self, slot: Slot, delegate: &Person<'_>) -> Option<Bytes> {
        let text = self.new.text(slot)?;
        let comes = |found: &Component<'_>| {
            let mut people = found.attendees();
            people.any(|person| is_same(&person, delegate))
        };
        let others = self.new.overrides.iter().filter(|(_, found)| !comes(found));
        let missing: Vec<Moment> = others
            .filter(|_| slot.is_none())
            .filter_map(|(key, _)| self.new.spelled(*key))
            .collect();
        Some(rewritten(text, |component| {
            for date in &missing {
                component.add(&NewProperty::of(PropertyKind::ExDate).with_moment(date));
            }
        }))
    }

    /// The object as it is kept.
    fn kept(&self, changed: &BTreeSet<Slot>, taken_out: &[NaiveDateTime]) -> Calendar {
        let mut draft = Draft::of(self.new.calendar);
        for (slot, component) in self.new.slots() {
            let known = self.old.effective(slot).or(self.old.master);
            draft.edit(component, |edited| {
                if let Some(known) = known {
                    restore(edited, known);
                }
                self.mark(edited, known, changed.contains(&slot));
                self.mark_exdates(edited, taken_out);
                edited.edit_properties(|property| {
                    let person = Person::new(property);
                    if property.kind() == PropertyKind::Organizer && is_forced(&person, "REPLY") {
                        let line = NewProperty::from_property(&property);
                        PropertyEdit::Replace(line.without_parameter("SCHEDULE-FORCE-SEND"))
                    } else {
                        PropertyEdit::Keep
                    }
                });
            });
        }
        draft.finish().unwrap_or_else(|| self.new.calendar.clone())
    }

    /// Notes the answer on the user's own line.
    fn mark(&self, edited: &mut ComponentMut<'_>, known: Option<Component<'_>>, answered: bool) {
        let before = known.and_then(|known| self.user.attendee(known));
        let before = before.and_then(|own| own.property().parameter(REPLY));
        let revision = Revision {
            sequence: edited.component().sequence(),
            stamp: Some(self.stamp),
        };
        edit_attendees(edited, |person| {
            if !self.user.is(&person) {
                return PropertyEdit::Keep;
            }
            let line = NewProperty::from_property(&person.property());
            match &before {
                _ if answered => PropertyEdit::Replace(revision.mark(line)),
                Some(mark) => PropertyEdit::Replace(line.with_parameter(REPLY, mark)),
                None => PropertyEdit::Keep,
            }
        });
    }

    /// Notes which EXDATEs are the user's own, a line for each.
    fn mark_exdates(&self, edited: &mut ComponentMut<'_>, taken_out: &[NaiveDateTime]) {
        let mut own = self.old.declined();
        for key in taken_out {
            if let Some(timing) = self.old.timing(Some(*key)) {
                let known = self.old.effective(Some(*key));
                let declined = Declined {
                    stamp: known.and_then(stamp),
                    timing: timing.to_string(),
                };
                own.insert(*key, declined);
            }
        }
        let mut declined: Vec<NewProperty> = Vec::new();
        edited.edit_properties(|property| {
            if property.kind() != PropertyKind::ExDate || property.parameter(DECLINED).is_some() {
                return PropertyEdit::Keep;
            }
            let line = NewProperty::from_property(&property);
            let dates = property.date_times().unwrap_or_default();
            let mut theirs = dates.clone();
            for date in dates {
                let key = self.new.instances.key(&date);
                if let Some(declined_then) = key.and_then(|key| own.get(&key)) {
                    theirs.retain(|other| *other != date);
                    let mine = line
                        .clone()
                        .with_parameter(DECLINED, &declined_then.to_value());
                    declined.push(mine.with_moment(&date));
                }
            }
            match declined.len() {
                0 => PropertyEdit::Keep,
                _ if theirs.is_empty() => PropertyEdit::Remove,
                _ => PropertyEdit::Replace(line.with_moments(&theirs)),
            }
        });
        for line in &declined {
            edited.add(line);
        }
    }
}

/// The text of an instance that may have been taken out before.
fn bare_instance(parts: &Parts<'_>, key: NaiveDateTime) -> Option<Bytes> {
    if let Some(text) = parts.text(Some(key)) {
        return Some(text);
    }
    let local = parts.instances.local_of(key)?;
    let shown = parts.instances.unreplaced(Instance { key, local })?;
    Some(detached(&shown, &parts.instances.spelled(local)?))
}

/// All that a user answers to an object: to the series, and to each instance
/// for which the answer is another.
pub(super) fn whole_answer(
    parts: &Parts<'_>,
    user: &CalendarUser,
    stamp: NaiveDateTime,
) -> Vec<Bytes> {
    let own = |component| {
        let own = user.attendee(component)?;
        Some(own.participation().into_owned())
    };
    let series = parts.master.and_then(own);
    let answered = parts.slots().filter(|(slot, found)| {
        let own = own(*found);
        own.is_some() && (slot.is_none() || own != series)
    });
    let texts = answered.filter_map(|(slot, _)| parts.text(slot));
    let taken_out = parts.declined().into_keys();
    let refused = taken_out.filter_map(|key| Some(declined(bare_instance(parts, key)?, user)));
    texts
        .chain(refused)
        .map(|text| answer(text, user, stamp))
        .collect()
}

/// Sets DTSTAMP and SEQUENCE to what the organizer said last.
fn restore(edited: &mut ComponentMut<'_>, known: Component<'_>) {
    set_sequence(edited, known.sequence());
    let own = stamp(edited.component());
    if let Some(said) = stamp(known).filter(|said| Some(*said) != own) {
        edited.set_moment(PropertyKind::DtStamp, &Moment::Utc(said));
    }
}
