//! A component on its way to JSCalendar: the object that it becomes, and the
//! properties that nothing was made of yet.

use std::collections::HashMap;

use serde_json::Value;

use super::kept::{self, Kept};
use super::{Object, pointer};
use crate::converted::Losses;
use crate::{Component, Property, PropertyKind, ValueType};

pub(super) struct Sheet<'c> {
    pub(super) component: Component<'c>,
    pub(super) object: Object,
    pub(super) kept: Kept,
    open: Vec<Property<'c>>,
    /// The numbers of the ids made so far, by letter.
    made: HashMap<char, usize>,
}

impl<'c> Sheet<'c> {
    pub(super) fn new(component: Component<'c>, object_type: &str) -> Self {
        let mut object = Object::new();
        object.insert("@type".to_owned(), object_type.into());
        Sheet {
            component,
            object,
            kept: Kept::default(),
            open: component.properties().collect(),
            made: HashMap::new(),
        }
    }

    /// Takes the first property of a kind that `wanted` picks.
    pub(super) fn take_if(
        &mut self,
        kind: PropertyKind,
        wanted: impl Fn(&Property<'c>) -> bool,
    ) -> Option<Property<'c>> {
        let picked = |found: &Property<'c>| found.kind() == kind && wanted(found);
        let at = self.open.iter().position(picked)?;
        Some(self.open.remove(at))
    }

    /// Takes the first property of a kind, if its value has the type that is
    /// the default of its kind.
    pub(super) fn take(&mut self, kind: PropertyKind) -> Option<Property<'c>> {
        self.take_if(kind, |found| found.value_type() == kind.default_type())
    }

    /// Takes all properties of a kind that `wanted` picks.
    pub(super) fn take_all(
        &mut self,
        kind: PropertyKind,
        wanted: impl Fn(&Property<'c>) -> bool,
    ) -> Vec<Property<'c>> {
        let picked = |found: &Property<'c>| found.kind() == kind && wanted(found);
        let (taken, open) = self.open.drain(..).partition(picked);
        self.open = open;
        taken
    }

    /// Takes all properties with a name that has no kind.
    pub(super) fn take_named(&mut self, name: &str) -> Vec<Property<'c>> {
        let (taken, open) = self.open.drain(..).partition(|found| found.is(name));
        self.open = open;
        taken
    }

    /// Takes the first property of a kind and sets what `read` makes of it;
    /// puts it back where that is nothing.
    pub(super) fn convert(
        &mut self,
        kind: PropertyKind,
        key: &str,
        read: impl Fn(&Property<'c>) -> Option<Value>,
    ) {
        let plain = |found: &Property<'c>| {
            let own = found.value_type();
            own == kind.default_type()
                || own == ValueType::Unknown && found.parameter("VALUE").is_none()
        };
        let Some(property) = self.take_if(kind, |found| plain(found) && read(found).is_some())
        else {
            return;
        };
        if let Some(value) = read(&property) {
            self.set(key, value, &property, &[]);
        }
    }

    /// Sets a property of the object, and remembers the parameters that are
    /// not among the known ones.
    pub(super) fn set(&mut self, key: &str, value: Value, from: &Property<'_>, known: &[&str]) {
        self.object.insert(key.to_owned(), value);
        self.kept.parameters(key, from, known);
    }

    /// Adds an object to one of the maps by id, and remembers parameters for
    /// the path to it.
    pub(super) fn add(&mut self, map: &str, id: &str, object: Object) {
        let entry = self
            .object
            .entry(map)
            .or_insert_with(|| Object::new().into());
        if let Value::Object(all) = entry {
            all.insert(id.to_owned(), Value::Object(object));
        }
    }

    /// Whether a map has this id already.
    pub(super) fn has(&self, map: &str, id: &str) -> bool {
        self.object
            .get(map)
            .is_some_and(|all| all.get(id).is_some())
    }

    /// The id for an object in a map: what JSID says, else one made of a
    /// letter and a number.
    pub(super) fn id(&mut self, map: &str, jsid: Option<&str>, letter: char) -> String {
        if let Some(wished) = jsid.filter(|id| is_id(id) && !self.has(map, id)) {
            return wished.to_owned();
        }
        loop {
            let number = self.made.entry(letter).or_default();
            *number += 1;
            let made = format!("{letter}{number}");
            if !self.has(map, &made) {
                return made;
            }
        }
    }

    /// Puts a property back, for the end.
    pub(super) fn put_back(&mut self, found: Property<'c>) {
        self.open.push(found);
    }

    /// Puts a property aside as it is.
    pub(super) fn keep(&mut self, found: &Property<'_>, losses: &mut Losses) {
        self.kept.property(found, self.component.name(), losses);
    }

    /// The object, with what nothing was made of in its `iCalendar` property.
    pub(super) fn finish(mut self, losses: &mut Losses) -> Object {
        for found in self.take_named("JSPROP") {
            let value = found.parameter("JSPTR").and_then(|path| {
                let value = serde_json::from_str(&found.text()).ok()?;
                pointer::add(&mut self.object, &path, value).then_some(())
            });
            if value.is_none() {
                self.keep(&found, losses);
            }
        }
        for found in std::mem::take(&mut self.open) {
            self.keep(&found, losses);
        }
        if !self.kept.is_empty() {
            let value = self.kept.into_value(self.component.name());
            self.object.insert(kept::NAME.to_owned(), value);
        }
        self.object
    }
}

/// Whether a text is an Id (RFC 8984 1.4.1).
pub(super) fn is_id(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether an id may be one that [`Sheet::id`] made.
pub(super) fn is_made(id: &str, letter: char) -> bool {
    id.strip_prefix(letter).is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
