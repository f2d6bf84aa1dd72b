//! When an entry takes place: `start`, `timeZone`, `duration`, `due` and
//! `showWithoutTime` (RFC 8984 4.2.4, 4.7.1, 5.1, 5.2).

use chrono::{NaiveDateTime, NaiveTime};
use serde_json::{Value, json};

use super::clock::{Clock, read_local, write_local};
use super::draft::{Draft, take_bool};
use super::locations::take_end_zone;
use super::sheet::Sheet;
use super::time_zones::{Defined, ZoneName, Zones};
use super::{Object, wrong};
use crate::converted::Losses;
use crate::{
    Duration, Error, Extent, Length, Moment, NewProperty, Property, PropertyKind, TimeZones,
};

/// Sets when the component of a sheet takes place, and returns its clock; none
/// if it has no time that can be read.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    zones: &Zones<'_>,
    task: bool,
    losses: &mut Losses,
) -> Option<(Clock, NaiveDateTime)> {
    let readable =
        |found: &Property<'_>| found.moment().is_ok() && !found.raw_value().contains(',');
    let start = sheet.take_if(PropertyKind::DtStart, readable);
    if start.is_none() && !task {
        return None;
    }
    let due = match task {
        true => sheet.take_if(PropertyKind::Due, readable),
        false => None,
    };
    if task {
        estimate(sheet, losses);
    }
    let (key, first) = match (&start, &due) {
        (Some(start), _) => ("start", *start),
        (None, Some(due)) => ("due", *due),
        (None, None) => return Some((Clock::Floating, NaiveDateTime::default())),
    };
    let moment = first.moment().ok()?;
    let clock = Clock::of(&moment, &zones.known);
    let local = moment.local();
    sheet.set(key, write_local(local).into(), &first, &["TZID"]);
    zone(sheet, (key, &first), &clock, zones, losses);
    if clock.is_date() {
        sheet
            .object
            .insert("showWithoutTime".to_owned(), json!(true));
    }
    show_without_time(sheet);
    if task {
        task_end(
            sheet,
            due.filter(|_| start.is_some()),
            (&clock, local),
            zones,
            losses,
        );
    } else {
        event_end(sheet, (&clock, local), zones, losses);
    }
    Some((clock, local))
}

fn show_without_time(sheet: &mut Sheet<'_>) {
    let is_true = |found: &Property<'_>| found.raw_value().eq_ignore_ascii_case("TRUE");
    for found in sheet.take_named("SHOW-WITHOUT-TIME") {
        sheet
            .object
            .insert("showWithoutTime".to_owned(), json!(is_true(&found)));
    }
}

