//! A whole series changed: its master and all overrides.

use cal_rrule::RRule;
use chrono::{NaiveDateTime, TimeDelta};

use super::change::lines;
use super::detach::{ids_where, retime};
use super::instance::{Target, revise};
use super::rule_text::RuleText;
use super::shift::Shift;
use super::{Change, Refusal, dates, only_object};
use crate::edit::PropertyEdit;
use crate::occurrence::{Instances, Shown};
use crate::{
    Calendar, Component, ComponentId, ComponentMut, Expansion, Moment, NewProperty, PropertyKind,
};

/// Changes all instances as the named one changes.
pub(super) fn change(target: &Target<'_>, change: &Change) -> Result<Calendar, Refusal> {
    let marked = |component: &mut ComponentMut<'_>| revise(component, change, target.now);
    Whole::of(target, change)?.apply(marked)
}

/// The same for an object that nobody has seen yet.
pub(super) fn change_new(target: &Target<'_>, change: &Change) -> Result<Calendar, Refusal> {
    Whole::of(target, change)?.apply(|component| {
        component.touch(target.now);
    })
}

struct Whole<'t, 'a> {
    target: &'t Target<'a>,
    change: &'t Change,
    /// The named instance before the change.
    shown: Shown<'a>,
    /// Its start after the change.
    named: Moment,
    shift: Option<Shift>,
}

impl<'t, 'a> Whole<'t, 'a> {
    fn of(target: &'t Target<'a>, change: &'t Change) -> Result<Self, Refusal> {
        let shown = target.shown(target.instance()?)?;
        change.check_kind(&shown.start, shown.component)?;
        let named = change.start.clone().unwrap_or_else(|| shown.start.clone());
        let start = target.instances.start().ok_or(Refusal::NoMaster)?;
        Ok(Self {
            shift: Shift::new(start, &shown.start, &named),
            target,
            change,
            shown,
            named,
        })
    }

