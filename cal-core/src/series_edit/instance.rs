//! The instance that an edit begins at, and what is done to it alone.

use chrono::NaiveDateTime;

use super::detach::{detached, ids_where, place, retime};
use super::{Change, Refusal};
use crate::occurrence::{Instance, Instances, Shown};
use crate::{
    Calendar, Component, ComponentId, ComponentMut, Error, Expansion, Moment, NewProperty, Object,
    PropertyKind, Window,
};

/// Components of an object that is edited: each that goes moves all the others.
const MOST_COMPONENTS: usize = 5_000;

/// What an edit begins at.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) instances: Instances<'a>,
    pub(super) at: At<'a>,
    pub(super) now: NaiveDateTime,
    uid: String,
    overrides: bool,
}

/// The instance that is meant.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'a> {
    /// One of the series.
    Instance(Instance),
    /// An override that replaces none.
    Orphan(Component<'a>),
}

impl<'a> Target<'a> {
    pub(super) fn of(
        expansion: &Expansion<'a>,
        object: &Object<'a>,
        instance: &Moment,
        now: NaiveDateTime,
    ) -> Result<Self, Refusal> {
        if object.components().len() > MOST_COMPONENTS {
            return Err(Refusal::TooManyOverrides {
                limit: MOST_COMPONENTS,
            });
        }
        let instances = Instances::of(expansion, object);
        let key = instances.key(instance);
        let orphan = || {
            let named = |found: &Component<'_>| {
                let id = found.recurrence_id().ok().flatten();
                id.is_some_and(|id| {
                    id == *instance || expansion.instant(&id) == expansion.instant(instance)
                })
            };
            let replacing = key.and_then(|key| instances.override_of(key));
            replacing.or_else(|| object.current().into_iter().find(named))
        };
        let at = instances
            .find(instance)
            .map(At::Instance)
            .or_else(|| orphan().map(At::Orphan))
            .ok_or(Refusal::NoSuchInstance)?;
        Ok(Self {
            calendar: expansion.calendar(),
            at,
            now,
            uid: object.uid().to_owned(),
            overrides: object.overrides().next().is_some(),
            instances,
        })
    }

    /// Whether there is more than one instance to tell apart.
    pub(super) fn is_recurring(&self) -> bool {
        self.instances.is_recurring() || self.overrides
    }

    /// Whether no instance comes before it.
    pub(super) fn is_first(&self) -> Result<bool, Refusal> {
        let at = self.instance()?;
        let first = self.instances.first()?;
        Ok(first.is_none_or(|first| first.key >= at.key))
    }

    /// The instance of the series, where it has this one.
    pub(super) fn instance(&self) -> Result<Instance, Refusal> {
        match self.at {
            At::Instance(instance) => Ok(instance),
            At::Orphan(_) if self.instances.master().is_none() => Err(Refusal::NoMaster),
            At::Orphan(_) => Err(Refusal::NoSuchInstance),
        }
    }

    pub(super) fn shown(&self, instance: Instance) -> Result<Shown<'a>, Refusal> {
        self.instances
            .shown(instance)
            .ok_or(Refusal::NoSuchInstance)
    }

    pub(super) fn master(&self) -> Result<Component<'a>, Refusal> {
        self.instances.master().ok_or(Refusal::NoMaster)
    }

    /// How the series spells an instance.
    pub(super) fn spelled(&self, instance: Instance) -> Result<Moment, Refusal> {
        self.instances
            .spelled(instance.local)
            .ok_or(Refusal::NoMaster)
    }

    /// A UID for the part of the series that begins here.
    pub(super) fn new_uid(&self) -> String {
        let part = match self.at {
            At::Instance(at) => at.key.format("R%Y%m%dT%H%M%S").to_string(),
            At::Orphan(_) => "R".to_owned(),
        };
        match self.uid.split_once('@') {
            Some((own, host)) => format!("{own}-{part}@{host}"),
            None => format!("{}-{part}", self.uid),
        }
    }
}

/// Changes one instance: in its override, which is made where there is none.
pub(super) fn change(target: &Target<'_>, change: &Change) -> Result<Calendar, Refusal> {
    if change.rule.is_some() {
        return Err(Refusal::RuleOfOneInstance);
    }
    let mut calendar = target.calendar.clone();
    let (id, start, component) = match target.at {
        At::Orphan(component) => {
            let start = component.moment(PropertyKind::DtStart)?;
            let start = start.ok_or(Refusal::NoSuchInstance)?;
            (component.id(), start, component)
        }
        At::Instance(instance) => {
            let shown = target.shown(instance)?;
            let id = own_override(&mut calendar, target, instance)?;
            (id, shown.start, shown.component)
        }
    };
    change.check_kind(&start, component)?;
    let named = change.start.clone().unwrap_or(start);
    if let Some(mut component) = calendar.component_mut(id) {
        if change.start.is_some() {
            retime(&mut component, &named);
        }
        change.apply_end(&mut component, &named, &named);
        change.apply_fields(&mut component, |_| true);
        revise(&mut component, change, target.now);
    }
    Ok(calendar)
}

