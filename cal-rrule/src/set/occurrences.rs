//! The ascending iterator over a recurrence set.

use std::ops::{ControlFlow, RangeBounds};
use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::Error;
use crate::engine::Wall;
use crate::expansion::DateCache;
use crate::set::compiled::Compiled;
use crate::set::merge::{Merge, Stream};
use crate::set::occurrence::{Occurrence, Source};
use crate::set::range::{Moments, earliest_wall, latest_wall};
use crate::set::rule_stream::RuleStream;
use crate::set::strike::Strike;

/// The occurrences of a [`RecurrenceSet`](crate::RecurrenceSet), ascending.
///
/// It ends with the rules or with the window. An error is the last item and
/// names the limit that was reached.
#[derive(Clone, Debug)]
pub struct Occurrences {
    merge: Merge<RuleStream>,
    dates: DateCache,
    state: State,
    /// Why it ended, until that was told.
    error: Option<Error>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The streams were not asked yet.
    New,
    Running,
    /// Only the first rule is left, and nothing can be excluded.
    Single,
    Done,
}

impl Occurrences {
    pub(super) fn new(set: Arc<Compiled>, range: &impl RangeBounds<NaiveDateTime>) -> Self {
        let moments = Moments::of(range);
        let first = earliest_wall(&set, moments.from);
        let limit = match moments.end {
            i64::MAX => Wall::MAX,
            end => latest_wall(&set, end).after().min(Wall::END),
        };
        let stream = |set: &_, rule: &_| RuleStream::new(set, rule, first, limit);
        Self {
            merge: Merge::new(set, moments, stream),
            dates: DateCache::default(),
            state: State::New,
            error: None,
        }
    }

    /// The next strike of the only rule that is left, if it is so.
    #[inline(always)]
    fn next_of_single(&mut self) -> Option<(Strike, Source)> {
        if self.state != State::Single {
            return None;
        }
        let set = &*self.merge.set;
        let (stream, rule) = (self.merge.rules.first_mut()?, set.rules.first()?);
        let strike = stream.next_strike();
        if strike.moment >= self.merge.moments.end {
            return None;
        }
        stream.advance(set, rule);
        Some((strike, Source::Rule(0)))
    }

    /// The next strike of all rules and dates together; at the end, `error`
    /// says why.
    #[inline(never)]
    fn next_of_all(&mut self) -> Option<(Strike, Source)> {
        match self.next_of_merge() {
            Ok(Some(next)) => Some(next),
            Ok(None) => {
                self.state = State::Done;
                None
            }
            Err(error) => {
                self.state = State::Done;
                self.error = Some(error);
                None
            }
        }
    }

    fn next_of_merge(&mut self) -> Result<Option<(Strike, Source)>, Error> {
        let merge = &mut self.merge;
        match self.state {
            State::Done => return Ok(None),
            State::New => {
                if let Some(error) = merge.set.error.clone() {
                    return Err(error);
                }
                self.state = State::Running;
                let from = merge.moments.from;
                merge.start(|_| from);
            }
            State::Running | State::Single => {}
        }
        let next = merge.take_next()?;
        if next.is_none() && merge.moments.end == i64::MAX {
            // A rule that goes on past the calendar is no end.
            let stop = merge.rules.iter().find_map(Stream::stop);
            return stop.map_or(Ok(None), |stop| Err(stop.into()));
        }
        if merge.is_single() {
            self.state = State::Single;
        }
        Ok(next)
    }
}

impl Occurrences {
    /// The occurrences as mere numbers: seconds since 1970-01-01T00:00:00, of
    /// UTC for a series with a zone or in UTC, else of the wall clock. For who
    /// adds up many: no date is worked out for any of them.
    ///
    /// ```
    /// use cal_rrule::{RRule, RecurrenceSet, Start};
    /// use chrono::NaiveDate;
    ///
    /// let noon = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
    /// let rule: RRule = "FREQ=DAILY;COUNT=3".parse()?;
    /// let set = RecurrenceSet::new(Start::Utc(noon)).with_rule(rule);
    /// let seconds: Vec<i64> = set.iter().timestamps().collect::<Result<_, _>>()?;
    /// assert_eq!(seconds, [43_200, 129_600, 216_000]);
    /// # Ok::<(), cal_rrule::Error>(())
    /// ```
    #[must_use]
    pub const fn timestamps(self) -> Timestamps {
        Timestamps(self)
    }
}

/// The occurrences of a set in seconds; see [`Occurrences::timestamps`].
///
/// It ends as [`Occurrences`] does.
#[derive(Clone, Debug)]
pub struct Timestamps(Occurrences);

impl Timestamps {
    /// Hands on one after another until `each` breaks off: what a loop over
    /// them does, for less.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use cal_rrule::{RRule, RecurrenceSet, Start};
    /// use chrono::NaiveDateTime;
    ///
    /// let rule: RRule = "FREQ=HOURLY".parse()?;
    /// let set = RecurrenceSet::new(Start::Utc(NaiveDateTime::default())).with_rule(rule);
    /// let mut seconds = Vec::new();
    /// set.iter().timestamps().walk(|second| {
    ///     seconds.push(second);
    ///     match seconds.len() {
    ///         3 => ControlFlow::Break(()),
    ///         _ => ControlFlow::Continue(()),
    ///     }
    /// })?;
    /// assert_eq!(seconds, [0, 3600, 7200]);
    /// # Ok::<(), cal_rrule::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As the last item of [`Occurrences`]: the limit that was reached.
    #[inline]
    pub fn walk(&mut self, mut each: impl FnMut(i64) -> ControlFlow<()>) -> Result<(), Error> {
        loop {
            let single = self.0.next_of_single();
            let Some((strike, _)) = single.or_else(|| self.0.next_of_all()) else {
                return self.0.error.take().map_or(Ok(()), Err);
            };
            if each(strike.moment).is_break() {
                return Ok(());
            }
        }
    }
}

impl Iterator for Timestamps {
    type Item = Result<i64, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let single = self.0.next_of_single();
        match single.or_else(|| self.0.next_of_all()) {
            Some((strike, _)) => Some(Ok(strike.moment)),
            None => self.0.error.take().map(Err),
        }
    }
}

impl std::iter::FusedIterator for Timestamps {}

impl Iterator for Occurrences {
    type Item = Result<Occurrence, Error>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let single = self.next_of_single();
        let Some((strike, source)) = single.or_else(|| self.next_of_all()) else {
            return self.error.take().map(Err);
        };
        let set = &self.merge.set;
        Some(Ok(set.occurrence(strike, source, &mut self.dates)))
    }
}

impl std::iter::FusedIterator for Occurrences {}
