//! Times of the week as people write them.

use std::str::FromStr;

use cal_core::ZoneRules;
use cal_freebusy::{Preference, TimeOfDay, WorkingHours};
use chrono::Weekday;

const FORM: &str = "hours are written 09:00-17:00, or with days before them: Mon-Fri 09:00-17:00, \
     Sat,Sun 10:00-14:00";

/// A time of the day on some days of the week: `09:00-17:00`, `Mon-Thu
/// 09:00-17:00`, `Mon,Wed 08:00-12:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WeeklyTime {
    /// None if no days are named.
    days: Vec<Weekday>,
    time: TimeOfDay,
}

impl FromStr for WeeklyTime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<WeeklyTime, &'static str> {
        let (days, time) = match text.trim().rsplit_once(' ') {
            Some((days, time)) => (days_of(days).ok_or(FORM)?, time),
            None => (Vec::new(), text),
        };
        let time = time.parse().map_err(|_| FORM)?;
        Ok(WeeklyTime { days, time })
    }
}

/// Days with commas between them, or ranges of days.
fn days_of(text: &str) -> Option<Vec<Weekday>> {
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let first: Weekday = first.trim().parse().ok()?;
        let last: Weekday = last.trim().parse().ok()?;
        let week = std::iter::successors(Some(first), |day| Some(day.succ())).take(7);
        let before_last = week.clone().take_while(|day| *day != last);
        days.extend(before_last.chain([last]));
    }
    Some(days)
}

impl WeeklyTime {
    /// Adds these hours to those of someone; from Monday to Friday if no days
    /// are named.
    fn add_to(&self, hours: WorkingHours) -> WorkingHours {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        let days = match self.days.as_slice() {
            [] => &[Mon, Tue, Wed, Thu, Fri],
            days => days,
        };
        let days = days.iter();
        days.fold(hours, |hours, day| hours.with_hours(*day, self.time))
    }
}

/// Several hours together, on the clock of a zone; none if there are none.
pub(super) fn working_hours<'t>(
    zone: &ZoneRules,
    times: impl IntoIterator<Item = &'t WeeklyTime>,
) -> Option<WorkingHours> {
    let mut times = times.into_iter().peekable();
    times.peek()?;
    let none = WorkingHours::new(zone.clone());
    Some(times.fold(none, |hours, time| time.add_to(hours)))
}

/// A time that is liked or avoided, and why: `Fri 00:00-24:00: often
/// cancelled`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotedTime {
    time: WeeklyTime,
    note: Option<String>,
}

impl FromStr for NotedTime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<NotedTime, &'static str> {
        let (time, note) = match text.split_once(": ") {
            Some((time, note)) => (time, Some(note.trim().to_owned())),
            None => (text, None),
        };
        let time = time.parse()?;
        Ok(NotedTime { time, note })
    }
}

impl NotedTime {
    pub(super) fn liked(&self) -> Preference {
        let note = self.note("within the liked");
        Preference::liking(note, self.time.time).on(&self.time.days)
    }

    pub(super) fn avoided(&self) -> Preference {
        let note = self.note("within the avoided");
        Preference::avoiding(note, self.time.time).on(&self.time.days)
    }

    fn note(&self, otherwise: &str) -> String {
        let time = self.time.time;
        let note = self.note.clone();
        note.unwrap_or_else(|| format!("{otherwise} {time}"))
    }
}
