//! One instance brought back to what it was in an earlier version.

use bytes::Bytes;

use super::detach::{detached, ids_where};
use super::{Refusal, dates};
use crate::occurrence::Instances;
use crate::{Calendar, Component, Expansion, Moment, Reader, ZoneRules};

/// What an instance was.
enum Then {
    /// The series did not have it.
    Absent,
    /// It was this override, or what would be one.
    Was(Bytes),
}

/// Gives an instance in `calendar` what it was in `earlier`.
pub(super) fn restore(
    calendar: &Calendar,
    earlier: &Calendar,
    (instance, zone): (&Moment, &ZoneRules),
) -> Result<Calendar, Refusal> {
    let then = then(earlier, instance, zone)?;
    let mut restored = calendar.clone();
    clear(&mut restored, instance, zone)?;
    let object = super::only_object(&restored)?;
    let expansion = Expansion::of(&restored).in_zone(zone);
    let instances = Instances::of(&expansion, &object);
    let master = instances.master().ok_or(Refusal::NoMaster)?.id();
    let found = instances.find(instance);
    let now = match found {
        Some(found) => Some(text_of(&instances, found)?),
        None => None,
    };
    match (then, now) {
        (Then::Absent, None) => {}
        (Then::Absent, Some(_)) => {
            let local = found.ok_or(Refusal::NoSuchInstance)?.local;
            let date = instances.spelled(local).ok_or(Refusal::NoMaster)?;
            if let Some(mut master) = restored.component_mut(master) {
                dates::exclude(&mut master, &date);
            }
        }
        (Then::Was(_), None) => return Err(Refusal::NoSuchInstance),
        (Then::Was(then), Some(now)) => {
            if !says_the_same(&then, &now) {
                restored.add_text(then)?;
            }
        }
    }
    Ok(restored)
}

fn then(earlier: &Calendar, instance: &Moment, zone: &ZoneRules) -> Result<Then, Refusal> {
    let object = super::only_object(earlier)?;
    let expansion = Expansion::of(earlier).in_zone(zone);
    let instances = Instances::of(&expansion, &object);
    match instances.find(instance) {
        Some(found) => text_of(&instances, found).map(Then::Was),
        None => Ok(Then::Absent),
    }
}

/// The override of an instance, byte for byte, or what would be one.
fn text_of(
    instances: &Instances<'_>,
    found: crate::occurrence::Instance,
) -> Result<Bytes, Refusal> {
    let own = instances.override_of(found.key);
    if let Some(own) = own.filter(|own| !own.is_this_and_future()) {
        return Ok(own.to_bytes());
    }
    let shown = instances.shown(found).ok_or(Refusal::NoSuchInstance)?;
    let spelled = instances.spelled(found.local).ok_or(Refusal::NoMaster)?;
    Ok(detached(&shown, &spelled))
}

/// Takes out what says something of the instance alone: its override and its EXDATE.
fn clear(calendar: &mut Calendar, instance: &Moment, zone: &ZoneRules) -> Result<(), Refusal> {
    let before = calendar.clone();
    let object = super::only_object(&before)?;
    let expansion = Expansion::of(&before).in_zone(zone);
    let instances = Instances::of(&expansion, &object);
    let master = instances.master().ok_or(Refusal::NoMaster)?;
    let key = instances.key(instance).ok_or(Refusal::NoSuchInstance)?;
    if let Some(mut master) = calendar.component_mut(master.id()) {
        dates::readmit(&mut master, &instances, key);
    }
    let is_own =
        |found: Component<'_>| !found.is_this_and_future() && instances.key_of(found) == Some(key);
    for id in ids_where(&before, is_own) {
        calendar.remove(id);
    }
    Ok(())
}

fn says_the_same(one: &Bytes, other: &Bytes) -> bool {
    let read = |text: &Bytes| Reader::new().read(text.clone()).calendar;
    read(one).same_content(&read(other))
}
