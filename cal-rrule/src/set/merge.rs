//! The rules and dates of a set merged in one direction, without what is
//! excluded.

use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::Error;
use crate::engine::Stop;
use crate::set::compiled::{Compiled, CompiledRule, Single};
use crate::set::occurrence::Source;
use crate::set::range::Moments;
use crate::set::strike::Strike;

/// How many occurrences in a row may be excluded before the iterator gives up.
const EXCLUSION_LIMIT: u32 = 1_000_000;

/// One rule's occurrences in one direction.
pub(super) trait Stream {
    /// What comes next.
    fn head(&self) -> Option<Strike>;

    /// Why there is nothing, where the rule has not ended.
    fn stop(&self) -> Option<Stop>;

    /// Goes to the next occurrence.
    fn advance(&mut self, set: &Compiled, rule: &CompiledRule);

    /// Goes to the first occurrence that does not precede a moment.
    fn reach(&mut self, set: &Compiled, rule: &CompiledRule, moment: i64);

    /// Whether a moment comes before another in this direction.
    fn precedes(moment: i64, other: i64) -> bool;

    /// The moment that comes next in this direction.
    fn following(moment: i64) -> i64;

    /// Which of a range of dates comes first in this direction.
    fn first(dates: &Range<usize>) -> Option<usize>;
}

/// What is left of a set in a range of moments.
#[derive(Clone, Debug)]
pub(super) struct Merge<S> {
    pub(super) set: Arc<Compiled>,
    pub(super) moments: Moments,
    pub(super) rules: SmallVec<[S; 1]>,
    exrules: SmallVec<[S; 1]>,
    /// The single dates that are left.
    dates: Range<usize>,
}

impl<S: Stream> Merge<S> {
    /// The set in a range of moments, with a stream for each rule, none of
    /// which was asked for anything yet.
    pub(super) fn new(
        set: Arc<Compiled>,
        moments: Moments,
        stream: impl Fn(&Compiled, &CompiledRule) -> S,
    ) -> Self {
        let stream = |rule| stream(&set, rule);
        let before = |end: i64| set.dates.partition_point(|date| date.strike.moment < end);
        Self {
            rules: set.rules.iter().map(stream).collect(),
            exrules: set.exrules.iter().map(stream).collect(),
            dates: before(moments.from)..before(moments.end),
            moments,
            set,
        }
    }

    /// Asks each stream for its first occurrence that does not precede the
    /// moment that is given for its rule.
    pub(super) fn start(&mut self, first: impl Fn(&CompiledRule) -> i64) {
        let set = &*self.set;
        let rules = self.rules.iter_mut().zip(&set.rules);
        for (stream, rule) in rules.chain(self.exrules.iter_mut().zip(&set.exrules)) {
            stream.advance(set, rule);
            stream.reach(set, rule, first(rule));
        }
    }

    /// Takes the next strike that is not excluded, with its source.
    pub(super) fn take_next(&mut self) -> Result<Option<(Strike, Source)>, Error> {
        for _ in 0..EXCLUSION_LIMIT {
            failure(&self.rules)?;
            let next = self.next();
            let Some((strike, source)) = next.filter(|next| self.moments.contains(next.0.moment))
            else {
                return Ok(None);
            };
            let excluded = self.is_excluded(strike)?;
            self.pass(strike.moment);
            if !excluded {
                return Ok(Some((strike, source)));
            }
        }
        Err(Error::ExclusionLimit {
            limit: EXCLUSION_LIMIT,
        })
    }

    /// The next strike that any rule or date offers, with its source.
    fn next(&self) -> Option<(Strike, Source)> {
        let mut best: Option<(Strike, Source)> = None;
        for (index, stream) in self.rules.iter().enumerate() {
            if let Some(head) = stream.head()
                && best.is_none_or(|(best, _)| S::precedes(head.moment, best.moment))
            {
                best = Some((head, Source::Rule(index)));
            }
        }
        // A date is named before the rule that generates it.
        if let Some(date) = self.date()
            && best.is_none_or(|(best, _)| !S::precedes(best.moment, date.strike.moment))
        {
            best = Some((date.strike, date.source));
        }
        best
    }

    fn date(&self) -> Option<&Single> {
        self.set.dates.get(S::first(&self.dates)?)
    }

    /// Takes a moment off everything that offers it.
    fn pass(&mut self, moment: i64) {
        let set = &*self.set;
        for (stream, rule) in self.rules.iter_mut().zip(&set.rules) {
            stream.reach(set, rule, S::following(moment));
        }
        if self.date().is_some_and(|date| date.strike.moment == moment) {
            let first = S::first(&self.dates);
            if first == Some(self.dates.start) {
                self.dates.start += 1;
            } else {
                self.dates.end -= 1;
            }
        }
    }

    fn is_excluded(&mut self, strike: Strike) -> Result<bool, Stop> {
        let set = &*self.set;
        let mut excluded = set.excludes(strike);
        for (stream, rule) in self.exrules.iter_mut().zip(&set.exrules) {
            stream.reach(set, rule, strike.moment);
            let head = stream.head();
            excluded |= head.is_some_and(|head| head.moment == strike.moment);
        }
        failure(&self.exrules).map(|()| excluded)
    }

    /// Whether from now on only the first rule matters.
    pub(super) fn is_single(&self) -> bool {
        self.rules.len() == 1
            && self.exrules.is_empty()
            && self.dates.is_empty()
            && self.set.excluded.is_empty()
            && self.set.excluded_days.is_empty()
    }
}

/// Fails where a stream stopped that has not come to the end of the calendar:
/// that hides what would come next.
fn failure<S: Stream>(streams: &[S]) -> Result<(), Stop> {
    let mut stops = streams.iter().filter_map(Stream::stop);
    let failed = stops.find(|stop| *stop != Stop::PastYear9999);
    failed.map_or(Ok(()), Err)
}
