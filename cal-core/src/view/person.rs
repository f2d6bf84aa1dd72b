//! ORGANIZER and ATTENDEE (RFC 5545 3.8.4) with their parameters.

use std::borrow::Cow;

use super::fields::capitals;
use crate::Property;

/// Someone who organizes or attends: a calendar user address with parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a>(Property<'a>);

impl<'a> Person<'a> {
    pub(crate) fn new(property: Property<'a>) -> Self {
        Person(property)
    }

    /// The property that this is a view of.
    #[must_use]
    pub fn property(&self) -> Property<'a> {
        self.0
    }

    /// The calendar user address, a URI.
    #[must_use]
    pub fn address(&self) -> Cow<'a, str> {
        self.0.raw_value()
    }

    /// The mail address in small letters, where the address is a `mailto:` URI
    /// or else where an `EMAIL` parameter (RFC 7986) has one.
    #[must_use]
    pub fn email(&self) -> Option<String> {
        let address = self.address();
        let address = address.trim();
        let mail = match address.get(..7) {
            Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => address.get(7..)?.to_owned(),
            _ => self.0.parameter("EMAIL")?.into_owned(),
        };
        Some(mail.trim().to_lowercase()).filter(|mail| !mail.is_empty())
    }

    /// `CN`: the name to show.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("CN")
    }

    /// `PARTSTAT` in capitals; NEEDS-ACTION where there is none.
    #[must_use]
    pub fn participation(&self) -> Cow<'a, str> {
        self.or("PARTSTAT", "NEEDS-ACTION")
    }

    /// `ROLE` in capitals; REQ-PARTICIPANT where there is none.
    #[must_use]
    pub fn role(&self) -> Cow<'a, str> {
        self.or("ROLE", "REQ-PARTICIPANT")
    }

    /// `CUTYPE` in capitals; INDIVIDUAL where there is none.
    #[must_use]
    pub fn user_type(&self) -> Cow<'a, str> {
        self.or("CUTYPE", "INDIVIDUAL")
    }

    /// `RSVP`: whether an answer is asked for.
    #[must_use]
    pub fn wants_reply(&self) -> bool {
        self.0
            .parameter("RSVP")
            .is_some_and(|value| value.eq_ignore_ascii_case("TRUE"))
    }

    /// `SENT-BY`: who acts for this person.
    #[must_use]
    pub fn sent_by(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("SENT-BY")
    }

    fn or(&self, parameter: &str, default: &'static str) -> Cow<'a, str> {
        self.0
            .parameter(parameter)
            .map_or(Cow::Borrowed(default), capitals)
    }
}
