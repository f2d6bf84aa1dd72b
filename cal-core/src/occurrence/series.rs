//! All components of one UID, read once and ready to be walked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cal_rrule::{RRule, RecurrenceSet, Start, When, Zone};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use smallvec::SmallVec;

use super::key::{self, Key};
use super::plan::{Clock, Placed, Plan, add, is_wall};
use super::warning::{ExpansionWarning, Oddity};
use crate::{
    Component, ComponentKind, Error, Moment, Object, Period, Property, PropertyKind, Window,
};

/// What occurs.
const EXPANDED: [ComponentKind; 3] = [
    ComponentKind::Event,
    ComponentKind::Todo,
    ComponentKind::Journal,
];

/// Components that claim to be the master of one UID and are asked whether an
/// override is theirs; with more the UID means nothing.
const MOST_MASTERS_ASKED: usize = 16;

/// The most RRULEs, and the most EXRULEs, of one component; RFC 5545 3.8.5.3
/// wants one at most.
const MOST_RULES: usize = 16;

/// Zones that are unknown or guessed of which one component is told; more say
/// nothing new.
const MOST_ZONE_WARNINGS: usize = 16;

/// What tells the instance that an override replaces: its key if it has a
/// series, and how it spells it.
type Place = (
    ComponentKind,
    Option<NaiveDateTime>,
    Option<Moment>,
    NaiveDateTime,
);

/// The components of one object: a series with its overrides.
#[derive(Debug)]
pub(crate) struct Series<'a> {
    pub(super) uid: Arc<str>,
    pub(super) masters: SmallVec<[Arc<Master<'a>>; 1]>,
    /// Overrides of one instance each, in order of their starts.
    pub(super) overrides: Vec<Override<'a>>,
    /// Components that cannot be expanded.
    pub(super) errors: Vec<Error>,
    pub(super) warnings: Vec<ExpansionWarning>,
}

/// A component without RECURRENCE-ID: a single event or a series.
#[derive(Debug)]
pub(super) struct Master<'a> {
    pub(super) plan: Arc<Plan<'a>>,
    /// Everything that repeats it or excludes instances; `None` if nothing does.
    pub(super) set: Option<RecurrenceSet>,
    /// Its RDATEs, as the set numbers them.
    pub(super) added: Vec<Added<'a>>,
    /// Keys of instances that an override replaces. In order.
    pub(super) replaced: Arc<[NaiveDateTime]>,
    /// Overrides for an instance and all later ones, in order.
    pub(super) ranges: Vec<Range<'a>>,
}

/// An instance that an RDATE adds.
#[derive(Clone, Debug)]
pub(super) struct Added<'a> {
    pub(super) key: NaiveDateTime,
    /// Its own plan, if it is a period.
    pub(super) plan: Option<Arc<Plan<'a>>>,
}

/// An override with RANGE=THISANDFUTURE.
#[derive(Clone, Debug)]
pub(super) struct Range<'a> {
    /// Key of the first instance that it changes.
    pub(super) from: NaiveDateTime,
    pub(super) plan: Arc<Plan<'a>>,
    /// How much later than the series' instances its own begin.
    pub(super) shift: TimeDelta,
}

/// A component with RECURRENCE-ID.
#[derive(Debug)]
pub(super) struct Override<'a> {
    pub(super) plan: Arc<Plan<'a>>,
    pub(super) placed: Placed,
    /// Which instance it replaces, as the series spells it.
    pub(super) instance: NaiveDateTime,
    /// Its key; `None` if no instance of a series is meant.
    pub(super) key: Option<NaiveDateTime>,
    sequence: i32,
    /// Components for the same instance that this one supersedes.
    pub(super) superseded: Vec<Component<'a>>,
}

