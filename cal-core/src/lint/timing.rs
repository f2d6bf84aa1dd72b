//! Start, end and duration of events and to-dos.

use super::Finding;
use crate::{Component, ComponentKind, Event, Extent, PropertyKind, Rule, Todo};

pub(super) fn check(component: Component<'_>, findings: &mut Vec<Finding>) {
    let end_kind = match component.kind() {
        ComponentKind::Event => PropertyKind::DtEnd,
        ComponentKind::Todo => PropertyKind::Due,
        _ => return,
    };
    let extent = match component.kind() {
        ComponentKind::Event => Event::new(component).extent(),
        _ => Todo::new(component).extent(),
    };
    let Ok(extent) = extent else { return };
    let end = component
        .first(end_kind)
        .or_else(|| component.first(PropertyKind::Duration));
    let Some(end) = end else { return };
    // What the reader found already is not told twice.
    if let Some(rule @ (Rule::EndBeforeStart | Rule::EndTypeDiffers)) = extent.mended {
        findings.push(Finding::at(rule, &end));
    } else if extent.mended.is_none() && is_empty(&extent) && end.kind() == end_kind {
        findings.push(Finding::at(Rule::NoTime, &end));
    }
}

/// Whether it ends when it starts although its text gives it an end.
fn is_empty(extent: &Extent) -> bool {
    extent.end() == extent.start
}
