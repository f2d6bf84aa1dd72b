//! The properties that both formats have under two names.

use serde_json::{Value, json};

use super::Object;
use super::clock::write_utc;
use super::draft::{Draft, take_set, take_string};
use super::kept::set_of;
use super::sheet::Sheet;
use crate::{Moment, NewProperty, Property, PropertyKind, ValueType};

type Words = &'static [(&'static str, &'static str)];

const PRIVACY: Words = &[
    ("PUBLIC", "public"),
    ("PRIVATE", "private"),
    ("CONFIDENTIAL", "secret"),
];
const FREE_BUSY: Words = &[("OPAQUE", "busy"), ("TRANSPARENT", "free")];
const STATUS: Words = &[
    ("CONFIRMED", "confirmed"),
    ("TENTATIVE", "tentative"),
    ("CANCELLED", "cancelled"),
];
const PROGRESS: Words = &[
    ("NEEDS-ACTION", "needs-action"),
    ("IN-PROCESS", "in-process"),
    ("COMPLETED", "completed"),
    ("CANCELLED", "cancelled"),
    ("FAILED", "failed"),
];

/// Texts that go over as they are.
const TEXTS: &[(PropertyKind, &str)] = &[(PropertyKind::Color, "color")];

/// Numbers with the range that both formats give them.
const NUMBERS: &[(PropertyKind, &str, i32, i32)] = &[
    (PropertyKind::Sequence, "sequence", 0, i32::MAX),
    (PropertyKind::Priority, "priority", 0, 9),
    (PropertyKind::PercentComplete, "percentComplete", 0, 100),
];

fn words(task: bool) -> [(PropertyKind, &'static str, Words); 3] {
    let (status, values) = if task {
        ("progress", PROGRESS)
    } else {
        ("status", STATUS)
    };
    [
        (PropertyKind::Class, "privacy", PRIVACY),
        (PropertyKind::Transp, "freeBusyStatus", FREE_BUSY),
        (PropertyKind::Status, status, values),
    ]
}

/// What a component says in properties of one value each.
pub(super) fn write(sheet: &mut Sheet<'_>, task: bool) {
    title(sheet, PropertyKind::Summary);
    description(sheet);
    for (kind, key) in TEXTS {
        sheet.convert(*kind, key, |found| Some(found.text().into()));
    }
    for (kind, key, least, most) in NUMBERS {
        if *kind != PropertyKind::PercentComplete || task {
            let number = |found: &Property<'_>| found.integer().ok();
            let fits = |number: &i32| (*least..=*most).contains(number);
            sheet.convert(*kind, key, |found| {
                number(found).filter(fits).map(Value::from)
            });
        }
    }
    for (kind, key, table) in words(task) {
        sheet.convert(kind, key, |found| {
            let text = found.text();
            let word = table.iter().find(|(own, _)| text.eq_ignore_ascii_case(own));
            word.map(|(_, word)| Value::from(*word))
        });
    }
    sheet.convert(PropertyKind::Created, "created", utc);
    sheet.convert(PropertyKind::DtStamp, "updated", utc);
    sets(sheet);
    related_to(sheet);
    let status = sheet.take(PropertyKind::RequestStatus);
    if let Some(found) = status {
        sheet.set("requestStatus", found.raw_value().into(), &found, &[]);
    }
    if task && sheet.object.get("progress") == Some(&json!("completed")) {
        sheet.convert(PropertyKind::Completed, "progressUpdated", utc);
    }
}

fn utc(found: &Property<'_>) -> Option<Value> {
    match found.moment() {
        Ok(Moment::Utc(utc)) => Some(write_utc(utc).into()),
        _ => None,
    }
}

/// The title, whose language is that of the object.
pub(super) fn title(sheet: &mut Sheet<'_>, kind: PropertyKind) {
    let Some(found) = sheet.take(kind) else {
        return;
    };
    if let Some(language) = found.parameter("LANGUAGE") {
        let language = Value::from(language);
        sheet.object.insert("locale".to_owned(), language);
    }
    sheet.set("title", found.text().into(), &found, &["LANGUAGE"]);
}

/// DESCRIPTION, or STYLED-DESCRIPTION where the plain one is derived from it.
pub(super) fn description(sheet: &mut Sheet<'_>) {
    let is_own = |found: &Property<'_>| {
        let derived = found.parameter("DERIVED");
        let is_text = found
            .parameter("VALUE")
            .is_none_or(|own| own.eq_ignore_ascii_case("TEXT"));
        is_text && !derived.is_some_and(|derived| derived.eq_ignore_ascii_case("TRUE"))
    };
    if let Some(found) = sheet.take_if(PropertyKind::Description, is_own) {
        sheet.set("description", found.text().into(), &found, &[]);
        return;
    }
    let is_styled = |found: &Property<'_>| {
        let format = found.parameter("FMTTYPE");
        is_own(found)
            && format.is_some_and(|format| format.to_ascii_lowercase().starts_with("text/"))
    };
    if let Some(found) = sheet.take_if(PropertyKind::StyledDescription, is_styled) {
        let format = found.parameter("FMTTYPE").unwrap_or_default();
        sheet
            .object
            .insert("descriptionContentType".to_owned(), format.into());
        sheet.set("description", found.text().into(), &found, &["FMTTYPE"]);
    }
}

