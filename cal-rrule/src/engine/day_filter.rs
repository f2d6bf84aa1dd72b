//! Which days of a year a rule's BYMONTH, BYMONTHDAY, BYYEARDAY and BYDAY
//! leave, whatever its interval (RFC 5545 3.3.10, RFC 7529 4.1).

use crate::Skip;
use crate::engine::day_set::DaySet;
#[cfg(feature = "rscale")]
use crate::engine::rscale::CalendarDays;
use crate::engine::stride::CYCLE_DAYS;
use crate::engine::year::Year;

/// All months: bits 1 to 12.
pub(crate) const ALL_MONTHS: u16 = 0x1ffe;
/// All weekdays, Monday in bit 0.
pub(crate) const ALL_WEEKDAYS: u8 = 0x7f;

/// The span in which a BYDAY ordinal counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrdinalScope {
    Month,
    Year,
}

/// The conditions on a day. An absent condition is `None` or all ones.
#[derive(Clone, Debug)]
pub(crate) struct DayFilter {
    pub(crate) months: u16,
    pub(crate) month_days: Option<MonthDays>,
    pub(crate) year_days: Option<YearDays>,
    /// Plain weekdays; all of them where there is no BYDAY.
    pub(crate) weekdays: u8,
    /// The nth weekday, negative from the end; in addition to the plain ones.
    pub(crate) ordinals: Vec<(i8, u8)>,
    pub(crate) scope: OrdinalScope,
    pub(crate) skip: Skip,
}

/// Days of the month: bit d for day d, and for the dth from the end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MonthDays {
    pub(crate) from_start: u64,
    pub(crate) from_end: u64,
}

/// Days of the year: bit d - 1 for day d, and for the dth from the end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct YearDays {
    pub(crate) from_start: DaySet,
    pub(crate) from_end: DaySet,
}

impl DayFilter {
    /// No condition at all.
    #[cfg(feature = "rscale")]
    pub(crate) const ALL: Self = Self {
        months: ALL_MONTHS,
        month_days: None,
        year_days: None,
        weekdays: ALL_WEEKDAYS,
        ordinals: Vec::new(),
        scope: OrdinalScope::Year,
        skip: Skip::Omit,
    };

    /// The days of a year that pass, where only some months are wanted.
    pub(crate) fn days(&self, year: Year, wanted: u16) -> DaySet {
        let months = self.months & wanted;
        let mut days = match &self.month_days {
            None => month_ranges(year, months),
            Some(month_days) => self.month_days(year, months, *month_days),
        };
        if let Some(year_days) = &self.year_days {
            days = days & self.year_days(year, year_days);
        }
        days & self.weekdays(year)
    }

    /// A day of a neighbouring year to which SKIP moves a BYYEARDAY of this
    /// one.
    pub(crate) fn overflow(&self, year: Year) -> Option<i32> {
        let year_days = self.year_days.as_ref().filter(|_| !year.leap)?;
        // The missing day would be in the last month, or in the first if counted
        // from the end.
        let (day, month) = match self.skip {
            Skip::Forward if year_days.from_start.contains(365) => (year.last() + 1, 12),
            Skip::Backward if year_days.from_end.contains(365) => (year.first - 1, 1),
            _ => return None,
        };
        if self.months >> month & 1 == 0 {
            return None;
        }
        let neighbour = Year::containing(day);
        let allowed = self.weekdays(neighbour);
        (self.month_days.is_none() && allowed.contains(neighbour.ordinal(day))).then_some(day)
    }

    fn month_days(&self, year: Year, months: u16, days: MonthDays) -> DaySet {
        let mut set = DaySet::EMPTY;
        for month in (1..=12).filter(|month| months >> month & 1 == 1) {
            let start = year.month_start(month);
            let length = year.month_length(month);
            for day in (1..=31).filter(|day| days.from_start >> day & 1 == 1) {
                match self.skip {
                    _ if day <= length => set.insert(start + day - 1),
                    Skip::Omit => {}
                    Skip::Backward => set.insert(start + length - 1),
                    Skip::Forward => set.insert(start + length),
                }
            }
            for day in (1..=31).filter(|day| days.from_end >> day & 1 == 1) {
                match self.skip {
                    _ if day <= length => set.insert(start + length - day),
                    Skip::Omit => {}
                    // January is never too short, so there is a day before.
                    Skip::Backward => set.insert(start.saturating_sub(1)),
                    Skip::Forward => set.insert(start),
                }
            }
        }
        set
    }