impl<'a> Series<'a> {
    /// Reads the events, to-dos and journal entries of an object, in any order.
    pub(crate) fn read(object: &Object<'a>, clock: Clock<'_>) -> Self {
        let mut series = Self {
            uid: object.uid().into(),
            masters: SmallVec::new(),
            overrides: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        let components = object.components().iter().copied();
        let (overrides, masters): (Vec<Component<'a>>, Vec<Component<'a>>) = components
            .filter(|found| EXPANDED.contains(&found.kind()))
            .partition(Component::is_override);
        let mut read = Vec::with_capacity(masters.len());
        for component in series.current(masters) {
            if series.has_too_many_rules(component) {
                continue;
            }
            if let Some(plan) = series.plan(component, clock) {
                read.push(series.master(plan, clock));
            }
        }
        let mut places = HashMap::new();
        let first = EXPANDED.map(|kind| read.iter().find(|master| master.kind() == kind));
        for component in overrides {
            let same = |master: &&Master<'_>| master.kind() == component.kind();
            let master = first.iter().copied().flatten().find(same);
            if let Some(found) = series.read_override(component, master, clock) {
                series.keep_latest(found, &mut places);
            }
        }
        series.apply_overrides(&mut read);
        series.masters = read.into_iter().map(Arc::new).collect();
        series.overrides.sort_by_key(|found| found.placed.start);
        series
    }

    /// The masters that count: of each kind those with the highest SEQUENCE,
    /// each content once.
    fn current(&mut self, mut masters: Vec<Component<'a>>) -> Vec<Component<'a>> {
        if masters.len() < 2 {
            return masters;
        }
        let mut latest: HashMap<ComponentKind, i32> = HashMap::new();
        for master in &masters {
            let latest = latest.entry(master.kind()).or_insert(i32::MIN);
            *latest = master.sequence().max(*latest);
        }
        let mut contents = HashSet::new();
        masters.retain(|master| {
            let counts = latest.get(&master.kind()) == Some(&master.sequence())
                && contents.insert((master.kind(), master.content_hash()));
            if !counts {
                self.warn(*master, Oddity::Superseded);
            }
            counts
        });
        masters
    }

    /// Whether an override replaces no instance although there is a series.
    pub(super) fn is_orphan(&self, other: &Override<'_>) -> bool {
        let replaces = |master: &Arc<Master<'_>>| match other.key {
            Some(key) => master.has(key),
            None => false,
        };
        let asked = 1..=MOST_MASTERS_ASKED;
        asked.contains(&self.masters.len()) && !self.masters.iter().any(replaces)
    }

    /// The overrides that have nothing to do with the window: not on then, nor
    /// would their instances be. Where one changes all instances from some
    /// before the window's end on, every other may matter.
    pub(super) fn idle(&self, window: &Window) -> Vec<Component<'a>> {
        let begins = |placed: &Placed| {
            window
                .end()
                .is_none_or(|end| placed.start < end.naive_utc())
        };
        let overlaps =
            |placed: &Placed| window.overlaps(placed.start.and_utc(), placed.end.and_utc());
        let first = EXPANDED.map(|kind| {
            let master = self.masters.iter().find(|master| master.kind() == kind)?;
            Some((master, master.periods()))
        });
        let mut idle = Vec::new();
        for other in &self.overrides {
            let component = other.plan.component;
            let mut of_kind = first.iter().flatten();
            let master = of_kind.find(|(master, _)| master.kind() == component.kind());
            let original = master.map(|(master, periods)| {
                let period = other.key.and_then(|key| periods.get(&key));
                period.copied().unwrap_or(master.plan.place(other.instance))
            });
            let mut places = [Some(other.placed), original].into_iter().flatten();
            if component.is_this_and_future() && places.clone().any(|placed| begins(&placed)) {
                return Vec::new();
            }
            if !places.any(|placed| overlaps(&placed)) {
                idle.push(component);
                idle.extend_from_slice(&other.superseded);
            }
        }
        idle
    }

    fn warn(&mut self, component: Component<'_>, oddity: Oddity) {
        self.warnings.push(ExpansionWarning::new(component, oddity));
    }

    /// Whether a component has more rules than are worked out; if so that is noted.
    fn has_too_many_rules(&mut self, component: Component<'_>) -> bool {
        let most =
            [PropertyKind::RRule, PropertyKind::ExRule].map(|kind| component.all(kind).count());
        let is_over = most.into_iter().any(|count| count > MOST_RULES);
        if is_over {
            self.errors.push(Error::RuleLimit {
                uid: self.uid.as_ref().into(),
                limit: MOST_RULES,
            });
        }
        is_over
    }

