//! Participant objects (RFC 8984 4.4.6): ORGANIZER and ATTENDEE.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::draft::{Draft, take_bool, take_object, take_set, take_string};
use super::kept::set_of;
use super::sheet::{Sheet, is_id};
use super::{Object, pointer};
use crate::{NewProperty, Property, PropertyKind};

const KINDS: &[(&str, &str)] = &[
    ("INDIVIDUAL", "individual"),
    ("GROUP", "group"),
    ("RESOURCE", "resource"),
    ("ROOM", "location"),
];

/// Roles besides `attendee`, which goes with all of them but the second.
const ROLES: &[(&str, &str)] = &[
    ("CHAIR", "chair"),
    ("NON-PARTICIPANT", "informational"),
    ("OPT-PARTICIPANT", "optional"),
];

/// Answers to a to-do that are progress as well.
const PROGRESS: &[(&str, &str)] = &[
    ("COMPLETED", "completed"),
    ("IN-PROCESS", "in-process"),
    ("FAILED", "failed"),
];

/// The id for a calendar address: the same for the same address, always.
fn id_of(address: &str) -> String {
    let plain = plain(address);
    let hash = plain.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("p{hash:016x}")
}

fn plain(address: &str) -> String {
    address.trim().to_ascii_lowercase()
}

/// How a calendar address is written to: iMIP for mail (RFC 8984 4.4.4).
fn method(address: &str) -> &'static str {
    match plain(address).starts_with("mailto:") {
        true => "imip",
        false => "other",
    }
}

pub(super) fn write(sheet: &mut Sheet<'_>, task: bool) {
    let filled = |found: &Property<'_>| {
        !found.raw_value().trim().is_empty() && found.value_type() == crate::ValueType::CalAddress
    };
    let organizer = sheet.take_if(PropertyKind::Organizer, filled);
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut ids: HashSet<String> = HashSet::new();
    let mut attendees: Vec<(String, Property<'_>)> = Vec::new();
    for found in sheet.take_all(PropertyKind::Attendee, filled) {
        let address = plain(&found.raw_value());
        if seen.contains_key(&address) {
            sheet.put_back(found);
            continue;
        }
        let jsid = found.parameter("JSID").filter(|id| is_id(id));
        let id = jsid.map_or_else(|| id_of(&address), Into::into);
        if !ids.insert(id.clone()) {
            sheet.put_back(found);
            continue;
        }
        seen.insert(address, id.clone());
        attendees.push((id, found));
    }
    for (id, found) in &attendees {
        let participant = attendee(sheet, id, found, &seen, task);
        sheet.add("participants", id, participant);
    }
    if let Some(organizer) = organizer {
        write_organizer(sheet, &organizer, &seen);
    }
}

fn write_organizer(
    sheet: &mut Sheet<'_>,
    found: &Property<'_>,
    attendees: &HashMap<String, String>,
) {
    let address = found.raw_value();
    let method = method(&address);
    sheet
        .object
        .insert("replyTo".to_owned(), json!({method: address}));
    let path = format!("replyTo/{method}");
    let name = found.parameter("CN");
    if let Some(id) = attendees.get(&plain(&address)) {
        let all = sheet.object.get_mut("participants");
        if let Some(own) = all
            .and_then(|all| all.get_mut(id))
            .and_then(Value::as_object_mut)
        {
            if let Some(roles) = own.get_mut("roles").and_then(Value::as_object_mut) {
                roles.insert("owner".to_owned(), json!(true));
            }
            let same = own.get("name").and_then(Value::as_str) == name.as_deref();
            let known: &[&str] = if same { &["CN"] } else { &[] };
            sheet.kept.parameters(&path, found, known);
        }
        return;
    }
    let jsid = found
        .parameter("JSID")
        .filter(|id| is_id(id) && !sheet.has("participants", id));
    let id = jsid.map_or_else(|| id_of(&address), Into::into);
    let mut owner = Object::new();
    owner.insert("@type".to_owned(), "Participant".into());
    if let Some(name) = name {
        owner.insert("name".to_owned(), name.into());
    }
    owner.insert("sendTo".to_owned(), json!({method: address}));
    owner.insert("roles".to_owned(), json!({"owner": true}));
    sheet.kept.parameters(&path, found, &["CN", "JSID"]);
    sheet.add("participants", &id, owner);
}

