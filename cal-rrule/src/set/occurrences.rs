//! The ascending iterator over a recurrence set.

use std::ops::RangeBounds;
use std::sync::Arc;

use chrono::NaiveDateTime;
use smallvec::SmallVec;

use crate::Error;
use crate::engine::{Stop, Wall};
use crate::expansion::DateCache;
use crate::set::compiled::Compiled;
use crate::set::occurrence::{Occurrence, Source};
use crate::set::range::{Moments, earliest_wall, latest_wall};
use crate::set::rule_stream::RuleStream;
use crate::set::strike::Strike;

/// How many occurrences in a row may be excluded before the iterator gives up.
pub(super) const EXCLUSION_LIMIT: u32 = 1_000_000;

/// The occurrences of a [`RecurrenceSet`](crate::RecurrenceSet), ascending.
///
/// It ends with the rules or with the window. An error is the last item and
/// names the limit that was reached.
#[derive(Clone, Debug)]
pub struct Occurrences {
    set: Arc<Compiled>,
    rules: SmallVec<[RuleStream; 1]>,
    exrules: SmallVec<[RuleStream; 1]>,
    /// Which of the single dates comes next.
    date: usize,
    moments: Moments,
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
        let stream = |rule| RuleStream::new(&set, rule, first, limit);
        Self {
            rules: set.rules.iter().map(stream).collect(),
            exrules: set.exrules.iter().map(stream).collect(),
            date: set
                .dates
                .partition_point(|date| date.strike.moment < moments.from),
            set,
            moments,
            dates: DateCache::default(),
            state: State::New,
            error: None,
        }
    }

    /// Asks each stream for its first occurrence in the window.
    fn start(&mut self) {
        self.state = State::Running;
        let set = &*self.set;
        let streams = self.rules.iter_mut().zip(&set.rules);
        for (stream, rule) in streams.chain(self.exrules.iter_mut().zip(&set.exrules)) {
            stream.advance(set, rule);
            stream.reach(set, rule, self.moments.from);
        }
    }

    fn finish(&mut self, error: Option<Error>) -> Option<(Strike, Source)> {
        self.state = State::Done;
        self.error = error;
        None
    }

    /// The earliest strike that any stream or date offers, with its source.
    fn earliest(&self) -> Option<(Strike, Source)> {
        let mut best: Option<(Strike, Source)> = None;
        for (index, stream) in self.rules.iter().enumerate() {
            let head = stream.head();
            if !head.is_none() && best.is_none_or(|(best, _)| head.moment < best.moment) {
                best = Some((head, Source::Rule(index)));
            }
        }
        if let Some(date) = self.set.dates.get(self.date)
            && best.is_none_or(|(best, _)| date.strike.moment <= best.moment)
        {
            best = Some((date.strike, date.source));
        }
        best
    }

    /// Takes a moment off every stream that offers it.
    fn pass(&mut self, moment: i64) {
        let set = &*self.set;
        for (stream, rule) in self.rules.iter_mut().zip(&set.rules) {
            stream.reach(set, rule, moment + 1);
        }
        if set
            .dates
            .get(self.date)
            .is_some_and(|date| date.strike.moment == moment)
        {
            self.date += 1;
        }
    }

    fn is_excluded(&mut self, strike: Strike) -> bool {
        let set = &*self.set;
        let mut excluded = set.excludes(strike);
        for (stream, rule) in self.exrules.iter_mut().zip(&set.exrules) {
            stream.reach(set, rule, strike.moment);
            excluded |= stream.head().moment == strike.moment;
        }
        excluded
    }

    /// A failure that hides what would come next.
    fn failure(&self) -> Option<Error> {
        let streams = self.rules.iter().chain(&self.exrules);
        let mut stops = streams.filter_map(RuleStream::stop);
        let found = stops.find(|stop| *stop != Stop::PastYear9999);
        found.map(Error::from)
    }

    /// Why the set ends: a rule that goes on past the calendar.
    fn end_of_calendar(&self) -> Option<Error> {
        let stop = self.rules.iter().find_map(RuleStream::stop);
        stop.map(Error::from)
    }
}

impl Occurrences {
    /// Whether from now on only the first rule matters.
    fn is_single(&self) -> bool {
        let set = &*self.set;
        self.rules.len() == 1
            && self.exrules.is_empty()
            && self.date >= set.dates.len()
            && set.excluded.is_empty()
            && set.excluded_days.is_empty()
    }

    /// The next strike of the only rule that is left, if it is so.
    #[inline(always)]
    fn next_of_single(&mut self) -> Option<(Strike, Source)> {
        if self.state != State::Single {
            return None;
        }
        let set = &*self.set;
        let (stream, rule) = (self.rules.first_mut()?, set.rules.first()?);
        let strike = stream.head();
        if strike.moment >= self.moments.end {
            return None;
        }
        stream.advance(set, rule);
        Some((strike, Source::Rule(0)))
    }

    /// The next strike of all rules and dates together; at the end, `error`
    /// says why.
    #[inline(never)]
    fn next_of_all(&mut self) -> Option<(Strike, Source)> {
        match self.state {
            State::Done => return None,
            State::New => {
                if let Some(error) = self.set.error.clone() {
                    return self.finish(Some(error));
                }
                self.start();
            }
            State::Running | State::Single => {}
        }
        for _ in 0..EXCLUSION_LIMIT {
            if let Some(error) = self.failure() {
                return self.finish(Some(error));
            }
            let Some((strike, source)) = self.earliest() else {
                let error = self.end_of_calendar();
                return self.finish(error);
            };
            if strike.moment >= self.moments.end {
                return self.finish(None);
            }
            let excluded = self.is_excluded(strike);
            self.pass(strike.moment);
            if !excluded {
                if self.is_single() {
                    self.state = State::Single;
                }
                return Some((strike, source));
            }
        }
        self.finish(Some(Error::ExclusionLimit {
            limit: EXCLUSION_LIMIT,
        }))
    }
}

impl Iterator for Occurrences {
    type Item = Result<Occurrence, Error>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let single = self.next_of_single();
        let Some((strike, source)) = single.or_else(|| self.next_of_all()) else {
            return self.error.take().map(Err);
        };
        Some(Ok(self.set.occurrence(strike, source, &mut self.dates)))
    }
}

impl std::iter::FusedIterator for Occurrences {}
