//! Properties of resources: what they have, what is asked for, and how both meet.

pub(crate) mod container;
pub(crate) mod dead;
mod locks;
pub(crate) mod node;
pub(crate) mod object;
pub(crate) mod principal;
pub(crate) mod supported;
pub(crate) mod update;
pub(crate) mod value;
pub(crate) mod wanted;

use std::borrow::Cow;

use cal_dav::Href;
use cal_dav::name::Name;
use cal_dav::property::PropertyName;
use cal_dav::response::MultistatusWriter;
use http::StatusCode;

use crate::exchange::Exchange;
use cal_dav::header::Prefer;
use locks::Located;
use value::Value;
use wanted::{Asked, Wanted};

/// A resource as its properties show it.
pub(crate) trait Entity {
    /// The value of a property that the server knows, where this resource has it.
    fn live(&self, property: PropertyName) -> Option<Value<'_>>;

    /// The properties that the server knows and resources of this kind may have.
    fn live_names(&self) -> &'static [PropertyName];

    /// The properties that are kept as clients sent them.
    fn dead(&self) -> Option<&cal_store::Properties>;

    /// The request that asks, where the resource can be locked.
    fn lockable(&self) -> Option<&Exchange> {
        None
    }
}

/// Writes what is asked of a resource.
pub(crate) fn write(
    out: &mut MultistatusWriter,
    href: &Href,
    entity: &impl Entity,
    wanted: &Wanted,
    prefer: Prefer,
) {
    let entity = Located { entity, href };
    let answer = match wanted {
        Wanted::Names => names(&entity),
        Wanted::All { include } => all(&entity, include),
        Wanted::Listed(asked) => listed(&entity, asked),
    };
    out.properties(href, |response| {
        if !answer.found.is_empty() || answer.missing.is_empty() || prefer.is_minimal() {
            response.propstat(StatusCode::OK, |prop| {
                for (name, value) in &answer.found {
                    value.write(name, prop);
                }
            });
        }
        if !answer.missing.is_empty() && !prefer.is_minimal() {
            response.propstat(StatusCode::NOT_FOUND, |prop| {
                for name in &answer.missing {
                    prop.empty(name);
                }
            });
        }
    });
}

/// What a resource answers to what is asked of it.
#[derive(Default)]
struct Answer<'a> {
    found: Vec<(Cow<'a, Name>, Value<'a>)>,
    missing: Vec<&'a Name>,
}

fn listed<'a>(entity: &'a impl Entity, asked: &'a [Asked]) -> Answer<'a> {
    let mut answer = Answer {
        found: Vec::with_capacity(asked.len()),
        missing: Vec::new(),
    };
    for Asked { name, live } in asked {
        let value = live
            .and_then(|property| entity.live(property))
            .or_else(|| dead::value(entity.dead(), name));
        match value {
            Some(value) => answer.found.push((Cow::Borrowed(name), value)),
            None => answer.missing.push(name),
        }
    }
    answer
}

/// RFC 4918 section 9.1: what that RFC defines, and all dead properties.
fn all<'a>(entity: &'a impl Entity, include: &'a [Asked]) -> Answer<'a> {
    let mut answer = listed(entity, include);
    for property in wanted::OF_ALLPROP {
        if !include.iter().any(|asked| asked.live == Some(*property))
            && let Some(value) = entity.live(*property)
        {
            answer.found.push((Cow::Borrowed(property.name()), value));
        }
    }
    for (name, value) in dead::all(entity.dead()) {
        let is_live = PropertyName::of(&name).is_some_and(|known| entity.live(known).is_some());
        if !is_live && !answer.found.iter().any(|(found, _)| *found == name) {
            answer.found.push((name, value));
        }
    }
    answer
}

fn names(entity: &impl Entity) -> Answer<'_> {
    let live = entity
        .live_names()
        .iter()
        .filter(|property| entity.live(**property).is_some())
        .map(|property| (Cow::Borrowed(property.name()), Value::Empty));
    let mut found: Vec<_> = live.collect();
    for (name, value) in dead::names(entity.dead()) {
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, value));
        }
    }
    Answer {
        found,
        missing: Vec::new(),
    }
}
