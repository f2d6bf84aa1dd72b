//! jCal to calendar.

use serde_json::Value;

use super::forms;
use crate::parameter::is_name;
use crate::text::escape;
use crate::text::fold::fold_into;
use crate::vocabulary::Arity;
use crate::{Calendar, Error, NewProperty, PropertyKind, Reader, ValueType};

pub(super) fn calendar(json: &str) -> Result<Calendar, Error> {
    let value: Value = serde_json::from_str(json).map_err(|error| {
        let is_deep = error.to_string().starts_with("recursion limit exceeded");
        let reason = if is_deep {
            "nested deeper than 127 levels"
        } else {
            "not JSON"
        };
        let place = format!("{}:{}", error.line(), error.column());
        wrong(&place, reason)
    })?;
    let mut out = Vec::with_capacity(json.len());
    let list = array(&value, "$")?;
    if list.is_empty() {
        return Err(wrong("$", "an empty list, where a component was expected"));
    }
    if list.first().is_some_and(Value::is_array) {
        for (index, root) in list.iter().enumerate() {
            component(&mut out, root, &format!("$[{index}]"))?;
        }
    } else {
        component(&mut out, &value, "$")?;
    }
    Ok(Reader::new().read(out).calendar)
}

fn wrong(place: &str, reason: &'static str) -> Error {
    Error::Jcal {
        place: place.into(),
        reason,
    }
}

fn array<'v>(value: &'v Value, place: &str) -> Result<&'v Vec<Value>, Error> {
    value.as_array().ok_or_else(|| wrong(place, "not an array"))
}

fn name(value: &Value, place: &str) -> Result<String, Error> {
    let name = value.as_str().map(str::to_ascii_uppercase);
    name.filter(|name| is_name(name))
        .ok_or_else(|| wrong(place, "not a name"))
}

/// Depth is bounded by what the JSON reader takes in.
fn component(out: &mut Vec<u8>, value: &Value, place: &str) -> Result<(), Error> {
    let [title, properties, components] = array(value, place)?.as_slice() else {
        return Err(wrong(
            place,
            "not a component of name, properties and components",
        ));
    };
    let title = name(title, place)?;
    fold_into(out, format!("BEGIN:{title}").as_bytes(), b"\r\n");
    for (index, property) in array(properties, &format!("{place}[1]"))?
        .iter()
        .enumerate()
    {
        let line = read_property(property, &format!("{place}[1][{index}]"))?.to_string();
        fold_into(out, line.as_bytes(), b"\r\n");
    }
    for (index, inner) in array(components, &format!("{place}[2]"))?
        .iter()
        .enumerate()
    {
        component(out, inner, &format!("{place}[2][{index}]"))?;
    }
    fold_into(out, format!("END:{title}").as_bytes(), b"\r\n");
    Ok(())
}

/// A property from its jCal form; `place` is where it stands, for errors.
pub(crate) fn read_property(value: &Value, place: &str) -> Result<NewProperty, Error> {
    let [title, parameters, kind, values @ ..] = array(value, place)?.as_slice() else {
        return Err(wrong(
            place,
            "not a property of name, parameters, type and values",
        ));
    };
    let title = property_name(title, place)?;
    let parameters = parameters
        .as_object()
        .ok_or_else(|| wrong(place, "no parameters"))?;
    let mut property = NewProperty::carried(title.clone());
    for (name, value) in parameters {
        let name = name.to_ascii_uppercase();
        if name == "VALUE" || !forms::is_carried_name(&name) {
            continue;
        }
        property = match value {
            Value::Array(values) => {
                let values: Vec<String> = values.iter().map(plain).collect();
                property.with_carried_parameter(&name, values)
            }
            value => property.with_carried_parameter(&name, [plain(value)]),
        };
    }
    let declared = kind.as_str().ok_or_else(|| wrong(place, "no value type"))?;
    let kind = PropertyKind::of(&title);
    let value_type = ValueType::of(declared);
    let goes_without_saying = value_type == kind.default_type()
        && !kind.must_say_type()
        && values.iter().all(|value| has_form(value_type, value));
    if !declared.eq_ignore_ascii_case("unknown")
        && (value_type == ValueType::Unknown || !goes_without_saying)
    {
        property = property.with_parameter("VALUE", &declared.to_ascii_uppercase());
    }
    let separator = if kind.arity() == Arity::Parts {
        ';'
    } else {
        ','
    };
    let mut raw = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            raw.push(',');
        }
        write_value(&mut raw, value_type, value, separator);
    }
    Ok(property.with_raw_value(&raw))
}

/// The name of a property; a BEGIN or END would not be one.
fn property_name(value: &Value, place: &str) -> Result<String, Error> {
    let name = value.as_str().map(str::to_ascii_uppercase);
    let is_name =
        |name: &String| forms::is_carried_name(name) && !matches!(name.as_str(), "BEGIN" | "END");
    name.filter(is_name)
        .ok_or_else(|| wrong(place, "not a name"))
}

/// Whether a value has the form that jCal gives to its type. One that has not
/// keeps its type by name, as it would otherwise be taken for another one.
fn has_form(value_type: ValueType, value: &Value) -> bool {
    let text = || value.as_str().unwrap_or_default();
    match value_type {
        ValueType::Date | ValueType::DateTime | ValueType::Time | ValueType::UtcOffset => {
            forms::from_jcal(value_type, text()).is_some()
        }
        ValueType::Duration => forms::to_jcal(value_type, text()).is_some(),
        ValueType::Period => value.is_array(),
        ValueType::Recur => value.is_object(),
        ValueType::Integer | ValueType::Float => !value.is_string(),
        ValueType::Boolean => value.is_boolean(),
        _ => true,
    }
}

/// A scalar as text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::Null => String::new(),
        Value::Number(number) => forms::without_exponent(number),
        other => other.to_string(),
    }
}

fn write_value(out: &mut String, value_type: ValueType, value: &Value, separator: char) {
    match (value_type, value) {
        (ValueType::Recur, Value::Object(rule)) => write_rule(out, rule),
        (ValueType::Period, Value::Array(ends)) => {
            for (index, end) in ends.iter().enumerate() {
                if index > 0 {
                    out.push('/');
                }
                let end = plain(end);
                out.push_str(&forms::from_jcal(ValueType::DateTime, &end).unwrap_or(end));
            }
        }
        (_, Value::Array(parts)) => {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    out.push(separator);
                }
                write_scalar(out, value_type, part);
            }
        }
        (_, scalar) => write_scalar(out, value_type, scalar),
    }
}

fn write_scalar(out: &mut String, value_type: ValueType, value: &Value) {
    let text = plain(value);
    if value_type == ValueType::Text {
        escape::escape_into(out, &text);
        return;
    }
    out.push_str(&forms::from_jcal(value_type, &text).unwrap_or(text));
}

fn write_rule(out: &mut String, rule: &serde_json::Map<String, Value>) {
    for (index, (name, value)) in rule.iter().enumerate() {
        if index > 0 {
            out.push(';');
        }
        out.push_str(&name.to_ascii_uppercase());
        out.push('=');
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            let text = plain(item);
            let until =
                forms::until_from_jcal(&text).filter(|_| name.eq_ignore_ascii_case("until"));
            out.push_str(&until.unwrap_or(text));
        }
    }
}
