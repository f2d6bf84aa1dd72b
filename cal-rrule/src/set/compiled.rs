//! A recurrence set with all its values on one time line.

use std::sync::Arc;

use chrono::NaiveTime;

use crate::engine::{Engine, Precision, SECONDS_PER_DAY, Wall, compile};
use crate::expansion::DateCache;
use crate::seconds::to_seconds;
use crate::set::occurrence::Line;
use crate::set::strike::Strike;
use crate::set::{Occurrence, RecurrenceSet, Source, Start, StartMember};
use crate::when::end_of;
use crate::zone::Remembered;
use crate::{Error, RRule, When, Zone};

/// The set, ready to be iterated. Moments are seconds: of UTC where there is a
/// zone, else of the wall clock.
pub(super) struct Compiled {
    pub(super) line: TimeLine,
    pub(super) rules: Vec<CompiledRule>,
    pub(super) exrules: Vec<CompiledRule>,
    /// The start and the RDATEs, ascending, each moment once.
    pub(super) dates: Vec<Single>,
    /// Excluded moments, ascending.
    pub(super) excluded: Vec<i64>,
    /// Excluded local days, ascending.
    pub(super) excluded_days: Vec<i32>,
    /// Why it cannot be iterated.
    pub(super) error: Option<Error>,
}

/// What the occurrences of a set are.
pub(super) enum TimeLine {
    Dates,
    Floating,
    Utc,
    Zoned(Remembered),
}

/// A rule with its end.
pub(super) struct CompiledRule {
    pub(super) engine: Engine,
    /// The end on the wall clock, exclusive.
    pub(super) end: Wall,
    /// The last moment on the time line.
    pub(super) until: i64,
}

/// A moment that was given one by one.
#[derive(Clone, Copy)]
pub(super) struct Single {
    pub(super) strike: Strike,
    pub(super) source: Source,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled").finish_non_exhaustive()
    }
}

impl TimeLine {
    fn of(start: &Start) -> Self {
        match start {
            Start::Date(_) => Self::Dates,
            Start::Floating(_) => Self::Floating,
            Start::Utc(_) => Self::Utc,
            Start::Zoned(_, zone) => Self::Zoned(Remembered::new(Arc::clone(zone))),
        }
    }

    /// The moment of a wall-clock time.
    pub(super) fn moment(&self, wall: Wall) -> i64 {
        match self {
            Self::Zoned(zone) => to_seconds(zone.to_utc(wall.date_time())),
            _ => wall.to_seconds(),
        }
    }

    /// A given value as a moment with its wall-clock time.
    fn place(&self, when: When, start: NaiveTime) -> (i64, Wall) {
        let wall = match (self, when) {
            (Self::Dates, When::Date(date)) => Wall::of(date.and_time(NaiveTime::MIN)),
            (Self::Dates, When::Local(time) | When::Utc(time)) => {
                Wall::midnight(Wall::of(time).day())
            }
            (Self::Zoned(zone), When::Utc(utc)) => {
                return (to_seconds(utc), Wall::of(zone.to_local(utc)));
            }
            (_, When::Date(date)) => Wall::of(date.and_time(start)),
            (_, When::Local(time) | When::Utc(time)) => Wall::of(time),
        };
        (self.moment(wall), wall)
    }

    /// The end of a rule: on the wall clock (exclusive), and as a moment.
    fn until(&self, until: When) -> (Wall, i64) {
        let wall = match (self, until) {
            (Self::Dates, When::Utc(time)) => {
                // 12:00Z is midnight of the next date at UTC+12.
                let noon = i64::from(SECONDS_PER_DAY / 2);
                let day = Wall::from_seconds(to_seconds(time) + noon).day();
                Wall::midnight(day).after()
            }
            (Self::Zoned(_), When::Utc(utc)) => return near(to_seconds(utc)),
            (Self::Zoned(_), When::Local(local)) => return near(self.moment(Wall::of(local))),
            (_, When::Date(date)) => Wall::of(end_of(date)).after(),
            (_, When::Local(time) | When::Utc(time)) => Wall::of(time).after(),
        };
        (wall.min(Wall::END), i64::MAX)
    }

    pub(super) fn is_dates(&self) -> bool {
        matches!(self, Self::Dates)
    }
}

impl Compiled {
    /// Whether an EXDATE names a strike.
    pub(super) fn excludes(&self, strike: Strike) -> bool {
        let moment = || self.excluded.binary_search(&strike.moment).is_ok();
        let day = || self.excluded_days.binary_search(&strike.wall.day()).is_ok();
        (!self.excluded.is_empty() && moment()) || (!self.excluded_days.is_empty() && day())
    }

