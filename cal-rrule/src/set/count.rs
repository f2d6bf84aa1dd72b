//! How many members a set has, and which is the nth, by arithmetic where that
//! is possible.

use crate::Error;
use crate::engine::SECONDS_PER_DAY;
use crate::seconds::from_seconds;
use crate::set::compiled::{Compiled, CompiledRule};
use crate::set::descending_stream::DescendingStream;
use crate::set::exclusions::{Exclusions, moment_of};
use crate::set::merge::Stream;
use crate::set::range::latest_wall;
use crate::set::strike::Strike;
use crate::set::{Occurrence, RecurrenceSet};

/// How many occurrences are visited where arithmetic cannot count them.
pub(super) const WALK_LIMIT: u32 = 1_000_000;

/// The occurrences from here on, if they are many, are counted; those before
/// are faster found by visiting them.
const NEAR: u64 = 1000;

impl RecurrenceSet {
    /// How many occurrences there are.
    ///
    /// A series of one rule is counted by arithmetic, at any length, with its
    /// RDATEs and EXDATEs. One with several rules or with an EXRULE is visited.
    ///
    /// ```
    /// use cal_rrule::RRule;
    /// use chrono::NaiveDate;
    ///
    /// let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    /// let rule: RRule = "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20241231".parse()?;
    /// assert_eq!(rule.starting(start).count()?, 105);
    /// # Ok::<(), cal_rrule::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::PastYear9999`] where the series has no end in the calendar,
    /// [`Error::CountLimit`] where too many would have to be visited, or
    /// another limit that was reached.
    pub fn count(&self) -> Result<u64, Error> {
        let Some(last) = self.last()? else {
            return Ok(0);
        };
        if let Some(counted) = self.count_to(moment_of(&last))? {
            return Ok(counted);
        }
        let mut count = 0;
        for (visited, occurrence) in (0..=WALK_LIMIT).zip(self.iter()) {
            occurrence?;
            if visited == WALK_LIMIT {
                return Err(Error::CountLimit { limit: WALK_LIMIT });
            }
            count += 1;
        }
        Ok(count)
    }

    /// The nth occurrence, from 0; `None` where there are fewer.
    ///
    /// One that is far away is found by arithmetic in a series of one rule;
    /// in others, those before it are visited.
    ///
    /// # Errors
    ///
    /// [`Error::CountLimit`] where too many would have to be visited, or
    /// another limit that was reached.
    pub fn nth(&self, n: u64) -> Result<Option<Occurrence>, Error> {
        if n > NEAR
            && let Some(found) = self.nth_of_many(n)?
        {
            return Ok(Some(found));
        }
        if n >= u64::from(WALK_LIMIT) {
            // Where there are fewer, that can be told without visiting them.
            return match self.count() {
                Ok(count) if count <= n => Ok(None),
                Ok(_) => Err(Error::CountLimit { limit: WALK_LIMIT }),
                Err(error) => Err(error),
            };
        }
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        for (visited, occurrence) in self.iter().enumerate() {
            let occurrence = occurrence?;
            if visited == n {
                return Ok(Some(occurrence));
            }
        }
        Ok(None)
    }

    /// How many members there are up to a moment, where that can be counted.
    fn count_to(&self, moment: i64) -> Result<Option<u64>, Error> {
        if self.exdates.is_empty() {
            return self.compiled().count_to(moment);
        }
        match Exclusions::of(self)? {
            Some(exclusions) => exclusions.count_to(moment),
            None => Ok(None),
        }
    }

    /// The nth occurrence, where it and those before it can be counted.
    fn nth_of_many(&self, n: u64) -> Result<Option<Occurrence>, Error> {
        if self.exdates.is_empty() {
            return self.nth_counted(n);
        }
        match Exclusions::of(self)? {
            Some(exclusions) => exclusions.nth(n),
            None => Ok(None),
        }
    }

    /// The same for a set without EXDATEs.
    pub(super) fn nth_counted(&self, n: u64) -> Result<Option<Occurrence>, Error> {
        let set = self.compiled();
        let Some((rule, dates)) = set.only_rule()? else {
            return Ok(None);
        };
        // Not later than the one that is looked for: each date may take the
        // place of one.
        let mut cache = rule.engine.cache();
        let Some(least) = n.checked_sub(dates) else {
            return Ok(None);
        };
        let Some(wall) = rule.engine.nth(&mut cache, least)? else {
            return Ok(None);
        };
        let moment = set.line.moment(wall);
        if wall >= rule.end || moment > rule.until {
            return Ok(None);
        }
        // Where the clock skips, those before it may come a little later.
        for earlier in [0, i64::from(SECONDS_PER_DAY)] {
            let from = moment - earlier;
            let Some(before) = set.count_to(from - 1)? else {
                return Ok(None);
            };
            let left = n
                .checked_sub(before)
                .and_then(|left| u32::try_from(left).ok());
            if let Some(left) = left.filter(|left| *left < WALK_LIMIT) {
                let left = usize::try_from(left).unwrap_or(usize::MAX);
                return self.within(from_seconds(from)..).nth(left).transpose();
            }
        }
        Ok(None)
    }
}

impl Compiled {
    /// The only rule, where nothing is excluded, and how many dates there are
    /// beside it; `None` where arithmetic does not know the set.
    fn only_rule(&self) -> Result<Option<(&CompiledRule, u64)>, Error> {
        if let Some(error) = self.error.clone() {
            return Err(error);
        }
        let [rule] = self.rules.as_slice() else {
            return Ok(None);
        };
        let excludes =
            !self.exrules.is_empty() || !self.excluded.is_empty() || !self.excluded_days.is_empty();
        // A rule finer than a day gives each date once.
        if excludes || (self.line.is_dates() && !rule.engine.is_daily()) {
            return Ok(None);
        }
        let dates = u64::try_from(self.dates.len()).unwrap_or(u64::MAX);
        Ok(Some((rule, dates)))
    }

    /// How many members there are up to a moment, where that can be counted.
    pub(super) fn count_to(&self, moment: i64) -> Result<Option<u64>, Error> {
        let Some((rule, _)) = self.only_rule()? else {
            return Ok(None);
        };
        let mut count = 0;
        if let Some(last) = self.last_generated(rule, moment)? {
            match self.count_generated(rule, last)? {
                Some(generated) => count += generated,
                None => return Ok(None),
            }
        }
        for date in &self.dates {
            let date = date.strike.moment;
            let is_other = |last: Strike| last.moment != date;
            if date <= moment && self.last_generated(rule, date)?.is_none_or(is_other) {
                count += 1;
            }
        }
        Ok(Some(count))
    }

    /// The last time up to a moment that a rule generates.
    fn last_generated(&self, rule: &CompiledRule, moment: i64) -> Result<Option<Strike>, Error> {
        let moment = moment.min(rule.until);
        let mut stream = DescendingStream::new(rule, latest_wall(self, moment.saturating_add(1)));
        stream.advance(self, rule);
        stream.reach(self, rule, moment);
        match stream.stop() {
            Some(stop) => Err(stop.into()),
            None => Ok(stream.head()),
        }
    }
}
