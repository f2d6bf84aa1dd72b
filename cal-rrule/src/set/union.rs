//! Several recurrence sets as one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::RangeBounds;

use chrono::NaiveDateTime;

use crate::Error;
use crate::set::{Occurrence, Occurrences, RecurrenceSet, Start};

/// The union of recurrence sets: what occurs in any of them, each moment once.
///
/// ```
/// use cal_rrule::{RRule, Union};
/// use chrono::NaiveDate;
///
/// let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
/// let mondays: RRule = "FREQ=WEEKLY;COUNT=3".parse()?;
/// let firsts: RRule = "FREQ=MONTHLY;COUNT=2".parse()?;
/// let union = Union::of([mondays.starting(start), firsts.starting(start)])?;
/// let days: Vec<_> = union
///     .iter()
///     .map(|found| Ok(found?.occurrence.local().format("%m-%d").to_string()))
///     .collect::<Result<_, cal_rrule::Error>>()?;
/// assert_eq!(days, ["01-01", "01-08", "01-15", "02-01"]);
/// # Ok::<(), cal_rrule::Error>(())
/// ```
///
/// Either all sets are of instants (they start in UTC or in a zone, each in its
/// own), or all are of wall-clock times and dates.
#[derive(Clone, Debug, Default)]
pub struct Union {
    sets: Vec<RecurrenceSet>,
}

/// An occurrence of a [`Union`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Member {
    /// Which set it comes from, from 0: the first of those that have it.
    pub set: usize,
    /// The occurrence in that set.
    pub occurrence: Occurrence,
}

impl Union {
    /// The union of sets.
    ///
    /// # Errors
    ///
    /// [`Error::MixedTimeLines`] where some sets are of instants and some of
    /// wall-clock times: the caller has to say in which zone those are.
    pub fn of(sets: impl IntoIterator<Item = RecurrenceSet>) -> Result<Self, Error> {
        let sets: Vec<_> = sets.into_iter().collect();
        let mut lines = sets
            .iter()
            .map(|set| matches!(set.start(), Start::Utc(_) | Start::Zoned(..)));
        let first = lines.next();
        if lines.any(|line| Some(line) != first) {
            return Err(Error::MixedTimeLines);
        }
        Ok(Self { sets })
    }

    /// The sets.
    #[must_use]
    pub fn sets(&self) -> &[RecurrenceSet] {
        &self.sets
    }

    /// All occurrences, ascending.
    #[must_use]
    pub fn iter(&self) -> UnionOccurrences {
        self.within(..)
    }

    /// The occurrences that start within a range, ascending; see
    /// [`RecurrenceSet::within`] for the bounds.
    #[must_use]
    pub fn within(&self, range: impl RangeBounds<NaiveDateTime>) -> UnionOccurrences {
        let range = (range.start_bound().cloned(), range.end_bound().cloned());
        let mut union = UnionOccurrences {
            sets: self.sets.iter().map(|set| set.within(range)).collect(),
            heads: BinaryHeap::with_capacity(self.sets.len()),
            error: None,
            past_the_end: false,
        };
        for set in 0..union.sets.len() {
            union.advance(set);
        }
        union
    }

    /// Whether something occurs at a moment; see
    /// [`RecurrenceSet::first_from`].
    ///
    /// # Errors
    ///
    /// The limit that the search reached.
    pub fn contains(&self, moment: NaiveDateTime) -> Result<bool, Error> {
        for set in &self.sets {
            if set.contains(moment)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The last occurrence before a moment; see
    /// [`RecurrenceSet::first_from`].
    ///
    /// # Errors
    ///
    /// The limit that the search reached.
    pub fn last_before(&self, moment: NaiveDateTime) -> Result<Option<Member>, Error> {
        let mut last: Option<Member> = None;
        for (set, recurrence) in self.sets.iter().enumerate() {
            if let Some(occurrence) = recurrence.last_before(moment)?
                && last.is_none_or(|last| moment_of(&last.occurrence) < moment_of(&occurrence))
            {
                last = Some(Member { set, occurrence });
            }
        }
        Ok(last)
    }
}

impl IntoIterator for &Union {
    type Item = Result<Member, Error>;
    type IntoIter = UnionOccurrences;

    fn into_iter(self) -> UnionOccurrences {
        self.iter()
    }
}

/// The occurrences of a [`Union`], ascending, each moment once.
///
/// A set that goes on after the year 9999 lets the others end first; any other
/// error of a set ends the union, since it hides what would come next.
#[derive(Clone, Debug)]
pub struct UnionOccurrences {
    sets: Vec<Occurrences>,
    /// What each set that has not ended offers, the earliest on top.
    heads: BinaryHeap<Reverse<Head>>,
    /// Why it cannot go on.
    error: Option<Error>,
    past_the_end: bool,
}

/// What a set offers, ordered by its moment and then by the order of the sets.
#[derive(Clone, Copy, Debug)]
struct Head {
    moment: NaiveDateTime,
    member: Member,
}

impl UnionOccurrences {
    /// Asks a set for its next occurrence.
    fn advance(&mut self, set: usize) {
        match self.sets.get_mut(set).and_then(Iterator::next) {
            None => {}
            Some(Ok(occurrence)) => self.heads.push(Reverse(Head {
                moment: moment_of(&occurrence),
                member: Member { set, occurrence },
            })),
            Some(Err(Error::PastYear9999)) => self.past_the_end = true,
            Some(Err(error)) => self.error = Some(error),
        }
    }
}

impl Iterator for UnionOccurrences {
    type Item = Result<Member, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.error.take() {
            self.heads.clear();
            self.past_the_end = false;
            return Some(Err(error));
        }
        let Some(Reverse(first)) = self.heads.pop() else {
            return std::mem::take(&mut self.past_the_end).then_some(Err(Error::PastYear9999));
        };
        self.advance(first.member.set);
        while let Some(Reverse(head)) = self.heads.peek().copied()
            && head.moment == first.moment
        {
            self.heads.pop();
            self.advance(head.member.set);
        }
        Some(Ok(first.member))
    }
}

impl std::iter::FusedIterator for UnionOccurrences {}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.moment, self.member.set).cmp(&(other.moment, other.member.set))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

/// The instant, or the wall-clock time of one that has none.
fn moment_of(occurrence: &Occurrence) -> NaiveDateTime {
    occurrence.utc().unwrap_or_else(|| occurrence.local())
}
