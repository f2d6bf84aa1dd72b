//! When one component takes place: its start and length, ready to be put at
//! any instance of its series.

use std::sync::Arc;

use chrono::{Days, NaiveDateTime, TimeDelta};

use cal_rrule::Zone;

use crate::view::{Extent, Length};
use crate::zone::{TimeZones, ZoneRules};
use crate::{
    Component, ComponentKind, Duration, Error, Moment, Period, PeriodEnd, PropertyKind, Rule, TzId,
};

/// What turns the moments of a calendar into instants.
#[derive(Clone, Copy)]
pub(crate) struct Clock<'z> {
    pub(crate) zones: &'z TimeZones,
    pub(crate) default: &'z ZoneRules,
}

impl Clock<'_> {
    /// The rules by which a moment becomes an instant.
    pub(crate) fn rules(&self, moment: &Moment) -> ZoneRules {
        let rules = self.zones.rules_of(moment, self.default);
        self.zones.shared(rules)
    }

    /// The instant of a moment, UTC.
    pub(crate) fn instant(&self, moment: &Moment) -> NaiveDateTime {
        match moment {
            Moment::Utc(utc) => *utc,
            other => self.rules(other).to_utc(other.local()),
        }
    }
}

/// Start, length and spelling of a component's time.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) component: Component<'a>,
    /// UID of the object.
    pub(crate) uid: Arc<str>,
    /// DTSTART, or the DUE of a to-do that has no start.
    pub(crate) start: Moment,
    pub(crate) rules: ZoneRules,
    /// How the end is spelled; its time is that of the first instance.
    end: Moment,
    end_rules: ZoneRules,
    length: PlanLength,
    /// How the series spells its instances; `None` for what does not recur.
    pub(crate) series: Option<Moment>,
    /// What was mended to make sense of the end.
    pub(crate) mended: Option<Rule>,
}

/// How long each instance lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlanLength {
    /// Whole days of the calendar.
    Days(u64),
    /// On the wall clock: a floating start with a floating end.
    Wall(TimeDelta),
    /// The same time for each (DTEND, or DURATION without days).
    Exact(TimeDelta),
    /// Days of the wall clock, then an exact rest (DURATION with days).
    Nominal(Duration),
}

/// An instance put on the wall clock and on the time line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) local: NaiveDateTime,
    pub(crate) start: NaiveDateTime,
    pub(crate) end: NaiveDateTime,
}

impl<'a> Plan<'a> {
    /// Reads a component; `None` for a to-do or journal entry without a time.
    pub(crate) fn read(
        component: Component<'a>,
        uid: &Arc<str>,
        clock: Clock<'_>,
    ) -> Result<Option<Self>, Error> {
        let extent = match component.kind() {
            ComponentKind::Todo if component.first(PropertyKind::DtStart).is_none() => {
                match component.moment(PropertyKind::Due)? {
                    Some(due) => return Ok(Some(Self::at((component, uid), due, clock))),
                    None => return Ok(None),
                }
            }
            ComponentKind::Journal if component.first(PropertyKind::DtStart).is_none() => {
                return Ok(None);
            }
            ComponentKind::Todo => Extent::of(&component, PropertyKind::Due)?,
            _ => Extent::of(&component, PropertyKind::DtEnd)?,
        };
        let mut plan = Self::at((component, uid), extent.start, clock);
        plan.mended = extent.mended;
        match extent.length {
            Length::Until(end) => plan.last_until(end, clock),
            Length::For(duration) => plan.last_for(duration),
        }
        Ok(Some(plan))
    }

