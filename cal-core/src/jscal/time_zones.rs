//! TimeZone objects (RFC 8984 4.7.2), and the names of zones.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::clock::{Clock, read_local, write_local, write_utc};
use super::draft::{Draft, take_set};
use super::kept::set_of;
use super::sheet::Sheet;
use super::{Object, overrides, recurrence_rule};
use crate::converted::Losses;
use crate::{
    Calendar, Component, ComponentKind, Moment, NewComponent, NewProperty, Property, PropertyKind,
    TimeZones, UtcOffset, ZoneDefinition,
};

/// The zones of a calendar on its way to JSCalendar.
pub(super) struct Zones<'c> {
    pub(super) known: TimeZones,
    blocks: HashMap<String, Component<'c>>,
}

/// What JSCalendar calls a zone.
pub(super) enum ZoneName {
    /// Its IANA name, by which the calendar calls it too.
    Iana(String),
    /// The IANA name of a zone that the calendar calls otherwise.
    Respelled(String),
    /// A name of its own, with the definition.
    Custom(String, Object),
    /// Nothing is known of it.
    Unknown,
}

impl<'c> Zones<'c> {
    pub(super) fn of(calendar: &'c Calendar) -> Self {
        let mut blocks = HashMap::new();
        for block in calendar.time_zones() {
            if let Some(tzid) = block.tzid() {
                let tzid = tzid.trim().trim_matches('"').to_owned();
                blocks.entry(tzid).or_insert(block.component());
            }
        }
        Zones {
            known: TimeZones::of(calendar),
            blocks,
        }
    }

    /// The definition of a zone that is not one of IANA's.
    pub(super) fn custom(&self, tzid: &str) -> Option<Component<'c>> {
        let own = tzid.parse::<Tz>().is_err();
        own.then(|| self.blocks.get(tzid.trim().trim_matches('"')).copied())
            .flatten()
    }

    pub(super) fn name(&self, tzid: &str, losses: &mut Losses) -> ZoneName {
        if tzid.parse::<Tz>().is_ok() {
            return ZoneName::Iana(tzid.to_owned());
        }
        let Some(zone) = self.known.resolve(tzid) else {
            return ZoneName::Unknown;
        };
        let custom = || match tzid.starts_with('/') {
            true => tzid.to_owned(),
            false => format!("/{tzid}"),
        };
        if let Some(block) = self.custom(tzid) {
            return ZoneName::Custom(custom(), write(block, losses));
        }
        match zone.rules.iana() {
            Some(zone) => ZoneName::Respelled(zone.name().to_owned()),
            None => {
                let definition = ZoneDefinition::new(tzid, zone.rules).to_string();
                let block =
                    Calendar::read(format!("BEGIN:VCALENDAR\r\n{definition}END:VCALENDAR\r\n"));
                let block = block
                    .calendar
                    .components()
                    .next()
                    .map(|block| write(block, losses));
                block.map_or(ZoneName::Unknown, |block| ZoneName::Custom(custom(), block))
            }
        }
    }
}

/// The TimeZone object of a VTIMEZONE.
fn write(block: Component<'_>, losses: &mut Losses) -> Object {
    let mut sheet = Sheet::new(block, "TimeZone");
    sheet.convert(PropertyKind::TzId, "tzId", |found| {
        Some(found.text().into())
    });
    sheet.convert(PropertyKind::LastModified, "updated", utc);
    sheet.convert(PropertyKind::TzUntil, "validUntil", utc);
    sheet.convert(PropertyKind::TzUrl, "url", |found| {
        Some(found.raw_value().into())
    });
    let aliases = sheet.take_all(PropertyKind::TzIdAliasOf, |found| {
        found.parameters().next().is_none()
    });
    if !aliases.is_empty() {
        let aliases = set_of(aliases.iter().map(|found| found.text().into_owned()));
        sheet.object.insert("aliases".to_owned(), aliases);
    }
    for inner in block.components() {
        let list = match inner.kind() {
            ComponentKind::Standard => "standard",
            ComponentKind::Daylight => "daylight",
            _ => {
                sheet.kept.component(inner, losses);
                continue;
            }
        };
        match write_rule(inner, losses) {
            Some(rule) => {
                let rules = sheet.object.entry(list).or_insert_with(|| json!([]));
                rules
                    .as_array_mut()
                    .into_iter()
                    .for_each(|rules| rules.push(rule.clone().into()));
            }
            None => sheet.kept.component(inner, losses),
        }
    }
    sheet.finish(losses)
}

