//! One series walked through a window: all its sources of instances, merged.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::Occurrence;
use super::base::Base;
use super::periods;
use super::series::Series;
use super::warning::{ExpansionWarning, Oddity};
use crate::{Error, Window};

/// Yields the occurrences of one series in order of their starts.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    window: Window,
    sources: Vec<Source<'a>>,
    /// The next occurrence of each source, by start.
    heads: BinaryHeap<Reverse<(NaiveDateTime, usize)>>,
    waiting: Vec<Option<Occurrence<'a>>>,
    errors: VecDeque<Error>,
    uid: Arc<str>,
    /// How many occurrences may still follow.
    left: usize,
    limit: usize,
    pub(crate) warnings: Vec<ExpansionWarning>,
}

#[derive(Debug)]
enum Source<'a> {
    /// What a series gives by itself.
    Ruled(Box<Base<'a>>),
    /// What periods of RDATEs or overrides say.
    Given(std::vec::IntoIter<Occurrence<'a>>),
}

impl<'a> Walk<'a> {
    pub(crate) fn new(series: Series<'a>, window: &Window, limit: usize) -> Self {
        let mut sources = Vec::new();
        for master in &series.masters {
            let ruled = Base::all(master, window).into_iter();
            sources.extend(ruled.map(|base| Source::Ruled(Box::new(base))));
            let periods = periods::within(master, window);
            if !periods.is_empty() {
                sources.push(Source::Given(periods.into_iter()));
            }
        }
        let mut warnings = Vec::new();
        let overrides = overrides(&series, window, &mut warnings);
        if !overrides.is_empty() {
            sources.push(Source::Given(overrides.into_iter()));
        }
        warnings.extend(series.warnings);
        let mut walk = Self {
            window: *window,
            waiting: vec![None; sources.len()],
            heads: BinaryHeap::with_capacity(sources.len()),
            sources,
            errors: series.errors.into(),
            uid: series.uid,
            left: limit,
            limit,
            warnings,
        };
        for source in 0..walk.sources.len() {
            walk.refill(source);
        }
        walk
    }

    /// Fetches the next occurrence of a source.
    fn refill(&mut self, index: usize) {
        let next = match self.sources.get_mut(index) {
            Some(Source::Ruled(base)) => base.next(&self.window),
            Some(Source::Given(given)) => given.next().map(Ok),
            None => None,
        };
        match (next, self.waiting.get_mut(index)) {
            (Some(Ok(occurrence)), Some(waiting)) => {
                self.heads.push(Reverse((occurrence.placed.start, index)));
                *waiting = Some(occurrence);
            }
            (Some(Err(error)), _) => self.errors.push_back(error),
            _ => {}
        }
    }

    /// The next occurrence by start.
    fn earliest(&mut self) -> Option<Occurrence<'a>> {
        let Reverse((_, index)) = self.heads.pop()?;
        let occurrence = self.waiting.get_mut(index)?.take();
        self.refill(index);
        occurrence
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Result<Occurrence<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.errors.pop_front() {
            return Some(Err(error));
        }
        let occurrence = self.earliest()?;
        if self.left == 0 {
            self.heads.clear();
            return Some(Err(Error::OccurrenceLimit {
                uid: self.uid.as_ref().into(),
                limit: self.limit,
            }));
        }
        self.left -= 1;
        Some(Ok(occurrence))
    }
}

/// The overrides in the window, in order.
fn overrides<'a>(
    series: &Series<'a>,
    window: &Window,
    warnings: &mut Vec<ExpansionWarning>,
) -> Vec<Occurrence<'a>> {
    let mut found = Vec::new();
    for other in &series.overrides {
        let occurrence = Occurrence::new(&other.plan, other.placed, other.instance);
        if !window.overlaps(occurrence.start_utc(), occurrence.end_utc()) {
            continue;
        }
        if series.is_orphan(other) {
            warnings.push(ExpansionWarning::new(
                other.plan.component,
                Oddity::OrphanOverride,
            ));
        }
        found.push(occurrence);
    }
    found
}