    #[inline(always)]
    pub(super) fn occurrence(
        &self,
        strike: Strike,
        source: Source,
        dates: &mut DateCache,
    ) -> Occurrence {
        Occurrence {
            date: dates.date(strike.wall),
            second: strike.wall.second(),
            line: match self.line {
                TimeLine::Dates | TimeLine::Floating => Line::Wall,
                TimeLine::Utc => Line::Offset(0),
                TimeLine::Zoned(_) => Line::Offset(strike.offset()),
            },
            source,
        }
    }

    pub(super) fn of(set: &RecurrenceSet) -> Self {
        let line = TimeLine::of(&set.start);
        let mut compiled = Self {
            line,
            rules: Vec::with_capacity(set.rules.len()),
            exrules: Vec::with_capacity(set.exrules.len()),
            dates: Vec::with_capacity(set.rdates.len() + 1),
            excluded: Vec::new(),
            excluded_days: Vec::new(),
            error: None,
        };
        compiled.place_dates(set);
        compiled.exclude(set);
        if let Err(error) = compiled.compile_rules(set) {
            compiled.error = Some(error);
        }
        compiled
    }

    fn place_dates(&mut self, set: &RecurrenceSet) {
        let start = Wall::of(set.start.local());
        if set.member == StartMember::Always {
            self.dates.push(Single {
                strike: Strike {
                    moment: self.line.moment(start),
                    wall: start,
                },
                source: Source::Start,
            });
        }
        let time = set.start.local().time();
        for (index, when) in set.rdates.iter().enumerate() {
            let (moment, wall) = self.line.place(*when, time);
            self.dates.push(Single {
                strike: Strike { moment, wall },
                source: Source::Rdate(index),
            });
        }
        // An RDATE at the start comes first: it may carry a duration.
        self.dates
            .sort_by_key(|date| (date.strike.moment, date.source == Source::Start));
        self.dates.dedup_by_key(|date| date.strike.moment);
    }

    fn exclude(&mut self, set: &RecurrenceSet) {
        let time = set.start.local().time();
        for when in &set.exdates {
            match (when, &self.line) {
                (When::Date(date), _) => {
                    self.excluded_days
                        .push(Wall::of(date.and_time(NaiveTime::MIN)).day());
                }
                (_, TimeLine::Dates) => {
                    self.excluded_days
                        .push(self.line.place(*when, time).1.day());
                }
                _ => self.excluded.push(self.line.place(*when, time).0),
            }
        }
        self.excluded.sort_unstable();
        self.excluded_days.sort_unstable();
    }

    fn compile_rules(&mut self, set: &RecurrenceSet) -> Result<(), Error> {
        let start = Wall::of(set.start.local());
        let precision = if self.line.is_dates() {
            Precision::Date
        } else {
            Precision::Time
        };
        let engines: Vec<_> = set
            .rules
            .iter()
            .map(|rule| compile(rule, start, precision))
            .collect::<Result<_, _>>()?;
        let mut generated = set.member == StartMember::IfGenerated;
        for engine in &engines {
            let mut cache = engine.cache();
            generated |= engine.at_or_before(&mut cache, start)?.is_some();
        }
        // A start that no rule generates takes one of the COUNT.
        let taken = u64::from(!generated);
        for (rule, engine) in set.rules.iter().zip(engines) {
            self.rules.push(self.bound(rule, engine, taken)?);
        }
        for rule in &set.exrules {
            let engine = compile(rule, start, precision)?;
            self.exrules.push(self.bound(rule, engine, 0)?);
        }
        Ok(())
    }

    fn bound(&self, rule: &RRule, engine: Engine, taken: u64) -> Result<CompiledRule, Error> {
        let (mut end, until) = match rule.until {
            Some(until) => self.line.until(until),
            None => (Wall::MAX, i64::MAX),
        };
        if let Some(count) = rule.count {
            let mut cache = engine.cache();
            end = end.min(engine.end_of_count(&mut cache, count.saturating_sub(taken))?);
        }
        Ok(CompiledRule { engine, end, until })
    }
}

/// A last moment with a wall-clock time that is later in every zone.
fn near(moment: i64) -> (Wall, i64) {
    let later = moment.saturating_add(2 * i64::from(SECONDS_PER_DAY));
    (Wall::from_seconds(later).min(Wall::END), moment)
}
