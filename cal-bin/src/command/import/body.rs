//! The text of an object: what a part of a file is as a calendar of its own.

use std::collections::BTreeMap;

use bytes::Bytes;
use cal_core::{Component, ComponentKind, PropertyKind};

use crate::command::content_line::{copy_lines, unfolded_lines, write_line};

/// Properties of the VCALENDAR that go along: they say how to read the rest.
/// METHOD does not, for it makes a message of an object.
const INHERITED: &[&str] = &["PRODID", "CALSCALE", "X-WR-TIMEZONE"];

/// Writes an object, component by component.
#[derive(Default)]
pub(super) struct ObjectText<'a> {
    /// Inherited properties by their place in [`INHERITED`].
    header: BTreeMap<usize, String>,
    zones: BTreeMap<String, Component<'a>>,
    components: Vec<u8>,
}

impl<'a> ObjectText<'a> {
    /// Adds a component with the zones that it refers to, and with this UID if
    /// it has none.
    pub(super) fn add(&mut self, component: Component<'a>, uid: Option<&str>) {
        if let Some(calendar) = component.parent() {
            self.inherit(calendar);
            self.add_zones(component, calendar);
        }
        let mut lines = Vec::new();
        write_component(&mut lines, component);
        if let Some(uid) = uid {
            insert_uid(&mut lines, uid);
        }
        self.components.append(&mut lines);
    }

    fn inherit(&mut self, calendar: Component<'_>) {
        for (place, name) in INHERITED.iter().enumerate() {
            if let Some(property) = calendar.property(name) {
                let line = || format!("{name}:{}", property.raw_value());
                self.header.entry(place).or_insert_with(line);
            }
        }
    }

    fn add_zones(&mut self, component: Component<'a>, calendar: Component<'a>) {
        for property in component.properties() {
            let Some(tzid) = property.parameter("TZID") else {
                continue;
            };
            if self.zones.contains_key(&*tzid) {
                continue;
            }
            let zone = calendar.components().find(|zone| {
                zone.kind() == ComponentKind::TimeZone
                    && !zone.is_cut()
                    && zone.text(PropertyKind::TzId).as_deref() == Some(&*tzid)
            });
            if let Some(zone) = zone {
                self.zones.insert(tzid.into_owned(), zone);
            }
        }
        for inside in component.components() {
            self.add_zones(inside, calendar);
        }
    }

    pub(super) fn finish(self) -> Bytes {
        let mut out = Vec::with_capacity(self.components.len() + 256);
        write_line(&mut out, "BEGIN:VCALENDAR");
        write_line(&mut out, "VERSION:2.0");
        if !self.header.contains_key(&0) {
            write_line(&mut out, "PRODID:-//Cal//cal import//EN");
        }
        for line in self.header.values() {
            write_line(&mut out, line);
        }
        for zone in self.zones.values() {
            write_component(&mut out, *zone);
        }
        out.extend_from_slice(&self.components);
        write_line(&mut out, "END:VCALENDAR");
        out.into()
    }
}

/// Writes a component as it stands; one that lacks an END somewhere is put
/// together anew from what it holds.
fn write_component(out: &mut Vec<u8>, component: Component<'_>) {
    let bytes = component.to_bytes();
    if is_balanced(&bytes) {
        copy_lines(out, &bytes);
    } else {
        rebuild(out, component);
    }
}

fn is_balanced(bytes: &[u8]) -> bool {
    let mut open: Vec<String> = Vec::new();
    for line in unfolded_lines(bytes) {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim().to_ascii_uppercase();
        if name.eq_ignore_ascii_case("BEGIN") {
            open.push(value);
        } else if name.eq_ignore_ascii_case("END") && open.pop() != Some(value) {
            return false;
        }
    }
    open.is_empty()
}

fn rebuild(out: &mut Vec<u8>, component: Component<'_>) {
    write_line(out, &format!("BEGIN:{}", component.name()));
    for property in component.properties() {
        let mut line = property.name().to_owned();
        for parameter in property.parameters() {
            line.push_str(&format!(";{}={}", parameter.name(), parameter.raw()));
        }
        line.push(':');
        line.push_str(&property.raw_value());
        write_line(out, &line);
    }
    for inside in component.components() {
        rebuild(out, inside);
    }
    write_line(out, &format!("END:{}", component.name()));
}

/// Puts the UID after the BEGIN, in the place of an empty one.
fn insert_uid(lines: &mut Vec<u8>, uid: &str) {
    let mut out = Vec::with_capacity(lines.len() + uid.len() + 8);
    let mut depth = 0_usize;
    for (number, line) in unfolded_lines(lines).enumerate() {
        let name = line.split([':', ';']).next().unwrap_or_default();
        if name.eq_ignore_ascii_case("BEGIN") {
            depth += 1;
        } else if name.eq_ignore_ascii_case("END") {
            depth = depth.saturating_sub(1);
        } else if depth == 1 && name.eq_ignore_ascii_case("UID") {
            continue;
        }
        write_line(&mut out, &line);
        if number == 0 {
            write_line(&mut out, &format!("UID:{uid}"));
        }
    }
    *lines = out;
}
