//! Alert objects (RFC 8984 4.5.2): VALARM.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::clock::{read_utc, write_utc};
use super::draft::{Draft, take_string};
use super::fields;
use super::sheet::{Sheet, is_made};
use super::{Object, pointer};
use crate::converted::Losses;
use crate::{
    Alarm, Component, ComponentKind, Duration, Moment, NewComponent, NewProperty, Property,
    PropertyKind, Trigger, ValueType,
};

const ACTIONS: &[(&str, &str)] = &[("DISPLAY", "display"), ("EMAIL", "email")];

/// Sets the alerts of an entry; an alarm without a time to go off is kept.
pub(super) fn write(sheet: &mut Sheet<'_>, losses: &mut Losses) {
    for inner in sheet.component.components() {
        match Alarm::of(inner) {
            Some(alarm) => match trigger(&alarm) {
                Some(trigger) => alert(sheet, inner, trigger, losses),
                None => sheet.kept.component(inner, losses),
            },
            None if inner.kind() == ComponentKind::Location => {}
            None => sheet.kept.component(inner, losses),
        }
    }
}

fn trigger(alarm: &Alarm<'_>) -> Option<Value> {
    let trigger = alarm.trigger().ok()?;
    Some(match trigger {
        Trigger::FromStart(offset) => {
            json!({"@type": "OffsetTrigger", "offset": offset.to_string()})
        }
        Trigger::FromEnd(offset) => {
            json!({"@type": "OffsetTrigger", "offset": offset.to_string(), "relativeTo": "end"})
        }
        Trigger::At(Moment::Utc(utc)) => {
            json!({"@type": "AbsoluteTrigger", "when": write_utc(utc)})
        }
        Trigger::At(_) => return None,
    })
}

fn alert(sheet: &mut Sheet<'_>, component: Component<'_>, trigger: Value, losses: &mut Losses) {
    let mut inner = Sheet::new(component, "Alert");
    let jsid = inner
        .take_named("JSID")
        .first()
        .map(|found| found.text().into_owned());
    let id = sheet.id("alerts", jsid.as_deref(), 'a');
    if let Some(found) = inner.take_if(PropertyKind::Trigger, |_| true) {
        inner.set("trigger", trigger, &found, &["RELATED"]);
    }
    inner.convert(PropertyKind::Action, "action", |found| {
        let text = found.text();
        let known = ACTIONS
            .iter()
            .find(|(own, _)| text.eq_ignore_ascii_case(own));
        known.map(|(_, action)| Value::from(*action))
    });
    inner.convert(
        PropertyKind::Acknowledged,
        "acknowledged",
        |found| match found.moment() {
            Ok(Moment::Utc(utc)) => Some(write_utc(utc).into()),
            _ => None,
        },
    );
    let related = |found: &Property<'_>| {
        found.parameters().all(|own| own.is("RELTYPE")) && !found.raw_value().is_empty()
    };
    for found in inner.take_all(PropertyKind::RelatedTo, related) {
        let (uid, relation) = fields::relation(&found);
        let value = json!({"@type": "Relation", "relation": relation});
        match value {
            Value::Object(relation) => inner.add("relatedTo", &uid, relation),
            _ => inner.keep(&found, losses),
        }
    }
    for part in component.components() {
        inner.kept.component(part, losses);
    }
    let alert = inner.finish(losses);
    sheet.add("alerts", &id, alert);
}

/// The reverse of [`write`]. `title` is what the entry says that it is.
pub(super) fn read(draft: &mut Draft, title: &str, losses: &mut Losses) {
    let all = draft.map("alerts").unwrap_or_default();
    let uids: HashMap<String, String> = all
        .iter()
        .filter_map(|(id, alert)| Some((id.clone(), uid(alert)?)))
        .collect();
    for (id, alert) in all {
        let place = format!("{}.alerts.{id}", draft.place);
        match (read_trigger(&alert), alert) {
            (Some(trigger), Value::Object(alert)) => {
                let inner = Draft::new("VALARM", alert, &place);
                let alarm = read_alert(inner, (&id, trigger), &uids, title, losses);
                draft.add_component(alarm);
            }
            (_, other) => {
                let path = pointer::join("alerts", &id);
                match other {
                    Value::Object(alert) => {
                        draft.leave("alerts", Object::from_iter([(id, alert.into())]));
                    }
                    _ => losses.add(place, "Alert", &path, "not an object"),
                }
            }
        }
    }
}

/// The UID that is kept for an alert.
fn uid(alert: &Value) -> Option<String> {
    let kept = alert
        .get(super::kept::NAME)?
        .get("properties")?
        .as_array()?;
    let own = kept.iter().find(|jcal| {
        jcal.get(0)
            .and_then(Value::as_str)
            .is_some_and(|name| name.eq_ignore_ascii_case("uid"))
    })?;
    Some(own.get(3)?.as_str()?.to_owned())
}

fn read_trigger(alert: &Value) -> Option<NewProperty> {
    let mut trigger = alert.get("trigger")?.as_object()?.clone();
    let kind = take_string(&mut trigger, "@type");
    let property = NewProperty::of(PropertyKind::Trigger);
    if kind.as_deref() == Some("AbsoluteTrigger") {
        let utc = read_utc(&take_string(&mut trigger, "when")?)?;
        let property = property
            .with_moment(&Moment::Utc(utc))
            .with_parameter("VALUE", ValueType::DateTime.as_str());
        return trigger.is_empty().then_some(property);
    }
    let offset = take_string(&mut trigger, "offset")?;
    let property = property.with_duration(Duration::parse_lenient(&offset)?);
    let property = match take_string(&mut trigger, "relativeTo").as_deref() {
        None | Some("start") => property,
        Some("end") => property.with_parameter("RELATED", "END"),
        Some(_) => return None,
    };
    trigger.is_empty().then_some(property)
}

fn read_alert(
    mut draft: Draft,
    (id, trigger): (&str, NewProperty),
    uids: &HashMap<String, String>,
    title: &str,
    losses: &mut Losses,
) -> NewComponent {
    if !is_made(id, 'a') {
        draft.add("", NewProperty::named("JSID").with_text(id));
    }
    draft.object.shift_remove("trigger");
    draft.add("trigger", trigger);
    if !draft.keeps("ACTION") {
        let own = draft.object.get("action").and_then(Value::as_str);
        let known = ACTIONS.iter().find(|(_, name)| own == Some(*name));
        let action = match (known, own) {
            (Some((action, _)), _) => action,
            (None, _) => "DISPLAY",
        };
        if known.is_some() {
            draft.object.shift_remove("action");
        }
        draft.add_text("action", PropertyKind::Action, action);
    }
    // RFC 5545 3.6.6 asks for a text to show.
    if !draft.keeps("DESCRIPTION") && !draft.keeps("ACTION") {
        let title = if title.is_empty() { "Reminder" } else { title };
        draft.add_text("", PropertyKind::Description, title);
    }
    draft.take_instant("acknowledged", PropertyKind::Acknowledged);
    for (other, relation) in draft.map("relatedTo").unwrap_or_default() {
        let uid = uids.get(&other).unwrap_or(&other);
        match fields::read_relation(uid, &relation) {
            Some(property) => draft.add("relatedTo", property),
            None => draft.leave("relatedTo", Object::from_iter([(other, relation)])),
        }
    }
    draft.finish(losses)
}
