//! Many sets of words at once.

use std::ops::Range;

use super::{BLOCK, Dense, WORDS, distance};

/// How many sets are added at a time: what they are added to is then read and
/// written once for all of them.
pub(in crate::slot_set) const GROUP: usize = 4;

impl Dense {
    /// Adds some sets, unless all would then span more than `most` words; says
    /// whether it did. Made for adding many sets that lie close together.
    #[inline]
    pub(in crate::slot_set) fn absorb(&mut self, group: [&Self; GROUP], most: i32) -> bool {
        let [a, b, c, d] = group;
        let alike = |set: &Self| set.bounds() == a.bounds();
        let alike = alike(b) && alike(c) && alike(d);
        let fits = |set: &&Self| set.words.is_empty() || self.place_of(set.bounds()).is_some();
        let roomy = fits(&a) && (alike || group.iter().all(fits));
        if !roomy && !self.make_room(group, most) {
            return false;
        }
        if !alike {
            self.absorb_apart(group);
            return true;
        }
        let place = self.place_of(a.bounds());
        let own = place.and_then(|place| self.words.get_mut(place));
        join_blocks(own.unwrap_or_default(), group.map(|set| &*set.words));
        true
    }

    /// Adds sets that this one has room for, but that do not all span the same
    /// words: what all span at a time, then what else each does.
    fn absorb_apart(&mut self, group: [&Self; GROUP]) {
        let (start, end) = group
            .map(Self::bounds)
            .into_iter()
            .fold((i32::MIN, i32::MAX), |(start, end), (first, after)| {
                (start.max(first), end.min(after))
            });
        if start >= end {
            group
                .iter()
                .for_each(|set| self.join(set.first, &set.words));
            return;
        }
        let own = self.place_of((start, end));
        let own = own.and_then(|place| self.words.get_mut(place));
        let shared = group.map(|set| set.slice(start, end));
        join_blocks(own.unwrap_or_default(), shared);
        for set in group {
            let (first, after) = set.bounds();
            self.join(first, set.slice(first, start));
            self.join(end, set.slice(end, after));
        }
    }

    /// Adds words that this set has room for.
    fn join(&mut self, first: i32, words: &[u64]) {
        let own = self.words.get_mut(distance(self.first, first)..);
        for (own, theirs) in own.unwrap_or_default().iter_mut().zip(words) {
            *own |= theirs;
        }
    }

    /// The words from number `start` to before `end`, all of which it has.
    fn slice(&self, start: i32, end: i32) -> &[u64] {
        let words = distance(self.first, start)..distance(self.first, end);
        self.words.get(words).unwrap_or_default()
    }

    /// Where in this set's words those of some bounds are, if it has them all.
    #[inline]
    fn place_of(&self, (first, after): (i32, i32)) -> Option<Range<usize>> {
        let (start, end) = self.bounds();
        (start <= first && after <= end).then(|| {
            let place = distance(start, first);
            place..place + distance(first, after)
        })
    }

    /// Makes room for other sets, unless that is too much.
    #[cold]
    fn make_room(&mut self, group: [&Self; GROUP], most: i32) -> bool {
        // Whoever needs room where others had enough is likely not the last.
        let spare = if self.words.is_empty() { 0 } else { WORDS };
        let spans = group.iter().fold(self.span(), |hull, set| set.hull(&hull));
        if spans.end - spans.start > most {
            return false;
        }
        if !spans.is_empty() {
            self.reserve(&(spans.start - spare..spans.end + spare));
        }
        true
    }

    /// What is in at least `count` of some sets that all lie within the words
    /// `hull`. Each word has a counter a slot, kept as one word for each of
    /// the counter's digits, so that 64 slots are counted at a time.
    pub(in crate::slot_set) fn at_least_of<'a>(
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
}

/// Adds words to others, all of them whole blocks: a block is read before it is
/// written, so that the compiler need not think that they overlap.
#[inline]
fn join_blocks(own: &mut [u64], others: [&[u64]; GROUP]) {
    let (own, rest) = own.as_chunks_mut::<BLOCK>();
    debug_assert!(rest.is_empty(), "sets have whole blocks");
    let [a, b, c, d] = others.map(|words| words.as_chunks::<BLOCK>().0);
    for ((((own, a), b), c), d) in own.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *own = [a, b, c, d].into_iter().fold(*own, joined);
    }
}

#[inline]
fn joined([a, b, c, d]: [u64; BLOCK], [e, f, g, h]: &[u64; BLOCK]) -> [u64; BLOCK] {
    [a | e, b | f, c | g, d | h]
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
