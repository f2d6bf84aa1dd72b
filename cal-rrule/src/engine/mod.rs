//! Evaluation of a rule: successor and predecessor of any wall-clock time.
//!
//! A rule and its start are compiled once into masks. After that, finding the
//! occurrence after or before a time is arithmetic on day numbers and bits; no
//! state leads from one occurrence to the next, so that iterating and seeking
//! are the same thing.

mod batch;
mod compile;
mod day_filter;
mod day_set;
mod days;
#[cfg(feature = "rscale")]
mod rscale;
mod set_position;
mod stride;
mod sub_daily;
mod times;
mod walk;
mod wall;
mod week_numbers;
mod year;

pub(crate) use batch::Batch;
pub(crate) use compile::{Precision, compile};
use days::{DayRule, YearCache};
#[cfg(feature = "rscale")]
pub(crate) use rscale::System;
#[cfg(feature = "rscale")]
use rscale::{CalendarPositionRule, UnitCache};
use set_position::{IntervalCache, PositionRule};
use sub_daily::SlotRule;
pub(crate) use wall::{SECONDS_PER_DAY, Wall};

use crate::Error;

/// Why an evaluation could not answer; small, since it is returned with each
/// occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The answer lies after the end of the calendar.
    PastYear9999,
    /// A sub-daily rule was searched too long.
    SearchLimit,
    /// The end of a COUNT was not reached by visiting what it counts.
    CountLimit,
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::PastYear9999 => Self::PastYear9999,
            Stop::SearchLimit => Self::SearchLimit {
                limit: sub_daily::SEARCH_LIMIT,
            },
            Stop::CountLimit => Self::SearchLimit {
                limit: walk::WALK_LIMIT,
            },
        }
    }
}

/// A rule with its start, ready to be evaluated.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    /// Nothing is generated before.
    start: Wall,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// The rule contradicts itself.
    Never,
    Days(DayRule),
    Slots(SlotRule),
    Positions(PositionRule),
    #[cfg(feature = "rscale")]
    CalendarPositions(CalendarPositionRule),
}

/// What an evaluation remembers to be faster the next time: the days of a year
/// or of an interval.
#[derive(Clone, Debug)]
pub(crate) enum Cache {
    Year(YearCache),
    Interval(IntervalCache),
    #[cfg(feature = "rscale")]
    Unit(UnitCache),
}

impl Engine {
    pub(crate) fn cache(&self) -> Cache {
        match &self.kind {
            Kind::Positions(_) => Cache::Interval(IntervalCache::new()),
            #[cfg(feature = "rscale")]
            Kind::CalendarPositions(rule) => Cache::Unit(rule.cache()),
            _ => Cache::Year(YearCache::new()),
        }
    }

    /// The first occurrence from a time on and before a limit.
    ///
    /// # Errors
    ///
    /// [`Stop::PastYear9999`] where the limit is after the end of the calendar
    /// and so is the occurrence, [`Stop::SearchLimit`] where a sub-daily rule
    /// was searched too long.
    pub(crate) fn at_or_after(
        &self,
        cache: &mut Cache,
        from: Wall,
        limit: Wall,
    ) -> Result<Option<Wall>, Stop> {
        let from = from.max(self.start);
        if from >= limit {
            return Ok(None);
        }
        let open = limit > Wall::END;
        // Days up to and including the one that the limit cuts.
        let day = if open { i32::MAX } else { limit.day() + 1 };
        let found = match (&self.kind, cache) {
            (Kind::Days(rule), Cache::Year(cache)) => rule.at_or_after(cache, from, day)?,
            (Kind::Slots(rule), Cache::Year(cache)) => rule.at_or_after(cache, from, day)?,
            (Kind::Positions(rule), Cache::Interval(cache)) => {
                rule.at_or_after(cache, from, day)?
            }
            #[cfg(feature = "rscale")]
            (Kind::CalendarPositions(rule), Cache::Unit(cache)) => {
                rule.at_or_after(cache, from, day)?
            }
            _ => None,
        };
        match found {
            Some(found) if open && found >= Wall::END => Err(Stop::PastYear9999),
            found => Ok(found.filter(|found| *found < limit)),
        }
    }

