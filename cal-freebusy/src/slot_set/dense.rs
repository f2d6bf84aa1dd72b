//! A set of slot numbers as one run of machine words.

mod many;
mod runs;

use std::ops::Range;

pub(super) use self::many::GROUP;
pub(super) use self::runs::Runs;

const BITS: i32 = u64::BITS.cast_signed();

/// Sets start and end at multiples of so many words. Those of people who are
/// busy in the same week or year then mostly span the same words, and no word
/// of them has to be joined on its own.
const BLOCK: usize = 4;

/// The same, to count word numbers with.
const WORDS: i32 = 4;

/// How many words a week takes. Less is not asked for at a time: many sets that
/// grow by turns would be torn apart in memory, and joining them would wait for
/// it.
const WEEK: usize = 12;

/// One bit a slot, from slot `64 * first` on. These are whole blocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Dense {
    first: i32,
    words: Vec<u64>,
}

impl Dense {
    /// The numbers of the words that hold the slots of `range`.
    pub(super) fn words_of(range: &Range<i32>) -> Range<i32> {
        let first = range.start.div_euclid(BITS);
        if range.is_empty() {
            return first..first;
        }
        first..(range.end - 1).div_euclid(BITS) + 1
    }

    /// The number of the first word in use and of the word after the last one;
    /// the same where none is.
    #[inline]
    pub(super) fn bounds(&self) -> (i32, i32) {
        // A set spans far fewer words than there are numbers.
        let length = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        (self.first, self.first.wrapping_add_unsigned(length))
    }

    /// The numbers of the words in use.
    pub(super) fn span(&self) -> Range<i32> {
        self.first..self.first + i32::try_from(self.words.len()).unwrap_or(i32::MAX)
    }

    /// The span that would hold both this set and the words `other`.
    pub(super) fn hull(&self, other: &Range<i32>) -> Range<i32> {
        if self.words.is_empty() {
            other.clone()
        } else if other.is_empty() {
            self.span()
        } else {
            let own = self.span();
            own.start.min(other.start)..own.end.max(other.end)
        }
    }

    pub(super) fn contains(&self, slot: i32) -> bool {
        let bit = slot.rem_euclid(BITS);
        self.position(slot.div_euclid(BITS))
            .and_then(|at| self.words.get(at))
            .is_some_and(|word| word >> bit & 1 == 1)
    }

    pub(super) fn intersects(&self, range: &Range<i32>) -> bool {
        let first = self.runs_from(range.start).next();
        !range.is_empty() && first.is_some_and(|run| run.start < range.end)
    }

    pub(super) fn len(&self) -> u64 {
        self.words
            .iter()
            .map(|word| u64::from(word.count_ones()))
            .sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(super) fn insert(&mut self, range: &Range<i32>) {
        self.reserve(&Self::words_of(range));
        self.masked(range, |word, mask| *word |= mask);
    }

    /// Adds a range of one or two words that are in use; whether it is such a
    /// one, as those of most meetings are.
    #[inline]
    pub(super) fn insert_short(&mut self, range: &Range<i32>) -> bool {
        let last = range.end.wrapping_sub(1);
        let word = range.start >> BITS.trailing_zeros();
        let words = (last >> BITS.trailing_zeros()).wrapping_sub(word);
        let Ok(at) = usize::try_from(i64::from(word) - i64::from(self.first)) else {
            return false;
        };
        let head = u64::MAX << (range.start & (BITS - 1));
        let tail = u64::MAX >> (BITS - 1 - (last & (BITS - 1)));
        match (words, self.words.get_mut(at..)) {
            (0, Some([only, ..])) => *only |= head & tail,
            (1, Some([first, second, ..])) => {
                *first |= head;
                *second |= tail;
            }
            _ => return false,
        }
        true
    }

    pub(super) fn remove(&mut self, range: &Range<i32>) {
        self.masked(range, |word, mask| *word &= !mask);
    }

    pub(super) fn union(&mut self, other: &Self) {
        self.reserve(&other.span());
        self.paired(other, |word, theirs| *word |= theirs);
    }

    pub(super) fn difference(&mut self, other: &Self) {
        self.paired(other, |word, theirs| *word &= !theirs);
    }

    pub(super) fn symmetric_difference(&mut self, other: &Self) {
        self.reserve(&other.span());
        self.paired(other, |word, theirs| *word ^= theirs);
    }

    pub(super) fn intersection(&mut self, other: &Self) {
        let (own, theirs) = (self.span(), other.span());
        let shared = own.start.max(theirs.start)..own.end.min(theirs.end);
        if shared.is_empty() {
            *self = Self::default();
            return;
        }
        let skip = distance(own.start, shared.start);
        self.words.truncate(distance(own.start, shared.end));
        self.words.drain(..skip);
        self.first = shared.start;
        self.paired(other, |word, theirs| *word &= theirs);
    }

    /// The runs of slots that end after `from`, the first cut there.
    #[inline]
    pub(super) fn runs_from(&self, from: i32) -> Runs<'_> {
        Runs::of(self, from)
    }

