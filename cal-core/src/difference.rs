//! What differs between two versions of an object, property by property.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::{Calendar, Component, ComponentKind, Property, PropertyKind};

/// What changed from one version of a calendar to another, component by
/// component.
///
/// Components are the same if they are of one kind and have the same UID and
/// RECURRENCE-ID; of VTIMEZONEs, the same TZID. Order, folding, letter case of
/// names and line breaks do not count.
///
/// ```
/// use cal_core::{Calendar, Difference};
///
/// let event = |lines: &str| {
///     let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{lines}END:VEVENT\nEND:VCALENDAR\n");
///     Calendar::read(text).calendar
/// };
/// let before = event("SUMMARY:Lunch\nLOCATION:Room 1\n");
/// let after = event("SUMMARY:Late lunch\nSTATUS:TENTATIVE\n");
/// let difference = Difference::between(&before, &after);
/// assert_eq!(
///     difference.to_string(),
///     "VEVENT 1\n\
///      - LOCATION:Room 1\n\
///      + STATUS:TENTATIVE\n\
///      - SUMMARY:Lunch\n\
///      + SUMMARY:Late lunch\n"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Difference {
    /// The components that changed, came or went, in a stable order.
    pub components: Vec<ComponentDifference>,
}

/// What changed in one component.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComponentDifference {
    /// Its name, such as `VEVENT`; of one inside another with that before it:
    /// `VEVENT/VALARM`.
    pub component: String,
    /// Its UID, if it has one; the TZID of a VTIMEZONE.
    pub uid: Option<String>,
    /// The value of its RECURRENCE-ID, if it is an instance of a series.
    pub recurrence_id: Option<String>,
    /// Whether it is only in one of the versions.
    pub presence: Presence,
    /// The properties that changed, by name.
    pub properties: Vec<PropertyDifference>,
}

/// In which of two versions a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// In both.
    Both,
    /// It was added.
    Added,
    /// It was removed.
    Removed,
}

/// What happened to a property. The lines are unfolded, as the text has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropertyDifference {
    /// There is a new line.
    Added(String),
    /// A line is gone.
    Removed(String),
    /// The one line of its name is another.
    Changed {
        /// The line before.
        from: String,
        /// The line after.
        to: String,
    },
}

impl Difference {
    /// What changed from `before` to `after`.
    #[must_use]
    pub fn between(before: &Calendar, after: &Calendar) -> Self {
        let (mut old, new) = (parts(before), parts(after));
        let mut components = Vec::new();
        for (key, new) in new {
            let old = old.remove(&key);
            components.extend(compared(&key, old.as_ref(), Some(&new)));
        }
        for (key, old) in old {
            components.extend(compared(&key, Some(&old), None));
        }
        components.sort_by(|one, other| one.place().cmp(&other.place()));
        Self { components }
    }

    /// Whether both say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.components.is_empty()
    }
}

impl ComponentDifference {
    fn place(&self) -> (&Option<String>, &Option<String>, &str) {
        (&self.uid, &self.recurrence_id, &self.component)
    }
}

impl PropertyDifference {
    /// The name of the property, in capitals.
    #[must_use]
    pub fn name(&self) -> String {
        let (Self::Added(line) | Self::Removed(line) | Self::Changed { to: line, .. }) = self;
        let end = line.find([':', ';']).unwrap_or(line.len());
        line.get(..end).unwrap_or_default().to_ascii_uppercase()
    }
}

/// Which component it is. Several that are alike are told apart by number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    uid: Option<String>,
    recurrence_id: Option<String>,
    component: String,
    number: usize,
}

/// The lines of a component by the name of their property.
type Lines = BTreeMap<String, Vec<String>>;

