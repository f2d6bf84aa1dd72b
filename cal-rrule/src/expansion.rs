//! What a rule by itself generates.

use chrono::{Days, NaiveDate, NaiveDateTime};

use crate::engine::{Batch, Cache, Engine, Precision, Stop, Wall, compile};
use crate::{Error, RRule};

impl RRule {
    /// The wall-clock times that the rule generates from a start, without
    /// adding the start where the rule does not generate it. UNTIL is compared
    /// with wall-clock times, whatever its form.
    ///
    /// An event's recurrence set, with its zone, RDATE and EXDATE, is a
    /// [`RecurrenceSet`](crate::RecurrenceSet).
    ///
    /// ```
    /// use cal_rrule::RRule;
    /// use chrono::NaiveDate;
    ///
    /// let start = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap().and_hms_opt(9, 0, 0).unwrap();
    /// let rule: RRule = "FREQ=MONTHLY".parse()?;
    /// let third = rule.expand(start)?.nth(2).unwrap()?;
    /// assert_eq!(third.to_string(), "2024-05-31 09:00:00");
    /// # Ok::<(), cal_rrule::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedCalendar`] or [`Error::CalendarNotBuiltIn`] for an
    /// RSCALE that cannot be computed.
    pub fn expand(&self, start: NaiveDateTime) -> Result<Expansion, Error> {
        let start = Wall::of(start);
        let engine = compile(self, start, Precision::Time)?;
        Expansion::new(self, engine, start)
    }
}

/// The wall-clock times that a rule generates, ascending; see
/// [`RRule::expand`].
///
/// It ends with the rule. Where the rule goes on after the year 9999 its last
/// item is [`Error::PastYear9999`].
#[derive(Clone, Debug)]
pub struct Expansion {
    engine: Engine,
    cache: Cache,
    /// Where the search goes on.
    from: Wall,
    /// The rule's own end, exclusive.
    end: Wall,
    batch: Batch,
    date: DateCache,
}

impl Expansion {
    fn new(rule: &RRule, engine: Engine, start: Wall) -> Result<Self, Error> {
        let mut cache = engine.cache();
        let mut end = Wall::MAX;
        if let Some(until) = rule.until {
            end = Wall::of(until.wall_clock()).after().min(Wall::END);
        }
        if let Some(count) = rule.count {
            end = end.min(engine.end_of_count(&mut cache, count)?);
        }
        Ok(Self {
            engine,
            cache,
            from: start,
            end,
            batch: Batch::new(),
            date: DateCache::default(),
        })
    }

    /// Goes to the first occurrence at or after a wall-clock time, in either
    /// direction, without visiting those between.
    #[must_use]
    pub fn seek(mut self, local: NaiveDateTime) -> Self {
        self.from = Wall::of(local);
        self.batch.clear();
        self
    }

    /// The last occurrence before a wall-clock time.
    ///
    /// # Errors
    ///
    /// [`Error::SearchLimit`] for a sub-daily rule that was searched too long.
    pub fn last_before(&mut self, local: NaiveDateTime) -> Result<Option<NaiveDateTime>, Error> {
        let to = Wall::of(local).min(self.end).before();
        let found = self.engine.at_or_before(&mut self.cache, to)?;
        Ok(found.map(Wall::date_time))
    }
}

impl Iterator for Expansion {
    type Item = Result<NaiveDateTime, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let wall = match self.batch.pop() {
            Some(wall) => wall,
            None => match self.refill() {
                Ok(wall) => wall?,
                Err(stop) => return Some(Err(stop.into())),
            },
        };
        Some(Ok(NaiveDateTime::new(self.date.date(wall), wall.time())))
    }
}

impl Expansion {
    /// Searches on where the batch ends.
    #[inline(never)]
    fn refill(&mut self) -> Result<Option<Wall>, Stop> {
        let filled = self
            .engine
            .fill(&mut self.cache, self.from, self.end, &mut self.batch);
        self.from = self.batch.last().map_or(Wall::MAX, Wall::after);
        filled.map(|()| self.batch.pop())
    }
}

impl std::iter::FusedIterator for Expansion {}

/// The date that was made last, since the next one is often near.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DateCache {
    day: i32,
    date: NaiveDate,
}

impl DateCache {
    #[inline(always)]
    pub(crate) fn date(&mut self, wall: Wall) -> NaiveDate {
        if wall.day() != self.day {
            self.date = self.date_of(wall);
            self.day = wall.day();
        }
        self.date
    }

    #[inline]
    fn date_of(&self, wall: Wall) -> NaiveDate {
        // Within a year chrono adds days without a division.
        let ahead = i64::from(wall.day()) - i64::from(self.day);
        match u64::try_from(ahead) {
            Ok(1) => self.date.succ_opt().unwrap_or_else(|| wall.date()),
            Ok(ahead) if ahead < 366 => self
                .date
                .checked_add_days(Days::new(ahead))
                .unwrap_or_else(|| wall.date()),
            _ => wall.date(),
        }
    }
}
