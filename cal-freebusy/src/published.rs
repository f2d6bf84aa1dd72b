//! Free/busy as others may see it: a VFREEBUSY (RFC 5545 section 3.6.4).

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::{BusyTimes, BusyType, Interval};

pub(crate) const PRODUCT: &str = "-//cal-rs//cal-freebusy//EN";
pub(crate) const UTC_FORM: &str = "%Y%m%dT%H%M%SZ";

impl BusyTimes {
    /// What of it lies within `window`, as a calendar with one VFREEBUSY that
    /// was made at `stamp`.
    ///
    /// It is written from instants and kinds alone, so no text of any event can
    /// be in it. Seconds are the finest it has: starts are rounded down to one
    /// and ends up.
    ///
    /// ```
    /// use cal_freebusy::{BusyTime, BusyTimes, BusyType};
    /// use chrono::{TimeZone, Utc};
    ///
    /// let busy: BusyTimes = [BusyTime::new("20260302T090000Z/PT1H".parse()?, BusyType::Busy)]
    ///     .into_iter()
    ///     .collect();
    /// let stamp = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
    /// let text = busy.to_vfreebusy(&"20260302T000000Z/P1D".parse()?, stamp);
    /// assert!(text.contains("\r\nFREEBUSY:20260302T090000Z/20260302T100000Z\r\n"));
    /// # Ok::<(), cal_freebusy::Error>(())
    /// ```
    #[must_use]
    pub fn to_vfreebusy(&self, window: &Interval, stamp: DateTime<Utc>) -> String {
        let window = whole_seconds(window);
        let start = window.start().format(UTC_FORM);
        let end = window.end().format(UTC_FORM);
        let stamp = stamp.format(UTC_FORM);
        let mut text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\nBEGIN:VFREEBUSY\r\n\
             UID:{start}-{end}-{stamp}\r\nDTSTAMP:{stamp}\r\nDTSTART:{start}\r\nDTEND:{end}\r\n"
        );
        for time in &self.within(&window) {
            let period = whole_seconds(&time.interval);
            // A period and the longest parameter fit a line of 75 bytes, so
            // that nothing needs folding. BUSY is what a line without
            // parameter says.
            let written = match time.busy_type {
                BusyType::Busy => write!(text, "FREEBUSY:{period}\r\n"),
                other => write!(text, "FREEBUSY;FBTYPE={other}:{period}\r\n"),
            };
            debug_assert!(written.is_ok(), "a string takes all that is written");
        }
        text.push_str("END:VFREEBUSY\r\nEND:VCALENDAR\r\n");
        text
    }
}

/// The least interval of whole seconds around another.
fn whole_seconds(interval: &Interval) -> Interval {
    let floor = |instant: DateTime<Utc>| {
        DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or(instant)
    };
    let end = floor(interval.end());
    let up = i64::from(end < interval.end());
    let end = DateTime::from_timestamp(end.timestamp() + up, 0).unwrap_or(end);
    Interval::new(floor(interval.start()), end)
}
