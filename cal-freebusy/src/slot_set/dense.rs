//! A set of slot numbers as one run of machine words.

use std::ops::Range;

const BITS: i32 = u64::BITS.cast_signed();

/// How many words a week takes. Less is not asked for at a time: many sets that
/// grow by turns would be torn apart in memory, and joining them would wait for
/// it.
const WEEK: usize = 11;

/// One bit a slot, from slot `64 * first` on.
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

    pub(super) fn remove(&mut self, range: &Range<i32>) {
        self.masked(range, |word, mask| *word &= !mask);
    }

    pub(super) fn union(&mut self, other: &Self) {
        self.reserve(&other.span());
        self.paired(other, |word, theirs| *word |= theirs);
    }

    /// Adds another set, unless both would then span more than `most` words;
    /// says whether it did. Made for adding many sets that lie close together:
    /// room is made with some to spare on both sides, so that the next ones
    /// mostly find it there.
    #[inline]
    pub(super) fn absorb(&mut self, other: &Self, most: i32) -> bool {
        // A set that starts before this one has no place in it at all.
        let place = other.first.wrapping_sub(self.first).cast_unsigned() as usize;
        let after = place.saturating_add(other.words.len());
        if self.words.get(place..after).is_none() && !self.make_room(other, most) {
            return false;
        }
        let place = other.first.wrapping_sub(self.first).cast_unsigned() as usize;
        if let Some(words) = self.words.get_mut(place..) {
            for (word, theirs) in words.iter_mut().zip(&other.words) {
                *word |= theirs;
            }
        }
        true
    }

    /// Makes room for another set with some to spare, unless that is too much.
    #[cold]
    fn make_room(&mut self, other: &Self, most: i32) -> bool {
        const SPARE: i32 = 4;
        let span = other.span();
        let hull = self.hull(&span);
        if hull.end - hull.start > most {
            return false;
        }
        if !span.is_empty() {
            self.reserve(&(hull.start - SPARE..hull.end + SPARE));
        }
        true
    }

    /// What is in at least `count` of some sets that all lie within the words
    /// `hull`. Each word has a counter a slot, kept as one word for each of
    /// the counter's digits, so that 64 slots are counted at a time.
    pub(super) fn at_least_of<'a>(
        count: usize,
        hull: &Range<i32>,
        sets: impl Iterator<Item = &'a Self>,
    ) -> Self {
        let length = distance(hull.start, hull.end);
        let mut digits: Vec<Vec<u64>> = Vec::new();
        for set in sets {
            let place = distance(hull.start, set.first);
            for (at, word) in (place..length).zip(&set.words) {
                add(&mut digits, at, *word, length);
            }
        }
        let words = (0..length).map(|at| reaches(&digits, at, count)).collect();
        Self {
            first: hull.start,
            words,
        }
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
    pub(super) fn runs_from(&self, from: i32) -> Runs<'_> {
        let start = self.first * BITS;
        Runs {
            dense: self,
            next: from.max(start),
        }
    }

    /// Makes room for the words `needed`.
    fn reserve(&mut self, needed: &Range<i32>) {
        let hull = self.hull(needed);
        let own = self.span();
        if self.words.is_empty() {
            self.first = hull.start;
            self.words
                .reserve_exact(distance(hull.start, hull.end).max(WEEK));
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

/// Counts the slots of one word, carrying from digit to digit; there are as
/// many digits as the greatest count needs.
fn add(digits: &mut Vec<Vec<u64>>, at: usize, word: u64, length: usize) {
    let mut carry = word;
    for digit in digits.iter_mut() {
        if carry == 0 {
            return;
        }
        if let Some(sum) = digit.get_mut(at) {
            (*sum, carry) = (*sum ^ carry, *sum & carry);
        }
    }
    if carry != 0 {
        let mut digit = vec![0; length];
        if let Some(sum) = digit.get_mut(at) {
            *sum = carry;
        }
        digits.push(digit);
    }
}

/// The slots of one word whose counter is at least `count`.
fn reaches(digits: &[Vec<u64>], at: usize, count: usize) -> u64 {
    let needed = usize::BITS - count.leading_zeros();
    if digits.len() < needed as usize {
        return 0;
    }
    let (mut greater, mut equal) = (0, u64::MAX);
    for (place, digit) in digits.iter().enumerate().rev() {
        let ours = digit.get(at).copied().unwrap_or(0);
        if count >> place & 1 == 1 {
            equal &= ours;
        } else {
            greater |= equal & ours;
            equal &= !ours;
        }
    }
    greater | equal
}

/// How far `to` lies after `from`; nothing if it lies before.
fn distance(from: i32, to: i32) -> usize {
    usize::try_from(i64::from(to) - i64::from(from)).unwrap_or(0)
}

/// Runs of slots, found a word at a time.
#[derive(Clone, Debug)]
pub(super) struct Runs<'a> {
    dense: &'a Dense,
    next: i32,
}

impl Runs<'_> {
    /// The first slot from `from` on whose bit, after `flip`, is set.
    fn seek(&self, from: i32, flip: u64) -> Option<i32> {
        let word = from.div_euclid(BITS);
        let at = self.dense.position(word)?;
        let mut mask = u64::MAX << from.rem_euclid(BITS);
        for (word, bits) in (word..).zip(self.dense.words.get(at..)?) {
            let found = (bits ^ flip) & mask;
            if found != 0 {
                return Some(word * BITS + found.trailing_zeros().cast_signed());
            }
            mask = u64::MAX;
        }
        None
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<i32>;

    fn next(&mut self) -> Option<Range<i32>> {
        let start = self.seek(self.next, 0)?;
        let end = self
            .seek(start, u64::MAX)
            .unwrap_or(self.dense.span().end * BITS);
        self.next = end;
        Some(start..end)
    }
}