    /// Fills an empty batch with the occurrences from a time on and before a
    /// limit, at least one if there is one.
    ///
    /// # Errors
    ///
    /// Like [`Engine::at_or_after`], where there is none before that.
    pub(crate) fn fill(
        &self,
        cache: &mut Cache,
        from: Wall,
        limit: Wall,
        batch: &mut Batch,
    ) -> Result<(), Stop> {
        batch.grow();
        let Some(first) = self.at_or_after(cache, from, limit)? else {
            return Ok(());
        };
        let limit = limit.min(Wall::END);
        match (&self.kind, cache) {
            (Kind::Days(rule), Cache::Year(cache)) => rule.fill(cache, first, limit, batch),
            (Kind::Positions(rule), Cache::Interval(cache)) if rule.keeps_to_intervals() => {
                rule.fill(cache, first, limit, batch);
            }
            (Kind::Slots(rule), _) if rule.is_plain() => rule.fill(first, limit, batch),
            (_, cache) => {
                let mut found = first;
                while batch.push(found) {
                    // What stops the search here stops the next filling.
                    match self.at_or_after(cache, found.after(), limit) {
                        Ok(Some(next)) => found = next,
                        Ok(None) | Err(_) => break,
                    }
                }
            }
        }
        Ok(())
    }

    /// The last occurrence up to a time.
    ///
    /// # Errors
    ///
    /// Where a sub-daily rule was searched too long.
    pub(crate) fn at_or_before(&self, cache: &mut Cache, to: Wall) -> Result<Option<Wall>, Stop> {
        if to < self.start {
            return Ok(None);
        }
        let to = to.min(Wall::END.before());
        let floor = self.start.day();
        let found = match (&self.kind, cache) {
            (Kind::Days(rule), Cache::Year(cache)) => rule.at_or_before(cache, to, floor),
            (Kind::Slots(rule), Cache::Year(cache)) => rule.at_or_before(cache, to, floor)?,
            (Kind::Positions(rule), Cache::Interval(cache)) => rule.at_or_before(cache, to, floor),
            #[cfg(feature = "rscale")]
            (Kind::CalendarPositions(rule), Cache::Unit(cache)) => {
                rule.at_or_before(cache, to, floor)
            }
            _ => None,
        };
        Ok(found.filter(|found| *found >= self.start))
    }

    /// The nth occurrence, from 0.
    ///
    /// # Errors
    ///
    /// [`Stop::PastYear9999`] where there are fewer in the calendar but more
    /// after it.
    pub(crate) fn nth(&self, cache: &mut Cache, n: u64) -> Result<Option<Wall>, Stop> {
        match (&self.kind, cache) {
            (Kind::Days(rule), Cache::Year(cache)) => rule.nth(cache, self.start, n),
            (Kind::Slots(rule), Cache::Year(cache)) => rule.nth(cache, self.start, n),
            (Kind::Positions(rule), Cache::Interval(cache)) => rule.nth(cache, self.start, n),
            #[cfg(feature = "rscale")]
            (Kind::CalendarPositions(rule), Cache::Unit(cache)) => rule.nth(cache, self.start, n),
            _ => Ok(None),
        }
    }

    /// How many occurrences are before a time.
    ///
    /// # Errors
    ///
    /// [`Stop::SearchLimit`] or [`Stop::CountLimit`] where they could not be
    /// counted.
    pub(crate) fn count_before(&self, cache: &mut Cache, before: Wall) -> Result<u64, Stop> {
        let before = before.min(Wall::END);
        let Some(first) = self.at_or_after(cache, self.start, before)? else {
            return Ok(0);
        };
        match (&self.kind, cache) {
            (Kind::Days(rule), Cache::Year(cache)) => Ok(rule.count_between(cache, first, before)),
            (Kind::Slots(rule), _) => Ok(rule.count_between(first, before)),
            (Kind::Positions(rule), Cache::Interval(cache)) => {
                rule.count_between(cache, first, before)
            }
            #[cfg(feature = "rscale")]
            (Kind::CalendarPositions(rule), Cache::Unit(cache)) => {
                rule.count_between(cache, first, before)
            }
            _ => Ok(0),
        }
    }

    /// Whether it strikes at most once a day.
    pub(crate) fn is_daily(&self) -> bool {
        match &self.kind {
            Kind::Never => true,
            Kind::Days(rule) => rule.times.len() == 1,
            Kind::Positions(rule) => rule.times.len() == 1,
            #[cfg(feature = "rscale")]
            Kind::CalendarPositions(rule) => rule.times.len() == 1,
            Kind::Slots(_) => false,
        }
    }

    /// The time after the last occurrence of so many.
    ///
    /// # Errors
    ///
    /// [`Stop::SearchLimit`] or [`Stop::CountLimit`] where they could not be
    /// counted.
    pub(crate) fn end_of_count(&self, cache: &mut Cache, count: u64) -> Result<Wall, Stop> {
        let Some(last) = count.checked_sub(1) else {
            return Ok(Wall::MIN);
        };
        match self.nth(cache, last) {
            Ok(Some(last)) => Ok(last.after()),
            Ok(None) => Ok(Wall::END),
            Err(Stop::PastYear9999) => Ok(Wall::MAX),
            Err(error) => Err(error),
        }
    }
}
