//! An object in the making: edits in place, then what goes, then what comes.

use bytes::Bytes;

use crate::{Calendar, Component, ComponentId, ComponentKind, ComponentMut, PropertyKind};

/// A copy of an object that is being changed.
#[derive(Debug)]
pub(super) struct Draft {
    calendar: Calendar,
    /// Which component of the original is the how manyth: that holds on while
    /// they are edited.
    order: Vec<ComponentId>,
    removed: Vec<ComponentId>,
    added: Vec<Bytes>,
    edited: bool,
}

impl Draft {
    pub(super) fn of(calendar: &Calendar) -> Self {
        Self {
            calendar: calendar.clone(),
            order: calendar.components().map(|found| found.id()).collect(),
            removed: Vec::new(),
            added: Vec::new(),
            edited: false,
        }
    }

    /// Edits a component of the calendar that this is a copy of.
    pub(super) fn edit(&mut self, old: Component<'_>, edit: impl FnOnce(&mut ComponentMut<'_>)) {
        let place = self.order.iter().position(|id| *id == old.id());
        let now = place.and_then(|place| self.calendar.components().nth(place));
        let now = now.map(|now| now.id());
        if let Some(mut component) = now.and_then(|id| self.calendar.component_mut(id)) {
            edit(&mut component);
            self.edited = true;
        }
    }

    pub(super) fn remove(&mut self, old: Component<'_>) {
        self.removed.push(old.id());
    }

    pub(super) fn add(&mut self, text: Bytes) {
        self.added.push(text);
    }

    /// Takes over the time zones of another calendar that this one lacks.
    pub(super) fn add_zones(&mut self, from: &Calendar) {
        for zone in from.time_zones() {
            let tzid = zone.tzid();
            if self.calendar.time_zones().all(|own| own.tzid() != tzid) {
                self.added.push(zone.to_bytes());
            }
        }
    }

    /// The changed object; `None` if nothing changed.
    pub(super) fn finish(mut self) -> Option<Calendar> {
        if !self.edited && self.removed.is_empty() && self.added.is_empty() {
            return None;
        }
        let now: Vec<ComponentId> = self.calendar.components().map(|found| found.id()).collect();
        for (old, now) in self.order.iter().zip(now).rev() {
            if self.removed.contains(old) {
                self.calendar.remove(now);
            }
        }
        for text in self.added {
            if self.calendar.add_text(text).is_err() {
                return None;
            }
        }
        Some(self.calendar)
    }
}

/// A message without what makes it one: an object to keep.
pub(super) fn without_method(message: &Calendar) -> Calendar {
    let mut calendar = message.clone();
    let root = calendar
        .roots()
        .find(|root| root.kind() == ComponentKind::Calendar)
        .map(|root| root.id());
    if let Some(mut root) = root.and_then(|root| calendar.component_mut(root)) {
        root.remove_where(|property| property.kind() == PropertyKind::Method);
    }
    calendar
}
