//! Many objects put together into one calendar text.

use std::collections::HashMap;

use bytes::Bytes;

use crate::text::fold::fold_into;
use crate::{
    Calendar, Component, ComponentKind, ContentHash, NewProperty, PropertyKind, Window,
    ZoneDefinition,
};

/// Puts the objects of many calendars into one, each time zone once. Zones that
/// a calendar uses without defining them are defined.
///
/// Text comes out piece by piece, so that an export of any size needs little
/// memory: only the zones written so far are remembered.
///
/// ```
/// use cal_core::{Calendar, Export, NewProperty, PropertyKind};
///
/// let one = Calendar::read("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
/// let mut export = Export::new();
/// let mut text = export.begin("-//Example//EN", &[NewProperty::of(PropertyKind::Name).with_text("Team")]).to_vec();
/// text.extend_from_slice(&export.add(&one.calendar));
/// text.extend_from_slice(&export.end());
/// assert_eq!(Calendar::read(&text).calendar.events().count(), 1);
/// ```
#[derive(Debug, Default)]
pub struct Export {
    /// Definitions written so far, by TZID.
    zones: HashMap<String, ContentHash>,
    /// The new name of a definition that differs from one of the same name.
    renamed: HashMap<(String, ContentHash), String>,
    /// The number that the last new name of a zone ends in.
    numbers: HashMap<String, u32>,
    /// Whether zones of the IANA database are named only.
    by_reference: bool,
}

impl Export {
    /// An export with nothing in it yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, without definitions of zones whose names are IANA ids, for
    /// readers that know those (RFC 7809).
    #[must_use]
    pub fn without_iana_definitions(mut self) -> Self {
        self.by_reference = true;
        self
    }

    /// The beginning of the text: `product` is its PRODID, `properties` stand after it.
    #[must_use]
    pub fn begin(&self, product: &str, properties: &[NewProperty]) -> Bytes {
        let mut out = Vec::new();
        let prod_id = NewProperty::of(PropertyKind::ProdId).with_text(product);
        for line in ["BEGIN:VCALENDAR", "VERSION:2.0"] {
            fold_into(&mut out, line.as_bytes(), b"\r\n");
        }
        for property in std::iter::once(&prod_id).chain(properties) {
            fold_into(&mut out, property.to_string().as_bytes(), b"\r\n");
        }
        out.into()
    }

    /// The components of one calendar, with those of its zones that were not
    /// yet written. Components keep their bytes, unless a zone of the same name
    /// with other rules was written before: then this one gets another name.
    #[must_use]
    pub fn add(&mut self, calendar: &Calendar) -> Bytes {
        let mut out = Vec::new();
        let mut names: HashMap<String, String> = HashMap::new();
        for zone in calendar.time_zones() {
            self.zone(zone.component(), &mut names, &mut out);
        }
        for missing in calendar.missing_definitions(&Window::ALL) {
            self.missing_zone(&missing, &mut out);
        }
        for component in calendar.components() {
            if component.kind() == ComponentKind::TimeZone || component.is_cut() {
                continue;
            }
            if names.is_empty() {
                component.print_whole(&mut out, None);
            } else {
                out.extend_from_slice(&with_zones_renamed(component, &names));
            }
        }
        out.into()
    }

    /// The end of the text.
    #[must_use]
    pub fn end(&self) -> Bytes {
        Bytes::from_static(b"END:VCALENDAR\r\n")
    }

    fn zone(
        &mut self,
        zone: Component<'_>,
        names: &mut HashMap<String, String>,
        out: &mut Vec<u8>,
    ) {
        let Some(tzid) = zone.text(PropertyKind::TzId) else {
            return;
        };
        if self.by_reference && is_iana(&tzid) {
            return;
        }
        let content = zone.content_hash();
        let known = self.zones.get(tzid.as_ref()).copied();
        // An IANA name means the IANA rules, however its definition is written.
        let settled = known == Some(content) || (known.is_some() && is_iana(&tzid));
        if settled {
            return;
        }
        if known.is_none() {
            self.zones.insert(tzid.into_owned(), content);
            zone.print_whole(out, None);
            return;
        }
        let key = (tzid.clone().into_owned(), content);
        if let Some(name) = self.renamed.get(&key) {
            names.insert(tzid.into_owned(), name.clone());
            return;
        }
        let name = self.unused_name(&tzid);
        names.insert(tzid.into_owned(), name.clone());
        out.extend_from_slice(&with_zones_renamed(zone, names));
        self.zones.insert(name.clone(), content);
        self.renamed.insert(key, name);
    }

    /// Defines a zone that a calendar uses, unless that was done already.
    fn missing_zone(&mut self, missing: &ZoneDefinition, out: &mut Vec<u8>) {
        let is_known = self.by_reference && is_iana(missing.tzid());
        if is_known || self.zones.contains_key(missing.tzid()) {
            return;
        }
        let text = missing.to_string();
        let definition = Calendar::read(&text).calendar;
        if let Some(zone) = definition.roots().next() {
            let content = zone.content_hash();
            self.zones.insert(missing.tzid().to_owned(), content);
            out.extend_from_slice(text.as_bytes());
        }
    }

    fn unused_name(&mut self, tzid: &str) -> String {
        let number = self.numbers.entry(tzid.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{tzid} ({number})");
            if !self.zones.contains_key(&name) {
                return name;
            }
        }
    }
}

fn is_iana(tzid: &str) -> bool {
    tzid.parse::<chrono_tz::Tz>().is_ok()
}

/// The text of a component whose zones have other names.
fn with_zones_renamed(component: Component<'_>, names: &HashMap<String, String>) -> Bytes {
    let mut whole = Vec::new();
    component.print_whole(&mut whole, None);
    let mut part = crate::Reader::new().read(whole).calendar;
    let tree = &mut part.tree;
    let lines = u32::try_from(tree.lines.len()).unwrap_or(u32::MAX);
    for index in 0..lines {
        let property = crate::Property { tree, index };
        if !property.content_line().is_property() {
            continue;
        }
        let renamed = if property.kind() == PropertyKind::TzId {
            let new = names.get(property.text().as_ref());
            new.map(|name| NewProperty::from_property(&property).with_text(name))
        } else {
            let new = property
                .parameter("TZID")
                .and_then(|tzid| names.get(tzid.as_ref()));
            new.map(|name| NewProperty::from_property(&property).with_parameter("TZID", name))
        };
        if let Some(renamed) = renamed {
            tree.replace_line(index, renamed.to_string().into_bytes().into());
        }
    }
    part.to_bytes()
}
