//! What a week is like: meetings, focus blocks, and what breaks them up.

use std::collections::HashMap;

use cal_core::Event;
use chrono::TimeDelta;

use crate::disjoint::{covered, gaps, joined};
use crate::{Error, Interval, Schedule, WorkingHours};

/// A week, or any other window, in the working hours of the owner of some
/// calendars. For them only: it names events.
///
/// ```
/// use cal_core::Calendar;
/// use cal_freebusy::{Schedule, WorkingHours};
/// use chrono::Duration;
/// use chrono_tz::Europe::Berlin;
///
/// let calendar = Calendar::read(
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Standup\nRRULE:FREQ=DAILY\n\
///      DTSTART;TZID=Europe/Berlin:20260302T110000\nDURATION:PT30M\nEND:VEVENT\nEND:VCALENDAR\n",
/// ).calendar;
/// let hours = WorkingHours::weekdays(Berlin, "09:00-17:00".parse()?);
/// let report = Schedule::new(Berlin)
///     .with_calendar(&calendar)
///     .report(&"20260302T000000Z/P7D".parse()?, &hours)?;
/// assert_eq!(report.focus.len(), 10); // 09:00-11:00 and 11:30-17:00, five times
/// assert_eq!(report.series[0].summary.as_deref(), Some("Standup"));
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WeekReport {
    /// How many meetings take time: events that are not whole days.
    pub meetings: usize,
    /// How long all of them are together.
    pub meeting_time: TimeDelta,
    /// The same, each meeting counted for everyone who is in it.
    pub people_time: TimeDelta,
    /// How much meeting time is outside of the hours.
    pub outside_hours: TimeDelta,
    /// How many meetings start less than [`BREAK`](Self::BREAK) after another
    /// ends.
    pub back_to_back: usize,
    /// How many meetings start while another lasts.
    pub double_booked: usize,
    /// How much of the working hours is free.
    pub free: TimeDelta,
    /// The free pieces of at least [`FOCUS`](Self::FOCUS) within working hours.
    pub focus: Vec<Interval>,
    /// What part of the free time is in pieces too short for focus, from 0 to 1.
    pub fragmentation: f64,
    /// The series, those that cost most focus first.
    pub series: Vec<SeriesReport>,
}

/// What a series of meetings costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesReport {
    /// The UID of the series.
    pub uid: String,
    /// What it is called.
    pub summary: Option<String>,
    /// How many meetings of it there are.
    pub meetings: usize,
    /// How long these are together.
    pub time: TimeDelta,
    /// How much more time there would be in focus blocks without it, less the
    /// time of the meetings themselves: what it breaks up.
    pub broken_up: TimeDelta,
}

struct Meeting {
    interval: Interval,
    uid: String,
    summary: Option<String>,
    people: i32,
    is_recurring: bool,
    is_all_day: bool,
}

impl WeekReport {
    /// How long a free time is to be one for focus.
    pub const FOCUS: TimeDelta = TimeDelta::hours(2);
    /// How much time makes a break between two meetings.
    pub const BREAK: TimeDelta = TimeDelta::minutes(5);
    /// How many meetings may be reported on.
    pub const MAX_MEETINGS: usize = 5_000;
    /// How many series are told.
    pub const MAX_SERIES: usize = 50;
}

