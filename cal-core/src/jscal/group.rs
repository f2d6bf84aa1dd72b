//! Group objects (RFC 8984 5.3): VCALENDAR, and a text as a whole.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono_tz::Tz;
use serde_json::Value;

use super::clock::write_utc;
use super::draft::Draft;
use super::entry::{self, Reader};
use super::overrides::Series;
use super::sheet::Sheet;
use super::time_zones::{Defined, Zones};
use super::{Object, fields, links, wrong};
use crate::converted::{Converted, Losses};
use crate::{
    Calendar, Component, ComponentKind, Error, Moment, NewProperty, Object as Same, Property,
    PropertyKind, Window,
};

/// Bytes of iCalendar that one JSCalendar text may become.
const ROOM: usize = 256 << 20;

const THIS_AND_FUTURE: &str =
    "JSCalendar changes one instance; that later ones change too is carried as iCalendar only";

pub(super) fn write(calendar: &Calendar) -> Converted<String> {
    let mut losses = Losses::default();
    let zones = Zones::of(calendar);
    let mut roots = calendar
        .roots()
        .filter(|root| root.kind() == ComponentKind::Calendar);
    let root = roots.next();
    let mut group = root.map(|root| Sheet::new(root, "Group"));
    let mut entries = Vec::new();
    for object in calendar.objects() {
        entries.extend(write_object(&object, &zones, group.as_mut(), &mut losses));
    }
    for other in roots {
        extra_root(other, root, &mut losses);
    }
    for cut in calendar.components().filter(Component::is_cut) {
        losses.component(&cut, "the text breaks off inside of it");
    }
    let Some(mut group) = group else {
        let group = Object::from_iter([
            ("@type".to_owned(), "Group".into()),
            ("entries".to_owned(), Value::from(entries)),
        ]);
        return losses.with(Value::Object(group).to_string());
    };
    keep_zones(&mut group, &zones, calendar, &entries, &mut losses);
    let product = head(&mut group, &mut entries);
    let group = group.finish(&mut losses);
    let alone = entries.len() == 1
        && group
            .keys()
            .all(|key| matches!(key.as_str(), "@type" | "prodId"));
    if alone && let Some(Value::Object(mut entry)) = entries.pop() {
        if let Some(product) = product {
            entry.insert("prodId".to_owned(), product);
        }
        return losses.with(Value::Object(entry).to_string());
    }
    let mut group = group;
    if !group.contains_key("uid") {
        group.insert("uid".to_owned(), group_uid(&entries).into());
    }
    group.insert("entries".to_owned(), entries.into());
    losses.with(Value::Object(group).to_string())
}

/// Keeps the zones that something refers to and no entry defines: what was
/// itself kept as iCalendar may be in them.
fn keep_zones(
    group: &mut Sheet<'_>,
    zones: &Zones<'_>,
    calendar: &Calendar,
    entries: &[Value],
    losses: &mut Losses,
) {
    let mut used = HashSet::new();
    let mut open: Vec<Component<'_>> = calendar.components().collect();
    while let Some(component) = open.pop() {
        for found in component.properties() {
            used.extend(found.parameter("TZID").map(Cow::into_owned));
        }
        open.extend(component.components());
    }
    let of = |entry: &Value| Some(entry.get("timeZones")?.as_object()?.clone());
    let defined = entries
        .iter()
        .filter_map(of)
        .flat_map(|all| all.into_iter().map(|(_, zone)| zone));
    for zone in defined {
        if let Some(tzid) = zone.get("tzId").and_then(Value::as_str) {
            used.remove(tzid);
        }
    }
    for tzid in calendar.time_zones().filter_map(|block| block.tzid()) {
        if used.remove(tzid.as_ref())
            && let Some(block) = zones.custom(&tzid)
        {
            group.kept.component(block, losses);
        }
    }
}

/// A UID for a calendar that has none: the same for the same objects.
fn group_uid(entries: &[Value]) -> String {
    let uids = entries
        .iter()
        .filter_map(|entry| entry.get("uid")?.as_str());
    let hash = uids
        .flat_map(str::bytes)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("group-{hash:016x}")
}

/// What a second VCALENDAR says of itself has no place beside the first.
fn extra_root(other: Component<'_>, first: Option<Component<'_>>, losses: &mut Losses) {
    let own = first.into_iter().flat_map(|first| first.properties());
    let own: HashSet<(String, String)> = own.map(|found| saying(&found)).collect();
    for found in other.properties() {
        if !own.contains(&saying(&found)) {
            let why = "a group has the properties of one calendar";
            losses.property(&found, "VCALENDAR", why);
        }
    }
}

/// What a property says: name and value.
fn saying(found: &Property<'_>) -> (String, String) {
    (
        found.name().to_ascii_uppercase(),
        found.raw_value().into_owned(),
    )
}

