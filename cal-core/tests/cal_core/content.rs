//! What a calendar says, whatever the format that it went through: names in one
//! case of letters, parameters by name, values as their types read them.

use cal_core::{Calendar, Component, Property, PropertyKind, ValueType};

/// A line for each BEGIN, property and END.
pub(crate) fn content(calendar: &Calendar) -> Vec<String> {
    let mut lines = Vec::new();
    for root in calendar.roots() {
        component(root, &mut lines);
    }
    lines
}

fn component(found: Component<'_>, lines: &mut Vec<String>) {
    let name = found.name().to_ascii_uppercase();
    lines.push(format!("BEGIN {name}"));
    // What stands between components stands before them in other formats.
    lines.extend(
        found
            .properties()
            .filter(is_named)
            .map(|own| property(&own)),
    );
    for inner in found.components() {
        component(inner, lines);
    }
    lines.push(format!("END {name}"));
}

/// Whether a content line can have a name of this kind at all.
fn is_named(property: &Property<'_>) -> bool {
    is_carried_name(property.name())
}

fn is_carried_name(name: &str) -> bool {
    let ends_name = |c: char| c.is_ascii_control() || matches!(c, ':' | ';' | ',' | '=' | '"');
    !name.is_empty() && name.trim() == name && !name.contains(ends_name)
}

fn property(found: &Property<'_>) -> String {
    let value_type = value_type(found);
    let mut parameters: Vec<(String, Vec<String>)> = Vec::new();
    for own in found.parameters() {
        let name = own.name().to_ascii_uppercase();
        if name == "VALUE" || !is_carried_name(&name) {
            continue;
        }
        let values = own.values().map(|value| plain(&value));
        match parameters.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.extend(values),
            None => parameters.push((name, values.collect())),
        }
    }
    parameters.sort();
    let name = found.name().to_ascii_uppercase();
    format!(
        "{name} {parameters:?} {} {:?}",
        value_type.as_str(),
        values(found, value_type)
    )
}

/// The type, where a date or time needs no parameter to be told from others.
fn value_type(found: &Property<'_>) -> ValueType {
    let raw = plain(&found.raw_value());
    let form: Vec<bool> = raw.bytes().map(|byte| byte.is_ascii_digit()).collect();
    let declared = found.value_type();
    if found.parameter("VALUE").is_none() {
        let is_date = form.len() == 8 && form.iter().all(|digit| *digit);
        let is_time = raw.trim_end_matches('Z').len() == 15 && raw.get(8..9) == Some("T");
        match declared {
            ValueType::DateTime if is_date && found.date_times().is_ok() => return ValueType::Date,
            ValueType::Duration if is_time && found.date_times().is_ok() => {
                return ValueType::DateTime;
            }
            _ => {}
        }
    }
    declared
}

fn values(found: &Property<'_>, value_type: ValueType) -> Vec<String> {
    let raw = plain(&found.raw_value());
    let each = |separators: &[char], read: fn(&str) -> Option<String>| -> Option<Vec<String>> {
        raw.split(separators).map(read).collect()
    };
    let read = match value_type {
        ValueType::Text if found.kind() == PropertyKind::RequestStatus => found
            .request_status()
            .ok()
            .map(|own| vec![plain(&own.to_string())]),
        ValueType::Text
            if matches!(
                found.kind(),
                PropertyKind::Categories | PropertyKind::Resources | PropertyKind::LocationType
            ) =>
        {
            Some(found.texts().iter().map(|text| plain(text)).collect())
        }
        ValueType::Text => Some(vec![plain(&found.text())]),
        ValueType::Float => each(&[',', ';'], |part| {
            let number: f64 = part
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())?;
            Some(format!("{number:?}"))
        }),
        ValueType::Integer => each(&[','], |part| {
            part.parse::<i32>().ok().map(|n| n.to_string())
        }),
        ValueType::Boolean | ValueType::Recur => Some(vec![raw.to_ascii_uppercase()]),
        _ => None,
    };
    read.unwrap_or_else(|| vec![raw])
}

/// A text without what no content line can carry.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_ascii_control())
        .collect()
}
