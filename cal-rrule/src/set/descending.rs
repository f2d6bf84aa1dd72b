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
use crate::set::rule_stream::{Head, Strike};

/// The occurrences of a [`RecurrenceSet`](crate::RecurrenceSet), descending.
///
/// Without an upper bound, a rule without end has no last occurrence: then the
/// first and only item is [`Error::PastYear9999`].
#[derive(Clone, Debug)]
pub struct Descending {
    set: Arc<Compiled>,
    rules: SmallVec<[Track; 1]>,
    exrules: SmallVec<[Track; 1]>,
    /// How many of the single dates are left.
    left: usize,
    moments: Moments,
    dates: DateCache,
    state: State,
}

#[derive(Clone, Debug)]
struct Track {
    stream: DescendingStream,
    head: Head,
}

impl Track {
    /// Goes to the last moment that is not after one.
    fn reach(&mut self, set: &Compiled, rule: &CompiledRule, moment: i64) {
        while let Head::Strike(strike) = self.head
            && strike.moment > moment
        {
            self.head = self.stream.advance(set, rule);
        }
    }
}

impl Descending {
    pub(super) fn new(set: Arc<Compiled>, range: &impl RangeBounds<NaiveDateTime>) -> Self {
        let moments = Moments::of(range);
        let to = latest_wall(&set, moments.end);
        let track = |rule| Track {
            stream: DescendingStream::new(rule, to),
            head: Head::End,
        };
        Self {
            rules: set.rules.iter().map(track).collect(),
            exrules: set.exrules.iter().map(track).collect(),
            left: set.dates.partition_point(|date| date.moment < moments.end),
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
        let tracks = self.rules.iter_mut().zip(&set.rules);
        for (track, rule) in tracks.chain(self.exrules.iter_mut().zip(&set.exrules)) {
            track.head = track.stream.advance(set, rule);
            track.reach(set, rule, self.moments.end - 1);
        }
        Ok(())
    }

    /// The latest strike that any stream or date offers, with its source.
    fn latest(&self) -> Result<Option<(Strike, Source)>, Error> {
        let mut best: Option<(Strike, Source)> = None;
        for (index, track) in self.rules.iter().enumerate() {
            match &track.head {
                Head::Failed(error) => return Err(error.clone()),
                Head::Strike(strike)
                    if best.is_none_or(|(best, _)| strike.moment > best.moment) =>
                {
                    best = Some((*strike, Source::Rule(index)));
                }
                _ => {}
            }
        }
        if let Some(date) = self
            .left
            .checked_sub(1)
            .and_then(|index| self.set.dates.get(index))
            && best.is_none_or(|(best, _)| date.moment >= best.moment)
        {
            best = Some((Strike::at(date.moment, date.wall), date.source));
        }
        Ok(best)
    }

    fn pass(&mut self, moment: i64) {
        let set = &*self.set;
        for (track, rule) in self.rules.iter_mut().zip(&set.rules) {
            track.reach(set, rule, moment - 1);
        }
        self.left -= usize::from(
            self.left
                .checked_sub(1)
                .and_then(|index| set.dates.get(index))
                .is_some_and(|date| date.moment == moment),
        );
    }

    fn is_excluded(&mut self, strike: Strike) -> bool {
        let set = &*self.set;
        let mut excluded = set.excludes(strike);
        for (track, rule) in self.exrules.iter_mut().zip(&set.exrules) {
            track.reach(set, rule, strike.moment);
            excluded |= matches!(track.head, Head::Strike(other) if other.moment == strike.moment);
        }
        excluded
    }
}

impl Iterator for Descending {
    type Item = Result<Occurrence, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.state {
            State::Done => return None,
            State::Running => {}
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
        after.map(|_| ())
    }
}