/// CATEGORIES and CONCEPT, of which there may be several.
pub(super) fn sets(sheet: &mut Sheet<'_>) {
    let plain = |found: &Property<'_>| {
        found.parameters().next().is_none() && found.texts().iter().all(|text| !text.is_empty())
    };
    let found = sheet.take_all(PropertyKind::Categories, plain);
    if !found.is_empty() {
        let all = set_of(found.iter().flat_map(Property::texts));
        sheet.object.insert("keywords".to_owned(), all);
    }
    let plain = |found: &Property<'_>| {
        found.value_type() == ValueType::Uri && found.parameters().all(|own| own.is("VALUE"))
    };
    let found = sheet.take_all(PropertyKind::Concept, plain);
    if !found.is_empty() {
        let all = set_of(found.iter().map(|found| found.raw_value().into_owned()));
        sheet.object.insert("categories".to_owned(), all);
    }
}

fn related_to(sheet: &mut Sheet<'_>) {
    let found = sheet.take_all(PropertyKind::RelatedTo, |found| {
        let known = found
            .parameters()
            .all(|own| own.is("RELTYPE") || own.is("VALUE"));
        known && found.value_type() == ValueType::Text && !found.raw_value().is_empty()
    });
    for property in found {
        let (id, relation) = relation(&property);
        let all = sheet.object.entry("relatedTo").or_insert_with(|| json!({}));
        let Some(all) = all.as_object_mut() else {
            continue;
        };
        let known = all.get_mut(&id).and_then(|own| own.get_mut("relation"));
        match (known.and_then(Value::as_object_mut), relation.as_object()) {
            (Some(known), Some(more)) => known.extend(more.clone()),
            _ => {
                all.insert(id, json!({"@type": "Relation", "relation": relation}));
            }
        }
    }
}

/// Whom a RELATED-TO names, and the set of relations to it.
pub(super) fn relation(found: &Property<'_>) -> (String, Value) {
    let types = found.parameters().filter(|own| own.is("RELTYPE"));
    let types = types.flat_map(|own| {
        own.values()
            .map(|name| name.to_ascii_lowercase())
            .collect::<Vec<_>>()
    });
    (found.text().into_owned(), set_of(types))
}

