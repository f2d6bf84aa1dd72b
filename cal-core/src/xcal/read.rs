//! xCal to calendar: each property by way of its jCal form, so that both
//! formats mean the same.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::document::{self, Element, fault};
use super::write::is_element_name;
use crate::jcal::forms;
use crate::jcal::read::read_property;
use crate::text::fold::fold_into;
use crate::value::lexical;
use crate::{Calendar, Error, NewProperty, Reader, ValueType};

pub(super) fn calendar(xml: &str) -> Result<Calendar, Error> {
    let source = xml.trim_start_matches('\u{feff}');
    let root = document::parse(source)?;
    let reader = XcalReader { source };
    if !root.is_xcal || root.name != "icalendar" {
        return Err(reader.wrong(&root, "not the icalendar element of xCal"));
    }
    reader.without_text(&root)?;
    let mut out = Vec::with_capacity(source.len());
    for component in &root.children {
        reader.component(&mut out, component)?;
    }
    Ok(Reader::new().read(out).calendar)
}

/// The elements that the parts of a value stand in, which has no element for
/// its type (RFC 6321 3.4.1.2, 3.4.1.3).
pub(super) fn part_names(value_type: ValueType) -> &'static [&'static str] {
    match value_type {
        ValueType::Float => &["latitude", "longitude"],
        _ => &["code", "description", "data"],
    }
}

/// Whether a text that is no iCalendar value of its type is one in XML, which
/// spells dates, times, numbers and truth in ways of its own.
pub(super) fn is_other_spelling(value_type: ValueType, text: &str) -> bool {
    match value_type {
        ValueType::Float => !float(text).is_string(),
        ValueType::Boolean => matches!(text, "0" | "1"),
        _ => forms::from_jcal(value_type, text).is_some(),
    }
}

/// A FLOAT. XML writes one with an exponent too, which iCalendar has not.
fn float(text: &str) -> Value {
    let number = lexical::float(text).or_else(|| text.parse().ok());
    let number = number.filter(|number| number.is_finite());
    number.map_or_else(|| Value::from(text), Value::from)
}

struct XcalReader<'s> {
    source: &'s str,
}