/// Sets the properties of the calendar itself; its PRODID.
fn head(group: &mut Sheet<'_>, entries: &mut [Value]) -> Option<Value> {
    let plain = |found: &Property<'_>| found.parameters().next().is_none();
    let said = |text: &'static str| {
        move |found: &Property<'_>| plain(found) && found.text().eq_ignore_ascii_case(text)
    };
    let _ = group.take_if(PropertyKind::Version, said("2.0"));
    let _ = group.take_if(PropertyKind::CalScale, said("GREGORIAN"));
    group.convert(PropertyKind::ProdId, "prodId", |found| {
        Some(found.text().into())
    });
    if let Some(method) = group.take_if(PropertyKind::Method, |found| {
        plain(found) && !entries.is_empty()
    }) {
        let method = method.text().to_ascii_lowercase();
        for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
            entry.insert("method".to_owned(), method.clone().into());
        }
    }
    group.convert(PropertyKind::Uid, "uid", |found| Some(found.text().into()));
    fields::title(group, PropertyKind::Name);
    if !group.object.contains_key("title") {
        // Only the first is the title; a second one is none the less kept.
        let mut names = group.take_named("X-WR-CALNAME").into_iter();
        if let Some(name) = names.next() {
            group.set("title", name.text().into(), &name, &[]);
            group.kept.name("title", "x-wr-calname");
        }
        names.for_each(|name| group.put_back(name));
    }
    fields::description(group);
    group.convert(PropertyKind::Color, "color", |found| {
        Some(found.text().into())
    });
    let utc = |found: &Property<'_>| match found.moment() {
        Ok(Moment::Utc(utc)) => Some(write_utc(utc).into()),
        _ => None,
    };
    group.convert(PropertyKind::Created, "created", utc);
    group.convert(PropertyKind::LastModified, "updated", utc);
    group.convert(PropertyKind::Source, "source", |found| {
        Some(found.raw_value().into())
    });
    fields::sets(group);
    links::write(group);
    group.object.get("prodId").cloned()
}

/// The entries for an object: a series with its overrides is one, what has no
/// series one each. Other components are kept with the group.
fn write_object(
    object: &Same<'_>,
    zones: &Zones<'_>,
    mut group: Option<&mut Sheet<'_>>,
    losses: &mut Losses,
) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut keep = |component: Component<'_>, why: &'static str, losses: &mut Losses| {
        let Some(group) = group.as_mut() else {
            losses.component(&component, "without a VCALENDAR it is not carried");
            return;
        };
        losses.component(&component, why);
        group.kept.component(component, losses);
    };
    for kind in [ComponentKind::Event, ComponentKind::Todo] {
        let of_kind = || {
            object
                .components()
                .iter()
                .copied()
                .filter(move |found| found.kind() == kind)
        };
        let mut series: Option<(Series, crate::jscal::clock::Clock)> = None;
        let masters = of_kind().filter(|found| !found.is_override()).count();
        let masters_first = of_kind()
            .filter(|found| !found.is_override())
            .chain(of_kind().filter(Component::is_override));
        for component in masters_first {
            let Some((instance, clock)) = entry::write(component, object.uid(), zones, losses)
            else {
                keep(
                    component,
                    "without a start it is carried as iCalendar only",
                    losses,
                );
                continue;
            };
            if !component.is_override() {
                match (&series, masters) {
                    (None, 1) => series = Some((Series::new(instance), clock)),
                    _ => entries.push(Value::Object(instance)),
                }
                continue;
            }
            match &mut series {
                None => entries.push(Value::Object(instance)),
                Some((series, own)) => match entry::instance_of(component, own, &zones.known) {
                    Some(key) if !series.has(key) => {
                        if component.is_this_and_future() {
                            losses.component(&component, THIS_AND_FUTURE);
                        }
                        add_zones(&mut series.object, &instance);
                        entry::write_override(series, key, component, instance, losses);
                    }
                    _ => keep(
                        component,
                        "an instance that its series cannot name is carried as iCalendar only",
                        losses,
                    ),
                },
            }
        }
        entries.extend(series.map(|(series, _)| Value::Object(series.object)));
    }
    for component in object
        .components()
        .iter()
        .filter(|found| !entry::is_entry(found))
    {
        keep(
            *component,
            "JSCalendar has no such object; it is carried as iCalendar only",
            losses,
        );
    }
    entries
}

/// Adds the zones that an override defines to those of its series.
fn add_zones(series: &mut Object, instance: &Object) {
    if let Some(more) = instance.get("timeZones").and_then(Value::as_object) {
        let all = series
            .entry("timeZones")
            .or_insert_with(|| Object::new().into());
        if let Value::Object(all) = all {
            for (name, zone) in more {
                all.entry(name.clone()).or_insert_with(|| zone.clone());
            }
        }
    }
}

