//! `recurrenceOverrides` (RFC 8984 4.3.5): EXDATE, RDATE and the components
//! with a RECURRENCE-ID.

use std::collections::HashSet;

use chrono::{NaiveDateTime, NaiveTime};
use serde_json::{Value, json};

use super::clock::{Clock, read_local, write_local};
use super::kept::Kept;
use super::sheet::Sheet;
use super::{Object, patch};
use crate::{
    Duration, Moment, NewProperty, PeriodEnd, Property, PropertyKind, TimeZones, ValueType,
};

/// Members that no patch may change (RFC 8984 4.3.5), with the properties
/// that they come of.
pub(super) const FIXED: &[(&str, &[PropertyKind])] = &[
    ("method", &[]),
    ("privacy", &[PropertyKind::Class]),
    ("prodId", &[]),
    ("relatedTo", &[PropertyKind::RelatedTo]),
    ("replyTo", &[PropertyKind::Organizer]),
    ("sentBy", &[]),
];

const MAP: &str = "recurrenceOverrides";

/// Sets what EXDATE and RDATE add and take away. What cannot be told on the
/// clock of the series stays a property.
pub(super) fn write_dates(sheet: &mut Sheet<'_>, clock: &Clock, zones: &TimeZones) {
    let start = sheet
        .object
        .get("start")
        .and_then(Value::as_str)
        .and_then(read_local);
    let daily = start.filter(|_| is_daily(sheet));
    let added = |found: &Property<'_>| rdates(found, clock, zones);
    for found in sheet.take_all(PropertyKind::RDate, |found| added(found).is_some()) {
        for (local, length) in added(&found).into_iter().flatten() {
            let key = write_local(local);
            let mut change = Object::new();
            if let Some(length) = length {
                change.insert("duration".to_owned(), length.to_string().into());
                sheet.kept.name(&format!("{MAP}/{key}"), "rdate");
            }
            if !sheet.has(MAP, &key) {
                sheet.add(MAP, &key, change);
            }
        }
    }
    let excluded = |found: &Property<'_>| exdates(found, clock, daily, zones);
    for found in sheet.take_all(PropertyKind::ExDate, |found| excluded(found).is_some()) {
        for local in excluded(&found).into_iter().flatten() {
            // What is both added and excluded is excluded.
            let key = write_local(local);
            sheet.kept.converted.swap_remove(&format!("{MAP}/{key}"));
            // After all that is added, as it comes back.
            if let Some(Value::Object(all)) = sheet.object.get_mut(MAP) {
                all.shift_remove(&key);
            }
            sheet.add(
                MAP,
                &key,
                Object::from_iter([("excluded".to_owned(), json!(true))]),
            );
        }
    }
}

/// Whether all instances of a series are at the time of day of its start.
fn is_daily(sheet: &Sheet<'_>) -> bool {
    let rules = sheet
        .object
        .get("recurrenceRules")
        .and_then(Value::as_array);
    let rule = |rule: &Value| {
        let by = ["byHour", "byMinute", "bySecond"]
            .iter()
            .any(|key| rule.get(*key).is_some());
        let often = ["hourly", "minutely", "secondly"];
        let frequency = rule
            .get("frequency")
            .and_then(Value::as_str)
            .unwrap_or_default();
        !by && !often.contains(&frequency)
    };
    rules.is_some_and(|rules| rules.iter().all(rule))
        && sheet.component.first(PropertyKind::RDate).is_none()
}

fn is_plain(found: &Property<'_>) -> bool {
    found
        .parameters()
        .all(|own| own.is("TZID") || own.is("VALUE"))
}

fn exdates(
    found: &Property<'_>,
    clock: &Clock,
    daily: Option<NaiveDateTime>,
    zones: &TimeZones,
) -> Option<Vec<NaiveDateTime>> {
    let moments = found.date_times().ok().filter(|_| is_plain(found))?;
    let local = |moment: &Moment| match (moment, clock) {
        (Moment::Date(date), Clock::Floating | Clock::Utc | Clock::Zone(..)) => {
            Some(date.and_time(daily?.time()))
        }
        _ => clock.local(moment, zones),
    };
    moments.iter().map(local).collect()
}

type Added = (NaiveDateTime, Option<Duration>);

fn rdates(found: &Property<'_>, clock: &Clock, zones: &TimeZones) -> Option<Vec<Added>> {
    if !is_plain(found) {
        return None;
    }
    if found.value_type() == ValueType::Period || found.raw_value().contains('/') {
        let periods = found.periods().ok().filter(|_| !clock.is_date())?;
        let period = |period: &crate::Period| {
            let start = clock.local(&period.start, zones)?;
            let length = match &period.end {
                PeriodEnd::After(length) => *length,
                PeriodEnd::At(end) => clock.between(start, clock.local(end, zones)?),
            };
            (!length.is_negative()).then_some((start, Some(length)))
        };
        return periods.iter().map(period).collect();
    }
    let moments = found.date_times().ok()?;
    let local = |moment: &Moment| Some((clock.local(moment, zones)?, None));
    moments.iter().map(local).collect()
}

