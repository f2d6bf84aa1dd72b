//! A year of any calendar as day numbers.

use smallvec::SmallVec;

use crate::Month;
use crate::engine::year::week_start_of;

/// A year and the months in it.
#[derive(Clone, Debug)]
pub(crate) struct CalendarYear {
    pub(crate) span: YearSpan,
    /// In order, leap months where they stand.
    pub(crate) months: SmallVec<[MonthSpan; 13]>,
}

/// A year: where it starts, and how long it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct YearSpan {
    pub(crate) number: i32,
    /// The day number of its first day.
    pub(crate) first: i32,
    pub(crate) length: i32,
    /// Hundreds of thousands of years away: no year at all.
    pub(crate) is_far: bool,
}

/// A month of a certain year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MonthSpan {
    pub(crate) month: Month,
    /// The day number of its first day.
    pub(crate) first: i32,
    pub(crate) length: i32,
}

impl YearSpan {
    /// The day after its last.
    pub(crate) fn end(&self) -> i32 {
        self.first.saturating_add(self.length)
    }

    pub(crate) fn contains(&self, day: i32) -> bool {
        self.first <= day && day < self.end()
    }

    /// The first day of its week 1, the first with four days in it.
    pub(crate) fn week_one(&self, week_start: u8) -> i32 {
        week_start_of(self.first.saturating_add(3), week_start)
    }
}

impl CalendarYear {
    /// Its month of a name, if this year has it.
    pub(crate) fn month(&self, month: Month) -> Option<MonthSpan> {
        self.months.iter().copied().find(|span| span.month == month)
    }

    /// The month in which a day lies.
    pub(crate) fn month_at(&self, day: i32) -> Option<MonthSpan> {
        let found = |span: &MonthSpan| span.first <= day && day < span.end();
        self.months.iter().copied().find(found)
    }
}

impl MonthSpan {
    /// The day after its last.
    pub(crate) fn end(&self) -> i32 {
        self.first.saturating_add(self.length)
    }
}
