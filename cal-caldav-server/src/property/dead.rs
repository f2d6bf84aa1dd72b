//! Properties that are kept as clients sent them (RFC 4918 section 4.3).

use std::borrow::Cow;

use cal_dav::name::{Name, Namespace};
use cal_dav::{Element, Limits};
use cal_store::{Properties, PropertyName};

use super::value::Value;

/// The value of a property, where it is kept.
pub(crate) fn value<'a>(kept: Option<&Properties>, name: &Name) -> Option<Value<'a>> {
    let xml = kept?.get(&key(name).ok()?)?;
    element(xml).map(|element| Value::Kept(Box::new(element)))
}

/// All that are kept.
pub(crate) fn all<'a>(kept: Option<&Properties>) -> Vec<(Cow<'a, Name>, Value<'a>)> {
    kept.into_iter()
        .flatten()
        .filter_map(|(name, xml)| {
            Some((
                Cow::Owned(self::name(name)?),
                Value::Kept(Box::new(element(xml)?)),
            ))
        })
        .collect()
}

/// The names of all that are kept.
pub(crate) fn names<'a>(kept: Option<&Properties>) -> Vec<(Cow<'a, Name>, Value<'a>)> {
    kept.into_iter()
        .flat_map(Properties::keys)
        .filter_map(|key| Some((Cow::Owned(name(key)?), Value::Empty)))
        .collect()
}

/// The name under which the store keeps a property.
pub(crate) fn key(name: &Name) -> Result<PropertyName, cal_store::Error> {
    PropertyName::new(name.namespace().as_str(), name.local())
}

/// The text under which the store keeps a property.
pub(crate) fn text(property: &Element) -> String {
    String::from_utf8_lossy(&property.to_bytes()).into_owned()
}

fn name(key: &PropertyName) -> Option<Name> {
    Name::new(Namespace::new(key.namespace()), key.local()).ok()
}

fn element(xml: &str) -> Option<Element> {
    Element::parse(xml.as_bytes(), &Limits::REQUEST).ok()
}
