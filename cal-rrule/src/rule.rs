//! The recurrence rule (RFC 5545 3.3.10, RFC 7529 4).

use chrono::Weekday;

use crate::{Builder, Frequency, Month, Rscale, Skip, WeekdayNum, When};

/// A recurrence rule: when something repeats, without saying when it starts.
///
/// A rule is parsed with [`str::parse`], which refuses what the RFC forbids,
/// or with [`RRule::parse_lenient`], which reads what it can. It prints in
/// canonical form: parts in a fixed order, lists sorted without duplicates,
/// defaults left out. Two rules are equal when they say the same.
///
/// ```
/// use cal_rrule::RRule;
///
/// let rule: RRule = "freq=monthly;wkst=MO;byday=-1FR,2TU;interval=1".parse()?;
/// assert_eq!(rule.to_string(), "FREQ=MONTHLY;BYDAY=2TU,-1FR");
/// # Ok::<(), cal_rrule::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RRule {
    pub(crate) frequency: Frequency,
    pub(crate) interval: u32,
    pub(crate) count: Option<u64>,
    pub(crate) until: Option<When>,
    pub(crate) by_second: Vec<u8>,
    pub(crate) by_minute: Vec<u8>,
    pub(crate) by_hour: Vec<u8>,
    pub(crate) by_day: Vec<WeekdayNum>,
    pub(crate) by_month_day: Vec<i8>,
    pub(crate) by_year_day: Vec<i16>,
    pub(crate) by_week_no: Vec<i8>,
    pub(crate) by_month: Vec<Month>,
    pub(crate) by_set_pos: Vec<i16>,
    pub(crate) week_start: Weekday,
    pub(crate) rscale: Option<Rscale>,
    pub(crate) skip: Skip,
}

impl RRule {
    /// Starts a rule of a frequency; see [`Builder`].
    #[must_use]
    pub fn builder(frequency: Frequency) -> Builder {
        Builder::new(frequency)
    }

    /// FREQ.
    #[must_use]
    pub const fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// INTERVAL, at least 1.
    #[must_use]
    pub const fn interval(&self) -> u32 {
        self.interval
    }

    /// COUNT: how many occurrences the rule has, at most.
    #[must_use]
    pub const fn count(&self) -> Option<u64> {
        self.count
    }

    /// UNTIL: the inclusive end.
    #[must_use]
    pub const fn until(&self) -> Option<When> {
        self.until
    }

    /// BYSECOND, 0 to 60, ascending.
    #[must_use]
    pub fn by_second(&self) -> &[u8] {
        &self.by_second
    }

    /// BYMINUTE, 0 to 59, ascending.
    #[must_use]
    pub fn by_minute(&self) -> &[u8] {
        &self.by_minute
    }

    /// BYHOUR, 0 to 23, ascending.
    #[must_use]
    pub fn by_hour(&self) -> &[u8] {
        &self.by_hour
    }

    /// BYDAY: plain weekdays, then the first, second, ..., last.
    #[must_use]
    pub fn by_day(&self) -> &[WeekdayNum] {
        &self.by_day
    }

    /// BYMONTHDAY, 1 to 31 and then -1 to -31.
    #[must_use]
    pub fn by_month_day(&self) -> &[i8] {
        &self.by_month_day
    }

    /// BYYEARDAY, 1 to 366 and then -1 to -366.
    #[must_use]
    pub fn by_year_day(&self) -> &[i16] {
        &self.by_year_day
    }

    /// BYWEEKNO, 1 to 53 and then -1 to -53.
    #[must_use]
    pub fn by_week_no(&self) -> &[i8] {
        &self.by_week_no
    }

    /// BYMONTH, ascending.
    #[must_use]
    pub fn by_month(&self) -> &[Month] {
        &self.by_month
    }

    /// BYSETPOS, 1 to 366 and then -1 to -366.
    #[must_use]
    pub fn by_set_pos(&self) -> &[i16] {
        &self.by_set_pos
    }

    /// WKST: the first day of a week, Monday unless said otherwise.
    #[must_use]
    pub const fn week_start(&self) -> Weekday {
        self.week_start
    }

    /// RSCALE: the calendar of the rule, Gregorian where absent.
    #[must_use]
    pub const fn rscale(&self) -> Option<&Rscale> {
        self.rscale.as_ref()
    }

    /// SKIP: what happens to dates that do not exist.
    #[must_use]
    pub const fn skip(&self) -> Skip {
        self.skip
    }

    /// Whether the rule says itself that it ends, by COUNT or UNTIL.
    #[must_use]
    pub const fn is_bounded(&self) -> bool {
        self.count.is_some() || self.until.is_some()
    }

    /// Whether the rule counts in months of the Gregorian calendar.
    pub(crate) fn is_gregorian(&self) -> bool {
        self.rscale
            .as_ref()
            .is_none_or(Rscale::has_gregorian_months)
    }

    /// The rule without COUNT and UNTIL.
    #[must_use]
    pub fn without_bound(mut self) -> Self {
        self.count = None;
        self.until = None;
        self
    }

    /// The rule ending at `until`, without COUNT.
    #[must_use]
    pub fn with_until(mut self, until: When) -> Self {
        self.count = None;
        self.until = Some(until);
        self
    }

    /// The rule with at most `count` occurrences, without UNTIL.
    #[must_use]
    pub fn with_count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self.until = None;
        self
    }
}
