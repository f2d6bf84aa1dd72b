//! A file, split into objects by UID.

use std::collections::HashMap;

use bytes::Bytes;
use cal_core::{Component, ComponentKind, PropertyKind, Reader};
use cal_store::Uid;

use super::body::ObjectText;
use super::object::{ImportObject, Revision, digest};
use super::report::Skipped;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct SplitFile {
    pub(super) objects: Vec<ImportObject>,
    pub(super) skipped: Vec<Skipped>,
    /// What the lenient reader says, as lines to be shown.
    pub(super) warnings: Vec<String>,
}

/// Reads a file and splits it.
pub(super) fn split(file: &str, bytes: Vec<u8>) -> SplitFile {
    let reading = Reader::new().read(Bytes::from(bytes));
    let mut split = Splitter {
        file,
        found: SplitFile::default(),
        groups: Vec::new(),
        by_uid: HashMap::new(),
    };
    for fault in &reading.warnings {
        let (place, message) = (fault.position(), fault.message());
        let warning = format!("{file}:{place}: warning: {message}");
        split.found.warnings.push(warning);
    }
    let mut empty = true;
    for component in reading.calendar.components() {
        empty = false;
        split.take(component);
    }
    if empty {
        split.skip(1, "file", None, "there is nothing in it that a calendar can hold");
    }
    split.finish()
}

/// Components of one UID and kind.
struct Group<'a> {
    uid: Uid,
    /// Whether we gave it the UID.
    synthetic: bool,
    kind: ComponentKind,
    instances: Vec<Instance<'a>>,
}

/// The master (no key) or one changed instance.
struct Instance<'a> {
    key: Option<String>,
    revision: Revision,
    component: Component<'a>,
}

struct Splitter<'a> {
    file: &'a str,
    found: SplitFile,
    groups: Vec<Group<'a>>,
    by_uid: HashMap<(Uid, ComponentKind), usize>,
}

impl<'a> Splitter<'a> {
    /// Puts a component where it belongs.
    fn take(&mut self, component: Component<'a>) {
        let kind = component.kind();
        match kind {
            // Zones go along with what refers to them.
            ComponentKind::TimeZone => return,
            ComponentKind::Event
            | ComponentKind::Todo
            | ComponentKind::Journal
            | ComponentKind::FreeBusy
            | ComponentKind::Availability => {}
            _ => return self.skip_component(component, "a calendar does not hold such components"),
        }
        if component.is_cut() {
            return self.skip_component(component, "the file ends before its END");
        }
        if is_vcalendar_1(component) {
            return self.skip_component(component, "vCalendar 1.0 is not iCalendar");
        }
        let given = component.text(PropertyKind::Uid);
        let given = given.as_deref().map(str::trim).filter(|uid| !uid.is_empty());
        let synthetic = given.is_none();
        let uid = match given {
            Some(uid) => Uid::new(uid),
            None => Uid::new(synthetic_uid(component)),
        };
        match uid {
            Ok(uid) => self.group(uid, synthetic, component),
            Err(error) => self.skip_component(component, error.to_string()),
        }
    }

    fn group(&mut self, uid: Uid, synthetic: bool, component: Component<'a>) {
        let kind = component.kind();
        let groups = &mut self.groups;
        let index = *self
            .by_uid
            .entry((uid.clone(), kind))
            .or_insert_with(|| {
                groups.push(Group {
                    uid: uid.clone(),
                    synthetic,
                    kind,
                    instances: Vec::new(),
                });
                groups.len() - 1
            });
        let Some(group) = self.groups.get_mut(index) else {
            return;
        };
        let new = Instance {
            key: instance_key(component),
            revision: Revision::of(component),
            component,
        };
        let twin = group.instances.iter_mut().find(|old| old.key == new.key);
        let Some(twin) = twin else {
            group.instances.push(new);
            return;
        };
        // Of two versions of one instance the later one counts, the second where
        // they do not say.
        let loser = if new.revision >= twin.revision {
            std::mem::replace(twin, new).component
        } else {
            component
        };
        let reason = format!("line {} has it again", twin.component.line());
        self.skip_component(loser, reason);
    }

    fn skip_component(&mut self, component: Component<'_>, reason: impl Into<String>) {
        let uid = component.text(PropertyKind::Uid);
        let uid = uid.map(std::borrow::Cow::into_owned);
        self.skip(component.line(), component.name(), uid, reason);
    }

    fn skip(&mut self, line: u32, what: &str, uid: Option<String>, reason: impl Into<String>) {
        self.found.skipped.push(Skipped {
            file: self.file.to_owned(),
            line: line.max(1),
            component: what.to_owned(),
            uid,
            reason: reason.into(),
        });
    }

    fn finish(mut self) -> SplitFile {
        for mut group in std::mem::take(&mut self.groups) {
            // A master goes before its changed instances.
            group.instances.sort_by_key(|instance| instance.key.is_some());
            let Some(first) = group.instances.first() else {
                continue;
            };
            let line = first.component.line();
            if group.synthetic {
                self.found.warnings.push(format!(
                    "{}:{line}:1: warning: there is no UID; it is imported as {}",
                    self.file, group.uid
                ));
            }
            self.found.objects.push(ImportObject {
                component: first.component.name().to_owned(),
                has_master: first.key.is_none(),
                revision: group
                    .instances
                    .iter()
                    .map(|instance| instance.revision)
                    .max()
                    .unwrap_or_default(),
                body: body(&group),
                uid: group.uid,
                file: self.file.to_owned(),
                line: line.max(1),
            });
        }
        self.found
    }
}

fn body(group: &Group<'_>) -> Bytes {
    let mut text = ObjectText::default();
    let uid = group.synthetic.then_some(&group.uid);
    for instance in &group.instances {
        text.add(instance.component, uid.map(Uid::as_str));
    }
    text.finish()
}

/// The old format looks alike and means other things by its rules and alarms.
fn is_vcalendar_1(component: Component<'_>) -> bool {
    component
        .parent()
        .and_then(|calendar| calendar.text(PropertyKind::Version))
        .is_some_and(|version| version.trim() == "1.0")
}

/// What tells the instances of a series apart; `None` for the master.
fn instance_key(component: Component<'_>) -> Option<String> {
    let recurrence_id = component.first(PropertyKind::RecurrenceId)?;
    let parameter = |name| recurrence_id.parameter(name).unwrap_or_default();
    Some(format!(
        "{};{};{}",
        recurrence_id.raw_value(),
        parameter("TZID"),
        parameter("RANGE").to_ascii_uppercase()
    ))
}

/// A UID made of what the component says, so that the same event of the next
/// copy of the file has the same one. When it was written does not count.
fn synthetic_uid(component: Component<'_>) -> String {
    let mut text = String::new();
    for property in component.properties() {
        if !matches!(
            property.kind(),
            PropertyKind::DtStamp | PropertyKind::Created | PropertyKind::LastModified
        ) {
            text.push_str(&format!("{}:{}\n", property.name(), property.raw_value()));
        }
    }
    format!("{}@no-uid.invalid", digest(text.as_bytes()))
}
