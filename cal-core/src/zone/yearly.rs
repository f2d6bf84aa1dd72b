//! Onsets that return every year, recognized: the other way round from
//! expanding a rule.

use std::fmt;

use cal_rrule::WeekdayNum;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::changes::Change;
use super::onsets::shifted;

/// Runs of fewer years than this say little about a rule.
const FEW_YEARS: usize = 4;

/// Onsets of one kind that follow no rule are written each by itself up to this
/// number, and beyond it as one list.
const FEW_ONSETS: usize = 4;

/// The last day that a rule counts from the end of the year: such numbers mean
/// the same day in every year only after February.
const LAST_FROM_END: i64 = -306;

/// Changes of one kind that one observance describes: by a yearly rule, or,
/// where there is none, one by one.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// In order, at least one.
    changes: Vec<Change>,
    /// Where they fall, if a rule says it.
    day: Option<Day>,
}

/// Where in its year the change falls, every year.
#[derive(Clone, Copy, Debug)]
struct Day {
    /// `None` where it falls in one of two months.
    month: Option<u32>,
    time: NaiveTime,
    weekday: Option<Weekday>,
    nth: Option<u32>,
    last: bool,
    /// Days of the month.
    earliest: u32,
    latest: u32,
    /// Days of the year counted from its end, which is -1.
    earliest_from_end: i64,
    latest_from_end: i64,
}

impl Run {
    /// Groups changes, which all lie before `horizon`, into runs, each as long
    /// as one rule allows. Many that follow no rule become one list. What
    /// begins at or after `end` is left out.
    pub(super) fn group(
        changes: &[Change],
        horizon: NaiveDateTime,
        end: Option<NaiveDateTime>,
    ) -> Vec<Self> {
        let mut runs: Vec<Self> = Vec::new();
        for change in changes {
            let day = Day::of(change);
            let open = runs.iter_mut().rev().find(|run| run.may_take(change));
            let joined = open.and_then(|run| Some((run.day?.and(&day)?, run)));
            match joined {
                Some((joined, run)) => {
                    run.day = Some(joined);
                    run.changes.push(change.clone());
                }
                None => runs.push(Self {
                    changes: vec![change.clone()],
                    day: Some(day),
                }),
            }
        }
        let before_end = |run: &Self| {
            let first = run.first().map(|first| first.at);
            end.is_none_or(|end| first.is_some_and(|first| first < end))
        };
        runs.retain(before_end);
        Self::list_irregular(runs, horizon, end)
    }

    /// Merges the short runs of a kind, where they are many, into one list.
    fn list_irregular(
        runs: Vec<Self>,
        horizon: NaiveDateTime,
        end: Option<NaiveDateTime>,
    ) -> Vec<Self> {
        let is_short = |run: &Self| run.changes.len() < FEW_YEARS && !run.goes_on(horizon);
        let (short, mut kept): (Vec<Self>, Vec<Self>) = runs.into_iter().partition(is_short);
        let mut kinds: Vec<Vec<Self>> = Vec::new();
        for run in short.into_iter().map(|run| run.before(end)) {
            match kinds
                .iter_mut()
                .find(|kind| kind.iter().any(|own| own.is_like(&run)))
            {
                Some(kind) => kind.push(run),
                None => kinds.push(vec![run]),
            }
        }
        for kind in kinds {
            if kind.len() > FEW_ONSETS {
                let changes = kind.into_iter().flat_map(|run| run.changes).collect();
                kept.push(Self { changes, day: None });
            } else {
                kept.extend(kind);
            }
        }
        kept.sort_by_key(|run| run.first().map(|first| first.at));
        kept
    }

    /// Whether the change is this run's kind, a year after its last.
    fn may_take(&self, change: &Change) -> bool {
        self.last().is_some_and(|last| {
            kind(last) == kind(change) && local(last).0.year() + 1 == local(change).0.year()
        })
    }

    fn is_like(&self, other: &Self) -> bool {
        self.first().map(kind) == other.first().map(kind)
    }

    /// The first change.
    pub(super) fn first(&self) -> Option<&Change> {
        self.changes.first()
    }

    /// The last change.
    pub(super) fn last(&self) -> Option<&Change> {
        self.changes.last()
    }

