//! Which conditions make sense where (RFC 4791 sections 9.7.1, 9.7.2 and 9.9;
//! RFC 5545 section 3.6).

use super::{ComponentFilter, ComponentTest, PropertyFilter, PropertyTest, ValueTest};
use crate::Error;

/// Which components a component of iCalendar may hold. Those that are in no
/// list (`X-` and newer ones) may be anywhere.
const NESTING: [(&str, &[&str]); 6] = [
    (
        "VCALENDAR",
        &[
            "VEVENT",
            "VTODO",
            "VJOURNAL",
            "VFREEBUSY",
            "VTIMEZONE",
            "VAVAILABILITY",
        ],
    ),
    ("VEVENT", &["VALARM"]),
    ("VTODO", &["VALARM"]),
    ("VTIMEZONE", &["STANDARD", "DAYLIGHT"]),
    ("VAVAILABILITY", &["AVAILABLE", "VALARM"]),
    ("AVAILABLE", &["VALARM"]),
];

/// The components of which section 9.9 says when they overlap a span; and
/// VCALENDAR, on which clients put a span to say: any component.
const WITH_TIME: [&str; 8] = [
    "VCALENDAR",
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VALARM",
    "VAVAILABILITY",
    "AVAILABLE",
];

/// The properties whose values are times; `X-` properties may be.
const TIMES: [&str; 13] = [
    "ACKNOWLEDGED",
    "COMPLETED",
    "CREATED",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "DUE",
    "EXDATE",
    "FREEBUSY",
    "LAST-MODIFIED",
    "RDATE",
    "RECURRENCE-ID",
    "TRIGGER",
];

/// Refuses conditions that no calendar could meet as they are meant.
pub(super) fn check(filter: &ComponentFilter) -> Result<(), Error> {
    let ComponentTest::Defined {
        time_range,
        properties,
        components,
    } = &filter.test
    else {
        return Ok(());
    };
    if time_range.is_some() && !is_one_of(&filter.name, &WITH_TIME) {
        return Err(refuse("the component has no time", &filter.name));
    }
    for property in properties {
        check_property(property)?;
    }
    for inner in components {
        if !may_hold(&filter.name, &inner.name) {
            return Err(refuse("the component is never in this place", &inner.name));
        }
        check(inner)?;
    }
    Ok(())
}

fn check_property(filter: &PropertyFilter) -> Result<(), Error> {
    let asks_for_time = matches!(
        filter.test,
        PropertyTest::Defined {
            value: Some(ValueTest::TimeRange(_)),
            ..
        }
    );
    let extension = filter
        .name
        .split_at_checked(2)
        .is_some_and(|(start, _)| start.eq_ignore_ascii_case("X-"));
    if asks_for_time && !extension && !is_one_of(&filter.name, &TIMES) {
        return Err(refuse("the value of the property is no time", &filter.name));
    }
    Ok(())
}

fn may_hold(outer: &str, inner: &str) -> bool {
    let known = NESTING.iter().any(|(_, inside)| is_one_of(inner, inside))
        || is_one_of(inner, &["VCALENDAR"]);
    !known
        || NESTING
            .iter()
            .any(|(name, inside)| name.eq_ignore_ascii_case(outer) && is_one_of(inner, inside))
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn refuse(reason: &'static str, found: &str) -> Error {
    Error::value("filter", reason, found)
}
