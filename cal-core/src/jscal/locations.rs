//! Location and VirtualLocation objects (RFC 8984 4.2.5, 4.2.6): LOCATION,
//! GEO, VLOCATION and CONFERENCE.

use serde_json::Value;

use super::draft::{Draft, take_set, take_string};
use super::kept::{Kept, set_of};
use super::sheet::{Sheet, is_id, is_made};
use super::{Object, links};
use crate::converted::Losses;
use crate::{ComponentKind, Geo, NewProperty, Property, PropertyKind};

/// The id of the location that LOCATION and GEO are.
const MAIN: &str = "main";

pub(super) fn write(sheet: &mut Sheet<'_>, losses: &mut Losses) {
    let own = |found: &Property<'_>| {
        !found
            .parameter("DERIVED")
            .is_some_and(|value| value.eq_ignore_ascii_case("TRUE"))
            && found.value_type() == found.kind().default_type()
    };
    let name = sheet.take_if(PropertyKind::Location, own);
    let geo = sheet.take_if(PropertyKind::Geo, |found| own(found) && found.geo().is_ok());
    let jsid = [&name, &geo]
        .into_iter()
        .flatten()
        .find_map(|found| found.parameter("JSID"));
    let id = jsid
        .filter(|id| is_id(id))
        .map_or_else(|| MAIN.to_owned(), Into::into);
    let mut location = Object::new();
    if let Some(name) = &name {
        location.insert("name".to_owned(), name.text().into());
        sheet
            .kept
            .parameters(&format!("locations/{id}/name"), name, &["JSID"]);
    }
    if let Some((property, geo)) = geo.and_then(|found| found.geo().ok().map(|geo| (found, geo))) {
        location.insert("coordinates".to_owned(), write_geo(geo).into());
        let path = format!("locations/{id}/coordinates");
        sheet.kept.parameters(&path, &property, &["JSID"]);
    }
    if !location.is_empty() {
        location.shift_insert(0, "@type".to_owned(), "Location".into());
        sheet.add("locations", &id, location);
    }
    for inner in sheet.component.components() {
        if inner.kind() == ComponentKind::Location {
            write_component(sheet, Sheet::new(inner, "Location"), losses);
        }
    }
    conferences(sheet);
}

fn write_geo(geo: Geo) -> String {
    format!("geo:{},{}", geo.latitude, geo.longitude)
}

fn write_component(sheet: &mut Sheet<'_>, mut inner: Sheet<'_>, losses: &mut Losses) {
    let jsid = inner
        .take_named("JSID")
        .first()
        .map(|found| found.text().into_owned());
    let uid = inner
        .component
        .text(PropertyKind::Uid)
        .map(std::borrow::Cow::into_owned);
    let id = sheet.id("locations", jsid.or(uid).as_deref(), 'v');
    inner.convert(PropertyKind::Name, "name", |found| {
        Some(found.text().into())
    });
    inner.convert(PropertyKind::Description, "description", |found| {
        Some(found.text().into())
    });
    inner.convert(PropertyKind::Geo, "coordinates", |found| {
        Some(write_geo(found.geo().ok()?).into())
    });
    let types = inner.take_all(PropertyKind::LocationType, |found| {
        found.parameters().next().is_none()
    });
    if !types.is_empty() {
        let types = set_of(types.iter().flat_map(Property::texts));
        inner.object.insert("locationTypes".to_owned(), types);
    }
    links::write(&mut inner);
    let mut location = inner.finish(losses);
    // It says that this was a component, even where nothing else is kept.
    let component = location.entry(super::kept::NAME);
    component.or_insert_with(|| Kept::default().into_value("vlocation"));
    sheet.add("locations", &id, location);
}

fn conferences(sheet: &mut Sheet<'_>) {
    let plain = |found: &Property<'_>| {
        found.value_type() == crate::ValueType::Uri && !found.raw_value().is_empty()
    };
    for found in sheet.take_all(PropertyKind::Conference, plain) {
        let id = sheet.id("virtualLocations", found.parameter("JSID").as_deref(), 'c');
        let mut place = Object::new();
        place.insert("@type".to_owned(), "VirtualLocation".into());
        place.insert("uri".to_owned(), found.raw_value().into());
        if let Some(label) = found.parameter("LABEL") {
            place.insert("name".to_owned(), label.into());
        }
        if let Some(features) = found.parameters().find(|own| own.is("FEATURE")) {
            let features = features.values().map(|name| name.to_ascii_lowercase());
            place.insert("features".to_owned(), set_of(features));
        }
        let path = format!("virtualLocations/{id}");
        sheet
            .kept
            .parameters(&path, &found, &["JSID", "LABEL", "FEATURE"]);
        sheet.add("virtualLocations", &id, place);
    }
}