    /// Something without length.
    fn at((component, uid): (Component<'a>, &Arc<str>), start: Moment, clock: Clock<'_>) -> Self {
        let rules = clock.rules(&start);
        Self {
            component,
            uid: Arc::clone(uid),
            end: start.clone(),
            end_rules: rules.clone(),
            start,
            rules,
            length: PlanLength::Exact(TimeDelta::zero()),
            series: None,
            mended: None,
        }
    }

    /// The zone of its end, if that is not the zone of its start.
    pub(super) fn end_tzid(&self) -> Option<&TzId> {
        self.end
            .tzid()
            .filter(|tzid| self.start.tzid() != Some(tzid))
    }

    /// Lets each instance end as the first one does at `end`.
    fn last_until(&mut self, end: Moment, clock: Clock<'_>) {
        self.end_rules = if end.tzid() == self.start.tzid() && end.is_utc() == self.start.is_utc() {
            self.rules.clone()
        } else {
            clock.rules(&end)
        };
        self.length = match (&self.start, &end) {
            (Moment::Floating(start), Moment::Floating(end)) => PlanLength::Wall(*end - *start),
            (start, end) => {
                let end = self.end_rules.to_utc(end.local());
                PlanLength::Exact(end - self.rules.to_utc(start.local()))
            }
        };
        self.end = end;
    }

    /// Lets each instance last for a duration.
    fn last_for(&mut self, duration: Duration) {
        self.length = match self.start {
            Moment::Date(_) => PlanLength::Days(u64::try_from(duration.days()).unwrap_or_default()),
            Moment::Floating(_) => PlanLength::Wall(duration.to_time_delta()),
            _ if duration.days() == 0 => PlanLength::Exact(duration.to_time_delta()),
            _ => PlanLength::Nominal(duration),
        };
        self.end = self.start.clone();
        self.end_rules = self.rules.clone();
    }

    /// The same component with the length of a period.
    pub(crate) fn for_period(&self, period: Period, clock: Clock<'_>) -> Self {
        let mut plan = Self {
            rules: clock.rules(&period.start),
            start: period.start,
            ..self.clone()
        };
        match period.end {
            PeriodEnd::After(duration) => plan.last_for(duration),
            PeriodEnd::At(end) => plan.last_until(end, clock),
        }
        plan.start = self.start.clone();
        plan.rules = self.rules.clone();
        plan
    }

    /// Whether instances are whole days.
    pub(crate) fn is_all_day(&self) -> bool {
        self.start.is_date()
    }

    /// Whether the wall clock and not the instant identifies an instance:
    /// dates and floating times.
    pub(crate) fn is_wall(&self) -> bool {
        is_wall(&self.start)
    }

    /// The instance of the component itself.
    pub(crate) fn first(&self) -> Placed {
        self.place(self.start.local())
    }

    /// The instance that begins at a local time of the start's zone.
    pub(crate) fn place(&self, local: NaiveDateTime) -> Placed {
        self.place_at(local, self.rules.to_utc(local))
    }

    /// The same where the instant of the start is known already.
    pub(crate) fn place_at(&self, local: NaiveDateTime, start: NaiveDateTime) -> Placed {
        let end = match self.length {
            PlanLength::Days(days) => self.rules.to_utc(add_days(local, days)),
            PlanLength::Wall(wall) => match self.rules.to_utc(add(local, wall)) {
                // The change of the clock swallowed it: a gap at the start.
                end if end <= start && wall > TimeDelta::zero() => add(start, wall),
                end => end,
            },
            PlanLength::Exact(exact) => add(start, exact),
            PlanLength::Nominal(duration) => {
                let days = TimeDelta::days(duration.days());
                let seconds = TimeDelta::seconds(duration.seconds());
                add(self.rules.to_utc(add(local, days)), seconds)
            }
        };
        Placed {
            local,
            start,
            end: end.max(start),
        }
    }

    /// How long every instance lasts, if the clock has no say in it.
    pub(super) fn exact_length(&self) -> Option<TimeDelta> {
        match self.length {
            PlanLength::Exact(exact) => Some(exact.max(TimeDelta::zero())),
            PlanLength::Days(_) | PlanLength::Wall(_) | PlanLength::Nominal(_) => None,
        }
    }

    /// Start and end as the component spells them.
    pub(crate) fn spelled(&self) -> impl Iterator<Item = &Moment> {
        [&self.start, &self.end].into_iter()
    }

    /// The end of an instance as the component spells it.
    pub(crate) fn end_of(&self, placed: &Placed) -> Moment {
        let local = match self.length {
            PlanLength::Days(days) => add_days(placed.local, days),
            PlanLength::Wall(wall) if is_wall(&self.end) => {
                add(placed.local, wall.max(TimeDelta::zero()))
            }
            PlanLength::Wall(_) | PlanLength::Exact(_) | PlanLength::Nominal(_) => {
                self.end_rules.to_local(placed.end)
            }
        };
        self.end.at_local(local)
    }

    /// No instance lasts longer, whatever the clock does meanwhile.
    pub(crate) fn longest(&self) -> TimeDelta {
        let change = TimeDelta::days(2);
        match self.length {
            PlanLength::Days(days) => {
                TimeDelta::days(i64::try_from(days).unwrap_or(i64::MAX / 100_000_000)) + change
            }
            PlanLength::Wall(wall) => wall + change,
            PlanLength::Exact(exact) => exact,
            PlanLength::Nominal(duration) => duration.to_time_delta() + change,
        }
        .max(TimeDelta::zero())
    }
}

/// Whether a moment is a wall-clock time without a zone.
pub(crate) fn is_wall(moment: &Moment) -> bool {
    matches!(moment, Moment::Date(_) | Moment::Floating(_))
}

/// Later by a time, up to the end of the calendar.
pub(crate) fn add(at: NaiveDateTime, by: TimeDelta) -> NaiveDateTime {
    at.checked_add_signed(by)
        .unwrap_or(if by < TimeDelta::zero() {
            NaiveDateTime::MIN
        } else {
            NaiveDateTime::MAX
        })
}

fn add_days(at: NaiveDateTime, days: u64) -> NaiveDateTime {
    at.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDateTime::MAX)
}