    /// The error of a component that has more rules than are worked out.
    pub(super) fn rule_limit(&self) -> Option<&Error> {
        let mut errors = self.errors.iter();
        errors.find(|error| matches!(error, Error::RuleLimit { .. }))
    }

    /// Notes that a component's zone is unknown or was guessed, once for each zone.
    fn warn_of_zone(&mut self, component: Component<'_>, tzid: &str, clock: Clock<'_>) {
        let line = component.line();
        let own = self.warnings.iter().rev();
        let own = own.take_while(|known| known.line == line);
        let is_known = |known: &ExpansionWarning| match &known.oddity {
            Oddity::UnknownZone(known) | Oddity::GuessedZone(known) => known.as_ref() == tzid,
            _ => false,
        };
        let own: SmallVec<[&ExpansionWarning; 4]> = own.take(MOST_ZONE_WARNINGS).collect();
        if own.len() == MOST_ZONE_WARNINGS || own.into_iter().any(is_known) {
            return;
        }
        match clock.zones.resolve(tzid).map(|zone| zone.source) {
            None => self.warn(component, Oddity::UnknownZone(tzid.into())),
            Some(source) if !source.is_certain() => {
                self.warn(component, Oddity::GuessedZone(tzid.into()));
            }
            Some(_) => {}
        }
    }

