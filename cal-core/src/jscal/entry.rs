//! Event and Task objects (RFC 8984 5.1, 5.2): VEVENT and VTODO.

use chrono::NaiveDateTime;
use serde_json::Value;

use super::clock::{Clock, read_local, write_local};
use super::draft::Draft;
use super::kept::Kept;
use super::overrides::{self, Change, FIXED, Series};
use super::sheet::Sheet;
use super::time_zones::{Defined, Zones};
use super::{
    Object, alerts, fields, links, locations, participants, patch, recurrence_rule, timing, wrong,
};
use crate::converted::Losses;
use crate::{
    Component, ComponentKind, Error, Moment, NewComponent, NewProperty, Property, PropertyKind,
    TimeZones,
};

/// The object for a component, with its clock; none for one that JSCalendar
/// has no object for.
pub(super) fn write(
    component: Component<'_>,
    uid: &str,
    zones: &Zones<'_>,
    losses: &mut Losses,
) -> Option<(Object, Clock)> {
    let task = component.kind() == ComponentKind::Todo;
    let mut sheet = Sheet::new(component, if task { "Task" } else { "Event" });
    sheet.object.insert("uid".to_owned(), uid.into());
    let own = sheet.take(PropertyKind::Uid);
    if let Some(own) = own {
        sheet.kept.parameters("uid", &own, &[]);
    }
    let (clock, _) = timing::write(&mut sheet, zones, task, losses)?;
    if component.is_override() {
        recurrence_id(&mut sheet, zones);
    } else {
        recurrence(&mut sheet, &clock, zones);
    }
    fields::write(&mut sheet, task);
    participants::write(&mut sheet, task);
    locations::write(&mut sheet, losses);
    links::write(&mut sheet);
    alerts::write(&mut sheet, losses);
    Some((sheet.finish(losses), clock))
}

fn recurrence(sheet: &mut Sheet<'_>, clock: &Clock, zones: &Zones<'_>) {
    for (kind, key) in [
        (PropertyKind::RRule, "recurrenceRules"),
        (PropertyKind::ExRule, "excludedRecurrenceRules"),
    ] {
        let rule = |found: &Property<'_>| {
            let plain = found.parameters().next().is_none();
            plain
                .then(|| recurrence_rule::write(&found.raw_value(), clock))
                .flatten()
        };
        let found = sheet.take_all(kind, |found| rule(found).is_some());
        let rules: Vec<Value> = found.iter().filter_map(rule).collect();
        if !rules.is_empty() {
            sheet.object.insert(key.to_owned(), rules.into());
        }
    }
    overrides::write_dates(sheet, clock, &zones.known);
}

fn recurrence_id(sheet: &mut Sheet<'_>, zones: &Zones<'_>) {
    let Some(found) = sheet.take_if(PropertyKind::RecurrenceId, |found| found.moment().is_ok())
    else {
        return;
    };
    let Ok(moment) = found.moment() else {
        return;
    };
    let zone = match Clock::of(&moment, &zones.known) {
        Clock::Utc => Some("Etc/UTC".to_owned()),
        Clock::Zone(tzid, _) => Some(tzid),
        Clock::Date | Clock::Floating => None,
    };
    if let Some(zone) = zone {
        sheet
            .object
            .insert("recurrenceIdTimeZone".to_owned(), zone.into());
    }
    let local = write_local(moment.local());
    sheet.set("recurrenceId", local.into(), &found, &["TZID"]);
}

