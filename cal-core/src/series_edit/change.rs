//! What an edit changes.

use cal_rrule::RRule;
use chrono::TimeDelta;

use super::Refusal;
use crate::{Component, ComponentMut, Duration, Moment, NewProperty, Property, PropertyKind};

/// What is to change in the instances of a [`Scope`](super::Scope).
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub(super) start: Option<Moment>,
    pub(super) end: Option<End>,
    pub(super) rule: Option<RRule>,
    /// For each name all properties that there are to be.
    fields: Vec<(String, Vec<NewProperty>)>,
}

/// How the end is said.
#[derive(Debug, Clone)]
pub(super) enum End {
    At(Moment),
    After(Duration),
}

/// What the edit keeps up by itself, or has a method for.
const RESERVED: &[PropertyKind] = &[
    PropertyKind::Begin,
    PropertyKind::End,
    PropertyKind::Uid,
    PropertyKind::RecurrenceId,
    PropertyKind::DtStart,
    PropertyKind::DtEnd,
    PropertyKind::Due,
    PropertyKind::Duration,
    PropertyKind::RRule,
    PropertyKind::ExRule,
    PropertyKind::RDate,
    PropertyKind::ExDate,
    PropertyKind::Sequence,
    PropertyKind::DtStamp,
    PropertyKind::LastModified,
    PropertyKind::Created,
];

impl Change {
    /// No change yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the instance to this start; the others of the scope move by as
    /// much. A start of another kind or zone makes theirs of that kind or zone.
    #[must_use]
    pub fn with_start(mut self, start: Moment) -> Self {
        self.start = Some(start);
        self
    }

    /// Lets the instance end then, exclusively; the others last as long.
    #[must_use]
    pub fn with_end(mut self, end: Moment) -> Self {
        self.end = Some(End::At(end));
        self
    }

    /// Lets the instances last so long.
    #[must_use]
    pub fn with_duration(mut self, length: Duration) -> Self {
        self.end = Some(End::After(length));
        self
    }

    /// Sets the recurrence rule: of all, or of the part from the instance on.
    /// Overrides of what is no instance under it go.
    #[must_use]
    pub fn with_rule(mut self, rule: RRule) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Sets a property, in the place of all of its name.
    #[must_use]
    pub fn with(self, property: NewProperty) -> Self {
        let name = property.name().to_owned();
        self.with_all(&name, vec![property])
    }

    /// Sets all properties of a name: ATTENDEEs, for example. None take out
    /// what is there.
    #[must_use]
    pub fn with_all(mut self, name: &str, properties: Vec<NewProperty>) -> Self {
        self.fields
            .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self.fields.push((name.to_owned(), properties));
        self
    }

    /// Takes out all properties of a name.
    #[must_use]
    pub fn without(self, name: &str) -> Self {
        self.with_all(name, Vec::new())
    }

    /// Sets `SUMMARY`.
    #[must_use]
    pub fn with_summary(self, summary: &str) -> Self {
        self.with(NewProperty::of(PropertyKind::Summary).with_text(summary))
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let own = |name: &str, properties: &[NewProperty]| {
            !RESERVED.contains(&PropertyKind::of(name))
                && properties
                    .iter()
                    .all(|property| property.name().eq_ignore_ascii_case(name))
        };
        match self.fields.iter().find(|(name, all)| !own(name, all)) {
            Some((name, _)) => Err(Refusal::ReservedProperty(name.as_str().into())),
            None => Ok(()),
        }
    }

    /// Whether attendees are asked again after it (RFC 5546 2.1.4).
    pub(super) fn is_new_sequence(&self) -> bool {
        let status =
            |(name, _): &(String, Vec<NewProperty>)| PropertyKind::of(name) == PropertyKind::Status;
        self.is_timed() || self.rule.is_some() || self.fields.iter().any(status)
    }

    pub(super) fn is_timed(&self) -> bool {
        self.start.is_some() || self.end.is_some()
    }

    /// Sets the properties that `wanted` picks by name.
    pub(super) fn apply_fields(
        &self,
        component: &mut ComponentMut<'_>,
        wanted: impl Fn(&str) -> bool,
    ) {
        for (name, properties) in self.fields.iter().filter(|(name, _)| wanted(name)) {
            set_all(component, name, properties);
        }
    }

    /// Sets the new length at a start, where there is one. The offset of the end is
    /// that of the instance, which begins at `named`.
    pub(super) fn apply_end(
        &self,
        component: &mut ComponentMut<'_>,
        named: &Moment,
        start: &Moment,
    ) {
        match &self.end {
            None => {}
            Some(End::After(length)) => {
                component.set_duration(*length);
            }
            Some(End::At(end)) => {
                let moved: TimeDelta = start.local() - named.local();
                let at = end.local().checked_add_signed(moved);
                component.set_end(&end.at_local(at.unwrap_or(end.local())));
            }
        }
    }
}

/// Lets a component have exactly these properties of a name.
fn set_all(component: &mut ComponentMut<'_>, name: &str, properties: &[NewProperty]) {
    let wanted: Vec<String> = properties.iter().map(NewProperty::to_string).collect();
    if lines(component.component(), name) == wanted {
        return;
    }
    if let ([property], 1) = (
        properties,
        component.component().properties_named(name).count(),
    ) {
        component.set(property);
        return;
    }
    component.remove(name);
    for property in properties {
        component.add(property);
    }
}

/// What a component has by a name, as it would be written.
pub(super) fn lines(component: Component<'_>, name: &str) -> Vec<String> {
    let written = |property: Property<'_>| NewProperty::from_property(&property).to_string();
    component.properties_named(name).map(written).collect()
}