    /// When a component takes place; what is wrong with it is noted.
    fn plan(&mut self, component: Component<'a>, clock: Clock<'_>) -> Option<Plan<'a>> {
        let plan = match Plan::read(component, &self.uid, clock) {
            Ok(plan) => plan?,
            Err(error) => {
                self.errors.push(error);
                return None;
            }
        };
        if let Some(rule) = plan.mended {
            self.warn(component, Oddity::Mended(rule));
        }
        let is_itself = |tzid: &str| {
            let zone = plan.rules.iana();
            zone.is_some_and(|zone| zone.name() == tzid)
        };
        if let Some(tzid) = plan.start.tzid().filter(|tzid| !is_itself(tzid)) {
            self.warn_of_zone(component, tzid, clock);
        }
        if let Some(tzid) = plan.end_tzid().filter(|tzid| !is_itself(tzid)) {
            self.warn_of_zone(component, tzid, clock);
        }
        Some(plan)
    }

    /// A master with its rules and dates.
    fn master(&mut self, mut plan: Plan<'a>, clock: Clock<'_>) -> Master<'a> {
        let mut set = None;
        let mut added = Vec::new();
        for property in plan.component.properties() {
            let kind = property.kind();
            if !matches!(
                kind,
                PropertyKind::RRule
                    | PropertyKind::ExRule
                    | PropertyKind::RDate
                    | PropertyKind::ExDate
            ) {
                continue;
            }
            if let Some(tzid) = property.parameter("TZID")
                && plan.start.tzid().is_none_or(|own| own.as_str() != tzid)
            {
                self.warn_of_zone(plan.component, &tzid, clock);
            }
            // Before the periods of an RDATE take their copies of the plan.
            if matches!(kind, PropertyKind::RRule | PropertyKind::RDate) {
                plan.series = Some(plan.start.clone());
            }
            let known = set
                .take()
                .unwrap_or_else(|| RecurrenceSet::new(plan.set_start()));
            set = Some(match kind {
                PropertyKind::RRule => {
                    let rule = self.rule(plan.component, &property);
                    rule.into_iter().fold(known, RecurrenceSet::with_rule)
                }
                PropertyKind::ExRule => {
                    let rule = self.rule(plan.component, &property);
                    rule.into_iter().fold(known, RecurrenceSet::with_exrule)
                }
                PropertyKind::RDate => {
                    added.append(&mut plan.added(&property, clock));
                    known
                }
                _ => {
                    let dates = key::moments(&property);
                    known.with_exdates(dates.iter().map(|date| plan.when(date, clock)))
                }
            });
        }
        let rdates = added.iter().map(|(when, _)| *when);
        Master {
            set: set.map(|set| set.with_rdates(rdates)),
            added: added.into_iter().map(|(_, added)| added).collect(),
            replaced: Arc::default(),
            ranges: Vec::new(),
            plan: Arc::new(plan),
        }
    }

    fn rule(&mut self, component: Component<'a>, property: &Property<'_>) -> Option<RRule> {
        let reading = RRule::parse_lenient(&property.raw_value());
        for problem in reading.problems {
            self.warn(component, Oddity::InvalidRule(problem.to_string().into()));
        }
        reading.rule
    }

    /// Reads an override of the master; what is wrong with it is noted.
    fn read_override(
        &mut self,
        component: Component<'a>,
        master: Option<&Master<'a>>,
        clock: Clock<'_>,
    ) -> Option<Override<'a>> {
        let instance = match component.recurrence_id() {
            Ok(instance) => instance?,
            Err(error) => {
                self.errors.push(error);
                return None;
            }
        };
        let mut plan = self.plan(component, clock)?;
        if let Some(tzid) = instance.tzid() {
            self.warn_of_zone(component, tzid, clock);
        }
        let recurs = |kind| matches!(kind, PropertyKind::RRule | PropertyKind::RDate);
        if component
            .properties()
            .any(|property| recurs(property.kind()))
        {
            self.warn(component, Oddity::RecurringOverride);
        }
        let key = master.and_then(|master| master.resolve(master.plan.key_of(&instance, clock)));
        let (series, instance) = match (master, key) {
            (Some(master), Some(key)) => (master.plan.start.clone(), master.plan.local_of(key)),
            _ => {
                let local = instance.local();
                (instance, local)
            }
        };
        plan.series = Some(series);
        Some(Override {
            placed: plan.first(),
            plan: Arc::new(plan),
            instance,
            key,
            sequence: component.sequence(),
            superseded: Vec::new(),
        })
    }

    /// Of two overrides for one instance the one with the higher SEQUENCE
    /// counts, of equal ones the later.
    fn keep_latest(&mut self, found: Override<'a>, places: &mut HashMap<Place, usize>) {
        let alone = found.key.is_none();
        let spelled = found.plan.series.clone().filter(|_| alone);
        let kind = found.plan.component.kind();
        let place = (kind, found.key, spelled, found.instance);
        let index = *places.entry(place).or_insert(self.overrides.len());
        let Some(twin) = self.overrides.get_mut(index) else {
            return self.overrides.push(found);
        };
        let older = if found.sequence >= twin.sequence {
            let mut older = std::mem::replace(twin, found);
            twin.superseded = std::mem::take(&mut older.superseded);
            older
        } else {
            found
        };
        let component = older.plan.component;
        twin.superseded.push(component);
        self.warn(component, Oddity::Superseded);
    }

    /// Tells the masters which of their instances are replaced, and by what.
    fn apply_overrides(&self, masters: &mut [Master<'a>]) {
        if self.overrides.is_empty() {
            return;
        }
        for kind in EXPANDED {
            let own = self
                .overrides
                .iter()
                .filter(|found| found.plan.component.kind() == kind);
            let mut replaced: Vec<NaiveDateTime> = own.filter_map(|found| found.key).collect();
            replaced.sort_unstable();
            let replaced: Arc<[NaiveDateTime]> = replaced.into();
            for master in masters.iter_mut().filter(|master| master.kind() == kind) {
                master.replaced = Arc::clone(&replaced);
            }
        }
        if masters.len() > MOST_MASTERS_ASKED {
            return;
        }
        for master in masters {
            for found in &self.overrides {
                let ranges = found.plan.component.is_this_and_future()
                    && found.plan.component.kind() == master.kind();
                if let Some(key) = found.key.filter(|_| ranges) {
                    let range = Range::new(master, key, &found.plan);
                    master.ranges.push(range);
                }
            }
            master.ranges.sort_by_key(|range| range.from);
        }
    }
}

impl<'a> Plan<'a> {
    /// The start, as a recurrence set takes it.
    fn set_start(&self) -> Start {
        match &self.start {
            Moment::Date(date) => Start::Date(*date),
            Moment::Floating(local) => Start::Floating(*local),
            Moment::Utc(utc) => Start::Utc(*utc),
            Moment::Zoned { local, .. } => Start::zoned(*local, self.rules.clone()),
        }
    }

