//! When things are on, and nothing else of them: for whoever adds up time.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use cal_rrule::Timestamps;
use chrono::{DateTime, Utc};

use super::base::Base;
use super::plain::{Ends, PlainTimes};
use super::plan::{Placed, Plan};
use super::series::{Master, Series};
use super::walk::Walk;
use crate::{Component, ComponentKind, Error, Expansion, Object, PropertyKind, Window};

/// From when to when one occurrence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OccurrenceTime<'a> {
    component: Component<'a>,
    /// Seconds since 1970, UTC.
    start: i64,
    end: i64,
}

impl<'a> OccurrenceTime<'a> {
    /// What says so, as of [`Occurrence::component`](crate::Occurrence::component).
    #[must_use]
    #[inline]
    pub fn component(&self) -> Component<'a> {
        self.component
    }

    /// The instant at which it begins.
    #[must_use]
    pub fn start_utc(&self) -> DateTime<Utc> {
        instant(self.start)
    }

    /// The instant at which it ends, exclusively; not before the start.
    #[must_use]
    pub fn end_utc(&self) -> DateTime<Utc> {
        instant(self.end)
    }

    /// Both in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    #[inline]
    pub fn seconds(&self) -> Range<i64> {
        self.start..self.end
    }

    fn new(component: Component<'a>, seconds: &Range<i64>) -> Self {
        Self {
            component,
            start: seconds.start,
            end: seconds.end,
        }
    }
}

/// Up to the last instant that there is.
fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Occurrences of one component: all those of a plain series, any other alone.
#[derive(Debug)]
pub struct OccurrenceRun<'r, 'a> {
    component: Component<'a>,
    times: Times<'r>,
}

#[derive(Debug)]
enum Times<'r> {
    One(Range<i64>),
    Series(SeriesTimes<'r>),
}

/// The instances of a series that all last the same.
#[derive(Debug)]
struct SeriesTimes<'r> {
    starts: &'r mut Timestamps,
    length: i64,
    window: &'r Seconds<'r>,
    uid: &'r str,
    /// How many there may be.
    limit: usize,
}

impl<'a> OccurrenceRun<'_, 'a> {
    /// What says so, as of [`Occurrence::component`](crate::Occurrence::component).
    #[must_use]
    pub fn component(&self) -> Component<'a> {
        self.component
    }

    /// From when to when each is, in order, in seconds since
    /// 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// The limit that was reached, after all that come before it.
    #[inline]
    pub fn for_each_seconds(self, mut each: impl FnMut(Range<i64>)) -> Result<(), Error> {
        match self.times {
            Times::One(seconds) => {
                each(seconds);
                Ok(())
            }
            Times::Series(series) => series.for_each(each),
        }
    }

    fn one(component: Component<'a>, seconds: Range<i64>) -> Self {
        Self {
            component,
            times: Times::One(seconds),
        }
    }

    fn of(plan: &Plan<'a>, placed: &Placed) -> Self {
        let (start, end) = (placed.start.and_utc(), placed.end.and_utc());
        Self::one(plan.component, start.timestamp()..end.timestamp())
    }
}

impl SeriesTimes<'_> {
    #[inline]
    fn for_each(self, mut each: impl FnMut(Range<i64>)) -> Result<(), Error> {
        let (length, window) = (self.length, self.window);
        let mut left = self.limit;
        let mut is_over = false;
        let ended = self.starts.walk(|start| {
            let end = start.saturating_add(length);
            if window.overlaps(start, end) {
                // One more than the limit is an error.
                let Some(fewer) = left.checked_sub(1) else {
                    is_over = true;
                    return ControlFlow::Break(());
                };
                left = fewer;
                each(start..end);
            }
            ControlFlow::Continue(())
        });
        match ended {
            Ok(()) if is_over => Err(over_limit(self.uid, self.limit)),
            Ok(()) => Ok(()),
            Err(source) => Err(stopped(self.uid, source)),
        }
    }
}

#[cold]
fn stopped(uid: &str, source: cal_rrule::Error) -> Error {
    Error::Recurrence {
        uid: uid.into(),
        source,
    }
}

#[cold]
fn over_limit(uid: &str, limit: usize) -> Error {
    Error::OccurrenceLimit {
        uid: uid.into(),
        limit,
    }
}