fn zone(
    sheet: &mut Sheet<'_>,
    (key, first): (&str, &Property<'_>),
    clock: &Clock,
    zones: &Zones<'_>,
    losses: &mut Losses,
) {
    let name = match clock {
        Clock::Date | Clock::Floating => return,
        Clock::Utc => "Etc/UTC".to_owned(),
        Clock::Zone(tzid, _) => match zones.name(tzid, losses) {
            ZoneName::Iana(name) => name,
            ZoneName::Custom(name, definition) => {
                let all = Object::from_iter([(name.clone(), Value::Object(definition))]);
                sheet.object.insert("timeZones".to_owned(), all.into());
                name
            }
            ZoneName::Respelled(name) => {
                sheet.kept.parameters(key, first, &[]);
                name
            }
            ZoneName::Unknown => {
                sheet.kept.parameters(key, first, &[]);
                return;
            }
        },
    };
    sheet.object.insert("timeZone".to_owned(), name.into());
}

fn event_end(
    sheet: &mut Sheet<'_>,
    (clock, start): (&Clock, NaiveDateTime),
    zones: &Zones<'_>,
    losses: &mut Losses,
) {
    let lasting = |found: &Property<'_>| {
        let length = found.raw_value().parse::<Duration>();
        length.is_ok_and(|length| {
            !length.is_negative() && (!clock.is_date() || length.seconds() == 0)
        })
    };
    let has_end = sheet.component.first(PropertyKind::DtEnd).is_some();
    if let Some(found) = sheet.take_if(PropertyKind::Duration, |found| !has_end && lasting(found)) {
        sheet.set("duration", found.raw_value().into(), &found, &[]);
        return;
    }
    if clock.is_date() && !has_end {
        whole_days(sheet, losses);
        return;
    }
    let ended = |found: &Property<'_>| end(found, clock, start, &zones.known);
    let found = sheet.take_if(PropertyKind::DtEnd, |found| ended(found).is_some());
    match found.and_then(|found| ended(&found).map(|ended| (found, ended))) {
        Some((found, (length, None))) => {
            sheet.set("duration", length.to_string().into(), &found, &["TZID"]);
            sheet.kept.name("duration", "dtend");
        }
        Some((found, (length, Some(tzid)))) => {
            let name = match tzid.as_str() {
                "" => "Etc/UTC".to_owned(),
                tzid => match zones.name(tzid, losses) {
                    ZoneName::Iana(name) => name,
                    _ => {
                        // The zone of the end alone is not worth a definition.
                        sheet
                            .object
                            .insert("duration".to_owned(), length.to_string().into());
                        sheet.keep(&found, losses);
                        return;
                    }
                },
            };
            sheet.set("duration", length.to_string().into(), &found, &["TZID"]);
            sheet.kept.name("duration", "dtend");
            let mut place = Object::new();
            place.insert("@type".to_owned(), "Location".into());
            place.insert("relativeTo".to_owned(), "end".into());
            place.insert("timeZone".to_owned(), name.into());
            sheet.add("locations", "end", place);
        }
        None => {}
    }
}

/// Says how many days an event of whole days is read to last (RFC 5545 3.6.1: a
/// day if nothing is said; to JSCalendar that would be no time at all). A
/// DURATION that says it in hours cannot go along: both would come back.
fn whole_days(sheet: &mut Sheet<'_>, losses: &mut Losses) {
    let length = Extent::of(&sheet.component, PropertyKind::DtEnd).map(|extent| extent.length);
    let days = match length {
        Ok(Length::For(length)) => length,
        Ok(Length::Until(_)) | Err(_) => Duration::from_days(1),
    };
    sheet
        .object
        .insert("duration".to_owned(), days.to_string().into());
    if let Some(found) = sheet.take_if(PropertyKind::Duration, |_| true) {
        let why = "an event of whole days lasts whole days";
        losses.property(&found, sheet.component.name(), why);
    }
}

/// How long after its start an event ends, and the zone of the end if it is
/// another (empty for UTC); none where that is not to be told without loss.
fn end(
    found: &Property<'_>,
    clock: &Clock,
    start: NaiveDateTime,
    zones: &TimeZones,
) -> Option<(Duration, Option<String>)> {
    let end = found.moment().ok()?;
    let own = Clock::of(&end, zones);
    let same = match (clock, &own) {
        (Clock::Zone(one, _), Clock::Zone(other, _)) => one == other,
        _ => std::mem::discriminant(clock) == std::mem::discriminant(&own),
    };
    let length = match same {
        true => clock.between(start, end.local()),
        false => {
            let length = own.to_utc(end.local())? - clock.to_utc(start)?;
            Duration::from_seconds(length.num_seconds())
        }
    };
    let back = match same {
        true => clock.after(start, length)?,
        false => own.at_utc(clock.to_utc(clock.after(start, length)?)?)?,
    };
    let zone = match own {
        _ if same => None,
        Clock::Zone(tzid, _) => Some(tzid),
        _ => Some(String::new()),
    };
    (back == end.local() && !length.is_negative()).then_some((length, zone))
}

/// How long a to-do is thought to take.
fn estimate(sheet: &mut Sheet<'_>, losses: &mut Losses) {
    let fits = |found: &Property<'_>| {
        let length = found.raw_value().parse::<Duration>();
        length.is_ok_and(|length| !length.is_negative())
    };
    for found in sheet.take_named("ESTIMATED-DURATION") {
        match fits(&found) {
            true => sheet.set("estimatedDuration", found.raw_value().into(), &found, &[]),
            false => sheet.keep(&found, losses),
        }
    }
}

