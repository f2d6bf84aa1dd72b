//! The ascending iterator over a recurrence set.

use std::ops::RangeBounds;
use std::sync::Arc;

use chrono::NaiveDateTime;
use smallvec::SmallVec;

use crate::Error;
use crate::engine::Wall;
use crate::expansion::DateCache;
use crate::set::compiled::{Compiled, CompiledRule};
use crate::set::occurrence::{Occurrence, Source};
use crate::set::range::{Moments, earliest_wall, latest_wall};
use crate::set::rule_stream::{Head, RuleStream, Strike};

/// How many occurrences in a row may be excluded before the iterator gives up.
pub(super) const EXCLUSION_LIMIT: u32 = 1_000_000;

/// The occurrences of a [`RecurrenceSet`](crate::RecurrenceSet), ascending.
///
/// It ends with the rules or with the window. An error is the last item and
/// names the limit that was reached.
#[derive(Clone, Debug)]
pub struct Occurrences {
    set: Arc<Compiled>,
    rules: SmallVec<[Track; 1]>,
    exrules: SmallVec<[Track; 1]>,
    /// Which of the single dates comes next.
    date: usize,
    moments: Moments,
    dates: DateCache,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The streams were not asked yet.
    New,
    Running,
    Done,
}

/// A rule's stream with what it has to offer.
#[derive(Clone, Debug)]
struct Track {
    stream: RuleStream,
    head: Head,
}

impl Track {
    fn advance(&mut self, set: &Compiled, rule: &CompiledRule) {
        self.head = self.stream.advance(set, rule);
    }

    /// Goes to the first moment that is not before one.
    fn reach(&mut self, set: &Compiled, rule: &CompiledRule, moment: i64) {
        while let Head::Strike(strike) = self.head
            && strike.moment < moment
        {
            self.advance(set, rule);
        }
    }
}

impl Occurrences {
    pub(super) fn new(set: Arc<Compiled>, range: &impl RangeBounds<NaiveDateTime>) -> Self {
        let moments = Moments::of(range);
        let first = earliest_wall(&set, moments.from);
        let limit = match moments.end {
            i64::MAX => Wall::MAX,
            end => latest_wall(&set, end).after().min(Wall::END),
        };
        let track = |rule| Track {
            stream: RuleStream::new(rule, first, limit),
            head: Head::End,
        };
        Self {
            rules: set.rules.iter().map(track).collect(),
            exrules: set.exrules.iter().map(track).collect(),
            date: set.dates.partition_point(|date| date.moment < moments.from),
            set,
            moments,
            dates: DateCache::default(),
            state: State::New,
        }
    }

    /// Asks each stream for its first occurrence in the window.
    fn start(&mut self) {
        self.state = State::Running;
        let set = &*self.set;
        let tracks = self.rules.iter_mut().zip(&set.rules);
        for (track, rule) in tracks.chain(self.exrules.iter_mut().zip(&set.exrules)) {
            track.advance(set, rule);
            track.reach(set, rule, self.moments.from);
        }
    }

    fn finish(&mut self, error: Option<Error>) -> Option<Result<Occurrence, Error>> {
        self.state = State::Done;
        error.map(Err)
    }

    /// The earliest strike that any stream or date offers, with its source.
    fn earliest(&self) -> Option<(Strike, Source)> {
        let mut best: Option<(Strike, Source)> = None;
        for (index, track) in self.rules.iter().enumerate() {
            if let Head::Strike(strike) = track.head
                && best.is_none_or(|(best, _)| strike.moment < best.moment)
            {
                best = Some((strike, Source::Rule(index)));
            }
        }
        if let Some(date) = self.set.dates.get(self.date)
            && best.is_none_or(|(best, _)| date.moment <= best.moment)
        {
            best = Some((Strike::at(date.moment, date.wall), date.source));
        }
        best
    }

    /// Takes a moment off every stream that offers it.
    fn pass(&mut self, moment: i64) {
        let set = &*self.set;
        for (track, rule) in self.rules.iter_mut().zip(&set.rules) {
            track.reach(set, rule, moment + 1);
        }
        if set
            .dates
            .get(self.date)
            .is_some_and(|date| date.moment == moment)
        {
            self.date += 1;
        }
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

    /// A failure that hides what would come next.
    fn failure(&self) -> Option<Error> {
        let failed = |track: &Track| match &track.head {
            Head::Failed(error) if *error != Error::PastYear9999 => Some(error.clone()),
            _ => None,
        };
        self.rules.iter().chain(&self.exrules).find_map(failed)
    }

    /// Why the set ends: a rule that goes on past the calendar.
    fn end_of_calendar(&self) -> Option<Error> {
        let failed = |track: &Track| match &track.head {
            Head::Failed(error) => Some(error.clone()),
            _ => None,
        };
        self.rules.iter().find_map(failed)
    }
}

impl Iterator for Occurrences {
    type Item = Result<Occurrence, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.state {
            State::Done => return None,
            State::Running => {}
            State::New => {
                if let Some(error) = self.set.error.clone() {
                    return self.finish(Some(error));
                }
                self.start();
            }
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
                return Some(Ok(self.set.occurrence(strike, source, &mut self.dates)));
            }
        }
        self.finish(Some(Error::ExclusionLimit {
            limit: EXCLUSION_LIMIT,
        }))
    }
}

impl std::iter::FusedIterator for Occurrences {}
