//! The `iCalendar` property: what JSCalendar has no word for, as jCal.

use serde_json::{Value, json};

use super::Object;
use crate::converted::Losses;
use crate::jcal::{read, write};
use crate::parameter::is_name;
use crate::{Component, NewComponent, NewProperty, Property};

/// The name of the JSCalendar property.
pub(super) const NAME: &str = "iCalendar";

/// An ICalComponent object.
#[derive(Debug, Default, Clone)]
pub(super) struct Kept {
    /// What is to be remembered of properties that were converted, by the
    /// path to what they became.
    pub(super) converted: Object,
    /// Properties as jCal.
    pub(super) properties: Vec<Value>,
    /// Components as jCal.
    pub(super) components: Vec<Value>,
}

impl Kept {
    pub(super) fn is_empty(&self) -> bool {
        self.converted.is_empty() && self.properties.is_empty() && self.components.is_empty()
    }

    /// Keeps a property whole.
    pub(super) fn property(&mut self, found: &Property<'_>, within: &str, losses: &mut Losses) {
        let mut text = String::new();
        write::property(&mut text, found);
        match serde_json::from_str(&text) {
            Ok(jcal) if is_name(found.name()) => self.properties.push(jcal),
            _ => losses.property(found, within, "not a property that can be kept"),
        }
    }

    /// Whether a property of a name is kept whole.
    pub(super) fn has(&self, name: &str) -> bool {
        self.properties.iter().any(|jcal| is_named(jcal, name))
    }

    /// Lets go of the properties of a name.
    pub(super) fn remove(&mut self, name: &str) {
        self.properties.retain(|jcal| !is_named(jcal, name));
    }

    /// Keeps a component whole.
    pub(super) fn component(&mut self, found: Component<'_>, losses: &mut Losses) {
        let mut text = String::new();
        write::component(&mut text, found);
        match serde_json::from_str(&text) {
            Ok(jcal) if is_name(found.name()) => self.components.push(jcal),
            _ => losses.component(&found, "not a component that can be kept"),
        }
    }

    /// Remembers the parameters that the conversion does not carry by itself.
    pub(super) fn parameters(&mut self, path: &str, found: &Property<'_>, known: &[&str]) {
        let mut parameters = Object::new();
        for (name, mut values) in write::parameters(found) {
            let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(&name));
            if is_known || !is_name(&name) {
                continue;
            }
            let value = match values.len() {
                1 => Value::from(values.remove(0)),
                _ => Value::from(values),
            };
            parameters.insert(name, value);
        }
        if !parameters.is_empty() {
            let mut note = note(found.name());
            note.insert("parameters".to_owned(), Value::Object(parameters));
            self.converted.insert(path.to_owned(), Value::Object(note));
        }
    }

    /// Remembers the name of the property that became something.
    pub(super) fn name(&mut self, path: &str, name: &str) {
        let entry = self.converted.entry(path);
        entry.or_insert_with(|| Value::Object(note(name)));
    }

    pub(super) fn into_value(self, name: &str) -> Value {
        let mut object = Object::new();
        object.insert("@type".to_owned(), "ICalComponent".into());
        object.insert("name".to_owned(), name.to_ascii_lowercase().into());
        if !self.converted.is_empty() {
            object.insert("convertedProperties".to_owned(), self.converted.into());
        }
        if !self.properties.is_empty() {
            object.insert("properties".to_owned(), self.properties.into());
        }
        if !self.components.is_empty() {
            object.insert("components".to_owned(), self.components.into());
        }
        Value::Object(object)
    }

    /// Takes what was kept out of an object.
    pub(super) fn take(object: &mut Object) -> Self {
        let Some(Value::Object(mut own)) = object.shift_remove(NAME) else {
            return Self::default();
        };
        let mut list = |name: &str| match own.shift_remove(name) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let (properties, components) = (list("properties"), list("components"));
        let converted = match own.shift_remove("convertedProperties") {
            Some(Value::Object(converted)) => converted,
            _ => Object::new(),
        };
        Kept {
            converted,
            properties,
            components,
        }
    }

    /// The name of the property that became what a path points to.
    pub(super) fn name_of(&self, path: &str) -> Option<&str> {
        self.converted.get(path)?.get("name")?.as_str()
    }

    /// One parameter that is remembered for what a path points to.
    pub(super) fn parameter_of(&self, path: &str, name: &str) -> Option<&str> {
        let parameters = self.converted.get(path)?.get("parameters")?;
        parameters.get(name)?.as_str()
    }

    /// A property with the parameters that are remembered for it.
    pub(super) fn restore(&self, path: &str, mut property: NewProperty) -> NewProperty {
        let note = self
            .converted
            .get(path)
            .and_then(|note| note.get("parameters"));
        for (name, value) in note.and_then(Value::as_object).into_iter().flatten() {
            let values = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            property = property.with_parameter_values(&name.to_ascii_uppercase(), values);
        }
        property
    }
}

fn is_named(jcal: &Value, name: &str) -> bool {
    let own = jcal.get(0).and_then(Value::as_str);
    own.is_some_and(|own| own.eq_ignore_ascii_case(name))
}

fn note(name: &str) -> Object {
    let mut note = Object::new();
    note.insert("@type".to_owned(), "ICalProperty".into());
    note.insert("name".to_owned(), name.to_ascii_lowercase().into());
    note
}

/// A kept property as it is to be written.
pub(super) fn new_property(jcal: &Value) -> Option<NewProperty> {
    read::read_property(jcal, "").ok()
}

/// A kept component as it is to be written. Depth is bounded by what the JSON
/// reader takes in.
pub(super) fn new_component(jcal: &Value) -> Option<NewComponent> {
    let [name, properties, components] = jcal.as_array()?.as_slice() else {
        return None;
    };
    let mut made = NewComponent::new(&name.as_str()?.to_ascii_uppercase()).ok()?;
    for property in properties.as_array()? {
        made = made.with(new_property(property)?);
    }
    for inner in components.as_array()? {
        made = made.with_component(new_component(inner)?);
    }
    Some(made)
}

/// A set of names as JSCalendar writes it: an object with `true` for each.
pub(super) fn set_of(names: impl IntoIterator<Item = String>) -> Value {
    let all = names.into_iter().map(|name| (name, json!(true)));
    Value::Object(all.collect())
}
