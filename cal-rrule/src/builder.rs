//! Building a rule from values.

use chrono::Weekday;

use crate::draft::{Draft, in_range};
use crate::{
    Error, Frequency, Month, Part, Problem, ProblemKind, RRule, Rscale, Skip, WeekdayNum, When,
};

/// Builds an [`RRule`] part by part; [`Builder::build`] checks the whole.
///
/// ```
/// use cal_rrule::{Frequency, RRule, Weekday, WeekdayNum};
///
/// let rule = RRule::builder(Frequency::Monthly)
///     .with_by_day([WeekdayNum::nth(-1, Weekday::Fri)])
///     .with_count(6)
///     .build()?;
/// assert_eq!(rule.to_string(), "FREQ=MONTHLY;COUNT=6;BYDAY=-1FR");
/// # Ok::<(), cal_rrule::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    draft: Draft,
}

impl Builder {
    pub(crate) fn new(frequency: Frequency) -> Self {
        Self {
            draft: Draft {
                frequency: Some(frequency),
                ..Draft::default()
            },
        }
    }

    /// INTERVAL: every how many units, from 1.
    #[must_use]
    pub fn with_interval(mut self, interval: u32) -> Self {
        self.draft.interval = Some(interval);
        self
    }

    /// COUNT: how many occurrences, from 1.
    #[must_use]
    pub fn with_count(mut self, count: u64) -> Self {
        self.draft.count = Some(count);
        self
    }

    /// UNTIL: the inclusive end.
    #[must_use]
    pub fn with_until(mut self, until: When) -> Self {
        self.draft.until = Some(until);
        self
    }

    /// BYSECOND, each 0 to 60.
    #[must_use]
    pub fn with_by_second(mut self, seconds: impl IntoIterator<Item = u8>) -> Self {
        self.draft.by_second = seconds.into_iter().collect();
        self
    }

    /// BYMINUTE, each 0 to 59.
    #[must_use]
    pub fn with_by_minute(mut self, minutes: impl IntoIterator<Item = u8>) -> Self {
        self.draft.by_minute = minutes.into_iter().collect();
        self
    }

    /// BYHOUR, each 0 to 23.
    #[must_use]
    pub fn with_by_hour(mut self, hours: impl IntoIterator<Item = u8>) -> Self {
        self.draft.by_hour = hours.into_iter().collect();
        self
    }

    /// BYDAY: weekdays, or the nth of them.
    #[must_use]
    pub fn with_by_day<D: Into<WeekdayNum>>(mut self, days: impl IntoIterator<Item = D>) -> Self {
        self.draft.by_day = days.into_iter().map(Into::into).collect();
        self
    }

    /// BYMONTHDAY, each 1 to 31 or -31 to -1.
    #[must_use]
    pub fn with_by_month_day(mut self, days: impl IntoIterator<Item = i8>) -> Self {
        self.draft.by_month_day = days.into_iter().collect();
        self
    }

    /// BYYEARDAY, each 1 to 366 or -366 to -1.
    #[must_use]
    pub fn with_by_year_day(mut self, days: impl IntoIterator<Item = i16>) -> Self {
        self.draft.by_year_day = days.into_iter().collect();
        self
    }

    /// BYWEEKNO, each 1 to 53 or -53 to -1.
    #[must_use]
    pub fn with_by_week_no(mut self, weeks: impl IntoIterator<Item = i8>) -> Self {
        self.draft.by_week_no = weeks.into_iter().collect();
        self
    }

    /// BYMONTH.
    #[must_use]
    pub fn with_by_month<M: Into<Month>>(mut self, months: impl IntoIterator<Item = M>) -> Self {
        self.draft.by_month = months.into_iter().map(Into::into).collect();
        self
    }

    /// BYSETPOS, each 1 to 366 or -366 to -1.
    #[must_use]
    pub fn with_by_set_pos(mut self, positions: impl IntoIterator<Item = i16>) -> Self {
        self.draft.by_set_pos = positions.into_iter().collect();
        self
    }

    /// WKST: the first day of a week.
    #[must_use]
    pub fn with_week_start(mut self, weekday: Weekday) -> Self {
        self.draft.week_start = Some(weekday);
        self
    }

    /// RSCALE: the calendar in which the rule counts.
    #[must_use]
    pub fn with_rscale(mut self, rscale: Rscale) -> Self {
        self.draft.rscale = Some(rscale);
        self
    }

    /// SKIP: what happens to dates that do not exist; needs RSCALE.
    #[must_use]
    pub fn with_skip(mut self, skip: Skip) -> Self {
        self.draft.skip = Some(skip);
        self
    }

    /// The rule.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where a value is out of its range or the RFC forbids
    /// the combination.
    pub fn build(self) -> Result<RRule, Error> {
        match self.first_out_of_range() {
            Some(part) => Err(Problem::new(ProblemKind::OutOfRange(part), None).into()),
            None => self.draft.settle_strictly(),
        }
    }

    fn first_out_of_range(&self) -> Option<Part> {
        let draft = &self.draft;
        let gregorian = draft
            .rscale
            .as_ref()
            .is_none_or(Rscale::has_gregorian_months);
        let bytes = |values: &[u8]| values.iter().copied().map(i32::from).collect::<Vec<_>>();
        let small = |values: &[i8]| values.iter().copied().map(i32::from).collect::<Vec<_>>();
        let words = |values: &[i16]| values.iter().copied().map(i32::from).collect::<Vec<_>>();
        let ordinals = draft.by_day.iter().filter_map(|day| day.ordinal());
        let months = draft.by_month.iter().map(|month| i32::from(month.number()));
        let lists = [
            (Part::BySecond, bytes(&draft.by_second)),
            (Part::ByMinute, bytes(&draft.by_minute)),
            (Part::ByHour, bytes(&draft.by_hour)),
            (Part::ByDay, ordinals.map(i32::from).collect()),
            (Part::ByMonthDay, small(&draft.by_month_day)),
            (Part::ByYearDay, words(&draft.by_year_day)),
            (Part::ByWeekNo, small(&draft.by_week_no)),
            (Part::ByMonth, months.collect()),
            (Part::BySetPos, words(&draft.by_set_pos)),
        ];
        if draft.interval == Some(0) {
            return Some(Part::Interval);
        }
        if draft.count == Some(0) {
            return Some(Part::Count);
        }
        if gregorian && draft.by_month.iter().any(|month| month.is_leap()) {
            return Some(Part::ByMonth);
        }
        lists
            .iter()
            .find(|(part, values)| {
                values
                    .iter()
                    .any(|value| !in_range(*part, *value, gregorian))
            })
            .map(|(part, _)| *part)
    }
}
