//! The instances of one object, for whoever edits it: which one a moment
//! means, what it shows, which come before and after.

use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

use cal_rrule::{Occurrence, RRule, RecurrenceSet};
use chrono::{NaiveDateTime, NaiveTime};

use super::key::Key;
use super::series::{Master, Override, Range, Series};
use crate::{Component, Error, Expansion, Moment, Object, ZoneRules};

/// An instance of a series, whether or not an override replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    /// What identifies it: UTC for a series with a zone, else the wall clock.
    pub(crate) key: NaiveDateTime,
    /// Its original start on the clock of the series.
    pub(crate) local: NaiveDateTime,
}

/// What stands for an instance, and when it says that the instance is.
#[derive(Clone, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) component: Component<'a>,
    pub(crate) start: Moment,
    pub(crate) end: Moment,
}

/// The master of an object and what replaces its instances.
#[derive(Debug)]
pub(crate) struct Instances<'a> {
    expansion: Expansion<'a>,
    master: Option<Arc<Master<'a>>>,
    overrides: Vec<Override<'a>>,
    /// Which override is for the instance with a key.
    places: HashMap<NaiveDateTime, usize>,
}

impl<'a> Instances<'a> {
    /// Those of an object of the calendar that `expansion` is of.
    pub(crate) fn of(expansion: &Expansion<'a>, object: &Object<'a>) -> Self {
        let series = Series::read(object, expansion.clock());
        let keys = series.overrides.iter().enumerate();
        Self {
            places: keys
                .filter_map(|(place, other)| Some((other.key?, place)))
                .collect(),
            expansion: expansion.clone(),
            master: series.masters.into_iter().next(),
            overrides: series.overrides,
        }
    }