fn task_end(
    sheet: &mut Sheet<'_>,
    due: Option<Property<'_>>,
    (clock, start): (&Clock, NaiveDateTime),
    zones: &Zones<'_>,
    losses: &mut Losses,
) {
    if let Some(due) = due {
        let local = due.moment().ok().and_then(|moment| {
            let same = moment.is_date() == clock.is_date();
            clock.local(&moment, &zones.known).filter(|_| same)
        });
        match local {
            Some(local) => sheet.set("due", write_local(local).into(), &due, &["TZID"]),
            None => sheet.keep(&due, losses),
        }
    }
    let length = |found: &Property<'_>| found.raw_value().parse::<Duration>().ok();
    let fits = |found: &Property<'_>| length(found).is_some_and(|length| !length.is_negative());
    let free = !sheet.object.contains_key("estimatedDuration") && !sheet.object.contains_key("due");
    let has_start = sheet.object.contains_key("start");
    if free
        && has_start
        && let Some(found) = sheet.take_if(PropertyKind::Duration, fits)
        && let Some(length) = length(&found)
    {
        sheet.set("estimatedDuration", found.raw_value().into(), &found, &[]);
        // A duration says when a to-do is due (RFC 5545 3.6.2).
        if let Some(due) = clock.after(start, length) {
            sheet
                .object
                .insert("due".to_owned(), write_local(due).into());
        }
        sheet.kept.name("due", "duration");
    }
}

impl Clock {
    pub(super) fn is_date(&self) -> bool {
        matches!(self, Clock::Date)
    }
}

/// The clock of an entry in JSCalendar. `zone` is its `timeZone`.
pub(super) fn read_clock(draft: &mut Draft, defined: &Defined, zones: &TimeZones) -> Clock {
    let without_time = take_bool(&mut draft.object, "showWithoutTime").unwrap_or(false);
    let zone = draft.string("timeZone");
    if draft.object.get("timeZone").is_some_and(Value::is_null) {
        draft.object.shift_remove("timeZone");
    }
    let kept = ["start", "due"]
        .iter()
        .find_map(|key| draft.kept.parameter_of(key, "tzid"));
    let tzid = match (kept, &zone) {
        (Some(kept), _) => Some(kept.to_owned()),
        (None, Some(zone)) => Some(defined.tzid(zone).into_owned()),
        (None, None) => None,
    };
    let clock = match tzid {
        Some(tzid) if tzid == "Etc/UTC" => Clock::Utc,
        Some(tzid) => {
            let rules = zones.resolve(&tzid).map(|zone| zone.rules);
            Clock::Zone(tzid, rules)
        }
        None if without_time && is_midnight(&draft.object) => Clock::Date,
        None => Clock::Floating,
    };
    if without_time && !clock.is_date() {
        let property = NewProperty::named("SHOW-WITHOUT-TIME")
            .with_parameter("VALUE", "BOOLEAN")
            .with_raw_value("TRUE");
        draft.add("showWithoutTime", property);
    }
    clock
}

/// Whether all times of an entry are midnights and whole days.
fn is_midnight(entry: &Object) -> bool {
    let local = |text: &str| text.ends_with("T00:00:00");
    let own = |key: &str| entry.get(key).and_then(Value::as_str);
    let locals = ["start", "due", "recurrenceId"];
    let lengths = ["duration", "estimatedDuration"];
    let rules = [
        "recurrenceRules",
        "excludedRecurrenceRules",
        "recurrenceRule",
    ];
    let rules = rules.iter().filter_map(|key| entry.get(*key));
    let mut rules = rules.flat_map(|rules| {
        rules
            .as_array()
            .map_or(std::slice::from_ref(rules), Vec::as_slice)
    });
    let keys = entry.get("recurrenceOverrides").and_then(Value::as_object);
    locals.iter().filter_map(|key| own(key)).all(local)
        && lengths
            .iter()
            .filter_map(|key| own(key))
            .all(|text| !text.contains('T') || text == "PT0S")
        && rules.all(|rule| rule.get("until").and_then(Value::as_str).is_none_or(local))
        && keys.is_none_or(|all| all.keys().all(|key| local(key)))
}

