//! An object by its instances: which component holds for which, and when it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bytes::Bytes;
use chrono::{NaiveDateTime, TimeDelta};

use super::Refusal;
use super::mark::{DECLINED, Declined, stamp};
use crate::edit::PropertyEdit;
use crate::object::property_digest;
use crate::occurrence::{Instance, Instances, Shown};
use crate::series_edit::detached;
use crate::view::Extent;
use crate::{
    Calendar, Component, ComponentKind, ComponentMut, Expansion, Moment, Person, PropertyKind,
    Reader, ZoneRules,
};

/// The series itself (or the single event), or one of its instances.
pub(super) type Slot = Option<NaiveDateTime>;

/// Overrides of one object that are handled.
const MOST: usize = 5_000;

/// Attendees of one component that are handled.
const MOST_ATTENDEES: usize = 10_000;

/// Attendees of all components of an object together: the work grows with them.
const MOST_INVITATIONS: usize = 200_000;

/// The components of one object.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) uid: String,
    pub(super) master: Option<Component<'a>>,
    pub(super) overrides: BTreeMap<NaiveDateTime, Component<'a>>,
    pub(super) instances: Instances<'a>,
    expansion: Expansion<'a>,
}

/// When something is: what may not change without asking attendees again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Timing {
    Series(Vec<u128>),
    Instance(Moment, Moment),
    Timeless,
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timing::Instance(start, end) => write!(f, "{}/{}", start.to_value(), end.to_value()),
            Timing::Series(_) | Timing::Timeless => Ok(()),
        }
    }
}

impl<'a> Parts<'a> {
    /// Those of the one object of a calendar.
    pub(super) fn of(calendar: &'a Calendar, zone: &ZoneRules) -> Result<Self, Refusal> {
        Self::in_series(calendar, zone, None)
    }

    /// The same for a message that may hold instances alone, of a series that
    /// is known.
    pub(super) fn in_series(
        calendar: &'a Calendar,
        zone: &ZoneRules,
        series: Option<&Parts<'_>>,
    ) -> Result<Self, Refusal> {
        let mut objects = calendar.objects().into_iter();
        let (Some(object), None) = (objects.next(), objects.next()) else {
            return Err(Refusal::NotOneObject);
        };
        let masters = object.components().iter();
        if masters.filter(|found| !found.is_override()).count() > 1 {
            return Err(Refusal::SeveralMasters);
        }
        let expansion = Expansion::of(calendar).in_zone(zone);
        let instances = Instances::of(&expansion, &object);
        let current = object.current();
        let mut invitations = 0_usize;
        for component in &current {
            invitations = invitations.saturating_add(check(*component)?);
        }
        if invitations > MOST_INVITATIONS {
            return Err(Refusal::TooMany {
                what: "attendees of all instances",
                limit: MOST_INVITATIONS,
            });
        }
        let mut parts = Self {
            calendar,
            uid: object.uid().to_owned(),
            master: current.iter().copied().find(|found| !found.is_override()),
            overrides: BTreeMap::new(),
            instances,
            expansion,
        };
        for component in current.into_iter().filter(Component::is_override) {
            if let Some(key) = parts.key(component, series) {
                parts.overrides.insert(key, component);
            }
        }
        if parts.overrides.len() > MOST {
            return Err(Refusal::TooMany {
                what: "overrides",
                limit: MOST,
            });
        }
        Ok(parts)
    }

    /// The key of an override: in its series, in the one that is known, or by itself.
    fn key(&self, component: Component<'_>, series: Option<&Parts<'_>>) -> Slot {
        let id = component.recurrence_id().ok()??;
        let instant = match &id {
            Moment::Zoned { .. } => self.instances.instant(&id),
            other => other.clone(),
        };
        let known = series.and_then(|series| series.instances.key(&instant));
        let own = self.instances.key(&id);
        own.or(known).or(Some(instant.local()))
    }

    /// What has a component of its own.
    pub(super) fn slots(&self) -> impl Iterator<Item = (Slot, Component<'a>)> {
        let master = self.master.map(|master| (None, master));
        let others = self.overrides.iter();
        master
            .into_iter()
            .chain(others.map(|(key, found)| (Some(*key), *found)))
    }

