//! The objects of a calendar: what shares a UID and is kept, sent and synced as one.

mod canonical;
mod export;
mod resource;
mod split;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use crate::{Calendar, Component, ComponentKind, PropertyKind};

pub use canonical::ContentHash;
pub(crate) use canonical::property_digest;
pub use export::Export;
pub use resource::{ResourceFault, validate_resource};

/// All components of a calendar with one UID: a master, overrides, or both.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    uid: Cow<'a, str>,
    synthetic: bool,
    components: Together<'a>,
}

/// Components of one UID: of most there is one, which then needs no list.
#[derive(Debug, Clone)]
enum Together<'a> {
    One(Component<'a>),
    Several(Vec<Component<'a>>),
}

impl<'a> Together<'a> {
    fn as_slice(&self) -> &[Component<'a>] {
        match self {
            Together::One(component) => std::slice::from_ref(component),
            Together::Several(components) => components,
        }
    }

    fn push(&mut self, component: Component<'a>) {
        match self {
            Together::One(first) => *self = Together::Several(vec![*first, component]),
            Together::Several(components) => components.push(component),
        }
    }
}

impl<'a> Object<'a> {
    /// The UID. For a component without one it is made from its content, so
    /// that reading the same text again gives the same UID.
    #[must_use]
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// Whether the UID is made up because the text has none.
    #[must_use]
    pub fn is_uid_synthetic(&self) -> bool {
        self.synthetic
    }

    /// The components, in the order of the text.
    #[must_use]
    pub fn components(&self) -> &[Component<'a>] {
        self.components.as_slice()
    }

    /// What it is, by its first component.
    #[must_use]
    pub fn kind(&self) -> ComponentKind {
        self.components()
            .first()
            .map_or(ComponentKind::Other, Component::kind)
    }

    /// The component without RECURRENCE-ID; the first, if there are several.
    #[must_use]
    pub fn master(&self) -> Option<Component<'a>> {
        self.components()
            .iter()
            .copied()
            .find(|component| !component.is_override())
    }

    /// The components with RECURRENCE-ID.
    pub fn overrides(&self) -> impl Iterator<Item = Component<'a>> {
        self.components()
            .iter()
            .copied()
            .filter(Component::is_override)
    }

    /// The components that count: of several for one instance (or several
    /// masters) the one with the highest SEQUENCE, then the latest DTSTAMP,
    /// then the last in the text.
    #[must_use]
    pub fn current(&self) -> Vec<Component<'a>> {
        let mut latest: HashMap<Instance, Component<'a>> = HashMap::new();
        for &component in self.components() {
            let known = latest.entry(Instance::of(component)).or_insert(component);
            if revision(component) >= revision(*known) {
                *known = component;
            }
        }
        let counts = |component: &Component<'a>| {
            latest
                .get(&Instance::of(*component))
                .is_some_and(|known| known == component)
        };
        self.components().iter().copied().filter(counts).collect()
    }

    /// The components that do not count, because another one for the same
    /// instance supersedes them; see [`Object::current`].
    #[must_use]
    pub fn superseded(&self) -> Vec<Component<'a>> {
        let current = self.current();
        let counts: HashSet<u32> = current.iter().map(|found| found.index).collect();
        self.components()
            .iter()
            .copied()
            .filter(|found| !counts.contains(&found.index))
            .collect()
    }

    /// Whether it repeats: its master has an RRULE or RDATE, or it has overrides.
    #[must_use]
    pub fn is_recurring(&self) -> bool {
        self.components()
            .iter()
            .any(|found| found.is_recurring() || found.is_override())
    }
}

/// Which instance of its object a component stands for, as its text says it;
/// a master has no RECURRENCE-ID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Instance(Option<(String, Option<String>, bool)>);

impl Instance {
    fn of(component: Component<'_>) -> Self {
        Instance(component.first(PropertyKind::RecurrenceId).map(|property| {
            let zone = property.parameter("TZID").map(Cow::into_owned);
            (
                property.raw_value().into_owned(),
                zone,
                component.is_this_and_future(),
            )
        }))
    }
}

/// What orders the revisions of a component (RFC 5546 2.1.5).
fn revision(component: Component<'_>) -> (i32, Option<NaiveDateTime>) {
    let stamp = component.stamp().ok().flatten();
    (component.sequence(), stamp.map(|stamp| stamp.local()))
}

impl Calendar {
    /// Its events, to-dos, journal entries, busy times and the like, grouped by
    /// UID, in the order of the text. VTIMEZONEs are none of them. A component
    /// that the end of the input cuts off is left out.
    #[must_use]
    pub fn objects(&self) -> Vec<Object<'_>> {
        let most = self.components().count();
        let mut objects: Vec<Object<'_>> = Vec::with_capacity(most);
        // Seeded anew for each calendar, as the usual one, and several times as
        // fast for what UIDs are.
        let hasher = foldhash::fast::RandomState::default();
        let mut places: HashMap<Cow<'_, str>, usize, _> =
            HashMap::with_capacity_and_hasher(most, hasher);
        let mut made: HashMap<String, u32> = HashMap::new();
        for component in self.components().filter(|component| !component.is_cut()) {
            if component.kind() == ComponentKind::TimeZone {
                continue;
            }
            let own = component.uid();
            let synthetic = own.is_none();
            let uid = own.unwrap_or_else(|| {
                // Several of the same content are several objects all the same.
                let uid = canonical::synthetic_uid(component);
                let number = made
                    .entry(uid.clone())
                    .and_modify(|n| *n += 1)
                    .or_insert(1_u32);
                Cow::Owned(if *number == 1 {
                    uid
                } else {
                    format!("{number}-{uid}")
                })
            });
            let place = *places.entry(uid.clone()).or_insert(objects.len());
            if let Some(object) = objects.get_mut(place) {
                object.components.push(component);
            } else {
                objects.push(Object {
                    uid,
                    synthetic,
                    components: Together::One(component),
                });
            }
        }
        objects
    }
}
