//! Several recurrence sets as one.

use std::ops::{Bound, RangeBounds};

use chrono::NaiveDateTime;

use crate::Error;
use crate::set::count::WALK_LIMIT;
use crate::set::{Occurrence, RecurrenceSet, Start, UnionDescending, UnionOccurrences};

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
        UnionOccurrences::new(self.sets.iter().map(|set| set.within(bounds(&range))))
    }

    /// The occurrences that start within a range, the last first; see
    /// [`RecurrenceSet::within`] for the bounds.
    #[must_use]
    pub fn descending(&self, range: impl RangeBounds<NaiveDateTime>) -> UnionDescending {
        UnionDescending::new(self.sets.iter().map(|set| set.descending(bounds(&range))))
    }

    /// How many occurrences there are.
    ///
    /// They are visited, unless there is only one set: see
    /// [`RecurrenceSet::count`].
    ///
    /// # Errors
    ///
    /// [`Error::PastYear9999`] where a set has no end in the calendar,
    /// [`Error::CountLimit`] where too many would have to be visited, or
    /// another limit that was reached.
    pub fn count(&self) -> Result<u64, Error> {
        if let [only] = self.sets.as_slice() {
            return only.count();
        }
        for set in &self.sets {
            set.last()?;
        }
        let mut count = 0;
        for member in self {
            member?;
            if count == u64::from(WALK_LIMIT) {
                return Err(Error::CountLimit { limit: WALK_LIMIT });
            }
            count += 1;
        }
        Ok(count)
    }

    /// The nth occurrence, from 0; `None` where there are fewer.
    ///
    /// Those before it are visited, unless there is only one set: see
    /// [`RecurrenceSet::nth`].
    ///
    /// # Errors
    ///
    /// [`Error::CountLimit`] where too many would have to be visited, or
    /// another limit that was reached.
    pub fn nth(&self, n: u64) -> Result<Option<Member>, Error> {
        if let [only] = self.sets.as_slice() {
            let found = only.nth(n)?;
            return Ok(found.map(|occurrence| Member { set: 0, occurrence }));
        }
        for (visited, member) in (0..=WALK_LIMIT).zip(self) {
            let member = member?;
            if u64::from(visited) == n {
                return Ok(Some(member));
            }
            if visited == WALK_LIMIT {
                return Err(Error::CountLimit { limit: WALK_LIMIT });
            }
        }
        Ok(None)
    }

    /// The first occurrence at or after a moment; see
    /// [`RecurrenceSet::first_from`].
    ///
    /// # Errors
    ///
    /// The limit that the search reached.
    pub fn first_from(&self, moment: NaiveDateTime) -> Result<Option<Member>, Error> {
        self.within(moment..).next().transpose()
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
        self.descending(..moment).next().transpose()
    }
}

impl IntoIterator for &Union {
    type Item = Result<Member, Error>;
    type IntoIter = UnionOccurrences;

    fn into_iter(self) -> UnionOccurrences {
        self.iter()
    }
}

/// A range that can be given to several sets.
fn bounds(range: &impl RangeBounds<NaiveDateTime>) -> (Bound<NaiveDateTime>, Bound<NaiveDateTime>) {
    (range.start_bound().cloned(), range.end_bound().cloned())
}