    /// The component of its own that a slot has.
    pub(super) fn own(&self, slot: Slot) -> Option<Component<'a>> {
        match slot {
            None => self.master,
            Some(key) => self.overrides.get(&key).copied(),
        }
    }

    /// The component that holds for a slot: its own, or the series for an
    /// instance that it has.
    pub(super) fn effective(&self, slot: Slot) -> Option<Component<'a>> {
        self.own(slot).or_else(|| {
            self.instance(slot?)?;
            self.master
        })
    }

    pub(super) fn instance(&self, key: NaiveDateTime) -> Option<Instance> {
        self.master?;
        self.instances.with_key(key)
    }

    /// The text of what holds for a slot, as a component of its own.
    pub(super) fn text(&self, slot: Slot) -> Option<Bytes> {
        match (self.own(slot), slot) {
            (Some(own), _) => {
                let mut text = Vec::new();
                own.print_whole(&mut text, None);
                Some(text.into())
            }
            (None, Some(key)) => self.detached(key),
            (None, None) => None,
        }
    }

    /// What the series says of an instance, as an override.
    pub(super) fn detached(&self, key: NaiveDateTime) -> Option<Bytes> {
        let instance = self.instance(key)?;
        let shown = self.shown(instance)?;
        Some(detached(&shown, &self.instances.spelled(instance.local)?))
    }

    fn shown(&self, instance: Instance) -> Option<Shown<'a>> {
        self.instances
            .shown_under_range(instance)
            .or_else(|| self.instances.unreplaced(instance))
    }

    /// How the series spells an instance.
    pub(super) fn spelled(&self, key: NaiveDateTime) -> Option<Moment> {
        let instance = self.instance(key)?;
        self.instances.spelled(instance.local)
    }

    /// When a slot is; `None` if there is nothing.
    pub(super) fn timing(&self, slot: Slot) -> Option<Timing> {
        let component = self.effective(slot)?;
        let Some(key) = slot else {
            // A further date moves none of the others: who answered those is
            // not asked again, whether or not the date has come here yet.
            let mut all: Vec<u128> = component
                .properties()
                .filter(|property| {
                    matches!(
                        property.kind(),
                        PropertyKind::DtStart
                            | PropertyKind::DtEnd
                            | PropertyKind::Due
                            | PropertyKind::Duration
                            | PropertyKind::RRule
                    )
                })
                .filter_map(property_digest)
                .collect();
            all.sort_unstable();
            return Some(Timing::Series(all));
        };
        let (start, end) = if self.own(slot).is_some() {
            let end_kind = match component.kind() {
                ComponentKind::Todo => PropertyKind::Due,
                _ => PropertyKind::DtEnd,
            };
            match Extent::of(&component, end_kind) {
                Ok(extent) => (extent.start.clone(), extent.end()),
                Err(_) => match component.moment(PropertyKind::Due) {
                    Ok(Some(due)) => (due.clone(), due),
                    _ => return Some(Timing::Timeless),
                },
            }
        } else {
            let shown = self.shown(self.instance(key)?)?;
            (shown.start, shown.end)
        };
        Some(Timing::Instance(self.instant(start), self.instant(end)))
    }

    /// A moment in the one form that equal ones have.
    fn instant(&self, moment: Moment) -> Moment {
        match moment {
            Moment::Zoned { .. } => Moment::Utc(self.expansion.instant(&moment).naive_utc()),
            other => other,
        }
    }

    /// The latest DTSTAMP.
    pub(super) fn newest(&self) -> Option<NaiveDateTime> {
        self.slots().filter_map(|(_, found)| stamp(found)).max()
    }

    /// The highest SEQUENCE.
    pub(super) fn sequence(&self) -> i32 {
        let all = self.slots().map(|(_, found)| found.sequence());
        all.max().unwrap_or(0)
    }

    pub(super) fn organizer(&self) -> Option<Person<'a>> {
        self.slots().find_map(|(_, found)| found.organizer())
    }

    /// The instances that the attendee took out, and when they were to be.
    pub(super) fn declined(&self) -> BTreeMap<NaiveDateTime, Declined> {
        let lines = self
            .master
            .iter()
            .flat_map(|master| master.all(PropertyKind::ExDate));
        let marked = lines.filter_map(|line| {
            let value = line.parameter(DECLINED)?;
            Some((line, Declined::parse(&value)))
        });
        marked
            .flat_map(|(line, declined)| {
                let dates = line.date_times().unwrap_or_default();
                let keys = dates
                    .into_iter()
                    .filter_map(|date| self.instances.key(&date));
                keys.map(|key| (key, declined.clone())).collect::<Vec<_>>()
            })
            .collect()
    }

    /// The RDATEs of the master.
    pub(super) fn added(&self) -> BTreeSet<u128> {
        let master = self.master.iter();
        let lines = master.flat_map(|master| master.all(PropertyKind::RDate));
        lines.filter_map(property_digest).collect()
    }

    /// The instances that EXDATEs of the master take out.
    pub(super) fn excluded(&self) -> BTreeSet<NaiveDateTime> {
        let master = self.master.iter();
        let dates = master
            .flat_map(|master| master.all(PropertyKind::ExDate))
            .flat_map(|property| property.date_times().unwrap_or_default());
        dates.filter_map(|date| self.instances.key(&date)).collect()
    }
}

/// A time that is later than another and not earlier than now, so that no two
/// messages of one sender have the same.
pub(super) fn later(now: NaiveDateTime, last: Option<NaiveDateTime>) -> NaiveDateTime {
    let next = last.and_then(|last| last.checked_add_signed(TimeDelta::seconds(2)));
    next.map_or(now, |next| now.max(next))
}

/// That a component can be scheduled; how many attend.
fn check(component: Component<'_>) -> Result<usize, Refusal> {
    if !matches!(
        component.kind(),
        ComponentKind::Event | ComponentKind::Todo | ComponentKind::Journal
    ) {
        return Err(Refusal::UnsupportedComponent(component.name().into()));
    }
    let attendees = component.attendees().take(MOST_ATTENDEES + 1).count();
    if attendees > MOST_ATTENDEES {
        return Err(Refusal::TooMany {
            what: "attendees",
            limit: MOST_ATTENDEES,
        });
    }
    Ok(attendees)
}

/// The text of a component after an edit.
pub(super) fn rewritten(text: Bytes, edit: impl FnOnce(&mut ComponentMut<'_>)) -> Bytes {
    let mut part = Reader::new().read(text).calendar;
    let root = part.roots().next().map(|root| root.id());
    if let Some(mut component) = root.and_then(|root| part.component_mut(root)) {
        edit(&mut component);
    }
    part.to_bytes()
}

/// Edits the ATTENDEEs of a component; a line for which there is nothing to
/// say keeps its bytes.
pub(super) fn edit_attendees(
    component: &mut ComponentMut<'_>,
    mut edit: impl FnMut(Person<'_>) -> PropertyEdit,
) {
    component.edit_properties(|property| match property.kind() {
        PropertyKind::Attendee => edit(Person::new(property)),
        _ => PropertyEdit::Keep,
    });
}