/// The object for an ATTENDEE. `ids` are those of all attendees by address.
fn attendee(
    sheet: &mut Sheet<'_>,
    id: &str,
    found: &Property<'_>,
    ids: &HashMap<String, String>,
    task: bool,
) -> Object {
    let address = found.raw_value();
    let mut own = Object::new();
    let mut known = vec!["JSID"];
    let mut set = |parameter: &'static str, key: &str, value: Option<Value>| {
        if let Some(value) = value {
            own.insert(key.to_owned(), value);
            known.push(parameter);
        }
    };
    set("", "@type", Some("Participant".into()));
    set("CN", "name", found.parameter("CN").map(Value::from));
    set("EMAIL", "email", found.parameter("EMAIL").map(Value::from));
    set("", "sendTo", Some(json!({method(&address): address})));
    let upper = |name: &str| {
        found
            .parameter(name)
            .map(|value| value.to_ascii_uppercase())
    };
    let kind = upper("CUTYPE").and_then(|kind| KINDS.iter().find(|(own, _)| *own == kind));
    set("CUTYPE", "kind", kind.map(|(_, kind)| (*kind).into()));
    set("ROLE", "roles", roles(upper("ROLE").as_deref()));
    if let Some(status) = upper("PARTSTAT") {
        let progress = PROGRESS.iter().find(|(own, _)| task && *own == status);
        set(
            "PARTSTAT",
            "progress",
            progress.map(|(_, progress)| (*progress).into()),
        );
        let status = match progress {
            Some(_) => "accepted".to_owned(),
            None => status.to_ascii_lowercase(),
        };
        set("PARTSTAT", "participationStatus", Some(status.into()));
    }
    let truth = |name: &str| match upper(name).as_deref() {
        Some("TRUE") => Some(json!(true)),
        Some("FALSE") => Some(json!(false)),
        _ => None,
    };
    set("RSVP", "expectReply", truth("RSVP"));
    let agent = upper("SCHEDULE-AGENT").map(|agent| agent.to_ascii_lowercase().into());
    set("SCHEDULE-AGENT", "scheduleAgent", agent);
    let status = found.parameter("SCHEDULE-STATUS").map(|all| {
        let codes: Vec<&str> = all.split(',').map(str::trim).collect();
        codes.into()
    });
    set("SCHEDULE-STATUS", "scheduleStatus", status);
    let sender = found.parameter("SENT-BY").and_then(|sender| {
        let mail = sender.strip_prefix("mailto:")?;
        Some(mail.into())
    });
    set("SENT-BY", "sentBy", sender);
    set(
        "LANGUAGE",
        "language",
        found.parameter("LANGUAGE").map(Value::from),
    );
    for (parameter, key) in PEOPLE {
        let people = found.parameters().find(|own| own.is(parameter));
        let people: Option<Vec<String>> = people.and_then(|all| {
            let id = |address: std::borrow::Cow<'_, str>| ids.get(&plain(&address)).cloned();
            all.values().map(id).collect()
        });
        set(parameter, key, people.map(set_of));
    }
    let path = format!("participants/{id}");
    sheet.kept.parameters(&path, found, &known);
    own
}

/// Parameters that name other attendees.
const PEOPLE: &[(&str, &str)] = &[
    ("DELEGATED-TO", "delegatedTo"),
    ("DELEGATED-FROM", "delegatedFrom"),
    ("MEMBER", "memberOf"),
];

fn roles(role: Option<&str>) -> Option<Value> {
    let other = match role {
        None | Some("REQ-PARTICIPANT") => None,
        Some(role) => ROLES
            .iter()
            .find(|(own, _)| *own == role)
            .map(|(_, role)| *role),
    };
    let attendee = (other != Some("informational")).then_some("attendee");
    Some(set_of(attendee.into_iter().chain(other).map(str::to_owned)))
}

