//! A file, split into objects by UID.

use std::borrow::Cow;

use bytes::Bytes;
use cal_core::{Component, ComponentKind, Moment, NewProperty, Object, PropertyKind, Reader};
use cal_store::Uid;

use super::object::{ImportObject, Revision};
use super::report::Skipped;
use crate::command::calendar_input::CalendarInput;
use crate::command::content_line::copy_lines;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct SplitFile {
    pub(super) objects: Vec<ImportObject>,
    pub(super) skipped: Vec<Skipped>,
    /// What the lenient reader says, as lines to be shown.
    pub(super) warnings: Vec<String>,
    /// Whether no calendar at all is in it.
    pub(super) is_foreign: bool,
}

/// Makes sense of a file and splits it.
pub(super) fn split(file: &str, bytes: Vec<u8>) -> SplitFile {
    let mut splitter = Splitter {
        file,
        found: SplitFile::default(),
    };
    let input = match CalendarInput::of(file, bytes) {
        Ok(input) => input,
        Err(no_calendar) => {
            splitter.skip_all(no_calendar.reason);
            splitter.found.is_foreign = true;
            return splitter.found;
        }
    };
    let warnings = input.warnings().map(|warning| warning.to_string());
    splitter.found.warnings.extend(warnings);
    for component in input.calendar.components() {
        if component.is_cut() {
            splitter.skip(component, "the file ends before its END");
        }
    }
    for (object, text) in input.calendar.split() {
        splitter.take(&object, &text);
    }
    if splitter.found.objects.is_empty() && splitter.found.skipped.is_empty() {
        splitter.skip_all("there is nothing in it that a calendar can hold");
    }
    splitter.found
}

/// The zone of times without one, in feeds.
const FEED_ZONE: &str = "X-WR-TIMEZONE";

/// The zone that the VCALENDAR around a component names for its floating times.
fn feed_zone(component: Component<'_>) -> Option<NewProperty> {
    let calendar = component.parent()?;
    let zone = calendar
        .properties()
        .find(|property| property.is(FEED_ZONE))?;
    let value = zone.raw_value().into_owned();
    Some(NewProperty::from_property(&zone).with_raw_value(&value))
}

struct Splitter<'f> {
    file: &'f str,
    found: SplitFile,
}

impl Splitter<'_> {
    /// Takes an object, without those of its components that cannot be in it.
    fn take(&mut self, object: &Object<'_>, text: &Bytes) {
        let Some(first) = object.components().first() else {
            return;
        };
        let uid = match Uid::new(object.uid()) {
            Ok(uid) => uid,
            Err(error) => return self.skip(*first, error.to_string()),
        };
        if object.is_uid_synthetic() {
            let line = first.line();
            self.warn(&format!("{line}:1: warning: no UID, imported as {uid}"));
        }
        let current = object.current();
        for component in object.superseded() {
            let same = |winner: &&Component<'_>| instance(**winner) == instance(component);
            let winner = current.iter().find(same).map_or(0, Component::line);
            self.skip(component, format!("line {winner} has it again"));
        }
        let faults = faults(&current);
        for (component, fault) in current.iter().zip(&faults) {
            if let Some(reason) = fault {
                self.skip(*component, reason.clone());
            }
        }
        let kept: Vec<Component<'_>> = current
            .iter()
            .zip(&faults)
            .filter(|(_, fault)| fault.is_none())
            .map(|(component, _)| *component)
            .collect();
        let Some(first) = kept.first() else {
            return;
        };
        let revisions = kept.iter().map(|component| Revision::of(*component));
        self.found.objects.push(ImportObject {
            component: first.name().to_owned(),
            has_master: kept.iter().any(|component| !component.is_override()),
            revision: revisions.max().unwrap_or_default(),
            body: self.body(text, &kept, &faults),
            file: self.file.to_owned(),
            lines: kept
                .iter()
                .map(|component| component.line().max(1))
                .collect(),
            uid,
        });
    }

    /// The text to be stored: UTF-8 with CRLF, without the components that have
    /// a fault, with the zone that its floating times are meant in.
    fn body(&self, text: &Bytes, kept: &[Component<'_>], faults: &[Option<String>]) -> Bytes {
        let zone = kept
            .iter()
            .find(|kept| is_floating(kept))
            .copied()
            .and_then(feed_zone);
        let mut out = Vec::with_capacity(text.len());
        if zone.is_none() && faults.iter().all(Option::is_none) {
            copy_lines(&mut out, text);
            return out.into();
        }
        let mut calendar = Reader::new().read(text.clone()).calendar;
        let unwanted: Vec<_> = calendar
            .components()
            .filter(|component| component.kind() != ComponentKind::TimeZone)
            .zip(faults)
            .filter(|(_, fault)| fault.is_some())
            .map(|(component, _)| component.id())
            .collect();
        for id in unwanted.into_iter().rev() {
            calendar.remove(id);
        }
        let root = calendar.roots().next().map(|root| root.id());
        if let Some(zone) = zone
            && let Some(mut root) = root.and_then(|root| calendar.component_mut(root))
        {
            root.add(&zone);
        }
        copy_lines(&mut out, &calendar.to_bytes());
        out.into()
    }

    fn skip(&mut self, component: Component<'_>, reason: impl Into<String>) {
        self.found.skipped.push(Skipped {
            file: self.file.to_owned(),
            line: component.line().max(1),
            component: component.name().to_owned(),
            uid: component.uid().map(Cow::into_owned),
            reason: reason.into(),
        });
    }

    fn skip_all(&mut self, reason: impl Into<String>) {
        self.found.skipped.push(Skipped {
            file: self.file.to_owned(),
            line: 1,
            component: "the whole file".to_owned(),
            uid: None,
            reason: reason.into(),
        });
    }

    fn warn(&mut self, warning: &str) {
        self.found.warnings.push(format!("{}:{warning}", self.file));
    }
}

/// Why each component of an object cannot be in it, if so.
fn faults(components: &[Component<'_>]) -> Vec<Option<String>> {
    let Some(first) = components.first() else {
        return Vec::new();
    };
    let fault = |component: &Component<'_>| match unfit(*component) {
        Some(reason) => Some(reason.to_owned()),
        None if component.kind() != first.kind() => {
            let (name, line) = (first.name(), first.line());
            Some(format!("its UID is that of the {name} in line {line}"))
        }
        None => None,
    };
    components.iter().map(fault).collect()
}

/// What no calendar can hold.
fn unfit(component: Component<'_>) -> Option<&'static str> {
    let calendar = component.parent();
    let version = calendar.and_then(|calendar| calendar.text(PropertyKind::Version));
    if version.is_some_and(|version| version.trim() == "1.0") {
        return Some("vCalendar 1.0 is not iCalendar");
    }
    match component.kind() {
        ComponentKind::Event
        | ComponentKind::Todo
        | ComponentKind::Journal
        | ComponentKind::FreeBusy
        | ComponentKind::Availability => None,
        _ => Some("a calendar does not hold such components"),
    }
}

/// What tells the instances of a series apart.
fn instance(component: Component<'_>) -> (ComponentKind, Option<String>) {
    let id = component.first(PropertyKind::RecurrenceId);
    let id = id.map(|id| {
        let zone = id.parameter("TZID").unwrap_or_default();
        let range = component.is_this_and_future();
        format!("{};{zone};{range}", id.raw_value())
    });
    (component.kind(), id)
}

fn is_floating(component: &Component<'_>) -> bool {
    let start = component.first(PropertyKind::DtStart);
    let start = start.and_then(|start| start.moment().ok());
    matches!(start, Some(Moment::Floating(_)))
}
