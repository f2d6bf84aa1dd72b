//! Why a time is busy, or is not.

use std::fmt;

use cal_core::{Error as Fault, Event};

use crate::owner::{self, Found};
use crate::{BusyTimes, BusyType, Error, Interval, Schedule, WhyFree, usual_hours};

/// Why a time is busy or free, for the owner of the calendars: it names events
/// and quotes them. Others get [`for_others`](Self::for_others).
///
/// ```
/// use cal_core::Calendar;
/// use cal_freebusy::Schedule;
/// use chrono_tz::Europe::Berlin;
///
/// let calendar = Calendar::read(
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Review\n\
///      DTSTART:20260302T090000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n",
/// ).calendar;
/// let schedule = Schedule::new(Berlin).with_calendar(&calendar);
/// let why = schedule.explain(&"20260302T093000Z/PT15M".parse()?)?;
/// assert_eq!(
///     why.causes[0].to_string(),
///     "20260302T090000Z/20260302T100000Z BUSY: Review (1)",
/// );
/// assert_eq!(why.for_others().len(), 1);
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The time that was asked about.
    pub interval: Interval,
    /// What plays a part in it, in order of start: what takes it, and what
    /// might seem to but does not.
    pub causes: Vec<Cause>,
    /// What could not be made sense of, and so takes no time.
    pub faults: Vec<Fault>,
    busy: BusyTimes,
}

/// Something that plays a part in how busy a time is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// When it is, in full.
    pub interval: Interval,
    /// What it does to the time.
    pub effect: Effect,
    /// The UID of the event; `None` for published busy time and for usual
    /// hours, which are no events.
    pub uid: Option<String>,
    /// What the event is called.
    pub summary: Option<String>,
    /// Whether it is one of a series.
    pub is_recurring: bool,
}

/// What something does to a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It takes it.
    Takes(BusyType),
    /// It is then, but does not take it.
    Leaves(WhyFree),
    /// Its owner is usually not there (VAVAILABILITY).
    UsuallyAway(BusyType),
    /// It is published as busy (VFREEBUSY).
    Published(BusyType),
}

impl Explanation {
    /// How many causes are told.
    pub const MAX_CAUSES: usize = 1_000;

    /// What others may know: how firmly the time is taken, when within it, and
    /// nothing of any event.
    #[must_use]
    pub fn for_others(&self) -> &BusyTimes {
        &self.busy
    }

    /// Whether all of the time is free.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.busy.is_empty()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.interval)?;
        match self.effect {
            Effect::Takes(busy_type) => write!(f, "{busy_type}")?,
            Effect::Leaves(why) => write!(f, "free, because {why}")?,
            Effect::UsuallyAway(busy_type) => write!(f, "{busy_type}: outside of the usual hours")?,
            Effect::Published(busy_type) => write!(f, "{busy_type}: published as such")?,
        }
        if let Some(summary) = &self.summary {
            write!(f, ": {summary}")?;
        }
        match &self.uid {
            Some(uid) => write!(f, " ({uid})"),
            None => Ok(()),
        }
    }
}

impl Schedule<'_> {
    /// Why `interval` is busy or free.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyEvents`] if more than
    /// [`MAX_CAUSES`](Explanation::MAX_CAUSES) things play a part.
    pub fn explain(&self, interval: &Interval) -> Result<Explanation, Error> {
        let mut causes = Vec::new();
        let mut found: Found = Found::default();
        let mut away: Found = Found::default();
        for source in &self.calendars {
            let (calendar, transparency) = (source.calendar, source.transparency);
            let expansion = self.owner.expansion(source);
            let judged = &mut |judged| match judged {
                Ok((occurrence, verdict)) => causes.push(cause(&occurrence, verdict)),
                Err(fault) => found.faults.push(fault),
            };
            (self.owner).judged(&expansion, transparency, interval, judged);
            if transparency == crate::Transparency::Transparent {
                continue;
            }
            for block in calendar.free_busies() {
                owner::periods(block.component(), &expansion, &mut found);
            }
            let faults = &mut found.faults;
            let usual = usual_hours::of_calendar(calendar, &expansion, interval, faults);
            away.usual.extend(usual);
        }
        for time in &found.times {
            let effect = Effect::Published(time.busy_type);
            causes.push(Cause::without_event(time.interval, effect));
        }
        for time in usual_hours::combined(&away.usual) {
            let effect = Effect::UsuallyAway(time.busy_type);
            causes.push(Cause::without_event(time.interval, effect));
        }
        causes.retain(|cause| cause.interval.overlaps(interval) || cause.interval.is_empty());
        if causes.len() > Explanation::MAX_CAUSES {
            return Err(Error::TooManyEvents {
                most: Explanation::MAX_CAUSES,
            });
        }
        causes.sort_by_key(|cause| cause.interval);
        let busy: BusyTimes = self.busy_times(interval).0.into_iter().collect();
        Ok(Explanation {
            interval: *interval,
            causes,
            faults: found.faults,
            busy: busy.within(interval),
        })
    }
}

impl Cause {
    fn without_event(interval: Interval, effect: Effect) -> Self {
        Self {
            interval,
            effect,
            uid: None,
            summary: None,
            is_recurring: false,
        }
    }
}

fn cause(occurrence: &cal_core::Occurrence<'_>, verdict: Result<BusyType, WhyFree>) -> Cause {
    let interval = Interval::new(occurrence.start_utc(), occurrence.end_utc());
    let summary = Event::of(occurrence.component())
        .and_then(|event| event.summary().map(std::borrow::Cow::into_owned));
    Cause {
        interval,
        effect: match verdict {
            Ok(_) if interval.is_empty() => Effect::Leaves(WhyFree::NoLength),
            Ok(busy_type) => Effect::Takes(busy_type),
            Err(why) => Effect::Leaves(why),
        },
        uid: Some(occurrence.uid().to_owned()),
        summary,
        is_recurring: occurrence.recurrence_id().is_some(),
    }
}
