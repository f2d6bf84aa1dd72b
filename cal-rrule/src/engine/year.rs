//! A Gregorian year as day numbers.

/// The first years of 400-year cycles are leap years; there are 146097 days in
/// a cycle.
const DAYS_PER_CYCLE: i64 = 146_097;

/// A year: where it starts, how long it is, on which weekday it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Year {
    pub(crate) number: i32,
    /// The day number of 1 January.
    pub(crate) first: i32,
    pub(crate) leap: bool,
    /// Of 1 January, counted from Monday.
    pub(crate) weekday: u8,
}

/// Ordinals (from 0) at which months start in a common year, with its length.
const MONTH_STARTS: [u16; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

impl Year {
    pub(crate) fn of(number: i32) -> Self {
        let year = i64::from(number);
        let past = year - 1;
        let days = past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
        // Day 0 of this count is 0001-01-01, a Monday, 719162 days before 1970.
        let first = i32::try_from(days - 719_162).unwrap_or(i32::MAX);
        Self {
            number,
            first,
            leap: is_leap(number),
            weekday: u8::try_from(days.rem_euclid(7)).unwrap_or(0),
        }
    }

    /// The year in which a day falls.
    pub(crate) fn containing(day: i32) -> Self {
        let days = i64::from(day) + 719_162;
        let cycle = days.div_euclid(DAYS_PER_CYCLE);
        let rest = days.rem_euclid(DAYS_PER_CYCLE);
        // The estimate is at most one year off, at the ends of years.
        let estimate = cycle * 400 + 1 + rest * 400 / DAYS_PER_CYCLE;
        let year = Self::of(i32::try_from(estimate).unwrap_or(i32::MAX));
        if day < year.first {
            Self::of(year.number - 1)
        } else if day > year.last() {
            Self::of(year.number + 1)
        } else {
            year
        }
    }

    /// A stand-in for the years of one of the fourteen shapes.
    pub(crate) const fn shaped(shape: u8) -> Self {
        Self {
            number: 0,
            first: 0,
            leap: shape >= 7,
            weekday: shape % 7,
        }
    }

    pub(crate) const fn length(self) -> u16 {
        365 + self.leap as u16
    }

    /// The day number of 31 December.
    pub(crate) fn last(self) -> i32 {
        self.first.saturating_add(i32::from(self.length()) - 1)
    }

    pub(crate) fn contains(self, day: i32) -> bool {
        self.first <= day && day <= self.last()
    }

    /// How far a day is into the year, from 0.
    pub(crate) fn ordinal(self, day: i32) -> u16 {
        u16::try_from(day - self.first).unwrap_or(0)
    }

    pub(crate) fn day(self, ordinal: u16) -> i32 {
        self.first + i32::from(ordinal)
    }

    /// One of the fourteen shapes that years have.
    pub(crate) fn shape(self) -> usize {
        usize::from(self.weekday) + if self.leap { 7 } else { 0 }
    }

    /// The ordinal of the first day of a month, 1 to 12; 13 is the end of the
    /// year.
    pub(crate) fn month_start(self, month: u32) -> u16 {
        let index = usize::try_from(month).unwrap_or(1).clamp(1, 13) - 1;
        let start = MONTH_STARTS.get(index).copied().unwrap_or(365);
        start + u16::from(self.leap && month > 2)
    }

    pub(crate) fn month_length(self, month: u32) -> u16 {
        self.month_start(month + 1) - self.month_start(month)
    }

    /// The month, from 1, of an ordinal.
    pub(crate) fn month_of(self, ordinal: u16) -> u32 {
        // No month starts earlier than this estimate or later than the next.
        let estimate = u32::from(ordinal) / 32 + 1;
        if ordinal >= self.month_start(estimate + 1) {
            estimate + 1
        } else {
            estimate
        }
    }

    pub(crate) fn following(self) -> Self {
        let number = self.number.saturating_add(1);
        Self {
            number,
            first: self.first.saturating_add(i32::from(self.length())),
            leap: is_leap(number),
            weekday: (self.weekday + 1 + u8::from(self.leap)) % 7,
        }
    }

    pub(crate) fn previous(self) -> Self {
        Self::of(self.number.saturating_sub(1))
    }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The weekday of a day, counted from Monday.
pub(crate) fn weekday_of(day: i32) -> u8 {
    // 1970-01-01 was a Thursday.
    u8::try_from((i64::from(day) + 3).rem_euclid(7)).unwrap_or(0)
}

/// The first day of the week of a day.
pub(crate) fn week_start_of(day: i32, week_start: u8) -> i32 {
    day - i32::from((weekday_of(day) + 7 - week_start) % 7)
}