    fn year_days(&self, year: Year, days: &YearDays) -> DaySet {
        let length = year.length();
        let mut set = days.from_start & DaySet::full(length);
        let mut next = 0;
        while let Some(day) = days.from_end.at_or_after(next).filter(|day| *day < length) {
            set.insert(length - 1 - day);
            next = day + 1;
        }
        if !year.leap && self.month_days.is_none() {
            match self.skip {
                Skip::Backward if days.from_start.contains(365) => set.insert(length - 1),
                Skip::Forward if days.from_end.contains(365) => set.insert(0),
                _ => {}
            }
        }
        set
    }

    fn weekdays(&self, year: Year) -> DaySet {
        let plain = if self.weekdays == ALL_WEEKDAYS {
            DaySet::full(year.length())
        } else {
            DaySet::weekdays(self.weekdays, year.weekday) & DaySet::full(year.length())
        };
        if self.ordinals.is_empty() {
            return plain;
        }
        let mut set = plain;
        for &(ordinal, weekday) in &self.ordinals {
            match self.scope {
                OrdinalScope::Year => {
                    insert_nth(
                        &mut set,
                        (0, year.length()),
                        ordinal,
                        (weekday, year.weekday),
                    );
                }
                OrdinalScope::Month => {
                    for month in 1..=12 {
                        let start = year.month_start(month);
                        let first = (u16::from(year.weekday) + start) % 7;
                        let first = u8::try_from(first).unwrap_or(0);
                        let span = (start, year.month_length(month));
                        insert_nth(&mut set, span, ordinal, (weekday, first));
                    }
                }
            }
        }
        set
    }
}

/// Inserts the nth weekday of a span that starts on the weekday `first`.
fn insert_nth(set: &mut DaySet, span: (u16, u16), ordinal: i8, (weekday, first): (u8, u8)) {
    let (start, length) = span;
    let steps = u16::from(ordinal.unsigned_abs().saturating_sub(1)) * 7;
    let from_start = u16::from((weekday + 7 - first) % 7);
    if ordinal > 0 {
        let day = from_start + steps;
        if day < length {
            set.insert(start + day);
        }
    } else {
        let last = from_start + (length - 1 - from_start) / 7 * 7;
        if let Some(day) = last.checked_sub(steps) {
            set.insert(start + day);
        }
    }
}

fn month_ranges(year: Year, months: u16) -> DaySet {
    if months == ALL_MONTHS {
        return DaySet::full(year.length());
    }
    let mut set = DaySet::EMPTY;
    for month in (1..=12).filter(|month| months >> month & 1 == 1) {
        set.insert_range(year.month_start(month), year.month_length(month));
    }
    set
}

/// The days that a filter leaves in each of the fourteen shapes of a year.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    /// Every day.
    All,
    /// These weekdays.
    Weekdays(u8),
    /// Worked out for each shape of a year.
    Table(Box<[DaySet; 14]>),
    /// The days of another calendar, worked out for each year.
    #[cfg(feature = "rscale")]
    Calendar(Box<CalendarDays>),
}

impl Pattern {
    pub(crate) fn of(filter: &DayFilter) -> Self {
        let plain = filter.months == ALL_MONTHS
            && filter.month_days.is_none()
            && filter.year_days.is_none()
            && filter.ordinals.is_empty();
        match (plain, filter.weekdays) {
            (true, ALL_WEEKDAYS) => Self::All,
            (true, weekdays) => Self::Weekdays(weekdays),
            (false, _) => {
                let mut table = Box::new([DaySet::EMPTY; 14]);
                for (days, shape) in table.iter_mut().zip(0..) {
                    *days = filter.days(Year::shaped(shape), ALL_MONTHS);
                }
                Self::Table(table)
            }
        }
    }

    pub(crate) fn days(&self, year: Year) -> DaySet {
        match self {
            Self::All => DaySet::full(year.length()),
            Self::Weekdays(weekdays) => {
                DaySet::weekdays(*weekdays, year.weekday) & DaySet::full(year.length())
            }
            Self::Table(table) => table.get(year.shape()).copied().unwrap_or_default(),
            #[cfg(feature = "rscale")]
            Self::Calendar(days) => days.days(year),
        }
    }

    /// After how many days the pattern repeats.
    pub(crate) const fn days_in_cycle(&self) -> u64 {
        match self {
            Self::All => 1,
            Self::Weekdays(_) => 7,
            Self::Table(_) => CYCLE_DAYS,
            // Later than anyone can ask.
            #[cfg(feature = "rscale")]
            Self::Calendar(_) => 4_000_000,
        }
    }

    /// Whether no year has such a day.
    pub(crate) fn is_never(&self) -> bool {
        match self {
            Self::All => false,
            Self::Weekdays(weekdays) => *weekdays == 0,
            Self::Table(table) => table.iter().all(DaySet::is_empty),
            #[cfg(feature = "rscale")]
            Self::Calendar(days) => !days.filter.can_match(),
        }
    }
}
