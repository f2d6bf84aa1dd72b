//! What a calendar takes from clients (RFC 4791 section 5.3.2.1), beyond what a store must know
//! to index it.
//!
//! Quirks of shipping clients are no reason to refuse: what is odd is stored as it came. Refused
//! is text that other clients could not read at all, and times that nobody could place.

use bytes::Bytes;
use cal_core::{Calendar, Component, PropertyKind, Rule};
use cal_dav::response::Precondition;

/// Broken rules that make a text no iCalendar to a strict reader, and that no client is known to
/// break.
const REFUSED: &[Rule] = &[
    Rule::InputTooLong,
    Rule::TooManyLines,
    Rule::LineTooLong,
    Rule::TooManyProperties,
    Rule::TooDeep,
    Rule::TooManyParameters,
    Rule::NoCalendar,
    Rule::OutsideCalendar,
    Rule::StrayComponent,
    Rule::MissingEnd,
    Rule::UnmatchedEnd,
    Rule::BadBegin,
    Rule::NoColon,
    Rule::BadName,
    Rule::UnclosedQuote,
    Rule::ControlCharacter,
    Rule::NotUtf8,
];

/// Properties that say when something is.
const TIMES: &[PropertyKind] = &[
    PropertyKind::DtStart,
    PropertyKind::DtEnd,
    PropertyKind::Due,
    PropertyKind::RecurrenceId,
];

const FREQUENCIES: [&str; 7] = [
    "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY",
];

/// Whether a client may store this text in a calendar; `attendees` is the most that one instance
/// may have.
pub(crate) fn check(body: &Bytes, attendees: u32) -> Result<(), Precondition> {
    let reading = Calendar::read(body);
    if reading
        .warnings
        .iter()
        .any(|fault| REFUSED.contains(&fault.rule()))
    {
        return Err(Precondition::ValidCalendarData);
    }
    for component in reading.calendar.components() {
        if !has_readable_times(component) {
            return Err(Precondition::ValidCalendarData);
        }
        if component.all(PropertyKind::Attendee).count() as u64 > u64::from(attendees) {
            return Err(Precondition::MaxAttendeesPerInstance);
        }
    }
    Ok(())
}

fn has_readable_times(component: Component<'_>) -> bool {
    let times = TIMES.iter().flat_map(|kind| component.all(*kind));
    let mut rules = component.all(PropertyKind::RRule);
    times
        .map(|property| property.moment())
        .all(|moment| moment.is_ok())
        && rules.all(|rule| has_frequency(&rule.raw_value()))
}

/// A rule without a frequency says nothing at all; other odd parts are left out.
fn has_frequency(rule: &str) -> bool {
    rule.split(';').any(|part| {
        part.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("FREQ")
                && FREQUENCIES
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(value.trim()))
        })
    })
}
