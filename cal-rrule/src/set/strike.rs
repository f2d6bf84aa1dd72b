//! An occurrence on a set's time line.

use crate::engine::Wall;
use crate::set::compiled::TimeLine;
use crate::zone::{Resolved, ZoneCursor};

/// A moment with its wall-clock time. It is passed along with every
/// occurrence, so it is two registers wide: none is a moment beyond all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strike {
    pub(super) moment: i64,
    pub(super) wall: Wall,
}

/// Whether the clock shows a wall-clock time, or skips it in a gap that ends
/// at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Yes,
    SkippedUntil(Wall),
}

impl Strike {
    /// There is none.
    pub(super) const NONE: Self = Self {
        moment: i64::MAX,
        wall: Wall::MAX,
    };

    #[inline]
    pub(super) const fn is_none(self) -> bool {
        self.moment == i64::MAX
    }

    /// A wall-clock time on a time line.
    #[inline(always)]
    pub(super) fn on(line: &TimeLine, cursor: &mut ZoneCursor, wall: Wall) -> (Self, Shown) {
        let seconds = wall.to_seconds();
        let (moment, shown) = match line {
            TimeLine::Zoned(zone) => match cursor.resolve(zone, seconds) {
                Resolved::At(moment) => (moment, Shown::Yes),
                Resolved::InGap { utc, end } => (utc, Shown::SkippedUntil(Wall::from_seconds(end))),
            },
            _ => (seconds, Shown::Yes),
        };
        (Self { moment, wall }, shown)
    }

    /// Seconds east of UTC of the wall-clock time, less than a day.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "less than a day")]
    pub(super) const fn offset(self) -> i32 {
        (self.wall.to_seconds() - self.moment) as i32
    }
}