    /// Whether nothing is seen of an end of this run before the horizon.
    pub(super) fn goes_on(&self, horizon: NaiveDateTime) -> bool {
        let last = self.last().map(|last| last.at);
        last.is_some_and(|last| shifted(last, 366 * 86_400) > horizon)
    }

    /// The value of the RRULE without its UNTIL, if more than one change was
    /// seen and a rule describes them.
    pub(super) fn rule(&self) -> Option<impl fmt::Display> {
        self.day.filter(|_| self.changes.len() > 1)
    }

    /// The changes after the first, as far as no rule says them, on the wall
    /// clock before each.
    pub(super) fn dates(&self) -> impl Iterator<Item = NaiveDateTime> {
        let listed = self.changes.iter().skip(1).filter(|_| self.day.is_none());
        listed.map(|change| shifted(change.at, i64::from(change.from)))
    }

    /// Without the changes at and after an instant.
    fn before(mut self, end: Option<NaiveDateTime>) -> Self {
        let before_end = |change: &Change| end.is_none_or(|end| change.at < end);
        self.changes.retain(before_end);
        self
    }
}

impl Day {
    fn of(change: &Change) -> Self {
        let (date, time) = local(change);
        let week_later = date.checked_add_days(Days::new(7));
        let new_year = NaiveDate::from_ymd_opt(date.year() + 1, 1, 1);
        let from_end = new_year.map_or(i64::MIN, |next| (date - next).num_days());
        Self {
            month: Some(date.month()),
            time,
            weekday: Some(date.weekday()),
            nth: Some(date.day0() / 7 + 1),
            last: week_later.is_none_or(|later| later.month() != date.month()),
            earliest: date.day(),
            latest: date.day(),
            earliest_from_end: from_end,
            latest_from_end: from_end,
        }
    }

    /// What describes both days, if anything does.
    fn and(&self, other: &Self) -> Option<Self> {
        if self.time != other.time {
            return None;
        }
        let joined = Self {
            month: self.month.filter(|month| other.month == Some(*month)),
            weekday: self.weekday.filter(|day| other.weekday == Some(*day)),
            nth: self.nth.filter(|nth| other.nth == Some(*nth)),
            last: self.last && other.last,
            earliest: self.earliest.min(other.earliest),
            latest: self.latest.max(other.latest),
            earliest_from_end: self.earliest_from_end.min(other.earliest_from_end),
            latest_from_end: self.latest_from_end.max(other.latest_from_end),
            ..*self
        };
        let (earliest, latest) = (joined.earliest_from_end, joined.latest_from_end);
        let fits = if joined.month.is_some() {
            let one_date = joined.earliest == joined.latest;
            one_date || (joined.weekday.is_some() && joined.latest - joined.earliest < 7)
        } else {
            joined.weekday.is_some() && earliest >= LAST_FROM_END && latest - earliest < 7
        };
        fits.then_some(joined)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weekday = self.weekday.map(|day| WeekdayNum::every(day).to_string());
        let Some(month) = self.month else {
            let first = self.latest_from_end - 6;
            write!(f, "FREQ=YEARLY;BYDAY={}", weekday.unwrap_or_default())?;
            write!(f, ";BYYEARDAY={first}")?;
            return (first + 1..=self.latest_from_end).try_for_each(|day| write!(f, ",{day}"));
        };
        write!(f, "FREQ=YEARLY;BYMONTH={month}")?;
        match (weekday, self.nth) {
            (Some(day), _) if self.last => write!(f, ";BYDAY=-1{day}"),
            (Some(day), Some(nth)) => write!(f, ";BYDAY={nth}{day}"),
            (Some(day), None) => {
                write!(f, ";BYDAY={day};BYMONTHDAY={}", self.earliest)?;
                (self.earliest + 1..self.earliest + 7).try_for_each(|date| write!(f, ",{date}"))
            }
            (None, _) => write!(f, ";BYMONTHDAY={}", self.earliest),
        }
    }
}

/// What the changes of one observance have in common.
fn kind(change: &Change) -> (i32, i32, bool) {
    (change.from, change.to, change.daylight)
}

/// Date and time on the wall in the moment before the change.
fn local(change: &Change) -> (NaiveDate, NaiveTime) {
    let local = shifted(change.at, i64::from(change.from));
    (local.date(), local.time())
}
