//! Calendar to jCal, straight into the text: nothing is nested in memory.

use std::borrow::Cow;

use serde_json::Value;

use super::forms::{self, until_from_jcal};
use crate::text::escape;
use crate::value::lexical;
use crate::vocabulary::Arity;
use crate::{Calendar, Component, Components, Property, PropertyKind, RequestStatus, ValueType};

pub(super) fn calendar(calendar: &Calendar) -> String {
    let mut out = String::with_capacity(calendar.tree.source.len() * 2);
    let single = calendar.roots().count() == 1;
    if !single {
        out.push('[');
    }
    for (index, root) in calendar.roots().enumerate() {
        comma(&mut out, index);
        component(&mut out, root);
    }
    if !single {
        out.push(']');
    }
    out
}

fn comma(out: &mut String, index: usize) {
    if index > 0 {
        out.push(',');
    }
}

fn string(out: &mut String, text: &str) {
    out.push_str(&Value::from(text).to_string());
}

/// Whether control characters are line breaks that an escape stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineBreaks {
    Kept,
    Dropped,
}

/// A text without what no content line can carry, so that reading it back
/// gives the same.
fn carried(text: &str, breaks: LineBreaks) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        match c {
            '\r' | '\n' if breaks == LineBreaks::Kept => {
                if c == '\r' {
                    chars.next_if_eq(&'\n');
                }
                out.push('\n');
            }
            c if c == '\t' || !c.is_ascii_control() => out.push(c),
            _ => {}
        }
    }
    out
}

/// A component and all inside it; a stack, because depth is up to the input.
pub(crate) fn component(out: &mut String, component: Component<'_>) {
    let mut open: Vec<(Components<'_>, usize)> = vec![begin(out, component)];
    while let Some((inner, count)) = open.last_mut() {
        if let Some(next) = inner.next() {
            comma(out, *count);
            *count += 1;
            open.push(begin(out, next));
        } else {
            out.push_str("]]");
            open.pop();
        }
    }
}

fn begin<'a>(out: &mut String, component: Component<'a>) -> (Components<'a>, usize) {
    out.push('[');
    string(out, &component.name().to_ascii_lowercase());
    out.push_str(",[");
    let properties = component.properties();
    let named = properties.filter(|found| forms::is_carried_name(found.name()));
    for (index, found) in named.enumerate() {
        comma(out, index);
        property(out, &found);
    }
    out.push_str("],[");
    (component.components(), 0)
}

pub(crate) fn property(out: &mut String, property: &Property<'_>) {
    out.push('[');
    string(out, &property.name().to_ascii_lowercase());
    out.push_str(",{");
    write_parameters(out, property);
    out.push_str("},");
    let declared = property
        .parameter("VALUE")
        .map(|name| name.to_ascii_lowercase());
    let (value_type, values) = values(property);
    match (values, declared) {
        (Some(values), declared) => {
            let known = value_type.as_str().to_ascii_lowercase();
            let name = declared.filter(|name| ValueType::of(name) == ValueType::Unknown);
            string(out, &name.unwrap_or(known));
            for value in values {
                out.push(',');
                out.push_str(&value.to_string());
            }
        }
        (None, declared) => {
            // As a text it would be escaped on its way back.
            let declared = declared.filter(|_| value_type != ValueType::Text);
            let declared = declared.map(|name| carried(&name, LineBreaks::Dropped));
            string(out, declared.as_deref().unwrap_or("unknown"));
            out.push(',');
            string(out, &carried(&property.raw_value(), LineBreaks::Dropped));
        }
    }
    out.push(']');
}

fn write_parameters(out: &mut String, property: &Property<'_>) {
    let carried_ones = parameters(property).into_iter();
    let carried_ones = carried_ones.filter(|(name, _)| forms::is_carried_name(name));
    for (index, (name, values)) in carried_ones.enumerate() {
        comma(out, index);
        string(out, &name);
        out.push(':');
        let values: Vec<Value> = values
            .iter()
            .map(|value| Value::from(carried(value, LineBreaks::Kept)))
            .collect();
        match values.as_slice() {
            [one] => out.push_str(&one.to_string()),
            _ => out.push_str(&Value::Array(values).to_string()),
        }
    }
}

/// The parameters but for VALUE, with names in lower case. One that is there
/// twice has the values of both: no other format can say a name twice.
pub(crate) fn parameters<'a>(property: &Property<'a>) -> Vec<(String, Vec<Cow<'a, str>>)> {
    let mut all: Vec<(String, Vec<Cow<'a, str>>)> = Vec::new();
    for parameter in property.parameters() {
        let name = parameter.name().to_ascii_lowercase();
        if name == "value" || name.is_empty() {
            continue;
        }
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.extend(parameter.values()),
            None => all.push((name, parameter.values().collect())),
        }
    }
    all
}