/// Adds an override to the series that it belongs to. What a patch cannot say
/// goes with the override as iCalendar, or is reported.
pub(super) fn write_override(
    series: &mut Series,
    key: NaiveDateTime,
    component: Component<'_>,
    mut instance: Object,
    losses: &mut Losses,
) {
    for (name, kinds) in FIXED {
        let base = series.base().get(*name);
        let own: Vec<Property<'_>> = kinds.iter().flat_map(|kind| component.all(*kind)).collect();
        let mut kept = Kept::take(&mut instance);
        // What is kept in part is kept whole: it then counts alone.
        let differs = base != instance.get(*name);
        if differs || own.iter().any(|found| kept.has(found.name())) {
            own.iter().for_each(|found| kept.remove(found.name()));
            for found in &own {
                kept.property(found, component.name(), losses);
            }
        }
        if !kept.is_empty() {
            let kept = kept.into_value(component.name());
            instance.insert(super::kept::NAME.to_owned(), kept);
        }
        if !differs {
            continue;
        }
        if own.is_empty() {
            losses.component(
                &component,
                "an override has what its series has, of CLASS, ORGANIZER and RELATED-TO",
            );
        }
        match base {
            Some(base) => instance.insert((*name).to_owned(), base.clone()),
            None => instance.shift_remove(*name),
        };
    }
    series.add(key, instance);
}

/// What all entries of a text share on their way to iCalendar.
pub(super) struct Reader<'r> {
    pub(super) defined: &'r Defined,
    pub(super) zones: &'r TimeZones,
    pub(super) losses: &'r mut Losses,
    /// Bytes that the calendar may still grow by.
    pub(super) room: usize,
}

impl Reader<'_> {
    /// The components for an entry: the series, and each of its overrides.
    pub(super) fn read(&mut self, entry: Object, place: &str) -> Result<Vec<NewComponent>, Error> {
        let task = match entry.get("@type").and_then(Value::as_str) {
            Some("Event") => false,
            Some("Task") => true,
            _ => return Err(wrong(place, "neither Event nor Task")),
        };
        let mut instance = entry.clone();
        for own in [
            "recurrenceOverrides",
            "recurrenceRules",
            "recurrenceRule",
            "excludedRecurrenceRules",
        ] {
            instance.shift_remove(own);
        }
        // Each override begins as a copy of all this.
        let weight = Value::Object(instance.clone()).to_string().len();
        let mut draft = Draft::new(if task { "VTODO" } else { "VEVENT" }, entry, place);
        let clock = timing::read_clock(&mut draft, self.defined, self.zones);
        let mut made = Vec::new();
        for (key, change) in draft.map("recurrenceOverrides").unwrap_or_default() {
            let name = format!("recurrenceOverrides/{key}");
            let name = draft.kept.name_of(&name);
            let local = read_local(&key).filter(|local| overrides::fits(*local, &clock));
            let path = format!("{place}.recurrenceOverrides.{key}");
            let (Some(local), Some(change)) = (local, overrides::read(change, name)) else {
                self.losses.add(
                    path,
                    "Event",
                    "recurrenceOverrides",
                    "not a patch for a local date-time",
                );
                continue;
            };
            match change {
                Change::Excluded => draft.add("", overrides::exdate(local, &clock)),
                Change::Added => draft.add("", overrides::rdate(local, None, &clock)),
                Change::Period(length) => {
                    draft.add("", overrides::rdate(local, Some(length), &clock));
                }
                Change::Patched(change, added) => {
                    if added {
                        draft.add("", overrides::rdate(local, None, &clock));
                    }
                    self.take_room(weight, &path)?;
                    let mut patched = instance.clone();
                    patched.insert("start".to_owned(), key.into());
                    self.patch(&mut patched, change, &path);
                    let id = timing::recurrence_id(local, &clock);
                    made.push(self.component(patched, task, &path, Some(id))?);
                }
            }
        }
        let series = self.finish(draft, &clock, task, None)?;
        made.insert(0, series);
        Ok(made)
    }

    fn take_room(&mut self, size: usize, place: &str) -> Result<(), Error> {
        let left = self.room.checked_sub(size);
        self.room = left.ok_or_else(|| wrong(place, "more than 256 MiB of iCalendar"))?;
        Ok(())
    }

    fn patch(&mut self, object: &mut Object, change: Object, place: &str) {
        let fixed = |name: &str| {
            FIXED.iter().any(|(own, _)| *own == name) || matches!(name, "@type" | "uid")
        };
        let (refused, change): (Vec<_>, Vec<_>) =
            change.into_iter().partition(|(name, _)| fixed(name));
        for (name, _) in refused {
            self.losses.add(
                place.to_owned(),
                "PatchObject",
                &name,
                "no patch may change this",
            );
        }
        for path in patch::apply(object, change.into_iter().collect()) {
            self.losses
                .add(place.to_owned(), "PatchObject", &path, "points to nothing");
        }
    }

    fn component(
        &mut self,
        object: Object,
        task: bool,
        place: &str,
        id: Option<NewProperty>,
    ) -> Result<NewComponent, Error> {
        let mut draft = Draft::new(if task { "VTODO" } else { "VEVENT" }, object, place);
        let clock = timing::read_clock(&mut draft, self.defined, self.zones);
        self.finish(draft, &clock, task, id)
    }

    fn finish(
        &mut self,
        mut draft: Draft,
        clock: &Clock,
        task: bool,
        id: Option<NewProperty>,
    ) -> Result<NewComponent, Error> {
        let uid = draft
            .string("uid")
            .ok_or_else(|| wrong(&draft.place, "no uid"))?;
        draft.add_text("uid", PropertyKind::Uid, &uid);
        let is_override = id.is_some();
        if let Some(id) = id {
            draft.add("recurrenceId", id);
        } else {
            read_recurrence_id(&mut draft, clock, self.defined);
        }
        timing::read(&mut draft, clock, (self.defined, self.zones), task)?;
        if !is_override {
            for (kind, keys) in [
                (PropertyKind::RRule, ["recurrenceRules", "recurrenceRule"]),
                (
                    PropertyKind::ExRule,
                    ["excludedRecurrenceRules", "excludedRecurrenceRule"],
                ),
            ] {
                for rule in recurrence_rule::take(&mut draft.object, keys, clock) {
                    draft.add(keys[0], NewProperty::of(kind).with_raw_value(&rule));
                }
            }
        }
        let title = draft
            .object
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        fields::read(&mut draft, task);
        participants::read(&mut draft);
        locations::read(&mut draft, self.losses);
        links::read(&mut draft);
        alerts::read(&mut draft, &title, self.losses);
        if is_override {
            for name in ["CLASS", "ORGANIZER", "RELATED-TO"] {
                if draft.keeps(name) {
                    draft.without(name);
                }
            }
        }
        let place = draft.place.clone();
        let made = draft.finish(self.losses);
        self.take_room(made.to_bytes().len(), &place)?;
        Ok(made)
    }
}