/// A series that overrides are added to.
pub(super) struct Series {
    pub(super) object: Object,
    /// What an instance without override is, but for its start.
    base: Object,
    /// The instances that have an override.
    overridden: HashSet<NaiveDateTime>,
}

impl Series {
    pub(super) fn new(object: Object) -> Self {
        let mut base = object.clone();
        for own in [
            MAP,
            "recurrenceRules",
            "excludedRecurrenceRules",
            "timeZones",
            "uid",
        ] {
            base.shift_remove(own);
        }
        if let Some(converted) = converted(&mut base) {
            converted.retain(|path, _| !path.starts_with(MAP));
        }
        Series {
            object,
            base,
            overridden: HashSet::new(),
        }
    }

    /// The object without what an instance cannot have otherwise.
    pub(super) fn base(&self) -> &Object {
        &self.base
    }

    /// Adds an override: only what differs.
    pub(super) fn add(&mut self, key: NaiveDateTime, mut instance: Object) {
        self.overridden.insert(key);
        let key = write_local(key);
        for own in ["timeZones", "uid", "recurrenceId", "recurrenceIdTimeZone"] {
            instance.shift_remove(own);
        }
        // An instance begins at its recurrence id unless the patch says otherwise.
        self.base.insert("start".to_owned(), key.clone().into());
        let change = patch::diff(&self.base, &instance);
        let all = self.object.entry(MAP).or_insert_with(|| json!({}));
        let is_added = all.get(&key).is_some();
        let name = match (is_added, change.is_empty()) {
            (true, _) => Some("rdate"),
            (false, true) => Some("recurrence-id"),
            (false, false) => None,
        };
        if let Some(all) = all.as_object_mut() {
            all.insert(key.clone(), change.into());
        }
        let path = format!("{MAP}/{key}");
        if let Some(name) = name {
            let mut kept = Kept::take(&mut self.object);
            kept.converted.swap_remove(&path);
            kept.name(&path, name);
            self.object
                .insert(super::kept::NAME.to_owned(), kept.into_value("vevent"));
        }
    }

    /// Whether there is an override or an exception for an instance already.
    pub(super) fn has(&self, key: NaiveDateTime) -> bool {
        let change = self
            .object
            .get(MAP)
            .and_then(|all| all.get(write_local(key)));
        let excluded = change.is_some_and(|change| change.get("excluded").is_some());
        excluded || self.overridden.contains(&key)
    }
}

fn converted(object: &mut Object) -> Option<&mut Object> {
    let kept = object.get_mut(super::kept::NAME)?.as_object_mut()?;
    kept.get_mut("convertedProperties")?.as_object_mut()
}

/// What one entry of `recurrenceOverrides` says.
pub(super) enum Change {
    Excluded,
    Added,
    /// Added, with a length of its own.
    Period(Duration),
    /// Changed, and added if the flag says so.
    Patched(Object, bool),
}

/// Reads one entry; none for what is no patch.
pub(super) fn read(change: Value, name: Option<&str>) -> Option<Change> {
    let Value::Object(change) = change else {
        return None;
    };
    if change.get("excluded") == Some(&json!(true)) {
        return Some(Change::Excluded);
    }
    let length = change.get("duration").and_then(Value::as_str);
    let length = length.and_then(Duration::parse_lenient);
    let added = name == Some("rdate");
    Some(match length {
        _ if change.is_empty() && name != Some("recurrence-id") => Change::Added,
        Some(length) if added && change.len() == 1 => Change::Period(length),
        _ => Change::Patched(change, added),
    })
}

/// The property that adds an instance.
pub(super) fn rdate(local: NaiveDateTime, length: Option<Duration>, clock: &Clock) -> NewProperty {
    let moment = clock.moment(local);
    let property = NewProperty::of(PropertyKind::RDate).with_moment(&moment);
    match length {
        None => property,
        Some(length) => property
            .with_parameter("VALUE", "PERIOD")
            .with_raw_value(&format!("{}/{length}", moment.to_value())),
    }
}

/// The property that takes an instance away.
pub(super) fn exdate(local: NaiveDateTime, clock: &Clock) -> NewProperty {
    NewProperty::of(PropertyKind::ExDate).with_moment(&clock.moment(local))
}

/// Whether a local time can be a recurrence id on a clock.
pub(super) fn fits(local: NaiveDateTime, clock: &Clock) -> bool {
    !clock.is_date() || local.time() == NaiveTime::MIN
}