/// Adds the properties that say when an entry takes place.
pub(super) fn read(
    draft: &mut Draft,
    clock: &Clock,
    (defined, zones): (&Defined, &TimeZones),
    task: bool,
) -> Result<(), Error> {
    let start = take_local(draft, "start")?;
    if start.is_none() && !task {
        return Err(wrong(&draft.place, "an event without start"));
    }
    if let Some(start) = start {
        let property = NewProperty::of(PropertyKind::DtStart).with_moment(&clock.moment(start));
        draft.add("start", property);
    }
    if task {
        read_task_end(draft, clock, start)
    } else {
        read_event_end(draft, clock, start.unwrap_or_default(), (defined, zones));
        Ok(())
    }
}

fn take_local(draft: &mut Draft, key: &str) -> Result<Option<NaiveDateTime>, Error> {
    match draft.string(key) {
        None => Ok(None),
        Some(text) => match read_local(&text) {
            Some(local) => Ok(Some(local)),
            None => Err(wrong(
                &format!("{}.{key}", draft.place),
                "not a local date-time",
            )),
        },
    }
}

/// Takes a duration that iCalendar can say.
fn take_duration(draft: &mut Draft, key: &str) -> Option<Duration> {
    let text = draft.object.get(key)?.as_str()?;
    let length = Duration::parse_lenient(text).filter(|length| !length.is_negative())?;
    draft.object.shift_remove(key);
    Some(length)
}

fn read_event_end(
    draft: &mut Draft,
    clock: &Clock,
    start: NaiveDateTime,
    (defined, zones): (&Defined, &TimeZones),
) {
    let end_zone = take_end_zone(draft);
    let Some(length) = take_duration(draft, "duration") else {
        return;
    };
    if draft.keeps("DTEND") {
        return;
    }
    let by_end = draft.kept.name_of("duration") == Some("dtend");
    let own = match end_zone.as_deref().map(|zone| defined.tzid(zone)) {
        None => clock.clone(),
        Some(tzid) if tzid == "Etc/UTC" => Clock::Utc,
        Some(tzid) => Clock::Zone(
            tzid.to_string(),
            zones.resolve(&tzid).map(|zone| zone.rules),
        ),
    };
    let end = clock.after(start, length).and_then(|end| match end_zone {
        None => Some(end),
        Some(_) => own.at_utc(clock.to_utc(end)?),
    });
    let whole =
        !clock.is_date() || end.is_some_and(|end| end.time() == NaiveTime::MIN && end > start);
    match end.filter(|_| (by_end || end_zone.is_some()) && whole) {
        Some(end) => {
            let property = NewProperty::of(PropertyKind::DtEnd).with_moment(&own.moment(end));
            draft.add("duration", property);
        }
        None if length.is_zero() => {}
        None => {
            let property = NewProperty::of(PropertyKind::Duration).with_duration(length);
            draft.add("duration", property);
        }
    }
}

fn read_task_end(
    draft: &mut Draft,
    clock: &Clock,
    start: Option<NaiveDateTime>,
) -> Result<(), Error> {
    let due = take_local(draft, "due")?;
    let by_length = draft.kept.name_of("due") == Some("duration") && start.is_some();
    let length = take_duration(draft, "estimatedDuration");
    if let Some(length) = length {
        let property = match by_length {
            true => NewProperty::of(PropertyKind::Duration),
            false => NewProperty::named("ESTIMATED-DURATION").with_parameter("VALUE", "DURATION"),
        };
        draft.add("estimatedDuration", property.with_duration(length));
    }
    if let Some(due) = due.filter(|_| !(draft.keeps("DUE") || by_length && length.is_some())) {
        let property = NewProperty::of(PropertyKind::Due).with_moment(&clock.moment(due));
        draft.add("due", property);
    }
    Ok(())
}

/// The moment of a recurrence id.
pub(super) fn recurrence_id(local: NaiveDateTime, clock: &Clock) -> NewProperty {
    let moment: Moment = clock.moment(local);
    NewProperty::of(PropertyKind::RecurrenceId).with_moment(&moment)
}
