//! The occurrences of a union, in either direction.
//!
//! Each set offers its next occurrence; a heap tells which of them comes first.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use chrono::NaiveDateTime;

use crate::Error;
use crate::set::{Descending, Member, Occurrence, Occurrences};

/// The occurrences of a [`Union`](crate::Union), ascending, each moment once.
///
/// A set that goes on after the year 9999 lets the others end first; any other
/// error of a set ends the union, since it hides what would come next.
#[derive(Clone, Debug)]
pub struct UnionOccurrences {
    merge: Merge<Occurrences, Reverse<NaiveDateTime>>,
}

/// The occurrences of a [`Union`](crate::Union), descending, each moment once.
///
/// An error of a set ends the union, since it hides what would come next. So
/// without an upper bound, and with a set without end, the first and only item
/// is [`Error::PastYear9999`].
#[derive(Clone, Debug)]
pub struct UnionDescending {
    merge: Merge<Descending, NaiveDateTime>,
}

impl UnionOccurrences {
    pub(super) fn new(sets: impl Iterator<Item = Occurrences>) -> Self {
        Self {
            merge: Merge::new(sets, AtTheEnd::OthersGoOn),
        }
    }
}

impl UnionDescending {
    pub(super) fn new(sets: impl Iterator<Item = Descending>) -> Self {
        Self {
            merge: Merge::new(sets, AtTheEnd::Fails),
        }
    }
}

impl Iterator for UnionOccurrences {
    type Item = Result<Member, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.merge.next(Reverse)
    }
}

impl Iterator for UnionDescending {
    type Item = Result<Member, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.merge.next(|moment| moment)
    }
}

impl std::iter::FusedIterator for UnionOccurrences {}
impl std::iter::FusedIterator for UnionDescending {}

/// What a set means that goes on past the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtTheEnd {
    /// What the others have comes first.
    OthersGoOn,
    /// Its last occurrence, which would come first, is not known.
    Fails,
}

/// Several iterators as one; of the keys of what they offer, the greatest comes
/// next.
#[derive(Clone, Debug)]
struct Merge<I, K> {
    sets: Vec<I>,
    /// What each set that has not ended offers.
    heads: BinaryHeap<Head<K>>,
    started: bool,
    at_the_end: AtTheEnd,
    /// Why it cannot go on.
    error: Option<Error>,
    past_the_end: bool,
}

impl<I, K> Merge<I, K>
where
    I: Iterator<Item = Result<Occurrence, Error>>,
    K: Ord + Copy,
{
    fn new(sets: impl Iterator<Item = I>, at_the_end: AtTheEnd) -> Self {
        Self {
            sets: sets.collect(),
            heads: BinaryHeap::new(),
            started: false,
            at_the_end,
            error: None,
            past_the_end: false,
        }
    }

    /// Asks a set for its next occurrence.
    fn advance(&mut self, set: usize, key: impl Fn(NaiveDateTime) -> K) {
        match self.sets.get_mut(set).and_then(Iterator::next) {
            None => {}
            Some(Ok(occurrence)) => self.heads.push(Head {
                key: key(moment_of(&occurrence)),
                member: Member { set, occurrence },
            }),
            Some(Err(Error::PastYear9999)) if self.at_the_end == AtTheEnd::OthersGoOn => {
                self.past_the_end = true;
            }
            Some(Err(error)) => self.error = Some(error),
        }
    }

    fn next(&mut self, key: impl Fn(NaiveDateTime) -> K + Copy) -> Option<Result<Member, Error>> {
        if !std::mem::replace(&mut self.started, true) {
            for set in 0..self.sets.len() {
                self.advance(set, key);
            }
        }
        if let Some(error) = self.error.take() {
            self.heads.clear();
            self.past_the_end = false;
            return Some(Err(error));
        }
        let Some(first) = self.heads.pop() else {
            return std::mem::take(&mut self.past_the_end).then_some(Err(Error::PastYear9999));
        };
        self.advance(first.member.set, key);
        while let Some(head) = self.heads.peek().copied()
            && head.key == first.key
        {
            self.heads.pop();
            self.advance(head.member.set, key);
        }
        Some(Ok(first.member))
    }
}

/// What a set offers. Of two at the same moment, that of the first set comes
/// first.
#[derive(Clone, Copy, Debug)]
struct Head<K> {
    key: K,
    member: Member,
}

impl<K: Ord> Ord for Head<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = self.key.cmp(&other.key);
        order.then_with(|| other.member.set.cmp(&self.member.set))
    }
}

impl<K: Ord> PartialOrd for Head<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord> PartialEq for Head<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K: Ord> Eq for Head<K> {}

/// The instant, or the wall-clock time of one that has none.
fn moment_of(occurrence: &Occurrence) -> NaiveDateTime {
    occurrence.utc().unwrap_or_else(|| occurrence.local())
}