/// The type that the values have, and the values; none if they do not have it.
pub(crate) fn values(property: &Property<'_>) -> (ValueType, Option<Vec<Value>>) {
    let mut value_type = property.value_type();
    let raw = carried(&property.raw_value(), LineBreaks::Dropped);
    // A date that no parameter announces is a date all the same.
    let bare = property.parameter("VALUE").is_none();
    if bare && value_type == ValueType::DateTime && lexical::date(raw.as_bytes()).is_some() {
        value_type = ValueType::Date;
    }
    if bare
        && value_type == ValueType::Duration
        && forms::to_jcal(ValueType::DateTime, &raw).is_some()
    {
        value_type = ValueType::DateTime;
    }
    let values = match property.kind().arity() {
        _ if value_type == ValueType::Unknown => None,
        Arity::Parts if matches!(value_type, ValueType::Float | ValueType::Text) => {
            parts(property, value_type).map(|parts| vec![Value::Array(parts)])
        }
        Arity::List if value_type == ValueType::Text => Some(
            property
                .texts()
                .iter()
                .map(|text| text_value(text))
                .collect(),
        ),
        Arity::List => raw.split(',').map(|part| one(value_type, part)).collect(),
        Arity::Parts | Arity::One => one(value_type, &raw).map(|value| vec![value]),
    };
    (value_type, values)
}

fn parts(property: &Property<'_>, value_type: ValueType) -> Option<Vec<Value>> {
    let raw = carried(&property.raw_value(), LineBreaks::Dropped);
    if value_type == ValueType::Float {
        return raw
            .split(';')
            .map(|part| one(ValueType::Float, part))
            .collect();
    }
    if property.kind() == PropertyKind::RequestStatus {
        RequestStatus::parse(&raw)?;
    }
    let plain = |part: &str| escape::unescape(part.into()).into_owned();
    Some(
        escape::split(&raw, ';')
            .map(|part| Value::from(plain(part)))
            .collect(),
    )
}

/// A text that has been unescaped.
fn text_value(text: &str) -> Value {
    Value::from(carried(text, LineBreaks::Kept))
}

fn one(value_type: ValueType, text: &str) -> Option<Value> {
    match value_type {
        ValueType::Text => Some(text_value(&escape::unescape(text.into()))),
        ValueType::Uri | ValueType::CalAddress | ValueType::Binary => Some(Value::from(text)),
        ValueType::Integer => lexical::integer(text).map(Value::from),
        ValueType::Float => lexical::float(text)
            .filter(|number| number.is_finite())
            .map(Value::from),
        ValueType::Boolean => lexical::boolean(text).map(Value::from),
        ValueType::Recur => recur(text),
        ValueType::Period => period(text),
        _ => forms::to_jcal(value_type, text).map(Value::from),
    }
}

fn period(text: &str) -> Option<Value> {
    let (start, end) = text.split_once('/')?;
    let start = forms::to_jcal(ValueType::DateTime, start)?;
    let end = forms::to_jcal(ValueType::DateTime, end)
        .or_else(|| forms::to_jcal(ValueType::Duration, end))?;
    Some(Value::from(vec![start, end]))
}

/// A recurrence rule as an object: numbers as numbers, lists as arrays.
fn recur(text: &str) -> Option<Value> {
    let mut rule = serde_json::Map::new();
    for part in text.split(';') {
        let (name, value) = part.split_once('=')?;
        let name = name.to_ascii_lowercase();
        let items: Vec<Value> = value
            .split(',')
            .map(|item| rule_item(&name, item))
            .collect::<Option<_>>()?;
        let value = match items.as_slice() {
            [one] => one.clone(),
            _ => Value::Array(items),
        };
        if rule.insert(name, value).is_some() {
            return None;
        }
    }
    Some(Value::Object(rule))
}

/// One value of a part of a rule; none for what jCal would read as another one.
fn rule_item(name: &str, item: &str) -> Option<Value> {
    if name == "until" {
        let date = forms::to_jcal(ValueType::Date, item);
        let until = date.or_else(|| forms::to_jcal(ValueType::DateTime, item));
        let foreign = || until_from_jcal(item).is_some();
        return match until {
            Some(until) => Some(Value::from(until)),
            None if foreign() => None,
            None => Some(Value::from(item)),
        };
    }
    let number = lexical::integer(item).filter(|number| number.to_string() == item);
    Some(number.map_or_else(|| Value::from(item), Value::from))
}
