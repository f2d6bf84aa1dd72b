//! A set of days within a year or a period: one bit a day.

const WORDS: usize = 6;

/// Up to 384 consecutive days, by their distance from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct DaySet([u64; WORDS]);

impl DaySet {
    pub(crate) const EMPTY: Self = Self([0; WORDS]);

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
        let word = self.0.get(usize::from(day / 64)).copied().unwrap_or(0);
        word >> (day % 64) & 1 == 1
    }

    /// At most 64 days from one on, as a mask.
    pub(crate) fn window(&self, from: u16, length: u16) -> u64 {
        let index = usize::from(from / 64);
        let shift = u32::from(from % 64);
        let low = self.0.get(index).copied().unwrap_or(0) >> shift;
        let high = self.0.get(index + 1).copied().unwrap_or(0);
        let high = high.checked_shl(64 - shift).unwrap_or(0);
        (low | high) & bits_below(length)
    }

    pub(crate) fn at_or_after(&self, day: u16) -> Option<u16> {
        let start = usize::from(day / 64);
        let mut keep = u64::MAX << (day % 64);
        for (index, word) in (start..).zip(self.0.iter().skip(start)) {
            let rest = word & keep;
            if rest != 0 {
                return Some(position(index, rest.trailing_zeros()));
            }
            keep = u64::MAX;
        }
        None
    }

    pub(crate) fn at_or_before(&self, day: u16) -> Option<u16> {
        let end = usize::from(day / 64).min(WORDS - 1);
        let mut keep = if usize::from(day / 64) == end {
            u64::MAX >> (63 - day % 64)
        } else {
            u64::MAX
        };
        for index in (0..=end).rev() {
            let rest = self.0.get(index).copied().unwrap_or(0) & keep;
            if rest != 0 {
                return Some(position(index, 63 - rest.leading_zeros()));
            }
            keep = u64::MAX;
        }
        None
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many days are before one.
    pub(crate) fn rank(&self, day: u16) -> u64 {
        let words = self.0.iter().zip((0..).step_by(64));
        words
            .map(|(word, low)| word & bits_below(day.saturating_sub(low)))
            .map(|word| u64::from(word.count_ones()))
            .sum()
    }

    /// The nth day, from 0.
    pub(crate) fn nth(&self, n: u64) -> Option<u16> {
        let mut left = n;
        for (index, word) in self.0.iter().enumerate() {
            let here = u64::from(word.count_ones());
            if left < here {
                let mut rest = *word;
                for _ in 0..left {
                    rest &= rest - 1;
                }
                return Some(position(index, rest.trailing_zeros()));
            }
            left -= here;
        }
        None
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
