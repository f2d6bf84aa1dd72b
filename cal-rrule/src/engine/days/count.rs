//! The nth occurrence of a rule of whole days, and how many there are, without
//! visiting those before it.
//!
//! A year has as many as its bitset has days, times the times of day. What
//! years have repeats, so that whole cycles of them are stepped over.

use super::{DayRule, YearCache};
use crate::engine::Stop;
use crate::engine::day_set::DaySet;
use crate::engine::wall::Wall;
use crate::engine::year::Year;

/// The first year after the end of the calendar.
const END_YEAR: i32 = 10_000;

impl DayRule {
    /// The nth occurrence, from 0, from a time on.
    pub(crate) fn nth(
        &self,
        cache: &mut YearCache,
        from: Wall,
        n: u64,
    ) -> Result<Option<Wall>, Stop> {
        let times = self.times.len();
        let Some(first) = self.at_or_after(cache, from, i32::MAX)? else {
            return Ok(None);
        };
        // No year has more days.
        let years = i64::try_from(n / (366 * times)).unwrap_or(i64::MAX);
        let year = i64::from(Year::containing(first.day()).number);
        if year.saturating_add(years) >= i64::from(END_YEAR) {
            return Err(Stop::PastYear9999);
        }
        // Counted from the first second of the first day of the year.
        let left = n.saturating_add(self.times.rank(first.second()));
        let days = cache.days.rank(cache.year.ordinal(first.day())) + left / times;
        match self.walk_years(cache, END_YEAR, days) {
            Walked::Into {
                year,
                days,
                left: n,
            } => {
                let day = year.day(days.nth(n).unwrap_or(0));
                Ok(Some(Wall::new(day, self.times.nth(left % times))))
            }
            Walked::End { .. } => Err(Stop::PastYear9999),
        }
    }

    /// How many occurrences are from one on, which was just found, and before
    /// a time.
    pub(crate) fn count_between(&self, cache: &YearCache, first: Wall, before: Wall) -> u64 {
        let year = Year::containing(before.day());
        let skipped = cache.days.rank(cache.year.ordinal(first.day()));
        let mut days = match self.walk_years(cache, year.number, u64::MAX) {
            Walked::Into { .. } => return 0,
            Walked::End { left } => u64::MAX - left,
        };
        let last = self.days.of(year);
        let ordinal = year.ordinal(before.day());
        days += last.rank(ordinal);
        let seconds = if last.contains(ordinal) {
            self.times.rank(before.second())
        } else {
            0
        };
        let counted = (days - skipped) * self.times.len() + seconds;
        counted.saturating_sub(self.times.rank(first.second()))
    }

    /// Steps from the loaded year over those before another, to that with the
    /// nth day.
    fn walk_years(&self, cache: &YearCache, end: i32, n: u64) -> Walked {
        let (mut year, mut days) = (cache.year, cache.days);
        let period = self.days.repeats_after();
        let period = period.map_or(i64::MAX, |years| i64::try_from(years).unwrap_or(i64::MAX));
        // Where the first cycle ends; the others are like it. It starts after the
        // loaded year, which may lack a day that SKIP brings from the year before.
        let mut cycle_end = Some((i64::from(year.number) + 1).saturating_add(period));
        let mut before_cycle = None;
        let mut left = n;
        while year.number < end {
            if left < days.len() {
                return Walked::Into { year, days, left };
            }
            left -= days.len();
            let before_cycle = *before_cycle.get_or_insert(left);
            let mut next = self.days.year_from(i64::from(year.number) + 1);
            if let Some(after) = cycle_end.filter(|after| next >= *after) {
                let most = u64::try_from((i64::from(end) - after) / period).unwrap_or(0);
                let in_cycle = before_cycle - left;
                let whole = left.checked_div(in_cycle).unwrap_or(0).min(most);
                left -= whole * in_cycle;
                next += i64::try_from(whole).unwrap_or(0) * period;
                cycle_end = None;
            }
            if next >= i64::from(end) {
                break;
            }
            year = Year::of(i32::try_from(next).unwrap_or(end));
            days = self.days.of(year);
        }
        Walked::End { left }
    }
}

/// Where stepping over years led.
enum Walked {
    /// To that with the wanted day, with so many to go from its start.
    Into { year: Year, days: DaySet, left: u64 },
    /// To the end, with so many to go.
    End { left: u64 },
}