    /// The instances of an RDATE.
    fn added(&self, property: &Property<'_>, clock: Clock<'_>) -> Vec<(When, Added<'a>)> {
        let periods = property.raw_value().contains('/');
        if let (true, Ok(periods)) = (periods && !self.is_all_day(), property.periods()) {
            let with_plan = |period: Period| {
                let (when, added) = self.date(&period.start, clock);
                let plan = Some(Arc::new(self.for_period(period, clock)));
                (when, Added { plan, ..added })
            };
            return periods.into_iter().map(with_plan).collect();
        }
        let dates = key::moments(property);
        dates.iter().map(|date| self.date(date, clock)).collect()
    }

    fn date(&self, moment: &Moment, clock: Clock<'_>) -> (When, Added<'a>) {
        let key = match self.key_of(moment, clock) {
            Key::Time(key) => key,
            // A bare date on a timed series: that day at the usual time.
            Key::Day(date) => self.key(date.and_time(self.start.local().time())),
        };
        (self.when(moment, clock), Added { key, plan: None })
    }
}

impl<'a> Master<'a> {
    fn kind(&self) -> ComponentKind {
        self.plan.component.kind()
    }

    /// The one instance that is meant; of a day with several the first.
    pub(super) fn resolve(&self, key: Key) -> Option<NaiveDateTime> {
        let date = match key {
            Key::Time(key) => return Some(key),
            Key::Day(date) => date,
        };
        let midnight = |date: NaiveDate| self.plan.key(date.and_time(NaiveTime::MIN));
        let next = date.succ_opt()?;
        match &self.set {
            None => Some(self.plan.key(self.plan.start.local()))
                .filter(|_| self.plan.start.date() == date),
            Some(set) => {
                let found = set.within(midnight(date)..midnight(next)).next()?.ok()?;
                Some(found.utc().unwrap_or(found.local()))
            }
        }
    }

    /// Whether the series has an instance with this key, replaced or not.
    pub(super) fn has(&self, key: NaiveDateTime) -> bool {
        match &self.set {
            None => self.plan.key(self.plan.start.local()) == key,
            Some(set) => set
                .within(key..=key)
                .next()
                .is_some_and(|found| found.is_ok()),
        }
    }

    /// When the RDATEs are on that are periods, by their keys; of two with one
    /// key the longer.
    fn periods(&self) -> HashMap<NaiveDateTime, Placed> {
        let mut periods = HashMap::new();
        for added in &self.added {
            if let Some(plan) = &added.plan {
                let placed = plan.place(plan.local_of(added.key));
                let known = periods.entry(added.key).or_insert(placed);
                if placed.end > known.end {
                    *known = placed;
                }
            }
        }
        periods
    }

    /// Whether an RDATE is a period, by its number.
    pub(super) fn is_period(&self, rdate: usize) -> bool {
        self.added
            .get(rdate)
            .is_some_and(|added| added.plan.is_some())
    }

    pub(super) fn is_replaced(&self, key: NaiveDateTime) -> bool {
        self.replaced.binary_search(&key).is_ok()
    }
}

impl<'a> Range<'a> {
    pub(super) fn new(master: &Master<'a>, from: NaiveDateTime, plan: &Arc<Plan<'a>>) -> Self {
        let mut range = Self {
            from,
            plan: Arc::clone(plan),
            shift: TimeDelta::zero(),
        };
        let original = range.rebased(&master.plan, master.plan.local_of(from));
        range.shift = plan.start.local() - original;
        range
    }

    /// Where an instance of the series begins under this override.
    pub(super) fn moved(&self, series: &Plan<'_>, local: NaiveDateTime) -> NaiveDateTime {
        add(self.rebased(series, local), self.shift)
    }

    /// A local time of the series on the wall clock of the override.
    fn rebased(&self, series: &Plan<'_>, local: NaiveDateTime) -> NaiveDateTime {
        if self.plan.is_all_day() {
            local.date().and_time(NaiveTime::MIN)
        } else if self.shares_clock(series) {
            local
        } else {
            self.plan.rules.to_local(series.rules.to_utc(local))
        }
    }

    /// Whether wall-clock times of series and override compare as they stand.
    pub(super) fn shares_clock(&self, series: &Plan<'_>) -> bool {
        let (own, other) = (&self.plan.start, &series.start);
        is_wall(own)
            || is_wall(other)
            || (own.tzid() == other.tzid() && own.is_utc() == other.is_utc())
    }
}
