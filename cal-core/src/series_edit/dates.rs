//! RDATEs and EXDATEs: handed to the half they belong to, or moved with the series.

use chrono::{NaiveDateTime, TimeDelta};

use super::Refusal;
use super::detach::same_form;
use super::shift::Shift;
use crate::edit::PropertyEdit;
use crate::occurrence::{Instances, Key};
use crate::{ComponentMut, Moment, NewProperty, Property, PropertyKind, ValueType};

/// The two sides of a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    From,
}

/// Keeps those dates of a component that lie on one side of a cut.
pub(super) fn keep(
    component: &mut ComponentMut<'_>,
    instances: &Instances<'_>,
    (side, cut): (Side, NaiveDateTime),
) {
    let day = instances.local_of(cut).map(|local| local.date());
    let stays = |moment: &Moment| match (instances.meaning(moment), side) {
        (Some(Key::Time(key)), Side::Before) => key < cut,
        (Some(Key::Time(key)), Side::From) => key >= cut,
        // A whole day may have instances on both sides.
        (Some(Key::Day(date)), Side::Before) => day.is_none_or(|day| date <= day),
        (Some(Key::Day(date)), Side::From) => day.is_none_or(|day| date >= day),
        (None, _) => true,
    };
    component.edit_properties(|property| {
        if !matches!(property.kind(), PropertyKind::RDate | PropertyKind::ExDate) {
            return PropertyEdit::Keep;
        }
        let raw = property.raw_value();
        let parts: Vec<&str> = raw.split(',').collect();
        let kept: Vec<&str> = parts
            .iter()
            .copied()
            .filter(|part| read(&property, part).is_none_or(|moment| stays(&moment)))
            .collect();
        if kept.len() == parts.len() {
            PropertyEdit::Keep
        } else if kept.is_empty() {
            PropertyEdit::Remove
        } else {
            let property = NewProperty::from_property(&property);
            PropertyEdit::Replace(property.with_raw_value(&kept.join(",")))
        }
    });
}

/// Adds an EXDATE.
pub(super) fn exclude(component: &mut ComponentMut<'_>, date: &Moment) {
    component.add(&NewProperty::of(PropertyKind::ExDate).with_moment(date));
}

/// Takes one instance out of the EXDATEs.
pub(super) fn readmit(
    component: &mut ComponentMut<'_>,
    instances: &Instances<'_>,
    key: NaiveDateTime,
) {
    let is_it = |moment: &Moment| instances.key(moment) == Some(key);
    component.edit_properties(|property| {
        if property.kind() != PropertyKind::ExDate {
            return PropertyEdit::Keep;
        }
        let raw = property.raw_value();
        let parts: Vec<&str> = raw.split(',').collect();
        let left = parts.iter().copied();
        let left = left.filter(|part| !read(&property, part).is_some_and(|date| is_it(&date)));
        let left: Vec<&str> = left.collect();
        if left.len() == parts.len() {
            PropertyEdit::Keep
        } else if left.is_empty() {
            PropertyEdit::Remove
        } else {
            let property = NewProperty::from_property(&property);
            PropertyEdit::Replace(property.with_raw_value(&left.join(",")))
        }
    });
}

/// Moves the dates of a component with its series. Dates that cannot be read stay.
pub(super) fn shift(
    component: &mut ComponentMut<'_>,
    instances: &Instances<'_>,
    shift: &Shift,
) -> Result<(), Refusal> {
    let mut failed = false;
    component.edit_properties(|property| {
        if !matches!(property.kind(), PropertyKind::RDate | PropertyKind::ExDate) {
            return PropertyEdit::Keep;
        }
        let raw = property.raw_value();
        let parts = raw.split(',').filter(|part| !part.trim().is_empty());
        let moved: Option<Vec<Moved>> = parts
            .map(|part| moved(&property, part, (instances, shift)))
            .collect();
        match moved.and_then(|moved| written(&property, &moved)) {
            Some(property) => PropertyEdit::Replace(property),
            None => {
                failed = true;
                PropertyEdit::Keep
            }
        }
    });
    if failed {
        Err(Refusal::RuleCannotFollow)
    } else {
        Ok(())
    }
}

/// One date of a list, moved.
struct Moved {
    starts: Vec<Moment>,
    /// Of a period how it ends, as it is written.
    end: Option<String>,
}

fn moved(
    property: &Property<'_>,
    part: &str,
    (instances, shift): (&Instances<'_>, &Shift),
) -> Option<Moved> {
    let date = read(property, part)?;
    let starts = match instances.meaning(&date)? {
        Key::Time(key) => vec![shift.series(local_time(instances, &date, key)?)],
        Key::Day(date) => {
            let [from, to] = instances.day(date)?;
            shift.day(instances, from..to)?
        }
    };
    let end = match part.split_once('/') {
        None => None,
        Some((_, end)) if end.trim_start().starts_with(['P', 'p', '+', '-']) => {
            Some(end.trim().to_owned())
        }
        Some((_, end)) => {
            let end = Moment::parse_lenient(end, property.parameter("TZID").as_deref())?;
            // It ends as long after its start as it did.
            let length: TimeDelta = end.local() - date.local();
            let start = starts.first()?;
            Some(start.shifted(length)?.to_value())
        }
    };
    Some(Moved { starts, end })
}

/// The local time of the series that a date means. One spelled as the series is
/// is kept as it stands, also where the clock skips it.
fn local_time(
    instances: &Instances<'_>,
    date: &Moment,
    key: NaiveDateTime,
) -> Option<NaiveDateTime> {
    if same_form(date, instances.start()?) {
        Some(date.local())
    } else {
        instances.local_of(key)
    }
}

fn written(property: &Property<'_>, moved: &[Moved]) -> Option<NewProperty> {
    let first = moved.iter().flat_map(|moved| &moved.starts).next()?;
    let periods = moved.iter().any(|moved| moved.end.is_some());
    let values: Vec<String> = moved
        .iter()
        .flat_map(|moved| moved.starts.iter().map(move |start| (start, &moved.end)))
        .map(|(start, end)| match end {
            Some(end) => format!("{}/{end}", start.to_value()),
            None => start.to_value(),
        })
        .collect();
    let typed = NewProperty::from_property(property).with_moment(first);
    let typed = if periods && !first.is_date() {
        typed.with_parameter("VALUE", "PERIOD")
    } else {
        typed
    };
    Some(typed.with_raw_value(&values.join(",")))
}

/// One date of a list; of a period its start.
fn read(property: &Property<'_>, part: &str) -> Option<Moment> {
    let tzid = property.parameter("TZID");
    let moment = Moment::parse_lenient(part.split('/').next()?, tzid.as_deref())?;
    Some(if property.value_type() == ValueType::Date {
        Moment::Date(moment.date())
    } else {
        moment
    })
}
