//! Calendar to xCal.

use serde_json::Value;

use super::document::{self, is_xml_char};
use super::{NAMESPACE, read};
use crate::converted::{Converted, Losses};
use crate::jcal::forms::without_exponent;
use crate::jcal::write::{parameters, values};
use crate::text::escape;
use crate::{Calendar, Component, Components, Property, ValueType};

const CONTROL: &str = "characters that XML does not have are left out";
const NAME: &str = "XML has no such name";
const SPELLING: &str = "no value of its type as it stands, but one as XML spells it";

pub(super) fn calendar(calendar: &Calendar) -> Converted<String> {
    let mut writer = Writer {
        out: String::with_capacity(calendar.tree.source.len() * 3),
        losses: Losses::default(),
    };
    writer
        .out
        .push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<icalendar xmlns=\"");
    writer.out.push_str(NAMESPACE);
    writer.out.push_str("\">");
    for root in calendar.roots() {
        writer.component(root);
    }
    writer.out.push_str("</icalendar>\n");
    writer.losses.with(writer.out)
}

/// Whether a name of iCalendar can be the name of an element.
pub(super) fn is_element_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The value type of a parameter (RFC 6321 3.5); those that no specification
/// has are `unknown`.
fn parameter_type(name: &str, value: &str) -> &'static str {
    match name {
        "altrep" | "dir" | "linkrel" | "schema" => "uri",
        "delegated-from" | "delegated-to" | "member" | "sent-by" => "cal-address",
        "rsvp" | "derived" | "schedule-force-send" if matches!(value, "TRUE" | "FALSE") => {
            "boolean"
        }
        "cn"
        | "cutype"
        | "encoding"
        | "fbtype"
        | "fmttype"
        | "language"
        | "partstat"
        | "range"
        | "related"
        | "reltype"
        | "role"
        | "rsvp"
        | "tzid"
        | "display"
        | "email"
        | "feature"
        | "label"
        | "schedule-agent"
        | "schedule-force-send"
        | "schedule-status"
        | "size"
        | "filename"
        | "managed-id"
        | "order"
        | "derived"
        | "gap" => "text",
        _ => "unknown",
    }
}

struct Writer {
    out: String,
    losses: Losses,
}

impl Writer {
    /// A component and all inside it; a stack, because depth is up to the input.
    fn component(&mut self, component: Component<'_>) {
        let mut open: Vec<(Components<'_>, String)> = Vec::new();
        open.extend(self.begin(component));
        while let Some((inner, name)) = open.last_mut() {
            if let Some(next) = inner.next() {
                let begun = self.begin(next);
                open.extend(begun);
            } else {
                self.out.push_str("</components></");
                self.out.push_str(name);
                self.out.push('>');
                open.pop();
            }
        }
    }

    fn begin<'a>(&mut self, component: Component<'a>) -> Option<(Components<'a>, String)> {
        let name = component.name().to_ascii_lowercase();
        if !is_element_name(&name) {
            self.losses.component(&component, NAME);
            return None;
        }
        self.open(&name);
        self.open("properties");
        for property in component.properties() {
            self.property(&property, component.name());
        }
        self.close("properties");
        self.open("components");
        Some((component.components(), name))
    }

    fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element with text alone; whether XML could hold all of the text.
    #[must_use]
    fn leaf(&mut self, name: &str, text: &str) -> bool {
        self.open(name);
        let mut whole = true;
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#13;"),
                c if is_carried(c) => self.out.push(c),
                _ => whole = false,
            }
        }
        self.close(name);
        whole
    }

    fn property(&mut self, property: &Property<'_>, within: &str) {
        let name = property.name().to_ascii_lowercase();
        if !is_element_name(&name) {
            self.losses.property(property, within, NAME);
            return;
        }
        if name == "xml" && property.parameters().next().is_none() && self.foreign(property) {
            return;
        }
        self.open(&name);
        let mut whole = self.parameters(property, within);
        let declared = property
            .parameter("VALUE")
            .map(|name| name.to_ascii_lowercase());
        let declared = declared.filter(|name| self.is_type(name, property, within));
        // The values are without characters that no content line has.
        whole &= property.raw_value().chars().all(is_carried);
        let (value_type, values) = values(property);
        match values.filter(|values| values.iter().all(|value| is_writable(value_type, value))) {
            Some(values) => {
                let known = value_type.as_str().to_ascii_lowercase();
                let kind = declared.filter(|name| ValueType::of(name) == ValueType::Unknown);
                let kind = kind.unwrap_or(known);
                for value in &values {
                    whole &= self.value(value_type, &kind, value);
                }
            }
            None => {
                // As a text it would be escaped on its way back.
                let declared = declared.filter(|_| value_type != ValueType::Text);
                let kind = declared.as_deref().unwrap_or("unknown");
                let raw = property.raw_value();
                if read::is_other_spelling(ValueType::of(kind), &raw) {
                    self.losses.property(property, within, SPELLING);
                }
                whole &= self.leaf(kind, &raw);
            }
        }
        self.close(&name);
        if !whole {
            self.losses.property(property, within, CONTROL);
        }
    }

    fn is_type(&mut self, name: &str, property: &Property<'_>, within: &str) -> bool {
        let is = is_element_name(name) && name != "parameters";
        if !is {
            let reason = "XML has no such name for its type, which becomes unknown";
            self.losses.property(property, within, reason);
        }
        is
    }

    /// Whether the value of an XML property is an element of another
    /// namespace, which then stands for itself (RFC 6321 4.2).
    fn foreign(&mut self, property: &Property<'_>) -> bool {
        let text = property.text();
        let mut raw = String::new();
        escape::escape_into(&mut raw, &text);
        let alone = document::parse(&text).is_ok_and(|element| {
            element.is_foreign && element.start == 0 && element.end == text.len()
        });
        let stands = alone && raw == property.raw_value();
        if stands {
            self.out.push_str(&text);
        }
        stands
    }

    fn parameters(&mut self, property: &Property<'_>, within: &str) -> bool {
        let mut is_open = false;
        let mut whole = true;
        for (name, values) in parameters(property) {
            if !is_element_name(&name) {
                self.losses
                    .property(property, within, "XML has no such name as a parameter has");
                continue;
            }
            if !is_open {
                self.open("parameters");
                is_open = true;
            }
            self.open(&name);
            for value in values {
                let kind = parameter_type(&name, &value);
                let text = match (kind, value.as_ref()) {
                    ("boolean", "TRUE") => "true",
                    ("boolean", _) => "false",
                    (_, text) => text,
                };
                whole &= self.leaf(kind, text);
            }
            self.close(&name);
        }
        if is_open {
            self.close("parameters");
        }
        whole
    }

    fn value(&mut self, value_type: ValueType, kind: &str, value: &Value) -> bool {
        let mut whole = true;
        match (value_type, value) {
            (ValueType::Recur, Value::Object(rule)) => {
                self.open(kind);
                for (name, items) in rule {
                    let items = items
                        .as_array()
                        .map_or(std::slice::from_ref(items), Vec::as_slice);
                    for item in items {
                        whole &= self.leaf(name, &plain(item));
                    }
                }
                self.close(kind);
            }
            (ValueType::Period, Value::Array(ends)) => {
                self.open(kind);
                for (index, end) in ends.iter().enumerate() {
                    let end = plain(end);
                    let name = match index {
                        0 => "start",
                        _ if end.contains('P') => "duration",
                        _ => "end",
                    };
                    whole &= self.leaf(name, &end);
                }
                self.close(kind);
            }
            (_, Value::Array(parts)) => {
                let names = read::part_names(value_type);
                for (index, part) in parts.iter().enumerate() {
                    let name = names.get(index).or(names.last()).copied().unwrap_or(kind);
                    whole &= self.leaf(name, &plain(part));
                }
            }
            (_, scalar) => whole = self.leaf(kind, &plain(scalar)),
        }
        whole
    }
}

/// Whether xCal has a form for the value: the parts of a rule must have names
/// that elements can have, and lists of parts belong to two types alone.
fn is_writable(value_type: ValueType, value: &Value) -> bool {
    match value {
        Value::Object(rule) => rule.keys().all(|name| is_element_name(name)),
        Value::Array(_) => matches!(
            value_type,
            ValueType::Period | ValueType::Float | ValueType::Text
        ),
        _ => true,
    }
}

/// Whether both XML and a content line can hold a character.
fn is_carried(c: char) -> bool {
    is_xml_char(c) && c != '\u{7f}'
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => without_exponent(number),
        other => other.to_string(),
    }
}