fn utc(found: &Property<'_>) -> Option<Value> {
    match found.moment() {
        Ok(Moment::Utc(utc)) => Some(write_utc(utc).into()),
        _ => None,
    }
}

fn write_rule(block: Component<'_>, losses: &mut Losses) -> Option<Object> {
    let mut sheet = Sheet::new(block, "TimeZoneRule");
    sheet.convert(PropertyKind::DtStart, "start", |found| {
        match found.moment() {
            Ok(Moment::Floating(local)) => Some(write_local(local).into()),
            _ => None,
        }
    });
    let offset = |found: &Property<'_>| Some(found.utc_offset().ok()?.to_string().into());
    sheet.convert(PropertyKind::TzOffsetFrom, "offsetFrom", offset);
    sheet.convert(PropertyKind::TzOffsetTo, "offsetTo", offset);
    if !["start", "offsetFrom", "offsetTo"]
        .iter()
        .all(|key| sheet.object.contains_key(*key))
    {
        return None;
    }
    let plain = |found: &Property<'_>| found.parameters().next().is_none();
    let names = sheet.take_all(PropertyKind::TzName, plain);
    if !names.is_empty() {
        let names = set_of(names.iter().map(|found| found.text().into_owned()));
        sheet.object.insert("names".to_owned(), names);
    }
    let comments = sheet.take_all(PropertyKind::Comment, plain);
    if !comments.is_empty() {
        let comments: Vec<Value> = comments.iter().map(|found| found.text().into()).collect();
        sheet.object.insert("comments".to_owned(), comments.into());
    }
    // UNTIL counts in UTC by the offset before the change, and stays UTC.
    let rule = |found: &Property<'_>| recurrence_rule::write(&found.raw_value(), &Clock::Utc);
    let rules = sheet.take_all(PropertyKind::RRule, |found| rule(found).is_some());
    let rules: Vec<Value> = rules.iter().filter_map(rule).collect();
    if !rules.is_empty() {
        sheet
            .object
            .insert("recurrenceRules".to_owned(), rules.into());
    }
    overrides::write_dates(&mut sheet, &Clock::Floating, &TimeZones::default());
    Some(sheet.finish(losses))
}

/// The VTIMEZONE of a TimeZone object, and the name that it has there.
pub(super) fn read(
    id: &str,
    object: Object,
    place: &str,
    losses: &mut Losses,
) -> (String, NewComponent) {
    let mut draft = Draft::new("VTIMEZONE", object, place);
    let tzid = draft.string("tzId");
    let tzid = tzid.unwrap_or_else(|| id.trim_start_matches('/').to_owned());
    draft.add_text("tzId", PropertyKind::TzId, &tzid);
    for (kind, key) in [
        (PropertyKind::LastModified, "updated"),
        (PropertyKind::TzUntil, "validUntil"),
    ] {
        draft.take_instant(key, kind);
    }
    if let Some(url) = draft.string("url") {
        draft.add(
            "url",
            NewProperty::of(PropertyKind::TzUrl).with_raw_value(&url),
        );
    }
    for alias in take_set(&mut draft.object, "aliases").unwrap_or_default() {
        draft.add_text("aliases", PropertyKind::TzIdAliasOf, &alias);
    }
    for (name, list) in [("STANDARD", "standard"), ("DAYLIGHT", "daylight")] {
        for (index, rule) in draft.list(list).unwrap_or_default().into_iter().enumerate() {
            let place = format!("{place}.{list}[{index}]");
            match rule {
                Value::Object(rule) => {
                    let rule = read_rule(name, rule, &place, losses);
                    draft.add_component(rule);
                }
                _ => losses.add(place, "TimeZone", list, "not a TimeZoneRule"),
            }
        }
    }
    (tzid, draft.finish(losses))
}

