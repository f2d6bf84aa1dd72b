//! Attachments in the components of a calendar object (RFC 8607 sections 3.4 to 3.6).

use cal_core::series_edit::{self, SeriesEdit};
use cal_core::{
    Calendar, Component, ComponentId, ComponentKind, ComponentMut, Expansion, Moment, NewProperty,
    Property, PropertyKind, ZoneRules,
};
use cal_dav::response::Precondition;
use chrono::NaiveDateTime;

use super::action::Scope;

/// What becomes of the attachments of a component.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Add(NewProperty),
    /// This stands for the attachment with an id.
    Replace(String, NewProperty),
    Remove(String),
}

/// In which zone floating times are, and when it is: what an edit takes.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances {
    pub(crate) zone: ZoneRules,
    /// UTC.
    pub(crate) now: NaiveDateTime,
}

/// The calendar after a change.
pub(crate) fn edited(
    mut calendar: Calendar,
    change: &Change,
    scope: &Scope,
    at: &Circumstances,
) -> Result<Calendar, Precondition> {
    let mut changed = false;
    match scope {
        Scope::Whole => {
            for id in ids(&calendar, |_| true) {
                changed |= apply(&mut calendar, id, change, at);
            }
        }
        Scope::Some { series, instances } => {
            if *series {
                let main = ids(&calendar, |component| recurrence_id(component).is_none());
                if main.is_empty() {
                    return Err(Precondition::ValidRid);
                }
                for id in main {
                    changed |= apply(&mut calendar, id, change, at);
                }
            }
            for instance in instances {
                changed |= apply_at(&mut calendar, instance, change, at)?;
            }
        }
    }
    match changed {
        true => Ok(calendar),
        // What is added changes something always.
        false => Err(Precondition::ValidManagedId),
    }
}

/// Changes one instance, which gets a component of its own if it has none.
fn apply_at(
    calendar: &mut Calendar,
    instance: &Moment,
    change: &Change,
    at: &Circumstances,
) -> Result<bool, Precondition> {
    let instants = Expansion::of(calendar).in_zone(at.zone.clone());
    let wanted = instants.instant(instance);
    let own = ids(calendar, |component| {
        recurrence_id(component).is_some_and(|id| instants.instant(&id) == wanted)
    });
    if !own.is_empty() {
        let mut changed = false;
        for id in own {
            changed |= apply(calendar, id, change, at);
        }
        return Ok(changed);
    }
    let main = ids(calendar, |component| recurrence_id(component).is_none());
    let series = calendar
        .components()
        .find(|component| main.contains(&component.id()));
    let series = series.ok_or(Precondition::ValidRid)?;
    let before: Vec<_> = series.all(PropertyKind::Attach).collect();
    let after = changed(&before, change);
    if after.is_none() {
        return Ok(false);
    }
    let edit = SeriesEdit::new(series_edit::Scope::This, instance.clone(), at.now)
        .in_zone(at.zone.clone());
    let fields = series_edit::Change::new().with_all("ATTACH", after.unwrap_or_default());
    let edited = edit.change(calendar, &fields);
    let edited = edited.map_err(|_| Precondition::ValidRid)?;
    *calendar = edited.object.ok_or(Precondition::ValidRid)?;
    Ok(true)
}

/// The attachments after a change, where it changes any.
fn changed(before: &[Property<'_>], change: &Change) -> Option<Vec<NewProperty>> {
    let kept = |id: &str| -> Vec<NewProperty> {
        let kept = before.iter().filter(|property| !has_id(property, id));
        kept.map(NewProperty::from_property).collect()
    };
    match change {
        Change::Add(new) => {
            let all = before.iter().map(NewProperty::from_property);
            Some(all.chain([new.clone()]).collect())
        }
        Change::Replace(id, new) => {
            let mut after = kept(id);
            let found = after.len() < before.len();
            after.push(new.clone());
            found.then_some(after)
        }
        Change::Remove(id) => Some(kept(id)).filter(|after| after.len() < before.len()),
    }
}

/// Changes a component; whether there was something to change.
fn apply(calendar: &mut Calendar, id: ComponentId, change: &Change, at: &Circumstances) -> bool {
    let Some(mut component) = calendar.component_mut(id) else {
        return false;
    };
    let remove = |component: &mut ComponentMut<'_>, id: &str| {
        component.remove_where(|property| {
            property.kind() == PropertyKind::Attach && has_id(&property, id)
        }) > 0
    };
    let changed = match change {
        Change::Add(new) => {
            component.add(new);
            true
        }
        Change::Replace(id, new) => {
            let found = remove(&mut component, id);
            if found {
                component.add(new);
            }
            found
        }
        Change::Remove(id) => remove(&mut component, id),
    };
    if changed {
        component.touch(at.now);
    }
    changed
}

/// The components of the object that are picked.
fn ids(calendar: &Calendar, wanted: impl Fn(Component<'_>) -> bool) -> Vec<ComponentId> {
    let all = calendar.components();
    all.filter(|component| component.kind() != ComponentKind::TimeZone && wanted(*component))
        .map(|component| component.id())
        .collect()
}

fn recurrence_id(component: Component<'_>) -> Option<Moment> {
    component.first(PropertyKind::RecurrenceId)?.moment().ok()
}

fn has_id(property: &Property<'_>, id: &str) -> bool {
    property
        .parameter("MANAGED-ID")
        .is_some_and(|found| found == id)
}