/// What is known of all participants before one of them is written.
struct People {
    /// The calendar address of each that has one, by id.
    addresses: HashMap<String, String>,
    organizer: Option<String>,
}

pub(super) fn read(draft: &mut Draft) {
    let reply_to = read_reply_to(draft);
    let all = draft.map("participants").unwrap_or_default();
    let mut people = People {
        addresses: HashMap::new(),
        organizer: reply_to.as_ref().map(|(_, address)| plain(address)),
    };
    for (id, participant) in &all {
        if let Some(address) = participant.as_object().and_then(address) {
            people.addresses.insert(id.clone(), address);
        }
    }
    if let Some((path, address)) = reply_to {
        let own =
            |id: &&String| people.addresses.get(*id).map(|own| plain(own)) == people.organizer;
        let owner = all.keys().find(own);
        let name = owner.and_then(|id| all.get(id)?.get("name")?.as_str());
        let mut property = NewProperty::of(PropertyKind::Organizer).with_raw_value(&address);
        if let Some(name) = name {
            property = property.with_parameter("CN", name);
        }
        let merged = owner.is_some_and(|id| !is_owner_alone(all.get(id)));
        if let Some(id) = owner.filter(|id| **id != id_of(&address) && !merged) {
            property = property.with_parameter("JSID", id);
        }
        draft.add(&path, property);
    }
    for (id, participant) in all {
        match participant {
            Value::Object(own) if people.addresses.contains_key(&id) => {
                read_participant(draft, &id, own, &people);
            }
            other => draft.leave("participants", Object::from_iter([(id, other)])),
        }
    }
}

/// Takes the address that answers go to, and its path.
fn read_reply_to(draft: &mut Draft) -> Option<(String, String)> {
    if let Some(address) = draft.string("organizerCalendarAddress") {
        return Some(("organizerCalendarAddress".to_owned(), address));
    }
    let mut ways = draft.map("replyTo")?;
    let way = ["imip", "other"]
        .into_iter()
        .find(|way| ways.get(*way).is_some_and(Value::is_string));
    let found = way.and_then(|way| Some((format!("replyTo/{way}"), take_string(&mut ways, way)?)));
    draft.leave("replyTo", ways);
    found
}

fn address(participant: &Object) -> Option<String> {
    let own = |key: &str| participant.get(key).and_then(Value::as_str);
    let ways = participant.get("sendTo").and_then(Value::as_object);
    let way = |name: &str| ways.and_then(|ways| ways.get(name)?.as_str());
    let address = way("imip")
        .or_else(|| way("other"))
        .or_else(|| own("calendarAddress"));
    let address = match address {
        Some(address) => Some(address.to_owned()),
        None => own("email").map(|mail| format!("mailto:{mail}")),
    };
    address.filter(|address| !address.trim().is_empty())
}

fn is_owner_alone(participant: Option<&Value>) -> bool {
    let roles = participant.and_then(|own| own.get("roles")?.as_object());
    let only = roles.is_some_and(|roles| roles.keys().all(|role| role == "owner"));
    let answers = participant.is_some_and(|own| own.get("participationStatus").is_some());
    only && !answers
}

fn read_participant(draft: &mut Draft, id: &str, mut own: Object, people: &People) {
    let path = pointer::join("participants", id);
    let address = people.addresses.get(id).cloned().unwrap_or_default();
    let is_organizer = people.organizer.as_deref() == Some(plain(&address).as_str());
    let owner_alone = is_owner_alone(Some(&Value::Object(own.clone())));
    let replaced = owner_alone && draft.keeps("ORGANIZER");
    take_address(&mut own, &address);
    let _ = take_string(&mut own, "@type");
    if owner_alone && (is_organizer || replaced) {
        own.shift_remove("roles");
        own.shift_remove("name");
        if !replaced {
            draft.leave(&path, own);
        }
        return;
    }
    let mut property = NewProperty::of(PropertyKind::Attendee).with_raw_value(&address);
    if id != id_of(&address) {
        property = property.with_parameter("JSID", id);
    }
    let owns = is_organizer || draft.keeps("ORGANIZER");
    let property = read_parameters(property, &mut own, people, owns);
    draft.add(&path, property);
    draft.leave(&path, own);
}

