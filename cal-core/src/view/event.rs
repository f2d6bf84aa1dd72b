//! VEVENT (RFC 5545 3.6.1).

use super::extent::Extent;
use crate::{Component, Error, Moment, PropertyKind};

super::view! {
    /// An event: one VEVENT, be it a single event, the master of a series or an override.
    ///
    /// ```
    /// use cal_core::Calendar;
    ///
    /// let reading = Calendar::read(
    ///     "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260301\r\n\
    ///      END:VEVENT\r\nEND:VCALENDAR\r\n",
    /// );
    /// let event = reading.calendar.events().next().ok_or("no event")?;
    /// assert_eq!(event.start()?.to_string(), "2026-03-01");
    /// assert_eq!(event.end()?.to_string(), "2026-03-02");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Event
}

impl<'a> Event<'a> {
    /// The view of a component, if it is a VEVENT.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == crate::ComponentKind::Event).then(|| Event::new(component))
    }

    /// `DTSTART`.
    ///
    /// # Errors
    /// If there is none or it is neither date nor date-time.
    pub fn start(&self) -> Result<Moment, Error> {
        self.required(PropertyKind::DtStart)?.moment()
    }

    /// When it ends, exclusively: by DTEND, by DURATION, or by default.
    ///
    /// # Errors
    /// As [`Event::start`]; a bad end is replaced by the default.
    pub fn end(&self) -> Result<Moment, Error> {
        Ok(self.extent()?.end())
    }

    /// Start and length, and whether anything had to be mended to tell.
    ///
    /// # Errors
    /// As [`Event::start`].
    pub fn extent(&self) -> Result<Extent, Error> {
        Extent::of(self, PropertyKind::DtEnd)
    }

    /// Whether it takes whole days.
    #[must_use]
    pub fn is_all_day(&self) -> bool {
        self.start().is_ok_and(|start| start.is_date())
    }

    /// Whether its `TRANSP` is TRANSPARENT: it does not make its owner busy.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.text(PropertyKind::Transp)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("TRANSPARENT"))
    }
}
