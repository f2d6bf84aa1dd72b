//! The seconds of a unit (a day, an hour, a minute) at which a rule strikes.

const HOUR: u32 = 3600;
const MINUTE: u32 = 60;

/// A set of seconds, counted from the start of the unit, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    /// The same second in each unit, by far the most common.
    Single(u32),
    /// Every combination of an hour, a minute and a second.
    Grid(Grid),
    /// Seconds picked one by one (by BYSETPOS), ascending.
    Picked(Box<[u32]>),
}

/// Hours, minutes and seconds as masks, none of them empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) hours: u32,
    pub(crate) minutes: u64,
    pub(crate) seconds: u64,
}

impl Times {
    pub(crate) fn of(grid: Grid) -> Self {
        if grid.len() == 1 {
            Self::Single(grid.first())
        } else {
            Self::Grid(grid)
        }
    }

    pub(crate) fn first(&self) -> u32 {
        match self {
            Self::Single(second) => *second,
            Self::Grid(grid) => grid.first(),
            Self::Picked(picked) => picked.first().copied().unwrap_or(0),
        }
    }

    pub(crate) fn last(&self) -> u32 {
        match self {
            Self::Single(second) => *second,
            Self::Grid(grid) => grid.last(),
            Self::Picked(picked) => picked.last().copied().unwrap_or(0),
        }
    }

    pub(crate) fn at_or_after(&self, second: u32) -> Option<u32> {
        match self {
            Self::Single(only) => (*only >= second).then_some(*only),
            Self::Grid(grid) => grid.at_or_after(second),
            Self::Picked(picked) => {
                let index = picked.partition_point(|picked| *picked < second);
                picked.get(index).copied()
            }
        }
    }

    pub(crate) fn at_or_before(&self, second: u32) -> Option<u32> {
        match self {
            Self::Single(only) => (*only <= second).then_some(*only),
            Self::Grid(grid) => grid.at_or_before(second),
            Self::Picked(picked) => {
                let index = picked.partition_point(|picked| *picked <= second);
                index
                    .checked_sub(1)
                    .and_then(|index| picked.get(index).copied())
            }
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Single(_) => 1,
            Self::Grid(grid) => grid.len(),
            Self::Picked(picked) => u64::try_from(picked.len()).unwrap_or(0),
        }
    }

    /// How many are before a second.
    pub(crate) fn rank(&self, second: u32) -> u64 {
        match self {
            Self::Single(only) => u64::from(*only < second),
            Self::Grid(grid) => grid.rank(second),
            Self::Picked(picked) => {
                let index = picked.partition_point(|picked| *picked < second);
                u64::try_from(index).unwrap_or(0)
            }
        }
    }

    /// The nth, from 0; the last where there are fewer.
    pub(crate) fn nth(&self, n: u64) -> u32 {
        match self {
            Self::Single(only) => *only,
            Self::Grid(grid) => grid.nth(n),
            Self::Picked(picked) => {
                let index = usize::try_from(n).unwrap_or(usize::MAX);
                picked.get(index).copied().unwrap_or_else(|| self.last())
            }
        }
    }
}

impl Grid {
    pub(crate) fn first(&self) -> u32 {
        self.hours.trailing_zeros() * HOUR
            + self.minutes.trailing_zeros() * MINUTE
            + self.seconds.trailing_zeros()
    }

    pub(crate) fn last(&self) -> u32 {
        highest(u64::from(self.hours)) * HOUR
            + highest(self.minutes) * MINUTE
            + highest(self.seconds)
    }

    pub(crate) fn len(&self) -> u64 {
        u64::from(self.hours.count_ones() * self.minutes.count_ones() * self.seconds.count_ones())
    }

    pub(crate) fn at_or_after(&self, from: u32) -> Option<u32> {
        let (hour, minute, second) = split(from);
        let hours = u64::from(self.hours);
        if has(hours, hour) {
            if has(self.minutes, minute)
                && let Some(second) = lowest_from(self.seconds, second)
            {
                return Some(hour * HOUR + minute * MINUTE + second);
            }
            if let Some(minute) = lowest_from(self.minutes, minute + 1) {
                return Some(hour * HOUR + minute * MINUTE + self.seconds.trailing_zeros());
            }
        }
        let hour = lowest_from(hours, hour + 1)?;
        Some(hour * HOUR + self.minutes.trailing_zeros() * MINUTE + self.seconds.trailing_zeros())
    }

    pub(crate) fn at_or_before(&self, to: u32) -> Option<u32> {
        let (hour, minute, second) = split(to);
        let hours = u64::from(self.hours);
        if has(hours, hour) {
            if has(self.minutes, minute)
                && let Some(second) = highest_below(self.seconds, second + 1)
            {
                return Some(hour * HOUR + minute * MINUTE + second);
            }
            if let Some(minute) = highest_below(self.minutes, minute) {
                return Some(hour * HOUR + minute * MINUTE + highest(self.seconds));
            }
        }
        let hour = highest_below(hours, hour)?;
        Some(hour * HOUR + highest(self.minutes) * MINUTE + highest(self.seconds))
    }

    fn rank(&self, before: u32) -> u64 {
        let (hour, minute, second) = split(before);
        let seconds = u64::from(self.seconds.count_ones());
        let per_hour = seconds * u64::from(self.minutes.count_ones());
        let mut rank = count_below(u64::from(self.hours), hour) * per_hour;
        if has(u64::from(self.hours), hour) {
            rank += count_below(self.minutes, minute) * seconds;
            if has(self.minutes, minute) {
                rank += count_below(self.seconds, second);
            }
        }
        rank
    }

    fn nth(&self, n: u64) -> u32 {
        let seconds = u64::from(self.seconds.count_ones());
        let per_hour = seconds * u64::from(self.minutes.count_ones());
        nth_bit(u64::from(self.hours), n / per_hour) * HOUR
            + nth_bit(self.minutes, n % per_hour / seconds) * MINUTE
            + nth_bit(self.seconds, n % seconds)
    }
}

fn split(second: u32) -> (u32, u32, u32) {
    (second / HOUR, second / MINUTE % 60, second % 60)
}

fn has(mask: u64, bit: u32) -> bool {
    mask >> bit & 1 == 1
}

fn highest(mask: u64) -> u32 {
    63 - mask.leading_zeros().min(63)
}

fn below(bit: u32) -> u64 {
    1_u64.checked_shl(bit).map_or(u64::MAX, |bit| bit - 1)
}

fn lowest_from(mask: u64, bit: u32) -> Option<u32> {
    let rest = mask & !below(bit);
    (rest != 0).then(|| rest.trailing_zeros())
}

fn highest_below(mask: u64, bit: u32) -> Option<u32> {
    let rest = mask & below(bit);
    (rest != 0).then(|| highest(rest))
}

fn count_below(mask: u64, bit: u32) -> u64 {
    u64::from((mask & below(bit)).count_ones())
}

fn nth_bit(mask: u64, n: u64) -> u32 {
    let mut rest = mask;
    for _ in 0..n.min(63) {
        rest &= rest.wrapping_sub(1);
    }
    rest.trailing_zeros().min(63)
}
