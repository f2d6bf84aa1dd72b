//! What each kind of alarm must have (RFC 5545 3.6.6).

use super::Finding;
use crate::{Alarm, Component, PropertyKind, Rule};

pub(super) fn check(component: Component<'_>, findings: &mut Vec<Finding>) {
    let Some(alarm) = Alarm::of(component) else {
        return;
    };
    let needed: &[PropertyKind] = match alarm.action().as_ref() {
        "DISPLAY" => &[PropertyKind::Description],
        "EMAIL" => &[
            PropertyKind::Description,
            PropertyKind::Summary,
            PropertyKind::Attendee,
        ],
        _ => &[],
    };
    for &kind in needed {
        if alarm.first(kind).is_none() {
            let finding = Finding::of(Rule::AlarmLacks, component);
            findings.push(finding.about(kind.name().unwrap_or_default()));
        }
    }
    let repeat = alarm.first(PropertyKind::Repeat).is_some();
    if repeat != alarm.first(PropertyKind::Duration).is_some() {
        findings.push(Finding::of(Rule::RepeatAlone, component));
    }
}
