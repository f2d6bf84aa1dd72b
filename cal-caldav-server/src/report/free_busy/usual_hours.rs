//! The VAVAILABILITYs of all calendars that a query reaches (RFC 7953 section 7.2.3): which of
//! them holds when is told by their priorities, so they are looked at together.

use bytes::Bytes;
use cal_core::{Calendar, ZoneRules};
use cal_freebusy::{Availability, BusyTimes, Interval, Schedule};

use crate::refusal::Refusal;

/// Objects with a VAVAILABILITY, and where their floating times are taken.
pub(super) struct UsualHours {
    window: Interval,
    objects: Vec<(Bytes, ZoneRules)>,
    /// Octets that all of them may have together.
    limit: u64,
    left: u64,
}

impl UsualHours {
    /// None yet.
    pub(super) fn new(window: Interval, limit: u64) -> Self {
        Self {
            window,
            objects: Vec::new(),
            limit,
            left: limit,
        }
    }

    /// Adds an object.
    ///
    /// # Errors
    ///
    /// If all of them together are larger than one object may be.
    pub(super) fn add(&mut self, body: Bytes, zone: ZoneRules) -> Result<(), Refusal> {
        let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let left = self.left.checked_sub(size);
        self.left = left.ok_or(Refusal::TooMuch {
            what: "octets of usual hours",
            limit: self.limit,
        })?;
        self.objects.push((body, zone));
        Ok(())
    }

    /// What they take together. Hours that cannot be read are not open.
    pub(super) fn busy_times(&self) -> BusyTimes {
        let read =
            |(body, zone): &(Bytes, ZoneRules)| (Calendar::read(body).calendar, zone.clone());
        let calendars: Vec<(Calendar, ZoneRules)> = self.objects.iter().map(read).collect();
        let nowhere = Schedule::new(ZoneRules::utc());
        let schedule = calendars.iter().fold(nowhere, |all, (calendar, zone)| {
            all.with_calendar_in(calendar, zone.clone())
        });
        let known = Availability::of(&schedule, &self.window);
        for fault in known.faults() {
            tracing::warn!(%fault, "usual hours that cannot be worked out are not open");
        }
        known.busy().clone()
    }
}