/// Takes the zone in which the entry ends: `endTimeZone`, or that of a
/// location where it ends and that says nothing else (RFC 8984 4.2.5).
pub(super) fn take_end_zone(draft: &mut Draft) -> Option<String> {
    if let Some(zone) = draft.string("endTimeZone") {
        return Some(zone);
    }
    let all = draft.object.get_mut("locations")?.as_object_mut()?;
    let is_end = |location: &Value| {
        let own = |key| location.get(key).and_then(Value::as_str);
        own("relativeTo") == Some("end") && own("timeZone").is_some()
    };
    let id = all
        .iter()
        .find(|(_, location)| is_end(location))
        .map(|(id, _)| id.clone())?;
    let location = all.get_mut(&id)?.as_object_mut()?;
    let zone = take_string(location, "timeZone");
    location.shift_remove("relativeTo");
    if location.keys().all(|key| key == "@type") {
        all.shift_remove(&id);
    }
    zone
}

pub(super) fn read(draft: &mut Draft, losses: &mut Losses) {
    for (id, value) in draft.map("locations").unwrap_or_default() {
        match value {
            Value::Object(location) => read_location(draft, &id, location, losses),
            other => draft.leave("locations", Object::from_iter([(id, other)])),
        }
    }
    for (id, value) in draft.map("virtualLocations").unwrap_or_default() {
        match value {
            Value::Object(place) if place.get("uri").is_some_and(Value::is_string) => {
                read_conference(draft, &id, place);
            }
            other => draft.leave("virtualLocations", Object::from_iter([(id, other)])),
        }
    }
}

fn read_location(draft: &mut Draft, id: &str, mut location: Object, losses: &mut Losses) {
    let path = super::pointer::join("locations", id);
    let is_component = location.contains_key(super::kept::NAME)
        || draft.has("LOCATION")
        || !(location.get("name").is_some_and(Value::is_string)
            || location.get("coordinates").is_some_and(Value::is_string) && !draft.has("GEO"));
    if is_component {
        let component = read_component(id, location, &format!("{}.{path}", draft.place), losses);
        draft.add_component(component);
        return;
    }
    let _ = take_string(&mut location, "@type");
    let name = take_string(&mut location, "name");
    let geo = take_geo(&mut location);
    let named = id != MAIN;
    let marked = |property: NewProperty| match named {
        true => property.with_parameter("JSID", id),
        false => property,
    };
    if let Some(name) = name {
        let property = NewProperty::of(PropertyKind::Location).with_text(&name);
        draft.add(&format!("{path}/name"), marked(property));
    }
    if let Some(geo) = geo {
        let property = NewProperty::of(PropertyKind::Geo).with_raw_value(&geo.to_string());
        draft.add(&format!("{path}/coordinates"), marked(property));
    }
    draft.leave(&path, location);
}

fn read_component(
    id: &str,
    location: Object,
    place: &str,
    losses: &mut Losses,
) -> crate::NewComponent {
    let mut inner = Draft::new("VLOCATION", location, place);
    if !inner.keeps("UID") {
        inner.add_text("", PropertyKind::Uid, id);
    } else if !is_made(id, 'v')
        && !inner
            .kept
            .properties
            .iter()
            .any(|jcal| jcal.get(3).and_then(Value::as_str) == Some(id))
    {
        inner.add("", NewProperty::named("JSID").with_text(id));
    }
    if let Some(name) = inner.string("name") {
        inner.add_text("name", PropertyKind::Name, &name);
    }
    if let Some(text) = inner.string("description") {
        inner.add_text("description", PropertyKind::Description, &text);
    }
    if let Some(geo) = take_geo(&mut inner.object) {
        let property = NewProperty::of(PropertyKind::Geo).with_raw_value(&geo.to_string());
        inner.add("coordinates", property);
    }
    if let Some(types) = take_set(&mut inner.object, "locationTypes") {
        let property = NewProperty::of(PropertyKind::LocationType).with_texts(types);
        inner.add("locationTypes", property);
    }
    links::read(&mut inner);
    inner.finish(losses)
}

/// Takes coordinates that GEO can say.
fn take_geo(location: &mut Object) -> Option<Geo> {
    let text = location.get("coordinates")?.as_str()?;
    let (latitude, longitude) = text.strip_prefix("geo:")?.split_once(',')?;
    let geo: Geo = format!("{latitude};{longitude}").parse().ok()?;
    location.shift_remove("coordinates");
    Some(geo)
}

fn read_conference(draft: &mut Draft, id: &str, mut place: Object) {
    let _ = take_string(&mut place, "@type");
    let uri = take_string(&mut place, "uri").unwrap_or_default();
    let mut property = NewProperty::of(PropertyKind::Conference)
        .with_parameter("VALUE", "URI")
        .with_raw_value(&uri);
    if let Some(features) = take_set(&mut place, "features") {
        let features = features.iter().map(|name| name.to_ascii_uppercase());
        property = property.with_parameter_values("FEATURE", features);
    }
    if let Some(name) = take_string(&mut place, "name") {
        property = property.with_parameter("LABEL", &name);
    }
    if !is_made(id, 'c') || !place.is_empty() {
        property = property.with_parameter("JSID", id);
    }
    let path = super::pointer::join("virtualLocations", id);
    draft.add(&path, property);
    draft.leave(&path, place);
}