/// The reverse of [`write`].
pub(super) fn read(draft: &mut Draft, task: bool) {
    read_title(draft, PropertyKind::Summary);
    read_description(draft);
    for (kind, key) in TEXTS {
        if let Some(text) = draft.string(key) {
            draft.add_text(key, *kind, &text);
        }
    }
    for (kind, key, least, most) in NUMBERS {
        let number = draft.object.get(*key).and_then(Value::as_i64);
        let fits =
            number.is_some_and(|number| (i64::from(*least)..=i64::from(*most)).contains(&number));
        if fits
            && (*kind != PropertyKind::PercentComplete || task)
            && let Some(number) = draft.integer(key)
        {
            draft.add(
                key,
                NewProperty::of(*kind).with_raw_value(&number.to_string()),
            );
        }
    }
    for (kind, key, table) in words(task) {
        let word = draft.object.get(key).and_then(Value::as_str);
        let known = table.iter().find(|(_, own)| Some(*own) == word);
        if let Some((word, _)) = known {
            draft.object.shift_remove(key);
            draft.add_text(key, kind, word);
        }
    }
    let completed = task && draft.has("STATUS");
    let instants = [
        (PropertyKind::Created, "created", true),
        (PropertyKind::DtStamp, "updated", true),
        (PropertyKind::Completed, "progressUpdated", completed),
    ];
    for (kind, key, wanted) in instants {
        if wanted {
            draft.take_instant(key, kind);
        }
    }
    read_sets(draft);
    read_relations(draft);
    if let Some(status) = draft.string("requestStatus") {
        let property = NewProperty::of(PropertyKind::RequestStatus).with_raw_value(&status);
        draft.add("requestStatus", property);
    }
}

pub(super) fn read_title(draft: &mut Draft, kind: PropertyKind) {
    let Some(title) = draft.string("title") else {
        return;
    };
    let mut property = NewProperty::of(kind).with_text(&title);
    if let Some(locale) = draft.string("locale") {
        property = property.with_parameter("LANGUAGE", &locale);
    }
    draft.add("title", property);
}

pub(super) fn read_description(draft: &mut Draft) {
    let Some(text) = draft.string("description") else {
        return;
    };
    let format = draft.string("descriptionContentType");
    let property = match format.filter(|format| !format.eq_ignore_ascii_case("text/plain")) {
        None => NewProperty::of(PropertyKind::Description).with_text(&text),
        Some(format) => NewProperty::of(PropertyKind::StyledDescription)
            .with_parameter("VALUE", "TEXT")
            .with_parameter("FMTTYPE", &format)
            .with_text(&text),
    };
    draft.add("description", property);
}

pub(super) fn read_sets(draft: &mut Draft) {
    if let Some(names) = take_set(&mut draft.object, "keywords") {
        draft.add(
            "keywords",
            NewProperty::of(PropertyKind::Categories).with_texts(names),
        );
    }
    for name in take_set(&mut draft.object, "categories").unwrap_or_default() {
        draft.add(
            "categories",
            NewProperty::of(PropertyKind::Concept).with_raw_value(&name),
        );
    }
}

fn read_relations(draft: &mut Draft) {
    let Some(all) = draft.map("relatedTo") else {
        return;
    };
    for (id, relation) in all {
        let path = super::pointer::join("relatedTo", &id);
        match read_relation(&id, &relation) {
            Some(property) => draft.add(&path, property),
            None => draft.leave("relatedTo", Object::from_iter([(id, relation)])),
        }
    }
}

/// The RELATED-TO for a Relation object that says nothing else.
pub(super) fn read_relation(id: &str, relation: &Value) -> Option<NewProperty> {
    let mut relation = relation.as_object()?.clone();
    let _ = take_string(&mut relation, "@type");
    let types = match relation.contains_key("relation") {
        true => take_set(&mut relation, "relation")?,
        false => Vec::new(),
    };
    let property = NewProperty::of(PropertyKind::RelatedTo).with_text(id);
    let types: Vec<String> = types.iter().map(|name| name.to_ascii_uppercase()).collect();
    relation.is_empty().then(|| match types.is_empty() {
        true => property,
        false => property.with_parameter_values("RELTYPE", types),
    })
}