/// The component for an instance alone.
fn own_override(
    calendar: &mut Calendar,
    target: &Target<'_>,
    instance: Instance,
) -> Result<ComponentId, Refusal> {
    let instances = &target.instances;
    if let Some(own) = instances.override_of(instance.key) {
        if !own.is_this_and_future() {
            return Ok(own.id());
        }
        if reanchor_after(calendar, instances, (own, instance.key))? == Reanchored::NotNeeded {
            let id = own.first(PropertyKind::RecurrenceId);
            let id = id.map(|id| NewProperty::from_property(&id).without_parameter("RANGE"));
            if let (Some(mut component), Some(id)) = (calendar.component_mut(own.id()), id) {
                component.set(&id);
            }
            return Ok(own.id());
        }
    }
    let text = detached(&target.shown(instance)?, &target.spelled(instance)?);
    Ok(calendar.add_text(text)?)
}

/// Takes one instance out of its series. `None` if none is left.
pub(super) fn delete(target: &Target<'_>) -> Result<Option<Calendar>, Refusal> {
    let mut calendar = target.calendar.clone();
    let instances = &target.instances;
    let gone = match target.at {
        At::Orphan(component) => vec![component.id()],
        At::Instance(instance) => {
            let mut kept = None;
            if let Some(own) = instances.override_of(instance.key)
                && own.is_this_and_future()
                && reanchor_after(&mut calendar, instances, (own, instance.key))?
                    == Reanchored::Moved
            {
                kept = Some(own.id());
            }
            exclude(&mut calendar, target, instance)?;
            ids_where(target.calendar, |found| {
                Some(found.id()) != kept && instances.key_of(found) == Some(instance.key)
            })
        }
    };
    for id in gone {
        calendar.remove(id);
    }
    Ok(has_any_instance(&calendar).then_some(calendar))
}

fn exclude(
    calendar: &mut Calendar,
    target: &Target<'_>,
    instance: Instance,
) -> Result<(), Refusal> {
    let id = target.master()?.id();
    let date = target.spelled(instance)?;
    if let Some(mut master) = calendar.component_mut(id) {
        master
            .add(&NewProperty::of(PropertyKind::ExDate).with_moment(&date))
            .revise(target.now);
    }
    Ok(())
}

/// Whether an override for many instances could be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reanchored {
    Moved,
    /// No further instance follows it.
    NotNeeded,
}

/// Lets an override for an instance and all later ones begin with the next one
/// that no other override replaces.
fn reanchor_after(
    calendar: &mut Calendar,
    instances: &Instances<'_>,
    (range, key): (Component<'_>, NaiveDateTime),
) -> Result<Reanchored, Error> {
    let mut next = instances.after(key)?;
    while let Some(found) = next {
        if instances.override_of(found.key).is_none() {
            break;
        }
        next = instances.after(found.key)?;
    }
    match next {
        Some(next) if instances.range_at(next.key) == Some(range) => {
            reanchor(calendar, instances, (range, next));
            Ok(Reanchored::Moved)
        }
        _ => Ok(Reanchored::NotNeeded),
    }
}

/// Lets an override for an instance and all later ones begin with another
/// instance that it holds for.
pub(super) fn reanchor(
    calendar: &mut Calendar,
    instances: &Instances<'_>,
    (range, at): (Component<'_>, Instance),
) {
    let (Some(shown), Some(id)) = (instances.shown_under_range(at), instances.spelled(at.local))
    else {
        return;
    };
    if let Some(mut component) = calendar.component_mut(range.id()) {
        place(&mut component, &shown);
        component.set_moment(PropertyKind::RecurrenceId, &id);
    }
}

/// Whether anything of an object still takes place.
pub(super) fn has_any_instance(calendar: &Calendar) -> bool {
    calendar
        .occurrences(&Window::ALL, crate::ZoneRules::utc())
        .next()
        .is_some()
}

impl Change {
    /// Whether it is said how long something lasts that was a date and becomes
    /// a time, or the other way about.
    pub(super) fn check_kind(
        &self,
        shown: &Moment,
        component: Component<'_>,
    ) -> Result<(), Refusal> {
        let other_kind = self
            .start
            .as_ref()
            .is_some_and(|start| start.is_date() != shown.is_date());
        let lasts = [PropertyKind::DtEnd, PropertyKind::Duration]
            .into_iter()
            .any(|kind| component.first(kind).is_some());
        if other_kind && lasts && self.end.is_none() {
            return Err(Refusal::EndNeeded);
        }
        Ok(())
    }
}

/// Marks a component as changed.
pub(super) fn revise(component: &mut ComponentMut<'_>, change: &Change, now: NaiveDateTime) {
    if change.is_new_sequence() {
        component.revise(now);
    } else {
        component.touch(now);
    }
}
