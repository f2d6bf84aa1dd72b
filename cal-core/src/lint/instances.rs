//! Masters and overrides of one object.

use std::collections::HashMap;

use super::Finding;
use crate::{Calendar, PropertyKind, Rule};

pub(super) fn check(calendar: &Calendar, findings: &mut Vec<Finding>) {
    for object in calendar.objects() {
        let mut seen: HashMap<Option<String>, u32> = HashMap::new();
        let master_start = object
            .master()
            .and_then(|master| master.first(PropertyKind::DtStart));
        let master_start = master_start.and_then(|property| property.moment().ok());
        for &component in object.components() {
            let id = component.first(PropertyKind::RecurrenceId);
            let key = id.map(|property| {
                let zone = property.parameter("TZID").unwrap_or_default();
                format!("{zone}:{}", property.raw_value())
            });
            if seen.insert(key, component.line()).is_some() && !object.is_uid_synthetic() {
                findings.push(Finding::of(Rule::SameInstance, component).about(object.uid()));
            }
            let (Some(id), Some(start)) = (id, &master_start) else {
                continue;
            };
            if id
                .moment()
                .is_ok_and(|instance| instance.is_date() != start.is_date())
            {
                findings.push(Finding::at(Rule::RecurrenceIdType, &id));
            }
        }
    }
}
