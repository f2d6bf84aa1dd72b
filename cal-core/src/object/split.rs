//! A stream of many objects cut into one calendar text for each.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;

use super::Object;
use crate::text::fold::fold_into;
use crate::tree::Tree;
use crate::tree::node::Ending;
use crate::{Calendar, Component, PropertyKind, TimeZoneBlock};

/// What a text without its own VERSION or PRODID gets.
const VERSION: &str = "VERSION:2.0";
const PRODUCT: &str = "PRODID:-//Cal//cal-core//EN";

impl Calendar {
    /// One calendar text for each of its [objects](Calendar::objects), as a
    /// store keeps them: VERSION, PRODID and CALSCALE of its VCALENDAR, the
    /// VTIMEZONEs it uses, its [current](Object::current) components byte for byte. METHOD and the
    /// properties of the stream (`X-WR-CALNAME` and the like) stay behind; an
    /// object without UID gets its synthetic one, a missing END is added.
    pub fn split(&self) -> impl Iterator<Item = (Object<'_>, Bytes)> {
        let mut zones: HashMap<String, TimeZoneBlock<'_>> = HashMap::new();
        for zone in self.time_zones() {
            if let Some(tzid) = zone.tzid() {
                zones.entry(tzid.into_owned()).or_insert(zone);
            }
        }
        let mut heads: HashMap<u32, Vec<u8>> = HashMap::new();
        self.objects().into_iter().map(move |object| {
            let parent = object.components().first().and_then(Component::parent);
            let key = parent.map_or(u32::MAX, |parent| parent.index);
            let head = heads.entry(key).or_insert_with(|| head(parent, &self.tree));
            let text = single(&object, head, &zones);
            (object, text)
        })
    }
}

/// What the text of each object of one VCALENDAR begins with.
fn head(parent: Option<Component<'_>>, tree: &Tree) -> Vec<u8> {
    let eol = tree.eol.as_bytes();
    let mut out = Vec::new();
    fold_into(&mut out, b"BEGIN:VCALENDAR", eol);
    let mut copy = |kind: PropertyKind, default: Option<&str>| {
        let property = parent.and_then(|parent| parent.first(kind));
        if let Some(property) = property {
            let index = property.index as usize;
            tree.print_lines(index, index + 1, &mut out);
        } else if let Some(default) = default {
            fold_into(&mut out, default.as_bytes(), eol);
        }
    };
    copy(PropertyKind::Version, Some(VERSION));
    copy(PropertyKind::ProdId, Some(PRODUCT));
    copy(PropertyKind::CalScale, None);
    out
}

fn single(object: &Object<'_>, head: &[u8], zones: &HashMap<String, TimeZoneBlock<'_>>) -> Bytes {
    let current = object.current();
    let Some(first) = current.first() else {
        return Bytes::new();
    };
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(head);
    let mut used: HashSet<String> = HashSet::new();
    for component in &current {
        component.for_each_tzid(|tzid| {
            if let Some(zone) = zones.get(tzid)
                && used.insert(tzid.to_owned())
            {
                zone.print_whole(&mut out, None);
            }
        });
    }
    let uid = object
        .is_uid_synthetic()
        .then(|| format!("UID:{}", object.uid()));
    for component in &current {
        component.print_whole(&mut out, uid.as_deref());
    }
    fold_into(&mut out, b"END:VCALENDAR", first.tree.eol.as_bytes());
    out.into()
}

impl Component<'_> {
    /// Calls back for every `TZID` parameter in it and in what is inside it.
    pub(crate) fn for_each_tzid(&self, mut found: impl FnMut(&str)) {
        let node = self.tree.node(self.index);
        for index in node.begin..node.after() {
            let property = crate::Property {
                tree: self.tree,
                index,
            };
            let line = property.content_line();
            let parametrized = usize::from(line.name) + 1 < line.value as usize;
            if line.is_property()
                && parametrized
                && let Some(tzid) = property.parameter("TZID")
            {
                found(&tzid);
            }
        }
    }

    /// Appends its text with the ENDs that it lacks, its last line ended, and
    /// `extra` as a line after its BEGIN.
    pub(crate) fn print_whole(&self, out: &mut Vec<u8>, extra: Option<&str>) {
        let node = self.tree.node(self.index);
        let eol = self.tree.eol.as_bytes();
        let mut from = node.begin;
        let mut upto = |to: u32, out: &mut Vec<u8>| {
            self.tree.print_lines(from as usize, to as usize, out);
            end_line(out, eol);
            from = to;
        };
        if let Some(extra) = extra {
            upto(node.begin + 1, out);
            fold_into(out, extra.as_bytes(), eol);
        }
        let mut open: Vec<(u32, Component<'_>)> = (self.index..node.next)
            .map(|index| Component {
                tree: self.tree,
                index,
            })
            .filter(|inner| self.tree.node(inner.index).ending != Ending::Closed)
            .map(|inner| (self.tree.node(inner.index).end, inner))
            .collect();
        // Of those that end at one line the innermost, which begins last, ends first.
        open.sort_by_key(|(end, inner)| (*end, std::cmp::Reverse(inner.index)));
        for (end, inner) in open {
            upto(end, out);
            fold_into(out, format!("END:{}", inner.name()).as_bytes(), eol);
        }
        upto(node.after(), out);
    }
}

fn end_line(out: &mut Vec<u8>, eol: &[u8]) {
    if out
        .last()
        .is_some_and(|byte| !matches!(byte, b'\r' | b'\n'))
    {
        out.extend_from_slice(eol);
    }
}