pub(super) fn read(json: &str) -> Result<Converted<Calendar>, Error> {
    let value: Value = serde_json::from_str(json).map_err(|error| Error::JsCalendar {
        place: format!("{}:{}", error.line(), error.column()).into(),
        reason: "not JSON",
    })?;
    let Value::Object(mut object) = value else {
        return Err(wrong("$", "not an object"));
    };
    let mut entries = vec![];
    let is_group = object.get("@type").and_then(Value::as_str) == Some("Group");
    if is_group {
        match object.shift_remove("entries") {
            Some(Value::Array(all)) => {
                for (index, entry) in all.into_iter().enumerate() {
                    entries.push((format!("$.entries[{index}]"), entry));
                }
            }
            _ => return Err(wrong("$", "a group without entries")),
        }
    } else {
        entries.push(("$".to_owned(), Value::Object(object)));
        object = Object::new();
    }
    read_all(object, entries)
}

fn read_all(group: Object, entries: Vec<(String, Value)>) -> Result<Converted<Calendar>, Error> {
    let mut losses = Losses::default();
    let mut defined = Defined::default();
    let mut head = Head::default();
    let mut objects = Vec::new();
    for (place, entry) in entries {
        let Value::Object(mut entry) = entry else {
            return Err(wrong(&place, "not an object"));
        };
        defined.take(&mut entry, &place, &mut losses);
        head.take(&mut entry, &place, &mut losses);
        objects.push((place, entry));
    }
    let zones = defined.zones();
    let mut reader = Reader {
        defined: &defined,
        zones: &zones,
        losses: &mut losses,
        room: ROOM,
    };
    let mut components = Vec::new();
    for (place, entry) in objects {
        components.extend(reader.read(entry, &place)?);
    }
    let mut draft = Draft::new("VCALENDAR", group, "$");
    read_head(&mut draft, head);
    for block in defined.blocks {
        draft.add_component(block);
    }
    for component in components {
        draft.add_component(component);
    }
    let text = draft.finish(&mut losses);
    let calendar = with_zones(Calendar::read(text.to_bytes()).calendar);
    Ok(losses.with(calendar))
}

/// What the entries say that iCalendar says of the calendar.
#[derive(Default)]
struct Head {
    first: HashMap<&'static str, String>,
}

impl Head {
    fn take(&mut self, entry: &mut Object, place: &str, losses: &mut Losses) {
        for key in ["prodId", "method"] {
            let Some(text) = super::draft::take_string(entry, key) else {
                continue;
            };
            let first = self.first.entry(key).or_insert_with(|| text.clone());
            if *first != text {
                losses.add(place.to_owned(), "Event", key, "a calendar has one for all");
            }
        }
    }
}

fn read_head(draft: &mut Draft, head: Head) {
    let mut first = head.first;
    let product = draft.string("prodId").or_else(|| first.remove("prodId"));
    let product = product.unwrap_or_else(|| "-//Cal//JSCalendar//EN".to_owned());
    if !draft.keeps("VERSION") {
        draft.add(
            "",
            NewProperty::of(PropertyKind::Version).with_raw_value("2.0"),
        );
    }
    draft.add_text("prodId", PropertyKind::ProdId, &product);
    if let Some(method) = first.remove("method") {
        draft.add_text("method", PropertyKind::Method, &method.to_ascii_uppercase());
    }
    if let Some(uid) = draft.string("uid") {
        draft.add_text("uid", PropertyKind::Uid, &uid);
    }
    if draft.kept.name_of("title") == Some("x-wr-calname") {
        if let Some(title) = draft.string("title") {
            draft.add(
                "title",
                NewProperty::named("X-WR-CALNAME").with_text(&title),
            );
        }
    } else {
        fields::read_title(draft, PropertyKind::Name);
    }
    fields::read_description(draft);
    if let Some(color) = draft.string("color") {
        draft.add_text("color", PropertyKind::Color, &color);
    }
    for (kind, key) in [
        (PropertyKind::Created, "created"),
        (PropertyKind::LastModified, "updated"),
    ] {
        draft.take_instant(key, kind);
    }
    if let Some(source) = draft.string("source") {
        let property = NewProperty::of(PropertyKind::Source).with_parameter("VALUE", "URI");
        draft.add("source", property.with_raw_value(&source));
    }
    fields::read_sets(draft);
    links::read(draft);
}

/// The calendar with a definition for each IANA zone that it names.
fn with_zones(mut calendar: Calendar) -> Calendar {
    let missing = calendar.missing_definitions(&Window::ALL);
    let texts: Vec<String> = missing
        .iter()
        .filter(|definition| definition.tzid().parse::<Tz>().is_ok())
        .map(ToString::to_string)
        .collect();
    for text in texts {
        // There is a VCALENDAR, and the text holds a VTIMEZONE.
        let _ = calendar.add_text(text);
    }
    calendar
}
