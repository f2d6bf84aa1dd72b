//! Zones by reference: named, without a definition (RFC 7809).

use crate::{Calendar, ComponentKind, PropertyKind, Window};

impl Calendar {
    /// Takes out the definitions of zones whose names are ids of the IANA
    /// database; returns how many. Whoever knows the database reads the
    /// calendar as before, for an IANA id has its rules whatever is said of it
    /// (see [`TimeZones`](crate::TimeZones)).
    ///
    /// ```
    /// use cal_core::Calendar;
    ///
    /// let text = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n\
    ///     BEGIN:VTIMEZONE\nTZID:Our Office\nEND:VTIMEZONE\nEND:VCALENDAR\n";
    /// let mut calendar = Calendar::read(text).calendar;
    /// assert_eq!(calendar.remove_iana_definitions(), 1);
    /// assert!(calendar.to_string().contains("Our Office"));
    /// ```
    pub fn remove_iana_definitions(&mut self) -> usize {
        let standard: Vec<_> = self
            .components()
            .filter(|component| component.kind() == ComponentKind::TimeZone)
            .filter(|zone| {
                let tzid = zone.text(PropertyKind::TzId);
                tzid.is_some_and(|tzid| tzid.parse::<chrono_tz::Tz>().is_ok())
            })
            .map(|zone| zone.id())
            .collect();
        // From the last to the first, so that each is still where it was found.
        for id in standard.iter().rev() {
            self.remove(*id);
        }
        standard.len()
    }

    /// Adds what [`missing_definitions`](Self::missing_definitions) finds;
    /// returns how many definitions that is.
    ///
    /// ```
    /// use cal_core::{Calendar, Window};
    ///
    /// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n\
    ///     DTSTART;TZID=Europe/Berlin:20260301T090000\nEND:VEVENT\nEND:VCALENDAR\n";
    /// let mut calendar = Calendar::read(text).calendar;
    /// assert_eq!(calendar.add_missing_definitions(&Window::ALL), 1);
    /// assert!(calendar.to_string().contains("BEGIN:VTIMEZONE"));
    /// ```
    pub fn add_missing_definitions(&mut self, window: &Window) -> usize {
        let missing = self.missing_definitions(window);
        let added = missing
            .iter()
            .filter(|definition| self.add_text(definition.to_string()).is_ok());
        added.count()
    }
}
