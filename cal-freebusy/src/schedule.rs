//! Whose time it is: calendars and how they are read.

use cal_core::{Calendar, Error, ZoneRules};

use crate::owner::{Found, Owner, Source, Times, remembering};
use crate::participation::Transparency;
use crate::{BusyTime, Interval, usual_hours};

/// The calendars of one person (or room), the zone they live in and the
/// addresses by which they are invited.
///
/// ```
/// use cal_core::Calendar;
/// use cal_freebusy::{Availability, Schedule};
///
/// let calendar: Calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n\
///     BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n\
///     DTSTART;TZID=Europe/Berlin:20260302T090000\r\nDURATION:PT1H\r\n\
///     ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com\r\n\
///     END:VEVENT\r\nEND:VCALENDAR\r\n".parse()?;
/// let ada = Schedule::new(chrono_tz::Europe::Berlin)
///     .with_address("ada@example.com")
///     .with_calendar(&calendar);
/// let monday = "20260302T000000Z/P1D".parse()?;
/// let busy = Availability::of(&ada, &monday);
/// assert_eq!(busy.busy().iter().next().unwrap().busy_type.name(), "BUSY-TENTATIVE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Schedule<'a> {
    pub(crate) owner: Owner,
    pub(crate) calendars: Vec<Source<'a>>,
}

impl<'a> Schedule<'a> {
    /// No calendars yet. All-day events and floating times are taken in `zone`.
    #[must_use]
    pub fn new(zone: impl Into<ZoneRules>) -> Self {
        Self {
            owner: Owner::new(zone.into()),
            calendars: Vec::new(),
        }
    }

    /// Adds an address, with or without `mailto:`. The answers of an attendee
    /// with one of the addresses are this person's own.
    #[must_use]
    pub fn with_address(mut self, address: &str) -> Self {
        self.owner.add_address(address);
        self
    }

    /// Sets how many occurrences one UID may have in a window; one more is a
    /// fault.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.owner.limit = Some(limit);
        self
    }

    /// Adds a calendar whose events follow their own TRANSP.
    #[must_use]
    pub fn with_calendar(self, calendar: &'a Calendar) -> Self {
        self.with_calendar_as(calendar, Transparency::AsEvents)
    }

    /// Adds a calendar, overriding the TRANSP of its events.
    #[must_use]
    pub fn with_calendar_as(mut self, calendar: &'a Calendar, transparency: Transparency) -> Self {
        self.calendars.push(Source {
            calendar,
            transparency,
            zone: None,
        });
        self
    }

    /// Adds a calendar whose events follow their own TRANSP, and whose all-day
    /// events and floating times are taken in a zone of its own.
    #[must_use]
    pub fn with_calendar_in(mut self, calendar: &'a Calendar, zone: impl Into<ZoneRules>) -> Self {
        self.calendars.push(Source {
            calendar,
            transparency: Transparency::AsEvents,
            zone: Some(remembering(zone.into())),
        });
        self
    }

    /// Everything that takes time within `window`, not resolved or cut yet, and
    /// what could not be made sense of.
    pub(crate) fn busy_times(&self, window: &Interval) -> (Vec<BusyTime>, Vec<Error>) {
        let found: Found = self.found(window, Vec::new());
        (found.times, found.faults)
    }

    /// The same, the times put among others. Those that VAVAILABILITYs take are
    /// among them.
    pub(crate) fn found<T: Times>(&self, window: &Interval, times: T) -> Found<T> {
        let mut found = Found {
            times,
            usual: Vec::new(),
            faults: Vec::new(),
        };
        for source in &self.calendars {
            self.owner.read_source(source, window, &mut found);
        }
        for time in usual_hours::combined(&found.usual) {
            found.times.take(time);
        }
        found
    }
}