impl<'a> Expansion<'a> {
    /// Tells when everything in the window is: the items of
    /// [`Expansion::occurrences`] in their order, each as a mere stretch of
    /// time. Costs a fraction, and warns of nothing.
    ///
    /// ```
    /// use cal_core::{Calendar, Expansion, Window};
    ///
    /// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\n\
    ///     DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5\nEND:VEVENT\nEND:VCALENDAR\n";
    /// let calendar = Calendar::read(text).calendar;
    /// let mut hours = 0;
    /// Expansion::of(&calendar).for_each_time(&Window::ALL, |found| {
    ///     hours += found.map_or(0, |time| (time.end_utc() - time.start_utc()).num_hours());
    /// });
    /// assert_eq!(hours, 5);
    /// ```
    pub fn for_each_time(
        &self,
        window: &Window,
        mut each: impl FnMut(Result<OccurrenceTime<'a>, Error>),
    ) {
        self.for_each_run(window, |run| {
            let ended = run.and_then(|run| {
                let component = run.component();
                run.for_each_seconds(|seconds| each(Ok(OccurrenceTime::new(component, &seconds))))
            });
            if let Err(error) = ended {
                each(Err(error));
            }
        });
    }

    /// The same with what belongs together told at once: for whoever asks
    /// something of each component, and not of each of its occurrences.
    ///
    /// ```
    /// use cal_core::{Calendar, Expansion, Window};
    ///
    /// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\n\
    ///     DURATION:PT1H\nSUMMARY:Choir\nRRULE:FREQ=WEEKLY;COUNT=5\nEND:VEVENT\nEND:VCALENDAR\n";
    /// let calendar = Calendar::read(text).calendar;
    /// let mut told = Vec::new();
    /// Expansion::of(&calendar).for_each_run(&Window::ALL, |run| {
    ///     let Ok(run) = run else { return };
    ///     let (mut seconds, summary) = (0, run.component().summary());
    ///     let whole = run.for_each_seconds(|time| seconds += time.end - time.start);
    ///     told.push((summary.unwrap_or_default(), seconds / 3600, whole.is_ok()));
    /// });
    /// assert_eq!(told, [("Choir".into(), 5, true)]);
    /// ```
    pub fn for_each_run(
        &self,
        window: &Window,
        mut each: impl FnMut(Result<OccurrenceRun<'_, 'a>, Error>),
    ) {
        let nobody: Arc<str> = "".into();
        let mut plain = PlainTimes::new(self.clock());
        let seconds = Seconds::of(window);
        for object in self.calendar.objects() {
            let lone = lone(&object).filter(|_| self.limit > 0);
            let Some((component, ends)) = lone else {
                self.series(&object, window, &mut each);
                continue;
            };
            if let Some(time) = ends.and_then(|ends| plain.read(&ends)) {
                if seconds.overlaps(time.start, time.end) {
                    each(Ok(OccurrenceRun::one(component, time)));
                }
                continue;
            }
            match Plan::read(component, &nobody, self.clock()) {
                Ok(Some(plan)) => single(&plan, window, &mut each),
                Ok(None) => {}
                Err(error) => each(Err(error)),
            }
        }
    }

    /// The same for one object that may be more than a single event.
    fn series(
        &self,
        object: &Object<'a>,
        window: &Window,
        mut each: impl FnMut(Result<OccurrenceRun<'_, 'a>, Error>),
    ) {
        let mut series = Series::read(object, self.clock());
        let Some(master) = unmixed(&series).cloned() else {
            for found in Walk::new(series, window, self.limit) {
                each(found.map(|found| OccurrenceRun::of(&found.plan, &found.placed)));
            }
            return;
        };
        series.errors.drain(..).map(Err).for_each(&mut each);
        match Base::timestamps(&master, window) {
            Some((mut starts, length)) => each(Ok(OccurrenceRun {
                component: master.plan.component,
                times: Times::Series(SeriesTimes {
                    starts: &mut starts,
                    length: length.num_seconds(),
                    window: &Seconds::of(window),
                    uid: &series.uid,
                    limit: self.limit,
                }),
            })),
            None => {
                let mut base = Base::bare(&master, window);
                let mut left = self.limit;
                while let Some(found) = base.next_placed(window) {
                    if found.is_ok() && left == 0 {
                        each(Err(over_limit(&series.uid, self.limit)));
                        break;
                    }
                    left = left.saturating_sub(1);
                    each(found.map(|(plan, placed, _)| OccurrenceRun::of(plan, &placed)));
                }
            }
        }
    }
}

/// A window for times that are whole seconds.
#[derive(Debug)]
struct Seconds<'w> {
    window: &'w Window,
    start: i64,
    end: i64,
}

impl<'w> Seconds<'w> {
    fn of(window: &'w Window) -> Self {
        let end = window.end().map(|end| {
            // A part of a second still has its first instant inside.
            end.timestamp() + i64::from(end.timestamp_subsec_nanos() > 0)
        });
        if window.is_empty() {
            // Nothing begins before the end of this and ends after its start.
            let (start, end) = (i64::MAX, i64::MIN);
            return Self { window, start, end };
        }
        Self {
            window,
            start: window.start().map_or(i64::MIN, |start| start.timestamp()),
            end: end.unwrap_or(i64::MAX),
        }
    }

    /// As [`Window::overlaps`].
    #[inline]
    fn overlaps(&self, start: i64, end: i64) -> bool {
        if start < end {
            start < self.end && end > self.start
        } else {
            self.window.contains(instant(start))
        }
    }
}

/// The one component of an object that does not recur, with its start and end
/// if it has both.
fn lone<'a>(object: &Object<'a>) -> Option<(Component<'a>, Option<Ends<'a>>)> {
    let [component] = object.components() else {
        return None;
    };
    if component.kind() != ComponentKind::Event {
        return None;
    }
    let (mut start, mut end, mut lasts) = (None, None, false);
    for property in component.properties() {
        match property.kind() {
            PropertyKind::RRule
            | PropertyKind::ExRule
            | PropertyKind::RDate
            | PropertyKind::ExDate
            | PropertyKind::RecurrenceId => return None,
            PropertyKind::DtStart => start = start.or(Some(property)),
            PropertyKind::DtEnd => end = end.or(Some(property)),
            PropertyKind::Duration => lasts = true,
            _ => {}
        }
    }
    let ends = start.zip(end).filter(|_| !lasts);
    Some((*component, ends.map(|(start, end)| Ends { start, end })))
}

fn single<'a>(
    plan: &Plan<'a>,
    window: &Window,
    mut each: impl FnMut(Result<OccurrenceRun<'_, 'a>, Error>),
) {
    let placed = plan.first();
    if window.overlaps(placed.start.and_utc(), placed.end.and_utc()) {
        each(Ok(OccurrenceRun::of(plan, &placed)));
    }
}

/// The master of a series of which all instances are its own.
fn unmixed<'s, 'a>(series: &'s Series<'a>) -> Option<&'s Arc<Master<'a>>> {
    let [master] = series.masters.as_slice() else {
        return None;
    };
    let periods = master.added.iter().any(|added| added.plan.is_some());
    let mixed = periods || !master.ranges.is_empty() || !series.overrides.is_empty();
    (!mixed).then_some(master)
}
