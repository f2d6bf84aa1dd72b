//! Zones that a calendar refers to but does not define.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{TimeZones, ZoneDefinition};
use crate::{Calendar, Component, ComponentKind, Window};

impl Calendar {
    /// The definitions that the calendar lacks: one for each TZID that it uses
    /// without a VTIMEZONE of that name, as far as it is known which zone that
    /// is. With them the calendar means the same to a reader that knows no
    /// zones by name.
    ///
    /// The definitions hold for the times in the window.
    ///
    /// ```
    /// use cal_core::{Calendar, Window};
    ///
    /// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n\
    ///     DTSTART;TZID=W. Europe Standard Time:20260301T090000\nEND:VEVENT\nEND:VCALENDAR\n";
    /// let missing = Calendar::read(text).calendar.missing_definitions(&Window::ALL);
    /// assert_eq!(missing[0].tzid(), "W. Europe Standard Time");
    /// ```
    #[must_use]
    pub fn missing_definitions(&self, window: &Window) -> Vec<ZoneDefinition> {
        let mut seen = HashSet::new();
        for block in self.time_zones() {
            seen.extend(block.tzid().map(Cow::into_owned));
        }
        let zones = TimeZones::of(self);
        let mut missing = Vec::new();
        for component in self.components() {
            if component.kind() != ComponentKind::TimeZone {
                visit(component, &mut |tzid| {
                    if seen.contains(tzid) {
                        return;
                    }
                    seen.insert(tzid.to_owned());
                    let zone = zones.resolve(tzid);
                    missing.extend(zone.map(|zone| ZoneDefinition::new(tzid, zone.rules)));
                });
            }
        }
        let covering = |definition: ZoneDefinition| definition.covering(window);
        missing.into_iter().map(covering).collect()
    }
}

/// Calls `found` with each TZID that the component and what is in it refer to.
fn visit(component: Component<'_>, found: &mut impl FnMut(&str)) {
    for property in component.properties() {
        if let Some(tzid) = property.parameter("TZID") {
            found(&tzid);
        }
    }
    for inner in component.components() {
        visit(inner, found);
    }
}