    /// The component that is the series, or the single event.
    pub(crate) fn master(&self) -> Option<Component<'a>> {
        self.master.as_ref().map(|master| master.plan.component)
    }

    /// DTSTART of the master (the DUE of a to-do without one).
    pub(crate) fn start(&self) -> Option<&Moment> {
        self.master.as_ref().map(|master| &master.plan.start)
    }

    /// Whether the master repeats.
    pub(crate) fn is_recurring(&self) -> bool {
        self.set().is_some()
    }

    fn set(&self) -> Option<&RecurrenceSet> {
        self.master.as_ref()?.set.as_ref()
    }

    /// What a moment of an EXDATE, RDATE or RECURRENCE-ID means in this series.
    pub(crate) fn meaning(&self, moment: &Moment) -> Option<Key> {
        let master = self.master.as_ref()?;
        Some(master.plan.key_of(moment, self.expansion.clock()))
    }

    /// The key that a RECURRENCE-ID names, whether or not the series has it.
    pub(crate) fn key(&self, moment: &Moment) -> Option<NaiveDateTime> {
        self.master.as_ref()?.resolve(self.meaning(moment)?)
    }

    /// The key that the RECURRENCE-ID of a component names.
    pub(crate) fn key_of(&self, component: Component<'_>) -> Option<NaiveDateTime> {
        self.key(&component.recurrence_id().ok()??)
    }

    /// The instance that a moment means, if the series has it.
    pub(crate) fn find(&self, moment: &Moment) -> Option<Instance> {
        self.with_key(self.key(moment)?)
    }

    /// The instance with this key, if the series has it.
    pub(crate) fn with_key(&self, key: NaiveDateTime) -> Option<Instance> {
        let master = self.master.as_ref()?;
        match &master.set {
            Some(set) => set.within(key..=key).next()?.ok().map(instance),
            None => Some(self.single()?).filter(|single| single.key == key),
        }
    }

    fn single(&self) -> Option<Instance> {
        let plan = &self.master.as_ref()?.plan;
        let local = plan.start.local();
        Some(Instance {
            key: plan.key(local),
            local,
        })
    }

    /// The first instance of the series.
    ///
    /// # Errors
    /// If the search passes a limit.
    pub(crate) fn first(&self) -> Result<Option<Instance>, Error> {
        self.next_in((Bound::Unbounded, Bound::Unbounded))
    }

    /// The next instance after a key.
    ///
    /// # Errors
    /// If the search passes a limit.
    pub(crate) fn after(&self, key: NaiveDateTime) -> Result<Option<Instance>, Error> {
        self.next_in((Bound::Excluded(key), Bound::Unbounded))
    }

    fn next_in(
        &self,
        keys: (Bound<NaiveDateTime>, Bound<NaiveDateTime>),
    ) -> Result<Option<Instance>, Error> {
        match self.set() {
            Some(set) => {
                let found = set.within(keys).next().transpose();
                found
                    .map(|found| found.map(instance))
                    .map_err(|source| self.error(source))
            }
            None => Ok(self
                .single()
                .filter(|single| std::ops::RangeBounds::contains(&keys, &single.key))),
        }
    }

    /// What one rule of the series gives from its start on, nothing excluded or
    /// added.
    pub(crate) fn bare(&self, rules: impl IntoIterator<Item = RRule>) -> Option<RecurrenceSet> {
        let start = self.set()?.start().clone();
        Some(
            rules
                .into_iter()
                .fold(RecurrenceSet::new(start), RecurrenceSet::with_rule),
        )
    }

    /// The rules of the series.
    pub(crate) fn rules(&self) -> Vec<RRule> {
        self.set().map_or(Vec::new(), |set| set.rules().to_vec())
    }

    /// The instant of a moment.
    pub(crate) fn instant(&self, moment: &Moment) -> Moment {
        Moment::Utc(self.expansion.instant(moment).naive_utc())
    }

    /// The zone in which dates and floating times are taken.
    pub(crate) fn zone(&self) -> &ZoneRules {
        self.expansion.zone()
    }

    /// The keys of the dates that RDATEs add.
    pub(crate) fn added(&self) -> impl Iterator<Item = NaiveDateTime> {
        let master = self.master.iter();
        master.flat_map(|master| master.added.iter().map(|added| added.key))
    }

    /// How the series spells an instance.
    pub(crate) fn spelled(&self, local: NaiveDateTime) -> Option<Moment> {
        Some(self.start()?.at_local(local))
    }

    /// The local time of the series at a key.
    pub(crate) fn local_of(&self, key: NaiveDateTime) -> Option<NaiveDateTime> {
        Some(self.master.as_ref()?.plan.local_of(key))
    }

    /// The key of a local time of the series.
    pub(crate) fn key_at(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        Some(self.master.as_ref()?.plan.key(local))
    }

    /// The beginning of a date on the clock of the series, and of the next.
    pub(crate) fn day(&self, date: chrono::NaiveDate) -> Option<[NaiveDateTime; 2]> {
        let midnight = |date: chrono::NaiveDate| self.key_at(date.and_time(NaiveTime::MIN));
        Some([midnight(date)?, midnight(date.succ_opt()?)?])
    }

    /// The override for an instance, be it for that alone or for later ones too.
    pub(crate) fn override_of(&self, key: NaiveDateTime) -> Option<Component<'a>> {
        Some(self.replacing(key)?.plan.component)
    }

    fn replacing(&self, key: NaiveDateTime) -> Option<&Override<'a>> {
        self.overrides.get(*self.places.get(&key)?)
    }

    fn range(&self, key: NaiveDateTime) -> Option<&Range<'a>> {
        let ranges = &self.master.as_ref()?.ranges;
        ranges.iter().rev().find(|range| range.from <= key)
    }

    /// The override for an instance and all later ones that holds at a key, if
    /// none replaces that instance alone.
    pub(crate) fn range_at(&self, key: NaiveDateTime) -> Option<Component<'a>> {
        Some(self.range(key)?.plan.component)
    }

    /// What stands for an instance: its override, one for it and others before
    /// it, or the series.
    pub(crate) fn shown(&self, instance: Instance) -> Option<Shown<'a>> {
        if let Some(other) = self.replacing(instance.key) {
            return Some(Shown {
                component: other.plan.component,
                start: other.plan.start.at_local(other.placed.local),
                end: other.plan.end_of(&other.placed),
            });
        }
        match self.range(instance.key) {
            Some(range) => self.under(range, instance),
            None => self.unreplaced(instance),
        }
    }

    /// What an instance is under the override that holds for all from some
    /// earlier one on.
    pub(crate) fn shown_under_range(&self, instance: Instance) -> Option<Shown<'a>> {
        self.under(self.range(instance.key)?, instance)
    }

    fn under(&self, range: &Range<'a>, instance: Instance) -> Option<Shown<'a>> {
        let series = &self.master.as_ref()?.plan;
        let placed = range.plan.place(range.moved(series, instance.local));
        Some(Shown {
            component: range.plan.component,
            start: range.plan.start.at_local(placed.local),
            end: range.plan.end_of(&placed),
        })
    }

    /// What the series itself says of an instance.
    pub(crate) fn unreplaced(&self, instance: Instance) -> Option<Shown<'a>> {
        let master = self.master.as_ref()?;
        let added = master.added.iter().find(|added| added.key == instance.key);
        let plan = added
            .and_then(|added| added.plan.as_ref())
            .unwrap_or(&master.plan);
        let placed = plan.place(instance.local);
        Some(Shown {
            component: plan.component,
            start: plan.start.at_local(instance.local),
            end: plan.end_of(&placed),
        })
    }

    /// An error of the recurrence engine as one of this object.
    pub(crate) fn error(&self, source: cal_rrule::Error) -> Error {
        let uid = self.master.as_ref().map(|master| &master.plan.uid);
        Error::Recurrence {
            uid: uid.map_or("".into(), |uid| uid.as_ref().into()),
            source,
        }
    }
}

fn instance(found: Occurrence) -> Instance {
    Instance {
        key: found.utc().unwrap_or(found.local()),
        local: found.local(),
    }
}