fn read_rule(name: &'static str, object: Object, place: &str, losses: &mut Losses) -> NewComponent {
    let mut draft = Draft::new(name, object, place);
    let start = draft
        .object
        .get("start")
        .and_then(Value::as_str)
        .and_then(read_local);
    if let Some(start) = start {
        draft.object.shift_remove("start");
        let property = NewProperty::of(PropertyKind::DtStart).with_moment(&Moment::Floating(start));
        draft.add("start", property);
    }
    for (kind, key) in [
        (PropertyKind::TzOffsetFrom, "offsetFrom"),
        (PropertyKind::TzOffsetTo, "offsetTo"),
    ] {
        let offset = draft.object.get(key).and_then(Value::as_str);
        let offset = offset.and_then(|text| text.replace(':', "").parse::<UtcOffset>().ok());
        if let Some(offset) = offset {
            draft.object.shift_remove(key);
            draft.add(
                key,
                NewProperty::of(kind).with_raw_value(&offset.to_string()),
            );
        }
    }
    for rule in recurrence_rule::take(
        &mut draft.object,
        ["recurrenceRules", "recurrenceRule"],
        &Clock::Utc,
    ) {
        draft.add(
            "recurrenceRules",
            NewProperty::of(PropertyKind::RRule).with_raw_value(&rule),
        );
    }
    if let Some(dates) = draft.map("recurrenceOverrides") {
        for (date, patch) in dates {
            let plain = patch.as_object().is_some_and(Object::is_empty);
            match read_local(&date).filter(|_| plain) {
                Some(local) => {
                    let date =
                        NewProperty::of(PropertyKind::RDate).with_moment(&Moment::Floating(local));
                    draft.add("recurrenceOverrides", date);
                }
                None => draft.leave("recurrenceOverrides", Object::from_iter([(date, patch)])),
            }
        }
    }
    for name in take_set(&mut draft.object, "names").unwrap_or_default() {
        draft.add_text("names", PropertyKind::TzName, &name);
    }
    for comment in draft.list("comments").unwrap_or_default() {
        if let Some(comment) = comment.as_str() {
            draft.add_text("comments", PropertyKind::Comment, comment);
        }
    }
    draft.finish(losses)
}

/// The zones that the entries of a JSCalendar text define.
#[derive(Default)]
pub(super) struct Defined {
    /// The TZID for each of their names.
    names: HashMap<String, String>,
    pub(super) blocks: Vec<NewComponent>,
}

impl Defined {
    /// Takes the definitions of an entry.
    pub(super) fn take(&mut self, entry: &mut Object, place: &str, losses: &mut Losses) {
        let Some(all) = entry.get("timeZones").and_then(Value::as_object) else {
            return;
        };
        for (id, zone) in all {
            if self.names.contains_key(id) {
                continue;
            }
            let place = format!("{place}.timeZones.{id}");
            let Some(zone) = zone.as_object() else {
                losses.add(place, "TimeZone", "", "not an object");
                continue;
            };
            let (tzid, block) = read(id, zone.clone(), &place, losses);
            self.names.insert(id.clone(), tzid);
            self.blocks.push(block);
        }
        entry.shift_remove("timeZones");
    }

    /// The TZID for a name that JSCalendar has for a zone.
    pub(super) fn tzid<'n>(&'n self, name: &'n str) -> Cow<'n, str> {
        match self.names.get(name) {
            Some(tzid) => tzid.as_str().into(),
            None => name.trim_start_matches('/').into(),
        }
    }

    /// The definitions as a calendar reads them.
    pub(super) fn zones(&self) -> TimeZones {
        let mut calendar = NewComponent::named("VCALENDAR");
        for block in &self.blocks {
            calendar = calendar.with_component(block.clone());
        }
        TimeZones::of(&Calendar::read(calendar.to_bytes()).calendar)
    }
}
