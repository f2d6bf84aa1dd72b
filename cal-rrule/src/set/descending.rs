//! The descending iterator over a recurrence set.

use std::ops::RangeBounds;
use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::Error;
use crate::engine::Wall;
use crate::expansion::DateCache;
use crate::set::compiled::{Compiled, CompiledRule};
use crate::set::descending_stream::DescendingStream;
use crate::set::merge::Merge;
use crate::set::occurrence::Occurrence;
use crate::set::occurrences::State;
use crate::set::range::{Moments, latest_wall};

/// The occurrences of a [`RecurrenceSet`](crate::RecurrenceSet), descending.
///
/// Without an upper bound, a rule without end has no last occurrence: then the
/// first and only item is [`Error::PastYear9999`].
#[derive(Clone, Debug)]
pub struct Descending {
    merge: Merge<DescendingStream>,
    dates: DateCache,
    state: State,
}

impl Descending {
    pub(super) fn new(set: Arc<Compiled>, range: &impl RangeBounds<NaiveDateTime>) -> Self {
        let moments = Moments::of(range);
        let to = latest_wall(&set, moments.end);
        Self {
            merge: Merge::new(set, moments, |_, rule| DescendingStream::new(rule, to)),
            dates: DateCache::default(),
            state: State::New,
        }
    }

    /// Asks each stream for its last occurrence in the window.
    fn start(&mut self) -> Result<(), Error> {
        self.state = State::Running;
        let merge = &mut self.merge;
        if let Some(error) = merge.set.error.clone() {
            return Err(error);
        }
        if merge.moments.end == i64::MAX {
            for rule in &merge.set.rules {
                rule.ends_in_calendar()?;
            }
        }
        let last = merge.moments.end - 1;
        merge.start(|rule| last.min(rule.until));
        Ok(())
    }

    fn take_next(&mut self) -> Result<Option<Occurrence>, Error> {
        match self.state {
            State::Done => return Ok(None),
            State::Running | State::Single => {}
            State::New => self.start()?,
        }
        let next = self.merge.take_next()?;
        Ok(next.map(|(strike, source)| self.merge.set.occurrence(strike, source, &mut self.dates)))
    }
}

impl Iterator for Descending {
    type Item = Result<Occurrence, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.take_next().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.state = State::Done;
        }
        next
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