/// Takes what says the address, unless it says more.
fn take_address(own: &mut Object, address: &str) {
    own.shift_remove("calendarAddress");
    if let Some(mut ways) = take_object(own, "sendTo") {
        let way = ways
            .iter()
            .find(|(_, value)| value.as_str() == Some(address))
            .map(|(way, _)| way.clone());
        if let Some(way) = way {
            ways.shift_remove(&way);
        }
        if !ways.is_empty() {
            own.insert("sendTo".to_owned(), ways.into());
        }
    }
}

fn read_parameters(
    mut property: NewProperty,
    own: &mut Object,
    people: &People,
    is_organizer: bool,
) -> NewProperty {
    for (parameter, key) in [("CN", "name"), ("EMAIL", "email"), ("LANGUAGE", "language")] {
        if let Some(text) = take_string(own, key) {
            property = property.with_parameter(parameter, &text);
        }
    }
    let word = |own: &Object, key: &str| own.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some((kind, _)) = KINDS
        .iter()
        .find(|(_, name)| word(own, "kind").as_deref() == Some(*name))
    {
        own.shift_remove("kind");
        property = property.with_parameter("CUTYPE", kind);
    }
    property = read_roles(property, own, is_organizer);
    let progress = word(own, "progress");
    let progress = PROGRESS
        .iter()
        .find(|(_, name)| progress.as_deref() == Some(*name));
    let status = take_string(own, "participationStatus");
    match (progress, status) {
        (Some((answer, _)), Some(status)) if status == "accepted" => {
            own.shift_remove("progress");
            property = property.with_parameter("PARTSTAT", answer);
        }
        (_, Some(status)) => {
            property = property.with_parameter("PARTSTAT", &status.to_ascii_uppercase());
        }
        (_, None) => {}
    }
    if let Some(expected) = take_bool(own, "expectReply") {
        property = property.with_parameter("RSVP", if expected { "TRUE" } else { "FALSE" });
    }
    if let Some(agent) = take_string(own, "scheduleAgent") {
        property = property.with_parameter("SCHEDULE-AGENT", &agent.to_ascii_uppercase());
    }
    if let Some(codes) = own.get("scheduleStatus").and_then(Value::as_array) {
        let all: Option<Vec<&str>> = codes.iter().map(Value::as_str).collect();
        if let Some(all) = all {
            property = property.with_parameter("SCHEDULE-STATUS", &all.join(","));
            own.shift_remove("scheduleStatus");
        }
    }
    if let Some(mail) = take_string(own, "sentBy") {
        property = property.with_parameter("SENT-BY", &format!("mailto:{mail}"));
    }
    for (parameter, key) in PEOPLE {
        let ids = own.get(*key).and_then(Value::as_object);
        let known = ids.is_some_and(|ids| {
            !ids.is_empty() && ids.keys().all(|id| people.addresses.contains_key(id))
        });
        if known && let Some(ids) = take_set(own, key) {
            let addresses = ids.iter().filter_map(|id| people.addresses.get(id));
            property = property.with_parameter_values(parameter, addresses);
        }
    }
    property
}

fn read_roles(property: NewProperty, own: &mut Object, is_organizer: bool) -> NewProperty {
    let Some(mut roles) = take_set(own, "roles") else {
        return property;
    };
    if is_organizer {
        roles.retain(|role| role != "owner");
    }
    let other = ROLES
        .iter()
        .find(|(_, name)| roles.iter().any(|role| role == name));
    let informational = other.is_some_and(|(_, name)| *name == "informational");
    roles.retain(|role| {
        let said = other.is_some_and(|(_, name)| role == name);
        !said && (informational || role != "attendee")
    });
    let property = match other {
        Some((role, _)) => property.with_parameter("ROLE", role),
        None => property,
    };
    if !roles.is_empty() {
        own.insert("roles".to_owned(), set_of(roles));
    }
    property
}