impl XcalReader<'_> {
    fn wrong(&self, element: &Element, reason: &str) -> Error {
        fault(self.source, element.start, reason)
    }

    fn without_text(&self, element: &Element) -> Result<(), Error> {
        match element.text.trim().is_empty() {
            true => Ok(()),
            false => Err(self.wrong(element, "text where xCal has elements")),
        }
    }

    fn name(&self, element: &Element) -> Result<String, Error> {
        if !element.is_xcal || !is_element_name(&element.name) {
            return Err(self.wrong(element, "not an element of xCal"));
        }
        Ok(element.name.to_ascii_uppercase())
    }

    /// Depth is bounded by what the document reader takes in.
    fn component(&self, out: &mut Vec<u8>, element: &Element) -> Result<(), Error> {
        let name = self.name(element)?;
        self.without_text(element)?;
        fold_into(out, format!("BEGIN:{name}").as_bytes(), b"\r\n");
        let of = |kind: &'static str| {
            element
                .children
                .iter()
                .filter(move |part| part.name == kind)
        };
        for part in &element.children {
            let known = part.is_xcal && matches!(part.name.as_str(), "properties" | "components");
            if !known {
                return Err(self.wrong(part, "neither properties nor components"));
            }
            self.without_text(part)?;
        }
        for property in of("properties").flat_map(|part| &part.children) {
            let line = self.property(property)?.to_string();
            fold_into(out, line.as_bytes(), b"\r\n");
        }
        for inner in of("components").flat_map(|part| &part.children) {
            self.component(out, inner)?;
        }
        fold_into(out, format!("END:{name}").as_bytes(), b"\r\n");
        Ok(())
    }

    fn property(&self, element: &Element) -> Result<NewProperty, Error> {
        if element.is_foreign {
            return self.foreign(element);
        }
        let name = self.name(element)?;
        self.without_text(element)?;
        let mut parameters = Map::new();
        let mut kind = None;
        let mut values = Vec::new();
        let mut parts = Vec::new();
        for child in &element.children {
            if !child.is_xcal {
                return Err(self.wrong(child, "not an element of xCal"));
            }
            if child.name == "parameters" {
                self.parameters(&mut parameters, child)?;
                continue;
            }
            let part_of = [ValueType::Float, ValueType::Text]
                .into_iter()
                .find(|&value_type| part_names(value_type).contains(&child.name.as_str()));
            let of = match part_of {
                Some(value_type) => value_type.as_str(),
                None => child.name.as_str(),
            };
            if kind.is_some_and(|kind: &str| !kind.eq_ignore_ascii_case(of)) {
                return Err(self.wrong(child, "values of different types"));
            }
            kind = Some(of);
            match part_of {
                Some(value_type) => {
                    let text = self.scalar(value_type, child)?;
                    parts.push(match value_type {
                        ValueType::Float => float(&text),
                        _ => Value::from(text),
                    });
                }
                None => values.push(self.value(child)?),
            }
        }
        if !parts.is_empty() {
            values.push(Value::Array(parts));
        }
        let mut jcal = vec![
            Value::from(name),
            Value::Object(parameters),
            Value::from(kind.unwrap_or("unknown")),
        ];
        jcal.extend(values);
        let place = |_| self.wrong(element, "not a property");
        read_property(&Value::Array(jcal), "").map_err(place)
    }

    fn parameters(&self, into: &mut Map<String, Value>, element: &Element) -> Result<(), Error> {
        self.without_text(element)?;
        for parameter in &element.children {
            let name = self.name(parameter)?;
            self.without_text(parameter)?;
            let mut values = Vec::new();
            for value in &parameter.children {
                let text = self.text(value)?;
                values.push(match (value.name.as_str(), text.trim()) {
                    ("boolean", "true" | "1") => Value::Bool(true),
                    ("boolean", "false" | "0") => Value::Bool(false),
                    _ => Value::from(text),
                });
            }
            into.insert(name.to_ascii_lowercase(), Value::Array(values));
        }
        Ok(())
    }

    /// The text of an element that may have nothing else inside.
    fn text<'e>(&self, element: &'e Element) -> Result<&'e str, Error> {
        match element.is_xcal && element.children.is_empty() {
            true => Ok(&element.text),
            false => Err(self.wrong(element, "elements where xCal has text")),
        }
    }

    fn scalar<'e>(
        &self,
        value_type: ValueType,
        element: &'e Element,
    ) -> Result<Cow<'e, str>, Error> {
        let text = self.text(element)?;
        // No content line holds a line break: outside of texts one is layout.
        Ok(match value_type {
            ValueType::Text | ValueType::Unknown => text.into(),
            _ if text.contains(['\n', '\r']) => text.trim().replace(['\n', '\r'], "").into(),
            _ => text.into(),
        })
    }

    fn value(&self, element: &Element) -> Result<Value, Error> {
        let value_type = ValueType::of(&element.name);
        if element.children.is_empty() {
            let text = self.scalar(value_type, element)?;
            return Ok(match (value_type, &*text) {
                (ValueType::Boolean, "true" | "1") => Value::Bool(true),
                (ValueType::Boolean, "false" | "0") => Value::Bool(false),
                (ValueType::Integer, text) => {
                    lexical::integer(text).map_or(Value::from(text), Value::from)
                }
                (ValueType::Float, text) => float(text),
                (_, text) => Value::from(text),
            });
        }
        self.without_text(element)?;
        match value_type {
            ValueType::Recur => self.rule(element),
            ValueType::Period => {
                let mut ends = Vec::new();
                for end in &element.children {
                    if !matches!(end.name.as_str(), "start" | "end" | "duration") {
                        return Err(self.wrong(end, "not a part of a period"));
                    }
                    ends.push(Value::from(&*self.scalar(value_type, end)?));
                }
                Ok(Value::Array(ends))
            }
            _ => Err(self.wrong(element, "elements where xCal has text")),
        }
    }

    fn rule(&self, element: &Element) -> Result<Value, Error> {
        let mut rule = Map::new();
        for part in &element.children {
            if !is_element_name(&part.name) {
                return Err(self.wrong(part, "not a part of a recurrence rule"));
            }
            let item = Value::from(&*self.scalar(ValueType::Recur, part)?);
            match rule.get_mut(&part.name) {
                None => {
                    rule.insert(part.name.clone(), item);
                }
                Some(Value::Array(items)) => items.push(item),
                Some(first) => *first = Value::Array(vec![first.take(), item]),
            }
        }
        Ok(Value::Object(rule))
    }

    /// An element of another namespace becomes an XML property (RFC 6321 4.2).
    fn foreign(&self, element: &Element) -> Result<NewProperty, Error> {
        let text = self
            .source
            .get(element.start..element.end)
            .unwrap_or_default();
        if document::parse(text).is_err() {
            let reason = "an element of another namespace must declare it itself";
            return Err(self.wrong(element, reason));
        }
        Ok(NewProperty::new("XML")?.with_text(text))
    }
}