fn read_recurrence_id(draft: &mut Draft, clock: &Clock, defined: &Defined) {
    let local = draft
        .object
        .get("recurrenceId")
        .and_then(Value::as_str)
        .and_then(read_local);
    let Some(local) = local else {
        return;
    };
    draft.object.shift_remove("recurrenceId");
    let zone = draft.string("recurrenceIdTimeZone");
    let own = match zone.as_deref().map(|zone| defined.tzid(zone)) {
        Some(tzid) if tzid == "Etc/UTC" => Clock::Utc,
        Some(tzid) => Clock::Zone(tzid.into_owned(), None),
        None if clock.is_date() => Clock::Date,
        None => Clock::Floating,
    };
    draft.add("recurrenceId", timing::recurrence_id(local, &own));
}

/// Whether a component is one that has an object.
pub(super) fn is_entry(component: &Component<'_>) -> bool {
    matches!(component.kind(), ComponentKind::Event | ComponentKind::Todo)
}

/// The instance of a series that an override is for, on the clock of the series.
pub(super) fn instance_of(
    component: Component<'_>,
    clock: &Clock,
    zones: &TimeZones,
) -> Option<NaiveDateTime> {
    let id: Moment = component.recurrence_id().ok()??;
    let same = id.is_date() == clock.is_date();
    clock.local(&id, zones).filter(|_| same)
}
