//! A series cut in two.

use cal_rrule::RRule;
use chrono::NaiveDateTime;

use super::Refusal;
use super::dates::{self, Side};
use super::detach::{ids_where, place};
use super::instance::{Target, has_any_instance, reanchor};
use super::rule_text::RuleText;
use super::shift::until;
use crate::edit::PropertyEdit;
use crate::occurrence::{Instance, Instances};
use crate::{Calendar, Component, ComponentId, ComponentMut, NewProperty, Property, PropertyKind};

/// Instances that are counted one by one to divide a COUNT; a longer half ends
/// by UNTIL instead.
const MOST_COUNTED: usize = 100_000;

/// The series up to the instance, without it; `None` if nothing comes before.
/// `next` is the UID of the object that goes on from there.
pub(super) fn head(target: &Target<'_>, next: Option<&str>) -> Result<Option<Calendar>, Refusal> {
    let (instances, cut) = (&target.instances, target.instance()?.key);
    let mut calendar = target.calendar.clone();
    let master = target.master()?;
    if let Some(mut component) = calendar.component_mut(master.id()) {
        edit_rules(&mut component, |property| {
            match before(instances, &property, cut) {
                Ok(edit) => edit,
                Err(()) => PropertyEdit::Keep,
            }
        });
        dates::keep(&mut component, instances, (Side::Before, cut));
        begin_with_dates(&mut component, instances, cut)?;
        if let Some(next) = next {
            component.remove_where(|property| relation(property, "NEXT").is_some());
            component.add(&related("NEXT", next));
        }
        component.revise(target.now);
    }
    let later = |found: Component<'_>| instances.key_of(found).is_some_and(|key| key >= cut);
    for id in ids_where(target.calendar, later) {
        calendar.remove(id);
    }
    Ok(has_any_instance(&calendar).then_some(calendar))
}

/// The series from the instance on, as an object with another UID.
pub(super) fn tail(target: &Target<'_>, uid: &str) -> Result<Calendar, Refusal> {
    let (instances, at) = (&target.instances, target.instance()?);
    let master = target.master()?;
    let rules: Vec<Property<'_>> = master.all(PropertyKind::RRule).collect();
    if rules.len() > 1 || master.first(PropertyKind::ExRule).is_some() {
        return Err(Refusal::SeveralRules);
    }
    let rule = rules
        .first()
        .and_then(|property| RRule::parse_lenient(&property.raw_value()).rule);
    let start = ruled_start(instances, rule.as_ref(), at)?;
    let mut calendar = target.calendar.clone();
    if let Some(mut component) = calendar.component_mut(master.id()) {
        edit_rules(&mut component, |property| match (&rule, start.ruled) {
            (Some(rule), true) => from(instances, &property, (rule, at.key)),
            _ => PropertyEdit::Remove,
        });
        dates::keep(&mut component, instances, (Side::From, at.key));
        if let Some(shown) = instances.unreplaced(start.instance) {
            place(&mut component, &shown);
        }
        link_back(&mut component, master);
    }
    let kept = carry_range(&mut calendar, instances, at)?;
    let earlier = |found: Component<'_>| {
        instances.key_of(found).is_some_and(|key| key < at.key) && Some(found.id()) != kept
    };
    for id in ids_where(target.calendar, earlier) {
        calendar.remove(id);
    }
    for id in ids_where(&calendar, |found| found.uid().is_some()) {
        if let Some(mut component) = calendar.component_mut(id) {
            component.remove("SEQUENCE");
            component.set_text(PropertyKind::Uid, uid).touch(target.now);
        }
    }
    Ok(calendar)
}

