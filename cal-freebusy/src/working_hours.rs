//! When someone works: hours of the week on the clock of a zone.

mod published;

use std::fmt;
use std::str::FromStr;

use cal_core::ZoneRules;
use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Timelike, Utc, Weekday};

use crate::disjoint::joined;
use crate::wall_clock::{WallClock, later, utc};
use crate::{Error, Interval};

const DAY: i64 = 86_400;

/// A time of the day, from one wall-clock time up to another. One that does
/// not end after it starts goes on into the next day, so `22:00-06:00` is a
/// night shift and `00:00-00:00` a whole day.
///
/// ```
/// use cal_freebusy::TimeOfDay;
///
/// let morning: TimeOfDay = "08:30-12:00".parse()?;
/// assert_eq!(morning.to_string(), "08:30-12:00");
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    from: NaiveTime,
    to: NaiveTime,
}

impl TimeOfDay {
    /// From one time of the day up to another.
    #[must_use]
    pub fn new(from: NaiveTime, to: NaiveTime) -> Self {
        Self { from, to }
    }

    /// When it starts.
    #[must_use]
    pub fn from(&self) -> NaiveTime {
        self.from
    }

    /// When it ends, on the same day or on the next.
    #[must_use]
    pub fn to(&self) -> NaiveTime {
        self.to
    }

    /// Seconds of the day at which it starts and ends; the end may lie beyond
    /// the day.
    pub(crate) fn seconds(&self) -> (i64, i64) {
        let seconds = |time: NaiveTime| i64::from(time.num_seconds_from_midnight());
        let (from, to) = (seconds(self.from), seconds(self.to));
        (from, if to <= from { to + DAY } else { to })
    }
}

/// Reads `HH:MM-HH:MM`; `24:00` is the end of the day.
impl FromStr for TimeOfDay {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let time = |text: &str| match text.trim() {
            "24:00" => Some(NaiveTime::MIN),
            text => NaiveTime::parse_from_str(text, "%H:%M").ok(),
        };
        text.split_once('-')
            .and_then(|(from, to)| Some(Self::new(time(from)?, time(to)?)))
            .ok_or_else(|| Error::TimeOfDay {
                text: text.chars().take(40).collect(),
            })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = "%H:%M";
        write!(f, "{}-{}", self.from.format(form), self.to.format(form))
    }
}

/// The hours of the week in which someone works, on the clock of their zone,
/// and by how much they would stretch them.
///
/// ```
/// use cal_freebusy::WorkingHours;
/// use chrono::Duration;
/// use chrono_tz::Europe::Berlin;
///
/// let hours = WorkingHours::weekdays(Berlin, "09:00-17:00".parse()?)
///     .with_margins(Duration::zero(), Duration::hours(4));
/// let monday = "20260302T000000Z/P1D".parse()?;
/// assert_eq!(hours.open(&monday)?, ["20260302T080000Z/20260302T160000Z".parse()?]);
/// assert_eq!(hours.stretched(&monday)?, ["20260302T080000Z/20260302T200000Z".parse()?]);
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WorkingHours {
    zone: ZoneRules,
    /// From Monday on.
    days: [Vec<TimeOfDay>; 7],
    before: TimeDelta,
    after: TimeDelta,
}

impl WorkingHours {
    /// No hours at all yet, in this zone.
    #[must_use]
    pub fn new(zone: impl Into<ZoneRules>) -> Self {
        Self {
            zone: zone.into(),
            days: Default::default(),
            before: TimeDelta::zero(),
            after: TimeDelta::zero(),
        }
    }

    /// The same hours from Monday to Friday.
    #[must_use]
    pub fn weekdays(zone: impl Into<ZoneRules>, hours: TimeOfDay) -> Self {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        [Mon, Tue, Wed, Thu, Fri]
            .into_iter()
            .fold(Self::new(zone), |all, day| all.with_hours(day, hours))
    }

    /// Adds hours to a day of the week. A day may have several; hours that run
    /// over midnight belong to the day on which they start.
    #[must_use]
    pub fn with_hours(mut self, day: Weekday, hours: TimeOfDay) -> Self {
        for (weekday, all) in (0..).zip(&mut self.days) {
            if weekday == day.num_days_from_monday() {
                all.push(hours);
            }
        }
        self
    }

    /// Sets by how much the hours may be stretched, if it must be: how much
    /// earlier than they begin and how much later than they end. A negative
    /// margin counts as none, one above twelve hours as twelve hours.
    #[must_use]
    pub fn with_margins(mut self, before: TimeDelta, after: TimeDelta) -> Self {
        let clamped = |margin: TimeDelta| margin.clamp(TimeDelta::zero(), TimeDelta::hours(12));
        self.before = clamped(before);
        self.after = clamped(after);
        self
    }

    /// The zone on whose clock the hours are.
    #[must_use]
    pub fn zone(&self) -> &ZoneRules {
        &self.zone
    }

    /// The working times within `window`: in order, disjoint, cut at its
    /// borders, an hour longer or shorter than on other days where the clocks
    /// change during them.
    ///
    /// # Errors
    ///
    /// [`Error::WindowTooLong`] for a window of more than ten years.
    pub fn open(&self, window: &Interval) -> Result<Vec<Interval>, Error> {
        let clock = WallClock::over(&self.zone, window)?;
        Ok(self.on_clock(&clock, window, (TimeDelta::zero(), TimeDelta::zero())))
    }

    /// The same with the margins of [`with_margins`](Self::with_margins).
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn stretched(&self, window: &Interval) -> Result<Vec<Interval>, Error> {
        let clock = WallClock::over(&self.zone, window)?;
        Ok(self.on_clock(&clock, window, self.margins()))
    }

    pub(crate) fn margins(&self) -> (TimeDelta, TimeDelta) {
        (self.before, self.after)
    }

    /// The working times, each made longer by the margins before and after.
    pub(crate) fn on_clock(
        &self,
        clock: &WallClock,
        window: &Interval,
        (before, after): (TimeDelta, TimeDelta),
    ) -> Vec<Interval> {
        let shifts = days_of(clock, window).flat_map(|(weekday, midnight)| {
            let place = weekday.num_days_from_monday() as usize;
            let hours = self.days.get(place).into_iter().flatten();
            hours.map(move |hours| {
                let (from, to) = hours.seconds();
                let (from, to) = (midnight + from, midnight + to);
                Interval::new(
                    later(utc(clock.to_utc(from)), -before),
                    later(utc(clock.to_utc(to)), after),
                )
            })
        });
        joined(shifts.collect(), window)
    }
}

/// The days of the wall clock on which something may lie in `window`: the day
/// of the week, and the wall-clock seconds of its midnight.
pub(crate) fn days_of(
    clock: &WallClock,
    window: &Interval,
) -> impl Iterator<Item = (Weekday, i64)> + use<> {
    let day = |instant: DateTime<Utc>| clock.to_local(instant.timestamp()).div_euclid(DAY);
    // A shift may start a day before, and margins may reach from a day after.
    (day(window.start()) - 2..=day(window.end()) + 1)
        .map(|day| (utc(day * DAY).weekday(), day * DAY))
}