/// All components that are compared, each with its own lines.
fn parts(calendar: &Calendar) -> BTreeMap<Key, Lines> {
    let mut parts = BTreeMap::new();
    let mut seen: HashMap<Key, usize> = HashMap::new();
    // A stack, because depth is up to the input.
    let mut waiting: Vec<(Component<'_>, Option<Key>)> = Vec::new();
    let roots: Vec<_> = calendar.roots().collect();
    waiting.extend(roots.into_iter().rev().map(|root| (root, None)));
    while let Some((component, outer)) = waiting.pop() {
        let mut key = key(component, outer.as_ref());
        let number = seen.entry(key.clone()).or_default();
        key.number = *number;
        *number += 1;
        let inner: Vec<_> = component.components().collect();
        let is_calendar = component.kind() == ComponentKind::Calendar;
        let outer = Some(key.clone()).filter(|_| !is_calendar);
        waiting.extend(inner.into_iter().rev().map(|each| (each, outer.clone())));
        parts.insert(key, lines(component));
    }
    parts
}

fn key(component: Component<'_>, outer: Option<&Key>) -> Key {
    let name = component.name().to_ascii_uppercase();
    if let Some(outer) = outer {
        let component = format!("{}/{name}", outer.component);
        return Key {
            component,
            ..outer.clone()
        };
    }
    let identity = match component.kind() {
        ComponentKind::TimeZone => component.property("TZID"),
        _ => component.first(PropertyKind::Uid),
    };
    let recurrence_id = component.first(PropertyKind::RecurrenceId);
    Key {
        uid: identity.map(|found| found.text().into_owned()),
        recurrence_id: recurrence_id.map(|found| found.raw_value().into_owned()),
        component: name,
        number: 0,
    }
}

fn lines(component: Component<'_>) -> Lines {
    let mut lines = Lines::new();
    for property in component.properties() {
        let name = property.name().to_ascii_uppercase();
        lines.entry(name).or_default().push(line(property));
    }
    lines
}

/// The content line, unfolded.
fn line(property: Property<'_>) -> String {
    let mut line = property.name().to_ascii_uppercase();
    for parameter in property.parameters() {
        line.push(';');
        line.push_str(&parameter.name().to_ascii_uppercase());
        line.push('=');
        line.push_str(&parameter.raw());
    }
    line.push(':');
    line.push_str(&property.raw_value());
    line
}

fn compared(key: &Key, old: Option<&Lines>, new: Option<&Lines>) -> Option<ComponentDifference> {
    let presence = match (old, new) {
        (None, _) => Presence::Added,
        (_, None) => Presence::Removed,
        _ => Presence::Both,
    };
    let none = Lines::new();
    let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let of = |lines: &Lines, name: &String| lines.get(name).cloned().unwrap_or_default();
    let properties: Vec<_> = names
        .into_iter()
        .flat_map(|name| changed(of(old, name), of(new, name)))
        .collect();
    let is_same = presence == Presence::Both && properties.is_empty();
    (!is_same).then(|| ComponentDifference {
        component: key.component.clone(),
        uid: key.uid.clone(),
        recurrence_id: key.recurrence_id.clone(),
        presence,
        properties,
    })
}

/// What happened to the lines of one name; their order does not count.
fn changed(mut old: Vec<String>, mut new: Vec<String>) -> Vec<PropertyDifference> {
    old.sort_unstable();
    new.sort_unstable();
    let gone = without(&old, &new);
    let come = without(&new, &old);
    if let ([from], [to]) = (&*gone, &*come) {
        let (from, to) = ((*from).clone(), (*to).clone());
        return vec![PropertyDifference::Changed { from, to }];
    }
    let gone = gone.into_iter().cloned().map(PropertyDifference::Removed);
    let come = come.into_iter().cloned().map(PropertyDifference::Added);
    gone.chain(come).collect()
}

/// What one sorted list has that another has not, or not as often.
fn without<'l>(list: &'l [String], other: &[String]) -> Vec<&'l String> {
    let mut other = other.iter().peekable();
    let mut left = Vec::new();
    for line in list {
        while other.next_if(|found| *found < line).is_some() {}
        if other.next_if(|found| *found == line).is_none() {
            left.push(line);
        }
    }
    left
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.components
            .iter()
            .try_for_each(|component| component.fmt(f))
    }
}

/// The component on a line, then each property that changed with `-` before
/// the line it was and `+` before the line it is.
impl fmt::Display for ComponentDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.component)?;
        if let Some(uid) = &self.uid {
            write!(f, " {uid}")?;
        }
        if let Some(recurrence_id) = &self.recurrence_id {
            write!(f, " at {recurrence_id}")?;
        }
        match self.presence {
            Presence::Both => writeln!(f)?,
            Presence::Added => writeln!(f, " (added)")?,
            Presence::Removed => writeln!(f, " (removed)")?,
        }
        self.properties
            .iter()
            .try_for_each(|property| property.fmt(f))
    }
}

impl fmt::Display for PropertyDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(line) => writeln!(f, "+ {line}"),
            Self::Removed(line) => writeln!(f, "- {line}"),
            Self::Changed { from, to } => writeln!(f, "- {from}\n+ {to}"),
        }
    }
}
