//! The time that a VAVAILABILITY speaks of (RFC 7953 section 3.1), for spans
//! and time ranges. Its AVAILABLE parts count within that time only, so it is
//! the same however they repeat.

use chrono::TimeDelta;

use super::plan::Clock;
use super::rows;
use crate::{Availability, Component, Moment, Span, Window};

/// No clock is further from UTC.
const DAY: TimeDelta = TimeDelta::days(1);

/// From when to when it counts; `None` where it says nothing, or nothing that
/// can be read: then for good.
fn bounds(block: &Availability<'_>) -> (Option<Moment>, Option<Moment>) {
    let read = |moment: Result<Option<Moment>, _>| moment.ok().flatten();
    (read(block.start()), read(block.end()))
}

/// The span of a VAVAILABILITY, a day more on a side whose zone a caller might
/// name; `None` for any other component.
pub(super) fn span(component: Component<'_>, clock: Clock<'_>) -> Option<Span> {
    let (start, end) = bounds(&Availability::of(component)?);
    let margin = |moment: &Moment| match moment {
        Moment::Utc(_) => TimeDelta::zero(),
        Moment::Zoned { tzid, .. } if clock.zones.resolve(tzid).is_some() => TimeDelta::zero(),
        _ => DAY,
    };
    let instant = |moment: &Moment| clock.instant(moment).and_utc();
    Some(Span::new(
        start.and_then(|at| instant(&at).checked_sub_signed(margin(&at))),
        end.and_then(|at| instant(&at).checked_add_signed(margin(&at))),
    ))
}

/// Whether the time of a VAVAILABILITY overlaps the window (RFC 7953 section
/// 7.2.2). Of any other component it does not.
pub(super) fn overlaps(component: Component<'_>, clock: Clock<'_>, window: &Window) -> bool {
    let Some(block) = Availability::of(component) else {
        return false;
    };
    let (start, end) = bounds(&block);
    let instant = |moment: Moment| clock.instant(&moment).and_utc();
    rows::availability(window, start.map(instant), end.map(instant))
}
