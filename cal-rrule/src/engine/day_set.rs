//! A set of days within a year or a period: one bit a day.

const WORDS: usize = 6;
/// Up to 384 consecutive days, by their distance from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct DaySet([u64; WORDS]);

impl DaySet {
    pub(crate) const EMPTY: Self = Self([0; WORDS]);

    /// How many days a set can hold.
    pub(crate) const MOST: u16 = 384;

    /// The days from 0 on, so many.
    pub(crate) fn full(length: u16) -> Self {
        let mut set = Self::EMPTY;
        set.insert_range(0, length);
        set
    }

    /// The first 64 days, as a mask.
    pub(crate) const fn of_word(word: u64) -> Self {
        Self([word, 0, 0, 0, 0, 0])
    }

    /// The days of a year whose 1 January is `first_weekday` that fall on
    /// weekdays of a mask (bit 0: Monday), without regard to the year's end.
    pub(crate) fn weekdays(mask: u8, first_weekday: u8) -> Self {
        let mut words = [0; WORDS];
        // Word i starts 64 i days on, which is i weekdays on.
        let mut shift = u32::from(first_weekday);
        for word in &mut words {
            let wide = u64::from(mask) | u64::from(mask) << 7;
            let turned = (wide >> shift) & 0x7f;
            *word = turned.wrapping_mul(0x8102_0408_1020_4081);
            shift = (shift + 1) % 7;
        }
        Self(words)
    }

    pub(crate) fn insert(&mut self, day: u16) {
        if let Some(word) = self.0.get_mut(usize::from(day / 64)) {
            *word |= 1 << (day % 64);
        }
    }

    pub(crate) fn insert_range(&mut self, start: u16, length: u16) {
        let end = start + length;
        for (word, low) in self.0.iter_mut().zip((0..).step_by(64)) {
            *word |= bits_below(end.saturating_sub(low)) & !bits_below(start.saturating_sub(low));
        }
    }

    /// Puts `length` days of another set, from its `from`th, at `to`.
    pub(crate) fn insert_part(&mut self, to: u16, other: &Self, (from, length): (u16, u16)) {
        let mut next = from;
        while let Some(day) = other.at_or_after(next).filter(|day| *day < from + length) {
            self.insert(to + day - from);
            next = day + 1;
        }
    }

    pub(crate) fn contains(&self, day: u16) -> bool {
        self.word(usize::from(day / 64)) >> (day % 64) & 1 == 1
    }

    /// At most 64 days from one on, as a mask.
    pub(crate) fn window(&self, from: u16, length: u16) -> u64 {
        let index = usize::from(from / 64);
        let shift = u32::from(from % 64);
        let low = self.word(index) >> shift;
        let high = self.word(index + 1).checked_shl(64 - shift).unwrap_or(0);
        (low | high) & bits_below(length)
    }

    fn word(&self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }

    pub(crate) fn at_or_after(&self, day: u16) -> Option<u16> {
        let mut index = usize::from(day / 64);
        let mut rest = self.word(index) & (u64::MAX << (day % 64));
        while rest == 0 {
            index += 1;
            if index >= WORDS {
                return None;
            }
            rest = self.word(index);
        }
        Some(position(index, rest.trailing_zeros()))
    }

    pub(crate) fn at_or_before(&self, day: u16) -> Option<u16> {
        let day = day.min(Self::MOST - 1);
        let mut index = usize::from(day / 64);
        let mut rest = self.word(index) & (u64::MAX >> (63 - day % 64));
        while rest == 0 {
            index = index.checked_sub(1)?;
            rest = self.word(index);
        }
        Some(position(index, 63 - rest.leading_zeros()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    pub(crate) fn len(&self) -> u64 {
        self.rank(Self::MOST)
    }

    /// How many days are before one.
    pub(crate) fn rank(&self, day: u16) -> u64 {
        let mut rank = 0;
        let mut left = day.min(Self::MOST);
        for word in &self.0 {
            let word = *word & bits_below(left);
            // Most sets are of a week or a month: one word.
            if word != 0 {
                rank += u64::from(word.count_ones());
            }
            if left <= 64 {
                break;
            }
            left -= 64;
        }
        rank
    }

    /// The days from one on.
    pub(crate) fn from(&self, day: u16) -> DaysFrom<'_> {
        let index = usize::from(day / 64);
        DaysFrom {
            set: self,
            index,
            rest: self.word(index) & (u64::MAX << (day % 64)),
        }
    }

    /// The nth day, from 0.
    pub(crate) fn nth(&self, n: u64) -> Option<u16> {
        let mut left = n;
        for (index, word) in self.0.iter().enumerate() {
            let here = u64::from(word.count_ones());
            if left < here {
                return Some(position(index, nth_bit(*word, left, here)));
            }
            left -= here;
        }
        None
    }
}

/// The days of a set, ascending.
pub(crate) struct DaysFrom<'a> {
    set: &'a DaySet,
    index: usize,
    rest: u64,
}

impl Iterator for DaysFrom<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        while self.rest == 0 {
            self.index += 1;
            self.rest = *self.set.0.get(self.index)?;
        }
        let bit = self.rest.trailing_zeros();
        self.rest &= self.rest - 1;
        Some(position(self.index, bit))
    }
}

impl std::ops::BitAnd for DaySet {
    type Output = Self;
    fn bitand(mut self, other: Self) -> Self {
        for (word, with) in self.0.iter_mut().zip(other.0) {
            *word &= with;
        }
        self
    }
}

impl std::ops::BitOr for DaySet {
    type Output = Self;
    fn bitor(mut self, other: Self) -> Self {
        for (word, with) in self.0.iter_mut().zip(other.0) {
            *word |= with;
        }
        self
    }
}

/// The nth bit that is set, from 0, of so many; found from the nearer end.
fn nth_bit(word: u64, n: u64, count: u64) -> u32 {
    let mut rest = word;
    if n < count / 2 {
        for _ in 0..n {
            rest &= rest - 1;
        }
        rest.trailing_zeros()
    } else {
        for _ in n + 1..count {
            rest &= !(1 << (63 - rest.leading_zeros()));
        }
        63 - rest.leading_zeros()
    }
}

fn bits_below(count: u16) -> u64 {
    if count >= 64 {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

fn position(word: usize, bit: u32) -> u16 {
    u16::try_from(word * 64).unwrap_or(0) + u16::try_from(bit).unwrap_or(0)
}
