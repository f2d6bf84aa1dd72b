//! Who delegated to whom (RFC 5546 3.2.2.3).

use std::collections::{BTreeMap, BTreeSet};

use super::people::normal;
use crate::{Component, Person};

/// The addresses that a person delegated to.
pub(super) fn delegates(person: &Person<'_>) -> Vec<String> {
    let property = person.property();
    property
        .parameters()
        .filter(|found| found.is("DELEGATED-TO"))
        .flat_map(|found| {
            let values = found.values();
            values.map(|value| normal(&value)).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether a delegation comes back to who began it, given what the others of
/// the component delegated.
pub(super) fn is_loop(delegator: &Person<'_>, component: Component<'_>) -> bool {
    let begun = normal(&delegator.address());
    let mut open = delegates(delegator);
    if open.is_empty() {
        return false;
    }
    let all: BTreeMap<String, Vec<String>> = component
        .attendees()
        .map(|person| (normal(&person.address()), delegates(&person)))
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(address) = open.pop() {
        if address == begun {
            return true;
        }
        if seen.insert(address.clone()) {
            open.extend(all.get(&address).into_iter().flatten().cloned());
        }
    }
    false
}