fn edit_rules(
    component: &mut ComponentMut<'_>,
    mut edit: impl FnMut(Property<'_>) -> PropertyEdit,
) {
    component.edit_properties(|property| match property.kind() {
        PropertyKind::RRule => edit(property),
        _ => PropertyEdit::Keep,
    });
}

/// A rule that ends before a cut.
fn before(
    instances: &Instances<'_>,
    property: &Property<'_>,
    cut: NaiveDateTime,
) -> Result<PropertyEdit, ()> {
    let rule = RRule::parse_lenient(&property.raw_value()).rule.ok_or(())?;
    let set = instances.bare([rule.clone()]).ok_or(())?;
    if matches!(set.first_from(cut), Ok(None)) {
        return Ok(PropertyEdit::Keep);
    }
    let Ok(Some(last)) = set.last_before(cut) else {
        return Ok(PropertyEdit::Remove);
    };
    let mut text = RuleText::of(property);
    match rule.count().and_then(|_| counted(&set, cut)) {
        Some(count) => text.set("COUNT", &count.to_string()),
        None => text.end_at(&until(instances.start().ok_or(())?, &last)),
    }
    let property = NewProperty::from_property(property);
    Ok(PropertyEdit::Replace(
        property.with_raw_value(&text.to_string()),
    ))
}

/// A rule that begins with the first instance after a cut.
fn from(
    instances: &Instances<'_>,
    property: &Property<'_>,
    (rule, cut): (&RRule, NaiveDateTime),
) -> PropertyEdit {
    let mut text = RuleText::of(property);
    if let (Some(count), Some(set), Some(start)) = (
        rule.count(),
        instances.bare([rule.clone()]),
        instances.start(),
    ) {
        if let Some(before) = counted(&set, cut) {
            text.set("COUNT", &count.saturating_sub(before).to_string());
        } else if let Ok(Some(last)) = set.last() {
            text.end_at(&until(start, &last));
        }
    }
    if rule.skip() != cal_rrule::Skip::Omit && rule.by_month_day().is_empty() {
        // Its start may be on a day that stands in for the one it means.
        if let Some(start) = instances.start() {
            name_day(&mut text, rule, start.date());
        }
    }
    let text = text.to_string();
    let property = NewProperty::from_property(property);
    PropertyEdit::Replace(property.with_raw_value(&text))
}

/// Names the day that a rule takes from its start.
fn name_day(text: &mut RuleText, rule: &RRule, start: chrono::NaiveDate) {
    use cal_rrule::Frequency::{Monthly, Yearly};
    use chrono::Datelike;

    if !matches!(rule.frequency(), Monthly | Yearly) || !rule.by_day().is_empty() {
        return;
    }
    text.set("BYMONTHDAY", &start.day().to_string());
    if rule.frequency() == Yearly && rule.by_month().is_empty() {
        text.set("BYMONTH", &start.month().to_string());
    }
}

/// How many instances a rule has before a cut, unless they are very many.
fn counted(set: &cal_rrule::RecurrenceSet, cut: NaiveDateTime) -> Option<u64> {
    let mut count = 0;
    for found in set.within(..cut).take(MOST_COUNTED + 1) {
        found.ok()?;
        count += 1;
    }
    (count <= MOST_COUNTED).then_some(count as u64)
}

/// Where the second half begins.
struct Start {
    instance: Instance,
    /// Whether the rule gives it, and so goes on from there.
    ruled: bool,
}

/// The first instance that the rule gives from the cut on: an instance that an
/// RDATE adds would put the rule out of step. Without any such the first added.
fn ruled_start(
    instances: &Instances<'_>,
    rule: Option<&RRule>,
    at: Instance,
) -> Result<Start, Refusal> {
    let set = rule.and_then(|rule| instances.bare([rule.clone()]));
    let found = match set {
        Some(set) => set
            .first_from(at.key)
            .map_err(|source| instances.error(source))?,
        None => None,
    };
    Ok(match found {
        Some(found) => Start {
            instance: Instance {
                key: found.utc().unwrap_or(found.local()),
                local: found.local(),
            },
            ruled: true,
        },
        None => Start {
            instance: at,
            ruled: false,
        },
    })
}

/// Lets a master whose own start falls away begin with the first date that an
/// RDATE added before it.
fn begin_with_dates(
    component: &mut ComponentMut<'_>,
    instances: &Instances<'_>,
    cut: NaiveDateTime,
) -> Result<(), Refusal> {
    let own = instances
        .start()
        .and_then(|start| instances.key_at(start.local()));
    if own.is_some_and(|own| own < cut) {
        return Ok(());
    }
    let first = instances.added().filter(|&key| key < cut).min();
    let first = first.and_then(|key| instances.with_key(key));
    let first = match first {
        Some(first) => Some(first),
        None => instances.first()?.filter(|first| first.key < cut),
    };
    if let Some(shown) = first.and_then(|first| instances.unreplaced(first)) {
        component.remove("RRULE");
        place(component, &shown);
    }
    Ok(())
}

/// An override that holds for all instances from one before the cut on holds
/// on in the second half, from its first instance that no other replaces.
fn carry_range(
    calendar: &mut Calendar,
    instances: &Instances<'_>,
    at: Instance,
) -> Result<Option<ComponentId>, Refusal> {
    let Some(range) = instances.range_at(at.key) else {
        return Ok(None);
    };
    if instances.key_of(range).is_some_and(|key| key >= at.key) {
        return Ok(None);
    }
    let mut next = Some(at);
    while let Some(found) = next {
        // From where another such override takes over, it holds no more.
        let ruling = instances.range_at(found.key).map(|ruling| ruling.id());
        if ruling != Some(range.id()) {
            return Ok(None);
        }
        if instances.override_of(found.key).is_none() {
            reanchor(calendar, instances, (range, found));
            return Ok(Some(range.id()));
        }
        next = instances.after(found.key)?;
    }
    Ok(None)
}

/// The UID that a RELATED-TO of this type names.
fn relation(property: Property<'_>, kind: &str) -> Option<String> {
    let is_kind = property.kind() == PropertyKind::RelatedTo
        && property
            .parameter("RELTYPE")
            .is_some_and(|own| own.eq_ignore_ascii_case(kind));
    is_kind.then(|| property.text().into_owned())
}

fn related(kind: &str, uid: &str) -> NewProperty {
    NewProperty::of(PropertyKind::RelatedTo)
        .with_parameter("RELTYPE", kind)
        .with_text(uid)
}

/// Links the second half to the first part of all; what came next of the old
/// object comes next of it.
fn link_back(component: &mut ComponentMut<'_>, old: Component<'_>) {
    let has_first = old
        .properties()
        .any(|property| relation(property, "FIRST").is_some());
    if let (false, Some(uid)) = (has_first, old.uid()) {
        component.add(&related("FIRST", &uid));
    }
}
