//! A component on its way from JSCalendar: the properties that it gets, and
//! what is left of the object.

use std::collections::HashSet;

use serde_json::Value;

use super::clock::read_utc;
use super::kept::{self, Kept};
use super::{Object, pointer};
use crate::converted::Losses;
use crate::{Moment, NewComponent, NewProperty, PropertyKind};

pub(super) struct Draft {
    name: &'static str,
    pub(super) object: Object,
    pub(super) kept: Kept,
    /// Path of the object in the JSON text, for reports.
    pub(super) place: String,
    properties: Vec<NewProperty>,
    /// Their names, in capitals.
    names: HashSet<String>,
    components: Vec<NewComponent>,
}

impl Draft {
    pub(super) fn new(name: &'static str, mut object: Object, place: &str) -> Self {
        object.shift_remove("@type");
        let kept = Kept::take(&mut object);
        Draft {
            name,
            object,
            kept,
            place: place.to_owned(),
            properties: Vec::new(),
            names: HashSet::new(),
            components: Vec::new(),
        }
    }

    /// Takes a property that is a text.
    pub(super) fn string(&mut self, key: &str) -> Option<String> {
        take_string(&mut self.object, key)
    }

    /// Takes a property that is an object.
    pub(super) fn map(&mut self, key: &str) -> Option<Object> {
        take_object(&mut self.object, key)
    }

    /// Takes a property that is a list.
    pub(super) fn list(&mut self, key: &str) -> Option<Vec<Value>> {
        match self.object.get(key)? {
            Value::Array(_) => match self.object.shift_remove(key) {
                Some(Value::Array(items)) => Some(items),
                _ => None,
            },
            _ => None,
        }
    }

    /// Takes a property that is a whole number within 32 bits.
    pub(super) fn integer(&mut self, key: &str) -> Option<i32> {
        let number = i32::try_from(self.object.get(key)?.as_i64()?).ok()?;
        self.object.shift_remove(key);
        Some(number)
    }

    /// Adds a property that came of what a path points to.
    pub(super) fn add(&mut self, path: &str, property: NewProperty) {
        let property = self.kept.restore(path, property);
        self.names.insert(property.name().to_ascii_uppercase());
        self.properties.push(property);
    }

    /// Adds a property of a kind with a text.
    pub(super) fn add_text(&mut self, path: &str, kind: PropertyKind, text: &str) {
        self.add(path, NewProperty::of(kind).with_text(text));
    }

    /// Takes an instant, a UTCDateTime (RFC 8984 1.4.4), as a property of a kind.
    pub(super) fn take_instant(&mut self, key: &str, kind: PropertyKind) {
        let utc = self.object.get(key).and_then(Value::as_str);
        if let Some(utc) = utc.and_then(read_utc) {
            self.object.shift_remove(key);
            self.add(key, NewProperty::of(kind).with_moment(&Moment::Utc(utc)));
        }
    }

    pub(super) fn add_component(&mut self, component: NewComponent) {
        self.components.push(component);
    }

    /// Whether a property of this name is among the kept ones.
    pub(super) fn keeps(&self, name: &str) -> bool {
        self.kept.has(name)
    }

    /// Whether a property of this name was added; the name is in capitals.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Takes away the properties of this name.
    pub(super) fn without(&mut self, name: &str) {
        self.names.remove(name);
        self.properties
            .retain(|own| !own.name().eq_ignore_ascii_case(name));
    }

    /// What is left of an object inside this one goes into JSPROP properties.
    pub(super) fn leave(&mut self, path: &str, rest: Object) {
        for (name, value) in rest {
            if name == "@type" || value.is_null() {
                continue;
            }
            let path = pointer::join(path, &name);
            self.properties.push(jsprop(&path, &value));
        }
    }

    /// The component, with what was kept and what is left.
    pub(super) fn finish(mut self, losses: &mut Losses) -> NewComponent {
        let rest = std::mem::take(&mut self.object);
        self.leave("", rest);
        let mut made = NewComponent::named(self.name);
        for property in self.properties {
            made = made.with(property);
        }
        for (index, jcal) in self.kept.properties.iter().enumerate() {
            match kept::new_property(jcal) {
                Some(property) => made = made.with(property),
                None => losses.add(
                    self.place.clone(),
                    self.name,
                    &format!("iCalendar/properties/{index}"),
                    "not a jCal property",
                ),
            }
        }
        for component in self.components {
            made = made.with_component(component);
        }
        for (index, jcal) in self.kept.components.iter().enumerate() {
            match kept::new_component(jcal) {
                Some(component) => made = made.with_component(component),
                None => losses.add(
                    self.place.clone(),
                    self.name,
                    &format!("iCalendar/components/{index}"),
                    "not a jCal component",
                ),
            }
        }
        made
    }
}

/// A property that iCalendar has no word for.
fn jsprop(path: &str, value: &Value) -> NewProperty {
    NewProperty::named("JSPROP")
        .with_parameter("JSPTR", path)
        .with_text(&value.to_string())
}

/// Takes a member of an object that is a text.
pub(super) fn take_string(object: &mut Object, key: &str) -> Option<String> {
    object.get(key)?.as_str()?;
    match object.shift_remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Takes a member of an object that is an object.
pub(super) fn take_object(object: &mut Object, key: &str) -> Option<Object> {
    object.get(key)?.as_object()?;
    match object.shift_remove(key) {
        Some(Value::Object(inner)) => Some(inner),
        _ => None,
    }
}

/// Takes a member that is a set of names: an object with `true` for each.
pub(super) fn take_set(object: &mut Object, key: &str) -> Option<Vec<String>> {
    let all = object.get(key)?.as_object()?;
    if !all.values().all(|value| *value == Value::Bool(true)) {
        return None;
    }
    let names = all.keys().cloned().collect();
    object.shift_remove(key);
    Some(names)
}

/// Takes a member of an object that is true or false.
pub(super) fn take_bool(object: &mut Object, key: &str) -> Option<bool> {
    let value = object.get(key)?.as_bool()?;
    object.shift_remove(key);
    Some(value)
}
