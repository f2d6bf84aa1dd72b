//! Onsets that return every year, recognized: the other way round from
//! expanding a rule.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

use super::changes::Change;
use super::onsets::shifted;

/// Consecutive years whose changes one yearly rule describes.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// The first change.
    pub(super) first: Change,
    /// The last change.
    pub(super) last: Change,
    day: Day,
    years: u32,
}

/// Where in its month the change falls, every year.
#[derive(Clone, Copy, Debug)]
struct Day {
    month: u32,
    time: NaiveTime,
    weekday: Option<Weekday>,
    nth: Option<u32>,
    last: bool,
    earliest: u32,
    latest: u32,
}

impl Run {
    /// Groups changes into runs, each as long as one rule allows.
    pub(super) fn group(changes: &[Change]) -> Vec<Self> {
        let mut runs: Vec<Self> = Vec::new();
        for change in changes {
            let day = Day::of(change);
            let open = runs.iter_mut().rev().find(|run| run.may_take(change));
            match open.map(|run| (run.day.and(&day), run)) {
                Some((Some(joined), run)) => {
                    run.day = joined;
                    run.last = change.clone();
                    run.years += 1;
                }
                _ => runs.push(Self {
                    first: change.clone(),
                    last: change.clone(),
                    day,
                    years: 1,
                }),
            }
        }
        runs
    }

    /// Whether the change is this run's kind, a year after its last.
    fn may_take(&self, change: &Change) -> bool {
        let last = &self.last;
        (last.from, last.to, last.daylight) == (change.from, change.to, change.daylight)
            && local(last).0.year() + 1 == local(change).0.year()
    }

    /// The value of the RRULE without its UNTIL, if more than one change was seen.
    pub(super) fn rule(&self) -> Option<impl fmt::Display> {
        (self.years > 1).then_some(self.day)
    }
}

impl Day {
    fn of(change: &Change) -> Self {
        let (date, time) = local(change);
        let week_later = date.checked_add_days(Days::new(7));
        Self {
            month: date.month(),
            time,
            weekday: Some(date.weekday()),
            nth: Some(date.day0() / 7 + 1),
            last: week_later.is_none_or(|later| later.month() != date.month()),
            earliest: date.day(),
            latest: date.day(),
        }
    }

    /// What describes both days, if anything does.
    fn and(&self, other: &Self) -> Option<Self> {
        if (self.month, self.time) != (other.month, other.time) {
            return None;
        }
        let joined = Self {
            weekday: self.weekday.filter(|day| other.weekday == Some(*day)),
            nth: self.nth.filter(|nth| other.nth == Some(*nth)),
            last: self.last && other.last,
            earliest: self.earliest.min(other.earliest),
            latest: self.latest.max(other.latest),
            ..*self
        };
        let one_date = joined.earliest == joined.latest;
        let one_week = joined.weekday.is_some() && joined.latest - joined.earliest < 7;
        (one_date || one_week).then_some(joined)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ=YEARLY;BYMONTH={}", self.month)?;
        match (self.weekday.map(code), self.nth) {
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

/// Date and time on the wall in the moment before the change.
fn local(change: &Change) -> (NaiveDate, NaiveTime) {
    let local = shifted(change.at, i64::from(change.from));
    (local.date(), local.time())
}

fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}
