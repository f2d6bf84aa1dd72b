//! `cal at TIME show`.

use cal_core::{Calendar, ComponentDifference, Difference, Presence, PropertyDifference, Reader};
use cal_store::{PrincipalName, Uid, VersionBody};
use serde::Serialize;

use super::found::Scene;
use crate::console::Console;
use crate::error::Error;
use crate::storage::rfc3339;

pub(super) async fn run(
    scene: &Scene<'_>,
    (calendar, uid): (&str, &str),
    (diff, json): (bool, bool),
    console: &mut Console,
) -> Result<(), Error> {
    let calendar = scene.calendar(calendar).await?;
    let (name, then) = scene.object(&calendar, uid).await?;
    if !diff {
        return match json {
            true => console.json(&Shown::new(name.as_str(), &then)),
            false => console.bytes(&then.body),
        };
    }
    let uid = Uid::new(uid)?;
    let now = scene.store.object_by_uid(calendar.id, &uid).await?;
    let now = match now {
        Some(now) => Reader::new().read(now.body).calendar,
        None => Calendar::read("").calendar,
    };
    let then = Reader::new().read(then.body).calendar;
    let difference = Difference::between(&then, &now);
    if json {
        return console.json(&Changed::new(&difference));
    }
    // Each line by itself: what an event holds must not steer the terminal.
    for line in difference.to_string().lines() {
        let plain = |character: char| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        };
        console.line(line.chars().map(plain).collect::<String>())?;
    }
    if difference.is_empty() {
        console.note("nothing has changed since");
    }
    Ok(())
}

/// An object as it was.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    since: String,
    via: &'static str,
    principal: Option<&'a str>,
    body: String,
}

impl<'a> Shown<'a> {
    fn new(name: &'a str, then: &'a VersionBody) -> Shown<'a> {
        let made = &then.version.made;
        Shown {
            name,
            since: rfc3339(made.at),
            via: made.via.as_str(),
            principal: made.principal.as_ref().map(PrincipalName::as_str),
            body: String::from_utf8_lossy(&then.body).into_owned(),
        }
    }
}

/// What has changed since.
#[derive(Serialize)]
struct Changed<'a> {
    components: Vec<ChangedComponent<'a>>,
}

#[derive(Serialize)]
struct ChangedComponent<'a> {
    component: &'a str,
    uid: Option<&'a str>,
    recurrence_id: Option<&'a str>,
    presence: &'static str,
    properties: Vec<ChangedProperty<'a>>,
}

#[derive(Serialize)]
struct ChangedProperty<'a> {
    name: String,
    from: Option<&'a str>,
    to: Option<&'a str>,
}

impl<'a> Changed<'a> {
    fn new(difference: &'a Difference) -> Changed<'a> {
        let components = difference.components.iter();
        Changed {
            components: components.map(ChangedComponent::new).collect(),
        }
    }
}

impl<'a> ChangedComponent<'a> {
    fn new(component: &'a ComponentDifference) -> ChangedComponent<'a> {
        ChangedComponent {
            component: &component.component,
            uid: component.uid.as_deref(),
            recurrence_id: component.recurrence_id.as_deref(),
            presence: match component.presence {
                Presence::Both => "both",
                Presence::Added => "added",
                Presence::Removed => "removed",
            },
            properties: component
                .properties
                .iter()
                .map(ChangedProperty::new)
                .collect(),
        }
    }
}

impl<'a> ChangedProperty<'a> {
    fn new(property: &'a PropertyDifference) -> ChangedProperty<'a> {
        let (from, to) = match property {
            PropertyDifference::Added(line) => (None, Some(&**line)),
            PropertyDifference::Removed(line) => (Some(&**line), None),
            PropertyDifference::Changed { from, to } => (Some(&**from), Some(&**to)),
        };
        ChangedProperty {
            name: property.name(),
            from,
            to,
        }
    }
}