    /// Gives back the memory that was kept to grow into. The words move to a
    /// place of just their size, so that sets made one after the other lie one
    /// after the other, and joining them reads memory in order.
    pub(super) fn settle(&mut self) {
        if self.words.capacity() > self.words.len() {
            self.words = self.words.as_slice().to_vec();
        }
    }

    /// The words of every block that `words` touch.
    fn in_blocks(words: &Range<i32>) -> Range<i32> {
        let start = words.start.div_euclid(WORDS) * WORDS;
        start..words.end + (-words.end).rem_euclid(WORDS)
    }

    /// Makes room for the words `needed`, in whole blocks.
    pub(super) fn reserve(&mut self, needed: &Range<i32>) {
        if needed.is_empty() {
            return;
        }
        let hull = self.hull(needed);
        let hull = Self::in_blocks(&hull);
        let own = self.span();
        if self.words.is_empty() {
            self.first = hull.start;
            let length = distance(hull.start, hull.end);
            if self.words.capacity() < length.max(WEEK) {
                self.words = Vec::with_capacity(length.max(WEEK));
            }
        } else if hull.start < own.start {
            let missing = distance(hull.start, own.start);
            self.words.splice(..0, std::iter::repeat_n(0, missing));
            self.first = hull.start;
        }
        let length = distance(self.first, hull.end);
        if self.words.len() < length {
            self.words.resize(length, 0);
        }
    }

    fn position(&self, word: i32) -> Option<usize> {
        usize::try_from(i64::from(word) - i64::from(self.first)).ok()
    }

    /// Applies `change` to each word that `range` touches, with a mask of the
    /// slots it touches there.
    fn masked(&mut self, range: &Range<i32>, change: impl Fn(&mut u64, u64)) {
        let own = self.span();
        let range = range.start.max(own.start * BITS)..range.end.min(own.end * BITS);
        if range.is_empty() {
            return;
        }
        let touched = Self::words_of(&range);
        let from = distance(own.start, touched.start);
        let to = distance(own.start, touched.end);
        let head = u64::MAX << range.start.rem_euclid(BITS);
        let tail = u64::MAX >> (BITS - 1 - (range.end - 1).rem_euclid(BITS));
        match self.words.get_mut(from..to) {
            Some([only]) => change(only, head & tail),
            Some([first, middle @ .., last]) => {
                change(first, head);
                middle.iter_mut().for_each(|word| change(word, u64::MAX));
                change(last, tail);
            }
            _ => {}
        }
    }

    /// Applies `change` to each word that both sets have.
    fn paired(&mut self, other: &Self, change: impl Fn(&mut u64, u64)) {
        let skip_own = distance(self.first, other.first);
        let skip_theirs = distance(other.first, self.first);
        let own = self.words.iter_mut().skip(skip_own);
        let theirs = other.words.iter().skip(skip_theirs);
        for (word, theirs) in own.zip(theirs) {
            change(word, *theirs);
        }
    }
}

/// How far `to` lies after `from`; nothing if it lies before.
fn distance(from: i32, to: i32) -> usize {
    usize::try_from(i64::from(to) - i64::from(from)).unwrap_or(0)
}