impl Schedule<'_> {
    /// What the working hours within `window` are like.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyEvents`] beyond
    /// [`MAX_MEETINGS`](WeekReport::MAX_MEETINGS); [`Error::WindowTooLong`] for a
    /// window of more than ten years.
    pub fn report(&self, window: &Interval, hours: &WorkingHours) -> Result<WeekReport, Error> {
        let open = hours.open(window)?;
        let mut all = self.meetings(window)?;
        all.sort_by_key(|meeting| meeting.interval);
        let taken = free(&open, window, all.iter());
        let focus: Vec<Interval> = long(&taken).collect();
        let (free, focused) = (sum(&taken), sum(&focus));
        let meetings: Vec<&Meeting> = all.iter().filter(|meeting| !meeting.is_all_day).collect();
        let mut report = WeekReport {
            meetings: meetings.len(),
            meeting_time: TimeDelta::zero(),
            people_time: TimeDelta::zero(),
            outside_hours: TimeDelta::zero(),
            back_to_back: 0,
            double_booked: 0,
            free,
            focus,
            fragmentation: part(free - focused, free),
            series: series(&open, window, &all),
        };
        let mut ended = None;
        for meeting in meetings {
            let length = meeting.interval.length();
            report.meeting_time += length;
            let together = length.checked_mul(meeting.people);
            let together = together.and_then(|time| report.people_time.checked_add(&time));
            report.people_time = together.unwrap_or(TimeDelta::MAX);
            report.outside_hours += length - covered(&open, &meeting.interval);
            if let Some(ended) = ended {
                let gap = meeting.interval.start() - ended;
                if gap < TimeDelta::zero() {
                    report.double_booked += 1;
                } else if gap < WeekReport::BREAK {
                    report.back_to_back += 1;
                }
            }
            ended = ended.max(Some(meeting.interval.end()));
        }
        Ok(report)
    }

    /// What takes time within the window, each cut there.
    fn meetings(&self, window: &Interval) -> Result<Vec<Meeting>, Error> {
        let mut meetings = Vec::new();
        let mut count = 0;
        for source in &self.calendars {
            let expansion = self.owner.expansion(source);
            (self.owner).judged(&expansion, source.transparency, window, |judged| {
                let Ok((occurrence, Ok(_))) = judged else {
                    return;
                };
                let interval = Interval::new(occurrence.start_utc(), occurrence.end_utc());
                let (Some(interval), Some(event)) = (
                    interval.intersection(window),
                    Event::of(occurrence.component()),
                ) else {
                    return;
                };
                count += 1;
                if count > WeekReport::MAX_MEETINGS {
                    return;
                }
                meetings.push(Meeting {
                    interval,
                    uid: occurrence.uid().to_owned(),
                    summary: event.summary().map(std::borrow::Cow::into_owned),
                    people: i32::try_from(event.attendees().count())
                        .unwrap_or(i32::MAX)
                        .clamp(1, 100_000),
                    is_recurring: occurrence.recurrence_id().is_some(),
                    is_all_day: occurrence.is_all_day(),
                });
            });
        }
        if count > WeekReport::MAX_MEETINGS {
            return Err(Error::TooManyEvents {
                most: WeekReport::MAX_MEETINGS,
            });
        }
        Ok(meetings)
    }
}

/// What the meetings leave of the open times.
fn free<'m>(
    open: &[Interval],
    window: &Interval,
    meetings: impl Iterator<Item = &'m Meeting>,
) -> Vec<Interval> {
    let taken = joined(meetings.map(|meeting| meeting.interval).collect(), window);
    let gaps = gaps(&taken, window);
    let mut free = Vec::new();
    for open in open {
        let next = gaps.partition_point(|gap| gap.end() <= open.start());
        let shared = gaps
            .iter()
            .skip(next)
            .map_while(|gap| gap.intersection(open));
        free.extend(shared);
    }
    free
}

fn long(free: &[Interval]) -> impl Iterator<Item = Interval> {
    free.iter()
        .copied()
        .filter(|free| free.length() >= WeekReport::FOCUS)
}

fn sum(intervals: &[Interval]) -> TimeDelta {
    let lengths = intervals.iter().map(Interval::length);
    lengths.fold(TimeDelta::zero(), |sum, length| sum + length)
}

fn part(part: TimeDelta, whole: TimeDelta) -> f64 {
    if whole > TimeDelta::zero() {
        part.as_seconds_f64() / whole.as_seconds_f64()
    } else {
        0.0
    }
}

/// Each series that takes time, and what it breaks up: compared with the same
/// window without it. Of very many only those that take most time.
fn series(open: &[Interval], window: &Interval, all: &[Meeting]) -> Vec<SeriesReport> {
    let mut found: HashMap<&str, SeriesReport> = HashMap::new();
    for meeting in all.iter().filter(|meeting| meeting.is_recurring) {
        let series = found.entry(&meeting.uid).or_insert_with(|| SeriesReport {
            uid: meeting.uid.clone(),
            summary: meeting.summary.clone(),
            meetings: 0,
            time: TimeDelta::zero(),
            broken_up: TimeDelta::zero(),
        });
        series.meetings += 1;
        series.time += meeting.interval.length();
    }
    let mut told: Vec<SeriesReport> = found.into_values().collect();
    told.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.uid.cmp(&b.uid)));
    told.truncate(WeekReport::MAX_SERIES);
    let focused = |free: Vec<Interval>| sum(&long(&free).collect::<Vec<_>>());
    let with_all = free(open, window, all.iter());
    let (free_with, focus_with) = (sum(&with_all), focused(with_all));
    for series in &mut told {
        let others = || all.iter().filter(|meeting| meeting.uid != series.uid);
        let without = free(open, window, others());
        let freed = sum(&without) - free_with;
        series.broken_up = (focused(without) - focus_with - freed).max(TimeDelta::zero());
    }
    told.sort_by_key(|series| std::cmp::Reverse(series.broken_up));
    told
}
