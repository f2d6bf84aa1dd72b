//! Bringing a text to say what it should, touching only what differs.

use std::collections::{BTreeMap, BTreeSet};

use cal_core::{Calendar, Component, ComponentId, ComponentMut, NewProperty, PropertyKind};

use super::delta::{Change, Delta};
use crate::Body;
use crate::canonical::{Canonical, Line, PartKey, Piece, Written, pieces_of};
use crate::object::Object;

/// The text of `own`, changed to say `wanted`. What `wanted` took from `source`
/// may need time zones that `own` does not have; they come along.
///
/// `None` if it cannot be done: the text is not UTF-8.
pub(super) fn patched(own: &Object, wanted: &Canonical, source: &Object) -> Option<Body> {
    std::str::from_utf8(own.body().as_bytes()).ok()?;
    let mut calendar = Calendar::read(own.body().as_bytes()).calendar;
    let source = Calendar::read(source.body().as_bytes()).calendar;
    let changes = Delta::between(own.canonical(), wanted);
    for (key, change) in &changes.parts {
        match change {
            Change::Put(part) => {
                remove(&mut calendar, key);
                calendar.add_text(part.text.clone()).ok()?;
            }
            Change::Remove => remove(&mut calendar, key),
            Change::Edit(edits) => {
                let id = find(&calendar, key)?;
                let mut component = calendar.component_mut(id)?;
                edit(&mut component, edits);
                let theirs = find(&source, key);
                let theirs = theirs.and_then(|id| source.components().find(|c| c.id() == id));
                if let Some(theirs) = theirs {
                    revise(&mut component, theirs);
                }
            }
        }
    }
    add_time_zones(&mut calendar, &source)?;
    Some(Body::from(calendar.to_bytes().to_vec()))
}

fn find(calendar: &Calendar, wanted: &PartKey) -> Option<ComponentId> {
    let mut before = Canonical::default();
    calendar
        .components()
        .find(|component| before.add(*component).as_ref() == Some(wanted))
        .map(|component| component.id())
}

fn remove(calendar: &mut Calendar, key: &PartKey) {
    if let Some(id) = find(calendar, key) {
        calendar.remove(id);
    }
}

/// Puts pieces in the place of what is there of them.
fn edit(component: &mut ComponentMut<'_>, edits: &BTreeMap<Piece, Vec<Line>>) {
    let is_edited = |piece: &Piece| edits.contains_key(piece);
    // A list may hold values that stay beside one that goes: they are written
    // again by themselves.
    let mut kept = Vec::new();
    for property in component.component().properties() {
        let pieces = pieces_of(property);
        if pieces.iter().any(|(piece, _)| is_edited(piece)) {
            kept.extend(pieces.into_iter().filter(|(piece, _)| !is_edited(piece)));
        }
    }
    component.remove_where(|property| {
        let pieces = pieces_of(property);
        pieces.iter().any(|(piece, _)| is_edited(piece))
    });
    component.remove_components_where(|inner| is_edited(&Piece::component(inner.name())));
    let kept = kept.iter().map(|(_, line)| line);
    for line in kept.chain(edits.values().flatten()) {
        match line.written() {
            Written::Property(property) => component.add(property),
            Written::Component(inner) => component.add_component(inner),
        };
    }
}

/// Takes over what `theirs` says of its revision, where that is the later one:
/// the result is at least as new as both.
fn revise(component: &mut ComponentMut<'_>, theirs: Component<'_>) {
    for kind in [PropertyKind::DtStamp, PropertyKind::LastModified] {
        let value = |component: Component<'_>| {
            component
                .first(kind)
                .map(|found| found.raw_value().into_owned())
        };
        // UTC times of one form: the order of the texts is that of the times.
        if value(theirs) > value(component.component()) {
            copy(component, theirs, kind);
        }
    }
    if theirs.sequence() > component.component().sequence() {
        copy(component, theirs, PropertyKind::Sequence);
    }
}

fn copy(component: &mut ComponentMut<'_>, theirs: Component<'_>, kind: PropertyKind) {
    if let Some(property) = theirs.first(kind) {
        component.set(&NewProperty::from_property(&property));
    }
}

/// Adds the time zones that are used but defined in `source` only.
fn add_time_zones(calendar: &mut Calendar, source: &Calendar) -> Option<()> {
    let used: BTreeSet<String> = calendar
        .components()
        .flat_map(|component| component.properties())
        .filter_map(|property| Some(property.parameter("TZID")?.into_owned()))
        .collect();
    for tzid in used {
        let defined = |calendar: &Calendar| {
            calendar
                .time_zones()
                .find(|zone| zone.tzid().as_deref() == Some(&*tzid))
                .map(|zone| zone.component().to_bytes())
        };
        if let (None, Some(definition)) = (defined(calendar), defined(source)) {
            calendar.add_text(definition).ok()?;
        }
    }
    Some(())
}
