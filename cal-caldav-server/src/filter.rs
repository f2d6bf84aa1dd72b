//! Whether an object is what a query looks for (RFC 4791 section 9.7).

mod candidates;
mod property;

use std::cell::RefCell;

use cal_core::{Calendar, Component, ComponentKind, Expansion, Window, ZoneRules};
use cal_dav::report::{ComponentFilter, ComponentTest, PropertyFilter, TimeRange};

pub(crate) use candidates::{Candidates, count};

/// An object under test.
pub(crate) struct Subject<'a> {
    calendar: &'a Calendar,
    expansion: Expansion<'a>,
    /// Which components overlap a window, worked out once for all of a kind.
    overlapping: RefCell<Vec<Overlap<'a>>>,
}

/// What of one kind overlaps a window.
struct Overlap<'a> {
    kind: ComponentKind,
    window: Window,
    /// `None` where that cannot be worked out.
    components: Option<Vec<Component<'a>>>,
}

impl<'a> Subject<'a> {
    /// An object whose dates and floating times are taken in `zone`.
    pub(crate) fn new(calendar: &'a Calendar, zone: &ZoneRules) -> Self {
        Self {
            calendar,
            expansion: Expansion::of(calendar).in_zone(zone.clone()),
            overlapping: RefCell::default(),
        }
    }

    /// Whether the filter, which is one on VCALENDAR, lets the object through.
    pub(crate) fn passes(&self, filter: &ComponentFilter) -> bool {
        let Some(root) = self.calendar.roots().next() else {
            return false;
        };
        match &filter.test {
            ComponentTest::IsNotDefined => false,
            ComponentTest::Defined {
                time_range,
                properties,
                components,
            } => {
                self.passes_anywhere(root, *time_range, properties)
                    && components
                        .iter()
                        .all(|filter| self.passes_inside(root, filter))
            }
        }
    }

    /// Conditions that stand directly on VCALENDAR. Clients put there what they want of a
    /// component of any kind: what VCALENDAR itself does not have is looked for in those.
    fn passes_anywhere(
        &self,
        root: Component<'a>,
        range: Option<TimeRange>,
        properties: &[PropertyFilter],
    ) -> bool {
        let (own, others): (Vec<_>, Vec<_>) = properties
            .iter()
            .partition(|filter| is_of_calendar(&filter.name));
        if !own
            .into_iter()
            .all(|filter| self.property_passes(root, filter))
        {
            return false;
        }
        if range.is_none() && others.is_empty() {
            return true;
        }
        root.components()
            .filter(|component| component.kind() != ComponentKind::TimeZone)
            .any(|component| {
                range.is_none_or(|range| self.overlaps(component, window(range)))
                    && others
                        .iter()
                        .all(|filter| self.property_passes(component, filter))
            })
    }

    fn passes_inside(&self, parent: Component<'a>, filter: &ComponentFilter) -> bool {
        let mut named = parent
            .components()
            .filter(|component| component.name().eq_ignore_ascii_case(&filter.name));
        match &filter.test {
            ComponentTest::IsNotDefined => named.next().is_none(),
            ComponentTest::Defined {
                time_range,
                properties,
                components,
            } => named.any(|component| {
                time_range.is_none_or(|range| self.overlaps(component, window(range)))
                    && properties
                        .iter()
                        .all(|filter| self.property_passes(component, filter))
                    && components
                        .iter()
                        .all(|filter| self.passes_inside(component, filter))
            }),
        }
    }

    fn property_passes(&self, component: Component<'a>, filter: &PropertyFilter) -> bool {
        property::passes(&self.expansion, component, filter)
    }

    /// What cannot be worked out is not kept from the client.
    fn overlaps(&self, component: Component<'a>, window: Window) -> bool {
        let kind = component.kind();
        let mut known = self.overlapping.borrow_mut();
        let is_it = |overlap: &Overlap<'_>| (overlap.kind, overlap.window) == (kind, window);
        if !known.iter().any(is_it) {
            let components = self.expansion.overlapping(kind, &window).ok();
            known.push(Overlap {
                kind,
                window,
                components,
            });
        }
        let found = known.iter().find(|overlap| is_it(overlap));
        let components = found.and_then(|overlap| overlap.components.as_ref());
        components.is_none_or(|components| components.contains(&component))
    }
}

/// The properties that stand on VCALENDAR itself (RFC 5545 section 3.7, RFC 7986 section 5, and
/// those that feeds have).
fn is_of_calendar(name: &str) -> bool {
    const OWN: [&str; 9] = [
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "NAME",
        "REFRESH-INTERVAL",
        "SOURCE",
        "X-WR-CALNAME",
        "X-WR-TIMEZONE",
    ];
    OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// The window of a time range.
pub(crate) fn window(range: TimeRange) -> Window {
    Window::between(
        range.start().map(|start| start.and_utc()),
        range.end().map(|end| end.and_utc()),
    )
}
