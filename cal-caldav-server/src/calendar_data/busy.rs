//! FREEBUSY values cut down to a range (RFC 4791 section 9.6.7).

use cal_core::{Calendar, ComponentKind, NewProperty, Period, PeriodEnd, PropertyKind};
use cal_dav::report::TimeRange;
use chrono::NaiveDateTime;

/// Leaves out the periods of VFREEBUSY components that lie outside the range.
pub(super) fn limit(calendar: &mut Calendar, range: TimeRange) {
    let busy: Vec<_> = calendar
        .components()
        .filter(|component| component.kind() == ComponentKind::FreeBusy)
        .map(|component| component.id())
        .collect();
    for id in busy {
        let Some(mut component) = calendar.component_mut(id) else {
            continue;
        };
        let kept: Vec<NewProperty> = component
            .component()
            .all(PropertyKind::FreeBusy)
            .filter_map(|property| {
                let mut periods = property.periods().ok()?;
                periods.retain(|period| touches(period, range));
                let property = NewProperty::from_property(&property);
                (!periods.is_empty()).then(|| property.with_periods(&periods))
            })
            .collect();
        component.remove_where(|property| property.kind() == PropertyKind::FreeBusy);
        for property in &kept {
            component.add(property);
        }
    }
}

fn touches(period: &Period, range: TimeRange) -> bool {
    let start = period.start.local();
    let end: Option<NaiveDateTime> = match &period.end {
        PeriodEnd::At(end) => Some(end.local()),
        PeriodEnd::After(length) => start.checked_add_signed(length.to_time_delta()),
    };
    range.end().is_none_or(|bound| start < bound)
        && range
            .start()
            .is_none_or(|bound| end.is_none_or(|end| end > bound))
}