    fn apply(&self, mark: impl Fn(&mut ComponentMut<'_>)) -> Result<Calendar, Refusal> {
        let mut calendar = self.target.calendar.clone();
        let master = self.target.master()?;
        for id in ids_where(self.target.calendar, |found| {
            found.kind() == master.kind() && found.uid() == master.uid()
        }) {
            let old = self.target.calendar.components();
            let Some(old) = old.into_iter().find(|found| found.id() == id) else {
                continue;
            };
            let Some(mut component) = calendar.component_mut(id) else {
                continue;
            };
            let before = component.component().to_bytes();
            if old.is_override() {
                self.override_(&mut component, old);
            } else {
                self.series(&mut component, old)?;
            }
            if component.component().to_bytes() != before {
                mark(&mut component);
            }
        }
        self.settle(calendar)
    }

    /// The master.
    fn series(&self, component: &mut ComponentMut<'_>, old: Component<'_>) -> Result<(), Refusal> {
        self.change.apply_fields(component, |_| true);
        if let Some(shift) = &self.shift {
            self.shift_rules(component, shift)?;
            dates::shift(component, &self.target.instances, shift)?;
            self.move_start(component, old, shift);
        }
        if let Some(rule) = &self.change.rule {
            component.remove("EXRULE");
            let rule = NewProperty::of(PropertyKind::RRule).with_raw_value(&rule.to_string());
            match component.component().all(PropertyKind::RRule).count() {
                0 | 1 => {
                    component.set(&rule);
                }
                _ => {
                    component.remove("RRULE");
                    component.add(&rule);
                }
            }
        }
        let start = start_of(component.component());
        self.change
            .apply_end(component, &self.named, &start.unwrap_or(self.named.clone()));
        Ok(())
    }

    fn shift_rules(&self, component: &mut ComponentMut<'_>, shift: &Shift) -> Result<(), Refusal> {
        if self.change.rule.is_some() {
            return Ok(());
        }
        let instances = &self.target.instances;
        let mut follows = true;
        component.edit_properties(|property| {
            if !matches!(property.kind(), PropertyKind::RRule | PropertyKind::ExRule) {
                return PropertyEdit::Keep;
            }
            let Some(rule) = RRule::parse_lenient(&property.raw_value()).rule else {
                return PropertyEdit::Keep;
            };
            let mut text = RuleText::of(&property);
            follows &= shift.rule(&mut text, &rule, instances).is_some();
            let moved = NewProperty::from_property(&property).with_raw_value(&text.to_string());
            if text.to_string() == property.raw_value().trim() {
                PropertyEdit::Keep
            } else {
                PropertyEdit::Replace(moved)
            }
        });
        if follows {
            Ok(())
        } else {
            Err(Refusal::RuleCannotFollow)
        }
    }

    /// An override: moves with its instance, and takes over what is not its own.
    fn override_(&self, component: &mut ComponentMut<'_>, old: Component<'_>) {
        let is_named = old == self.shown.component;
        let master = self.target.instances.master();
        self.change.apply_fields(component, |name| {
            let own = lines(old, name);
            is_named
                || master.is_some_and(|master| lines(master, name) == own)
                || lines(self.shown.component, name) == own
        });
        if let Some(shift) = &self.shift {
            let id = old.recurrence_id().ok().flatten();
            if let Some(id) = id.and_then(|id| self.moved_id(&id, shift)) {
                component.set_moment(PropertyKind::RecurrenceId, &id);
            }
            self.move_start(component, old, shift);
        }
        let lasts_alike = length(old) == Some(self.shown.end.local() - self.shown.start.local());
        if let (true, Some(start)) = (is_named || lasts_alike, start_of(component.component())) {
            self.change.apply_end(component, &self.named, &start);
        }
    }

    fn move_start(&self, component: &mut ComponentMut<'_>, old: Component<'_>, shift: &Shift) {
        // The override of the named instance goes exactly where it was told to
        // go; one for many is named by any of them.
        let exact = old == self.shown.component && old.is_override() && !old.is_this_and_future();
        if exact {
            retime(component, &self.named);
        } else if let Some(start) = start_of(old) {
            retime(component, &shift.own(&start));
        }
    }

    /// The RECURRENCE-ID of an instance that moved with its series.
    fn moved_id(&self, id: &Moment, shift: &Shift) -> Option<Moment> {
        let instances = &self.target.instances;
        let key = instances.key(id)?;
        let local = match instances.with_key(key) {
            Some(instance) => instance.local,
            None => instances.local_of(key)?,
        };
        Some(shift.series(local))
    }

    /// No override may lose its instance: where the rule was replaced it goes
    /// with it, where the series was moved that cannot be done.
    fn settle(&self, mut calendar: Calendar) -> Result<Calendar, Refusal> {
        if self.shift.is_none() && self.change.rule.is_none() {
            return Ok(calendar);
        }
        let lost = {
            let object = only_object(&calendar)?;
            let expansion = Expansion::of(&calendar).in_zone(self.target.instances.zone());
            let instances = Instances::of(&expansion, &object);
            let had = self.attached();
            ids_where(&calendar, |found| {
                had.contains(&found.id()) && !is_attached(&instances, found)
            })
        };
        if lost.is_empty() {
            return Ok(calendar);
        }
        if self.change.rule.is_none() {
            return Err(Refusal::RuleCannotFollow);
        }
        for id in lost {
            calendar.remove(id);
        }
        Ok(calendar)
    }

    /// The overrides that have an instance which they replace.
    fn attached(&self) -> Vec<ComponentId> {
        ids_where(self.target.calendar, |found| {
            is_attached(&self.target.instances, found)
        })
    }
}

fn is_attached(instances: &Instances<'_>, component: Component<'_>) -> bool {
    let id = component.recurrence_id().ok().flatten();
    id.is_some_and(|id| instances.find(&id).is_some())
}

/// When a component begins; a to-do without a start when it is due.
fn start_of(component: Component<'_>) -> Option<Moment> {
    let of = |kind| component.moment(kind).ok().flatten();
    of(PropertyKind::DtStart).or_else(|| of(PropertyKind::Due))
}

/// How long a component lasts on the wall clock.
fn length(component: Component<'_>) -> Option<TimeDelta> {
    let start: NaiveDateTime = start_of(component)?.local();
    if let Some(duration) = component.first(PropertyKind::Duration) {
        return Some(duration.duration().ok()?.to_time_delta());
    }
    let ends = [PropertyKind::DtEnd, PropertyKind::Due];
    let end = ends
        .into_iter()
        .find_map(|kind| component.moment(kind).ok()?);
    end.map(|end| end.local() - start)
}
