//! What a calendar takes from clients (RFC 4791 section 5.3.2.1), beyond what a store must know
//! to index it.
//!
//! Quirks of shipping clients are no reason to refuse: what is odd is stored as it came. Refused
//! is text that other clients could not read at all, and times that nobody could place.

use std::fmt::Display;

use bytes::Bytes;
use cal_core::{Calendar, Component, Expansion, Fault, PropertyKind, Rule, RuleCalendar};
use cal_dav::response::Precondition;
use cal_store::unreadable_time;
use chrono::Datelike;

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

/// Properties that hold times at which something is.
const TIMES: &[PropertyKind] = &[
    PropertyKind::DtStart,
    PropertyKind::DtEnd,
    PropertyKind::Due,
    PropertyKind::RDate,
    PropertyKind::RecurrenceId,
];

const FREQUENCIES: [&str; 7] = [
    "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY",
];

/// The times that a calendar takes: `CALDAV:min-date-time` and `CALDAV:max-date-time` (RFC 4791
/// sections 5.2.6 and 5.2.7).
pub(crate) const MIN_DATE_TIME: &str = "00010101T000000Z";
pub(crate) const MAX_DATE_TIME: &str = "99991231T235959Z";

/// Why a client may not store a text, in the words of the protocol and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfit {
    pub(crate) condition: Precondition,
    pub(crate) reason: String,
}

impl Unfit {
    fn new(condition: Precondition, line: u32, reason: impl Display) -> Self {
        Self {
            condition,
            reason: format!("line {line}: {reason}"),
        }
    }
}

/// Whether a client may store this text in a calendar; `attendees` is the most that one instance
/// may have.
pub(crate) fn check(body: &Bytes, attendees: u32) -> Result<(), Unfit> {
    let reading = Calendar::read(body);
    let mut faults = reading.warnings.iter();
    if let Some(fault) = faults.find(|fault| REFUSED.contains(&fault.rule())) {
        return Err(Unfit::new(
            Precondition::ValidCalendarData,
            fault.line(),
            in_words(fault),
        ));
    }
    let instants = Expansion::of(&reading.calendar);
    for component in reading.calendar.components() {
        check_times(component, &instants)?;
        let count = component.all(PropertyKind::Attendee).count() as u64;
        if count > u64::from(attendees) {
            return Err(Unfit::new(
                Precondition::MaxAttendeesPerInstance,
                component.line(),
                format_args!("{count} attendees are more than {attendees}"),
            ));
        }
    }
    Ok(())
}

/// What is wrong and by which section, without the place.
fn in_words(fault: &Fault) -> String {
    match fault.rule().section() {
        "" => fault.message(),
        section => format!("{} ({section})", fault.message()),
    }
}

fn check_times(component: Component<'_>, instants: &Expansion<'_>) -> Result<(), Unfit> {
    if let Some((property, error)) = unreadable_time(component) {
        let reason = error.fault().map_or_else(|| error.to_string(), in_words);
        let condition = Precondition::ValidCalendarData;
        return Err(Unfit::new(condition, property.line(), reason));
    }
    if let Some(second) = component.all(PropertyKind::DtStart).nth(1) {
        let condition = Precondition::ValidCalendarData;
        let reason = "a component has one DTSTART (RFC 5545 3.6.1)";
        return Err(Unfit::new(condition, second.line(), reason));
    }
    for property in TIMES.iter().flat_map(|kind| component.all(*kind)) {
        for moment in property.date_times().unwrap_or_default() {
            let (condition, what) = match instants.instant(&moment).year() {
                ..1 => (Precondition::MinDateTime, "before the first time taken"),
                10_000.. => (Precondition::MaxDateTime, "after the last time taken"),
                _ => continue,
            };
            let reason = format_args!("{} is {what}", moment.to_value());
            return Err(Unfit::new(condition, property.line(), reason));
        }
    }
    for rule in component.all(PropertyKind::RRule) {
        if !has_frequency(&rule.raw_value()) {
            let condition = Precondition::ValidCalendarData;
            let reason = "the rule has no frequency (RFC 5545 3.3.10)";
            return Err(Unfit::new(condition, rule.line(), reason));
        }
        if let Some(scale) = RuleCalendar::of(&rule).filter(|scale| !scale.is_supported()) {
            let condition = Precondition::SupportedRscale;
            let reason = format_args!("rules of the calendar {} are not computed", scale.name());
            return Err(Unfit::new(condition, rule.line(), reason));
        }
    }
    Ok(())
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
