//! The descending iterator over a recurrence set.

use std::ops::RangeBounds;
use std::sync::Arc;

use chrono::NaiveDateTime;
use smallvec::SmallVec;

use crate::Error;
use crate::engine::Wall;
use crate::expansion::DateCache;
use crate::set::compiled::{Compiled, CompiledRule};
use crate::set::descending_stream::DescendingStream;
use crate::set::occurrence::{Occurrence, Source};
use crate::set::occurrences::{EXCLUSION_LIMIT, State};
use crate::set::range::{Moments, latest_wall};
use crate::set::strike::Strike;

/// The occurrences of a [`RecurrenceSet`](crate::RecurrenceSet), descending.
///
/// Without an upper bound, a rule without end has no last occurrence: then the
/// first and only item is [`Error::PastYear9999`].
#[derive(Clone, Debug)]
pub struct Descending {
    set: Arc<Compiled>,
    rules: SmallVec<[DescendingStream; 1]>,
    exrules: SmallVec<[DescendingStream; 1]>,
    /// How many of the single dates are left.
    left: usize,
    moments: Moments,
    dates: DateCache,
    state: State,
}

impl Descending {
    pub(super) fn new(set: Arc<Compiled>, range: &impl RangeBounds<NaiveDateTime>) -> Self {
        let moments = Moments::of(range);
        let to = latest_wall(&set, moments.end);
        let stream = |rule| DescendingStream::new(rule, to);
        Self {
            rules: set.rules.iter().map(stream).collect(),
            exrules: set.exrules.iter().map(stream).collect(),
            left: set
                .dates
                .partition_point(|date| date.strike.moment < moments.end),
            set,
            moments,
            dates: DateCache::default(),
            state: State::New,
        }
    }

    fn finish(&mut self, error: Option<Error>) -> Option<Result<Occurrence, Error>> {
        self.state = State::Done;
        error.map(Err)
    }

    /// Asks each stream for its last occurrence in the window.
    fn start(&mut self) -> Result<(), Error> {
        self.state = State::Running;
        let set = &*self.set;
        if let Some(error) = set.error.clone() {
            return Err(error);
        }
        if self.moments.end == i64::MAX {
            for rule in &set.rules {
                rule.ends_in_calendar()?;
            }
        }
        let streams = self.rules.iter_mut().zip(&set.rules);
        for (stream, rule) in streams.chain(self.exrules.iter_mut().zip(&set.exrules)) {
            stream.advance(set, rule);
            stream.reach(set, rule, (self.moments.end - 1).min(rule.until));
        }
        Ok(())
    }

    /// The latest strike that any stream or date offers, with its source.
    fn latest(&self) -> Result<Option<(Strike, Source)>, Error> {
        let mut best: Option<(Strike, Source)> = None;
        for (index, stream) in self.rules.iter().enumerate() {
            if let Some(stop) = stream.stop() {
                return Err(stop.into());
            }
            if let Some(head) = stream.head()
                && best.is_none_or(|(best, _)| head.moment > best.moment)
            {
                best = Some((head, Source::Rule(index)));
            }
        }
        if let Some(date) = self
            .left
            .checked_sub(1)
            .and_then(|index| self.set.dates.get(index))
            && best.is_none_or(|(best, _)| date.strike.moment >= best.moment)
        {
            best = Some((date.strike, date.source));
        }
        Ok(best)
    }

    fn pass(&mut self, moment: i64) {
        let set = &*self.set;
        for (stream, rule) in self.rules.iter_mut().zip(&set.rules) {
            stream.reach(set, rule, moment - 1);
        }
        self.left -= usize::from(
            self.left
                .checked_sub(1)
                .and_then(|index| set.dates.get(index))
                .is_some_and(|date| date.strike.moment == moment),
        );
    }

    fn is_excluded(&mut self, strike: Strike) -> bool {
        let set = &*self.set;
        let mut excluded = set.excludes(strike);
        for (stream, rule) in self.exrules.iter_mut().zip(&set.exrules) {
            stream.reach(set, rule, strike.moment);
            excluded |= stream
                .head()
                .is_some_and(|head| head.moment == strike.moment);
        }
        excluded
    }
}

impl Iterator for Descending {
    type Item = Result<Occurrence, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.state {
            State::Done => return None,
            State::Running | State::Single => {}
            State::New => {
                if let Err(error) = self.start() {
                    return self.finish(Some(error));
                }
            }
        }
        for _ in 0..EXCLUSION_LIMIT {
            let (strike, source) = match self.latest() {
                Ok(Some(latest)) => latest,
                Ok(None) => return self.finish(None),
                Err(error) => return self.finish(Some(error)),
            };
            if strike.moment < self.moments.from {
                return self.finish(None);
            }
            let excluded = self.is_excluded(strike);
            self.pass(strike.moment);
            if !excluded {
                return Some(Ok(self.set.occurrence(strike, source, &mut self.dates)));
            }
        }
        self.finish(Some(Error::ExclusionLimit {
            limit: EXCLUSION_LIMIT,
        }))
    }
}

impl std::iter::FusedIterator for Descending {}

impl CompiledRule {
    /// Fails where the rule goes on after the calendar.
    fn ends_in_calendar(&self) -> Result<(), Error> {
        let mut cache = self.engine.cache();
        let after = self.engine.at_or_after(&mut cache, Wall::END, self.end);
        after.map(|_| ()).map_err(Error::from)
    }
}
