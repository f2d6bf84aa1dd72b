//! Link objects (RFC 8984 1.4.11): ATTACH, IMAGE, URL and LINK.

use serde_json::Value;

use super::Object;
use super::draft::{Draft, take_string};
use super::sheet::{Sheet, is_made};
use crate::{NewProperty, Property, PropertyKind, ValueType};

/// The relation that stands for each kind of property; LINK has its own.
const KINDS: &[(PropertyKind, &str)] = &[
    (PropertyKind::Attach, "enclosure"),
    (PropertyKind::Image, "icon"),
    (PropertyKind::Url, "describedby"),
    (PropertyKind::Link, ""),
];

pub(super) fn write(sheet: &mut Sheet<'_>) {
    for (kind, rel) in KINDS {
        for (index, found) in sheet
            .take_all(*kind, |found| href(found).is_some())
            .into_iter()
            .enumerate()
        {
            let target = href(&found).filter(|_| index == 0 || *kind != PropertyKind::Url);
            let Some(href) = target else {
                // A component has one URL.
                sheet.put_back(found);
                continue;
            };
            let id = sheet.id("links", found.parameter("JSID").as_deref(), 'l');
            let mut link = Object::new();
            link.insert("@type".to_owned(), "Link".into());
            link.insert("href".to_owned(), href.into());
            if !rel.is_empty() {
                link.insert("rel".to_owned(), (*rel).into());
            }
            let mut known = vec!["JSID"];
            for (parameter, key) in parameters(*kind) {
                let value = found.parameter(parameter).filter(|value| !value.is_empty());
                let value = value.and_then(|value| match *key {
                    "size" => value.parse::<u64>().ok().map(Value::from),
                    "display" => {
                        let one = found
                            .parameters()
                            .find(|own| own.is(parameter))?
                            .values()
                            .count()
                            == 1;
                        one.then(|| value.to_ascii_lowercase().into())
                    }
                    _ => Some(Value::from(value)),
                });
                if let Some(value) = value {
                    link.insert((*key).to_owned(), value);
                    known.push(parameter);
                }
            }
            if found.value_type() == ValueType::Binary {
                known.push("ENCODING");
            }
            sheet
                .kept
                .parameters(&format!("links/{id}"), &found, &known);
            sheet.add("links", &id, link);
        }
    }
}

/// The parameters of a kind and the members that they become.
fn parameters(kind: PropertyKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        PropertyKind::Attach => &[
            ("FMTTYPE", "contentType"),
            ("SIZE", "size"),
            ("FILENAME", "title"),
        ],
        PropertyKind::Image => &[
            ("FMTTYPE", "contentType"),
            ("SIZE", "size"),
            ("FILENAME", "title"),
            ("DISPLAY", "display"),
        ],
        PropertyKind::Link => &[
            ("FMTTYPE", "contentType"),
            ("LABEL", "title"),
            ("LINKREL", "rel"),
        ],
        _ => &[],
    }
}

/// What a property links to: its URI, or its data as one.
fn href(found: &Property<'_>) -> Option<String> {
    let raw = found.raw_value();
    match found.value_type() {
        ValueType::Uri if !raw.is_empty() => Some(raw.into_owned()),
        ValueType::Binary => {
            let encoding = found.parameter("ENCODING")?;
            let format = found.parameter("FMTTYPE").unwrap_or_default();
            let plain = encoding.eq_ignore_ascii_case("BASE64") && !format.contains([',', ';']);
            plain.then(|| format!("data:{format};base64,{raw}"))
        }
        _ => None,
    }
}

pub(super) fn read(draft: &mut Draft) {
    let Some(all) = draft.map("links") else {
        return;
    };
    for (id, value) in all {
        let link = match value {
            Value::Object(link) if link.get("href").is_some_and(Value::is_string) => link,
            other => {
                draft.leave("links", Object::from_iter([(id, other)]));
                continue;
            }
        };
        let (property, rest) = read_link(link, draft.has("URL"));
        let property = match is_made(&id, 'l') && rest.is_empty() {
            true => property,
            false => property.with_parameter("JSID", &id),
        };
        let path = super::pointer::join("links", &id);
        draft.add(&path, property);
        draft.leave(&path, rest);
    }
}

/// The property for a link, and what it cannot say.
fn read_link(mut link: Object, has_url: bool) -> (NewProperty, Object) {
    let _ = take_string(&mut link, "@type");
    let href = take_string(&mut link, "href").unwrap_or_default();
    let rel = link.get("rel").and_then(Value::as_str).unwrap_or_default();
    let by_rel = KINDS.iter().find(|(_, own)| !own.is_empty() && *own == rel);
    let kind = match by_rel {
        Some((PropertyKind::Url, _)) if has_url || link.len() > 1 => PropertyKind::Link,
        Some((kind, _)) => *kind,
        None => PropertyKind::Link,
    };
    if kind != PropertyKind::Link {
        link.shift_remove("rel");
    }
    let mut property = NewProperty::of(kind);
    let mut format = None;
    for (parameter, key) in parameters(kind) {
        let value = match link.get(*key) {
            Some(Value::String(text)) if *key == "display" => text.to_ascii_uppercase(),
            Some(Value::String(text)) if *key != "size" => text.clone(),
            Some(Value::Number(number)) if *key == "size" && number.is_u64() => number.to_string(),
            _ => continue,
        };
        link.shift_remove(*key);
        property = property.with_parameter(parameter, &value);
        format = format.or((*key == "contentType").then_some(value));
    }
    let data = format!("data:{};base64,", format.unwrap_or_default());
    let property = match (kind, href.strip_prefix(&data)) {
        (PropertyKind::Attach | PropertyKind::Image, Some(data)) => property
            .with_parameter("ENCODING", "BASE64")
            .with_parameter("VALUE", "BINARY")
            .with_raw_value(data),
        (PropertyKind::Image | PropertyKind::Link, _) => property
            .with_parameter("VALUE", "URI")
            .with_raw_value(&href),
        _ => property.with_raw_value(&href),
    };
    (property, link)
}
