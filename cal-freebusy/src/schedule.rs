//! Whose time it is: calendars and how they are read.

use cal_core::{
    Calendar, Component, Error, Event, Expansion, Moment, Period, PeriodEnd, PropertyKind, Window,
    ZoneRules,
};
use chrono::{DateTime, Utc};

use crate::participation::{Addresses, Transparency, busy_type};
use crate::{BusyTime, BusyType, Interval};

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
    zone: ZoneRules,
    addresses: Addresses,
    calendars: Vec<(&'a Calendar, Transparency)>,
}

impl<'a> Schedule<'a> {
    /// No calendars yet. All-day events and floating times are taken in `zone`.
    #[must_use]
    pub fn new(zone: impl Into<ZoneRules>) -> Self {
        Self {
            zone: zone.into(),
            addresses: Addresses::default(),
            calendars: Vec::new(),
        }
    }

    /// Adds an address, with or without `mailto:`. The answers of an attendee
    /// with one of the addresses are this person's own.
    #[must_use]
    pub fn with_address(mut self, address: &str) -> Self {
        self.addresses.add(address);
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
        self.calendars.push((calendar, transparency));
        self
    }

    /// Everything that takes time within `window`, not resolved or cut yet, and
    /// what could not be made sense of.
    pub(crate) fn busy_times(&self, window: &Interval) -> (Vec<BusyTime>, Vec<Error>) {
        let mut found = Found::default();
        for (calendar, transparency) in &self.calendars {
            if *transparency == Transparency::Transparent {
                continue;
            }
            let expansion = Expansion::of(calendar).in_zone(&self.zone);
            self.events(&expansion, *transparency, window, &mut found);
            for block in calendar.free_busies() {
                periods(block.component(), &expansion, &mut found);
            }
        }
        (found.times, found.faults)
    }

    fn events(
        &self,
        expansion: &Expansion<'_>,
        transparency: Transparency,
        window: &Interval,
        found: &mut Found,
    ) {
        for occurrence in expansion.occurrences(&Window::new(window.start(), window.end())) {
            let occurrence = match occurrence {
                Ok(occurrence) => occurrence,
                Err(fault) => {
                    found.faults.push(fault);
                    continue;
                }
            };
            let Some(event) = Event::of(occurrence.component()) else {
                continue;
            };
            if let Some(busy_type) = busy_type(&event, &self.addresses, transparency) {
                let interval = Interval::new(occurrence.start_utc(), occurrence.end_utc());
                found.times.push(BusyTime::new(interval, busy_type));
            }
        }
    }
}

#[derive(Default)]
struct Found {
    times: Vec<BusyTime>,
    faults: Vec<Error>,
}

/// The FREEBUSY periods of a VFREEBUSY. A malformed one takes only itself out.
fn periods(block: Component<'_>, expansion: &Expansion<'_>, found: &mut Found) {
    for property in block.all(PropertyKind::FreeBusy) {
        let stated = property.parameter("FBTYPE");
        let Some(busy_type) = BusyType::of_parameter(stated.as_deref().unwrap_or("BUSY")) else {
            continue;
        };
        let periods = property.periods().unwrap_or_else(|fault| {
            found.faults.push(fault);
            let (value, tzid) = (property.raw_value(), property.parameter("TZID"));
            let single = |part| Period::parse(part, tzid.as_deref()).ok();
            value.split(',').filter_map(single).collect()
        });
        for period in periods {
            let interval = in_utc(&period, expansion);
            found.times.push(BusyTime::new(interval, busy_type));
        }
    }
}

/// RFC 5545 has these periods in UTC only; others are taken for what they say.
fn in_utc(period: &Period, expansion: &Expansion<'_>) -> Interval {
    let instant = |moment: &Moment| -> DateTime<Utc> { expansion.instant(moment) };
    let start = instant(&period.start);
    let end = match &period.end {
        PeriodEnd::At(end) => instant(end),
        PeriodEnd::After(length) => start
            .checked_add_signed(length.to_time_delta())
            .unwrap_or(start),
    };
    Interval::new(start, end)
}
