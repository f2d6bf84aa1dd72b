//! Another organizer (RFC 5546 3.2.2.4).
//!
//! RFC 5546 has the new organizer send a REQUEST under the old UID once all agree
//! by other means. Whoever gets such a message cannot tell it from a forged one,
//! and a CANCEL of the old organizer that comes after it would end what the new
//! one began. So no message changes an ORGANIZER here; the object ends, and
//! another begins.

use super::organizer::{delete, organizer_edit};
use super::parts::{Parts, edit_attendees, later};
use super::people::{CalendarUser, normal};
use super::{Context, Message, Refusal, Scheduled};
use crate::edit::PropertyEdit;
use crate::{Calendar, NewProperty, PropertyKind};

/// What it takes to hand an object on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Succession {
    /// What the organizer so far sends: the end of the old object, whose text is
    /// to be deleted.
    pub ended: Vec<Message>,
    /// The object of the successor, and its invitations.
    pub begun: Scheduled,
}

/// Hands an object on to another organizer, in whatever order the messages
/// arrive: the attendees get a CANCEL of the old one and a REQUEST for the same
/// under `new_uid`, which they are asked about anew.
///
/// It is for who may speak for both: a server that has both accounts, with
/// their consent. `successor` is a calendar user address; if that is an attendee,
/// it stays one and has accepted. The organizer so far stays only if it attends.
///
/// # Errors
/// If nobody organizes the object, the successor is the organizer, or the UID is
/// the same ([`Refusal::SuccessionWithin`]).
pub fn hand_over(
    object: &Calendar,
    successor: &str,
    new_uid: &str,
    context: &Context,
) -> Result<Succession, Refusal> {
    let old = Parts::of(object, &context.zone)?;
    let organizer = old.organizer().ok_or(Refusal::NoOrganizer)?;
    let heir = CalendarUser::new([successor]);
    if heir.is(&organizer) || old.uid == new_uid {
        return Err(Refusal::SuccessionWithin);
    }
    let former = normal(&organizer.address());
    let mut begun = object.clone();
    let places: Vec<_> = object.components().map(|found| found.id()).collect();
    for (place, _) in places.iter().enumerate() {
        let found = begun.components().nth(place).map(|found| found.id());
        let Some(mut component) = found.and_then(|id| begun.component_mut(id)) else {
            continue;
        };
        if component.component().first(PropertyKind::Uid).is_none() {
            continue;
        }
        component.set(&NewProperty::of(PropertyKind::Uid).with_text(new_uid));
        component.set(&NewProperty::of(PropertyKind::Organizer).with_raw_value(successor));
        component.remove("SEQUENCE");
        edit_attendees(&mut component, |person| {
            let line = asked(&person.property());
            let address = normal(&person.address());
            PropertyEdit::Replace(if heir.is(&person) {
                line.with_parameter("PARTSTAT", "ACCEPTED")
            } else if address == former {
                line.with_parameter("PARTSTAT", &person.participation())
            } else {
                line.with_parameter("PARTSTAT", "NEEDS-ACTION")
            })
        });
    }
    let stamp = later(context.now, old.newest());
    Ok(Succession {
        ended: delete(&old, stamp),
        begun: organizer_edit(None, Some(&begun), context)?,
    })
}

/// A line without what is remembered of answers to the former organizer.
fn asked(property: &crate::Property<'_>) -> NewProperty {
    ["SCHEDULE-STATUS", super::mark::REPLY]
        .into_iter()
        .fold(NewProperty::from_property(property), |line, name| {
            line.without_parameter(name)
        })
}
