//! Both answers to a moved event, as edits that touch nothing else.

use super::{Instants, MovedEvent, MovedOccurrence, ZoneUpdate};
use crate::edit::{ComponentId, ComponentMut};
use crate::{
    Calendar, CompiledZone, Component, ComponentKind, Duration, Error, NewProperty, PropertyKind,
    Reader, Window, ZoneDefinition, ZoneRules,
};

/// What makes a component recur, and has no place in an override.
const RECURRENCE: [PropertyKind; 4] = [
    PropertyKind::RRule,
    PropertyKind::RDate,
    PropertyKind::ExDate,
    PropertyKind::ExRule,
];

impl MovedEvent {
    /// Keeps the instants: what moves is given the local times that are the old
    /// instants by the new rules (or UTC where no local time is that instant).
    /// Instances of a series become overrides, so a series without an end is
    /// kept as far as the window of the report reaches.
    ///
    /// SEQUENCE and DTSTAMP stay; see [`ComponentMut::revise`].
    ///
    /// # Errors
    /// If the calendar has no such component any more, or it is an override for
    /// all later instances, which cannot have exceptions of its own. Nothing is
    /// changed then.
    pub fn keep_instant(&self, calendar: &mut Calendar) -> Result<(), Error> {
        let id = self.find(calendar)?;
        if !self.is_series {
            if let (Some(found), Some(mut component)) =
                (self.occurrences.first(), calendar.component_mut(id))
            {
                put(&mut component, found);
            }
            return Ok(());
        }
        if self.recurrence_id.is_some() {
            return Err(Error::RangedOverride {
                uid: self.uid.as_str().into(),
            });
        }
        let mut master = calendar.component_mut(id).ok_or_else(|| self.unknown())?;
        let text = master.component().to_bytes();
        for found in &self.occurrences {
            if let (None, Some(instance)) = (&found.kept, &found.recurrence_id) {
                master.add(&NewProperty::of(PropertyKind::ExDate).with_moment(instance));
            }
        }
        for found in self.occurrences.iter().filter(|found| found.kept.is_some()) {
            let mut part = Reader::new().read(text.clone()).calendar;
            let root = part.roots().next().map(|root| root.id());
            if let Some(mut component) = root.and_then(|root| part.component_mut(root)) {
                component.remove_where(|property| RECURRENCE.contains(&property.kind()));
                if let Some(instance) = &found.recurrence_id {
                    component.set_moment(PropertyKind::RecurrenceId, instance);
                }
                put(&mut component, found);
            }
            calendar.add_text(part.to_bytes())?;
        }
        Ok(())
    }

    /// The component in a calendar that may have been edited since.
    fn find(&self, calendar: &Calendar) -> Result<ComponentId, Error> {
        let is_it = |component: &Component<'_>| {
            component.kind() == self.kind
                && component.uid().as_deref() == Some(self.uid.as_str())
                && component.recurrence_id().ok().flatten() == self.recurrence_id
        };
        let mut found = None;
        for component in calendar.components().filter(is_it) {
            found = Some(component.id());
            if found == Some(self.id) {
                break;
            }
        }
        found.ok_or_else(|| self.unknown())
    }

    fn unknown(&self) -> Error {
        Error::UnknownUid {
            uid: self.uid.as_str().into(),
        }
    }
}

/// Puts a component at the old instants of an occurrence.
fn put(component: &mut ComponentMut<'_>, found: &MovedOccurrence) {
    let (Some((start, end)), Some(old)) = (&found.kept, found.old) else {
        return;
    };
    let (is_todo, has_start, end_kind, length) = {
        let own = component.component();
        let is_todo = own.kind() == ComponentKind::Todo;
        let end_kind = [PropertyKind::DtEnd, PropertyKind::Due]
            .into_iter()
            .find(|kind| own.first(*kind).is_some());
        let length = own.first(PropertyKind::Duration);
        let length = length.map(|length| length.duration().unwrap_or_default());
        let has_start = own.first(PropertyKind::DtStart).is_some();
        (is_todo, has_start, end_kind, length.unwrap_or_default())
    };
    if is_todo && !has_start {
        component.set_moment(PropertyKind::Due, start);
        return;
    }
    component.set_start(start);
    if let Some(kind) = end_kind {
        component.set_moment(kind, end);
    } else if length != exact(old) {
        component.set_duration(exact(old));
    }
}

/// How long an occurrence lasts, in seconds.
fn exact(at: Instants) -> Duration {
    Duration::from_seconds((at.end - at.start).num_seconds())
}

impl ZoneUpdate {
    /// Keeps the local times of an event. Its own lines say them already; what
    /// is renewed is the definition of its zones, where the calendar has one
    /// that is not by the new rules in the window, so that readers who follow
    /// it agree. Returns how many were renewed; with none, no byte changes.
    ///
    /// # Errors
    /// If the calendar has no such component any more.
    pub fn keep_local(
        &self,
        calendar: &mut Calendar,
        moved: &MovedEvent,
        window: &Window,
    ) -> Result<usize, Error> {
        let id = moved.find(calendar)?;
        let used = calendar.component_mut(id).map(|component| {
            let properties = component.component();
            let names = properties
                .properties()
                .filter_map(|property| Some(property.parameter("TZID")?.into_owned()));
            names.collect::<Vec<String>>()
        });
        let span = calendar.span().and_then(|span| span.start());
        let covering = Window::between(span, None);
        let mut outdated = Vec::new();
        for block in calendar.time_zones() {
            let Some(tzid) = block.tzid().filter(|tzid| {
                let mut used = used.iter().flatten();
                tzid.parse::<chrono_tz::Tz>().is_ok() && used.any(|own| own == tzid)
            }) else {
                continue;
            };
            let Some(rules) = self.new.rules(&tzid) else {
                continue;
            };
            let own = CompiledZone::of(&block).map(ZoneRules::from);
            if own.is_none_or(|own| !self.agree(&own, &rules, window)) {
                let definition = ZoneDefinition::new(tzid, rules).covering(&covering);
                outdated.push((block.component().index, definition));
            }
        }
        let renewed = outdated.len();
        // From the last on, so that the places of the others stay.
        for (index, definition) in outdated.into_iter().rev() {
            renew(calendar, index, &definition);
        }
        Ok(renewed)
    }

    /// Whether two rules are the same for what is ahead in a window.
    fn agree(&self, one: &ZoneRules, other: &ZoneRules, window: &Window) -> bool {
        let ahead = self.ahead(window);
        let start = ahead.start().unwrap_or(self.now).naive_utc();
        let end = ahead.end().map(|end| end.naive_utc());
        one.changes(start, end) == other.changes(start, end)
    }
}

/// Puts the observances of a definition in the place of those of a VTIMEZONE.
fn renew(calendar: &mut Calendar, index: u32, definition: &ZoneDefinition) {
    let text = definition.to_string();
    let part = Calendar::read(&text).calendar;
    let Some(root) = part.roots().next() else {
        return;
    };
    let zone = calendar
        .components()
        .find(|component| component.index == index)
        .map(|component| component.id());
    let Some(mut zone) = zone.and_then(|zone| calendar.component_mut(zone)) else {
        return;
    };
    zone.remove_components_where(|_| true);
    for observance in root.components() {
        calendar.tree.add_node(index, observance.to_bytes());
    }
}
