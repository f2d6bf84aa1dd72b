//! One instance as a component of its own.

use bytes::Bytes;
use chrono::TimeDelta;

use crate::occurrence::Shown;
use crate::{
    Calendar, Component, ComponentId, ComponentMut, Moment, NewProperty, PropertyKind, Reader,
};

/// The override that says what `shown` already shows, for the instance that
/// `id` names.
pub(crate) fn detached(shown: &Shown<'_>, id: &Moment) -> Bytes {
    let mut text = Vec::new();
    shown.component.print_whole(&mut text, None);
    let mut part = Reader::new().read(text).calendar;
    let root = part.roots().next().map(|root| root.id());
    if let Some(mut component) = root.and_then(|root| part.component_mut(root)) {
        component.remove_where(|property| {
            matches!(
                property.kind(),
                PropertyKind::RRule
                    | PropertyKind::ExRule
                    | PropertyKind::RDate
                    | PropertyKind::ExDate
                    | PropertyKind::RecurrenceId
            )
        });
        place(&mut component, shown);
        component.add(&NewProperty::of(PropertyKind::RecurrenceId).with_moment(id));
        // An alarm at a fixed time rings for the series already.
        component.remove_components_where(|inner| {
            inner
                .first(PropertyKind::Trigger)
                .is_some_and(|trigger| trigger.moment().is_ok())
        });
    }
    part.to_bytes()
}

/// Puts a component where an instance is shown.
pub(crate) fn place(component: &mut ComponentMut<'_>, shown: &Shown<'_>) {
    let old = component.component();
    let has = |kind| old.first(kind).is_some();
    let (timed, ends) = (
        has(PropertyKind::DtStart),
        has(PropertyKind::DtEnd) || (has(PropertyKind::DtStart) && has(PropertyKind::Due)),
    );
    let lasts = has(PropertyKind::Duration);
    if !timed {
        component.set_moment(PropertyKind::Due, &shown.start);
        return;
    }
    component.set_start(&shown.start);
    if ends || (lasts && !lasts_as_shown(component.component(), shown)) {
        component.set_end(&shown.end);
    }
}

/// Whether start and DURATION give the end that is shown.
fn lasts_as_shown(component: Component<'_>, shown: &Shown<'_>) -> bool {
    let length = component
        .first(PropertyKind::Duration)
        .and_then(|found| found.duration().ok());
    let wall = shown.end.local() - shown.start.local();
    // The clock may be set within an instance: an hour or two either way.
    length.is_none_or(|length| (length.to_time_delta() - wall).abs() <= TimeDelta::hours(2))
}

/// Gives a component another start; its end keeps its distance on the wall clock.
pub(crate) fn retime(component: &mut ComponentMut<'_>, start: &Moment) {
    let own = component.component();
    let kind = if own.first(PropertyKind::DtStart).is_some() {
        PropertyKind::DtStart
    } else {
        PropertyKind::Due
    };
    let end_kind = [PropertyKind::DtEnd, PropertyKind::Due]
        .into_iter()
        .find(|&end| end != kind && own.first(end).is_some());
    let old = own.moment(kind).ok().flatten();
    let end = end_kind.and_then(|end| own.moment(end).ok().flatten());
    component.set_moment(kind, start);
    if let (Some(end_kind), Some(end), Some(old)) = (end_kind, end, old) {
        let length = end.local() - old.local();
        let at = start.local().checked_add_signed(length);
        let form = if same_form(&end, &old) { start } else { &end };
        component.set_moment(end_kind, &form.at_local(at.unwrap_or(start.local())));
    }
}

/// Whether two moments are of one kind and in one zone.
pub(crate) fn same_form(one: &Moment, other: &Moment) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other) && one.tzid() == other.tzid()
}

/// The components of a calendar that `wanted` picks, last first, so that one
/// may go without moving the next.
pub(crate) fn ids_where(
    calendar: &Calendar,
    wanted: impl Fn(Component<'_>) -> bool,
) -> Vec<ComponentId> {
    let found = calendar.components().filter(|&found| wanted(found));
    let mut ids: Vec<ComponentId> = found.map(|found| found.id()).collect();
    ids.reverse();
    ids
}
