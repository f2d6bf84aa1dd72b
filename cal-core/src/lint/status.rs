//! Values that are one of a few words.

use super::Finding;
use crate::{Component, ComponentKind, Property, PropertyKind, Rule};

pub(super) fn check(
    component: Component<'_>,
    property: &Property<'_>,
    findings: &mut Vec<Finding>,
) {
    let words: &[&str] = match (property.kind(), component.kind()) {
        (PropertyKind::Status, ComponentKind::Event) => &["TENTATIVE", "CONFIRMED", "CANCELLED"],
        (PropertyKind::Status, ComponentKind::Todo) => {
            &["NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"]
        }
        (PropertyKind::Status, ComponentKind::Journal) => &["DRAFT", "FINAL", "CANCELLED"],
        (PropertyKind::Transp, ComponentKind::Event) => &["OPAQUE", "TRANSPARENT"],
        (PropertyKind::CalScale, ComponentKind::Calendar) => &["GREGORIAN"],
        _ => return,
    };
    let value = property.text();
    if !words.iter().any(|word| word.eq_ignore_ascii_case(&value)) {
        findings.push(Finding::at(Rule::UnknownWord, property));
    }
}
