//! Questions that events, to-dos and journal entries have in common (RFC 5545 3.8, RFC 7986 5).

use std::borrow::Cow;

use crate::{Alarm, Component, ComponentKind, Error, Geo, Moment, Person, Property, PropertyKind};

impl<'a> Component<'a> {
    /// `UID`: what all components of one object share.
    #[must_use]
    pub fn uid(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Uid).filter(|uid| !uid.is_empty())
    }

    /// `SUMMARY`, unescaped.
    #[must_use]
    pub fn summary(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Summary)
    }

    /// `DESCRIPTION`, unescaped.
    #[must_use]
    pub fn description(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Description)
    }

    /// `LOCATION`, unescaped.
    #[must_use]
    pub fn location(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Location)
    }

    /// `URL`.
    #[must_use]
    pub fn url(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Url)
    }

    /// `COLOR` (RFC 7986): a CSS3 colour name.
    #[must_use]
    pub fn color(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Color)
    }

    /// `CLASS` in capitals; PUBLIC where there is none.
    #[must_use]
    pub fn class(&self) -> Cow<'a, str> {
        self.text(PropertyKind::Class)
            .map_or(Cow::Borrowed("PUBLIC"), capitals)
    }

    /// `STATUS` in capitals.
    #[must_use]
    pub fn status(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Status).map(capitals)
    }

    /// Whether its `STATUS` is CANCELLED.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.status().as_deref() == Some("CANCELLED")
    }

    /// All `CATEGORIES`, unescaped, of one or several properties.
    #[must_use]
    pub fn categories(&self) -> Vec<String> {
        self.all(PropertyKind::Categories)
            .flat_map(|property| property.texts())
            .collect()
    }

    /// `SEQUENCE`; 0 where there is none or it is not a number.
    #[must_use]
    pub fn sequence(&self) -> i32 {
        self.first(PropertyKind::Sequence)
            .and_then(|found| found.integer().ok())
            .unwrap_or(0)
    }

    /// `PRIORITY`: 1 is the highest, 9 the lowest, 0 undefined.
    #[must_use]
    pub fn priority(&self) -> i32 {
        self.first(PropertyKind::Priority)
            .and_then(|found| found.integer().ok())
            .unwrap_or(0)
    }

    /// `DTSTAMP`.
    ///
    /// # Errors
    /// If its value is not a date-time.
    pub fn stamp(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::DtStamp)
    }

    /// `CREATED`.
    ///
    /// # Errors
    /// If its value is not a date-time.
    pub fn created(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::Created)
    }

    /// `LAST-MODIFIED`.
    ///
    /// # Errors
    /// If its value is not a date-time.
    pub fn last_modified(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::LastModified)
    }

    /// `RECURRENCE-ID`: which instance of its series this component replaces.
    ///
    /// # Errors
    /// If its value is neither date nor date-time.
    pub fn recurrence_id(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::RecurrenceId)
    }

    /// Whether it replaces one instance of a series rather than being the series or a single event.
    #[must_use]
    pub fn is_override(&self) -> bool {
        self.first(PropertyKind::RecurrenceId).is_some()
    }

    /// Whether its `RECURRENCE-ID` counts for all later instances too (`RANGE=THISANDFUTURE`).
    #[must_use]
    pub fn is_this_and_future(&self) -> bool {
        self.first(PropertyKind::RecurrenceId)
            .and_then(|property| property.parameter("RANGE"))
            .is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"))
    }

    /// The one date or date-time of the first property of this kind.
    ///
    /// # Errors
    /// If its value is neither.
    pub fn moment(&self, kind: PropertyKind) -> Result<Option<Moment>, Error> {
        self.first(kind)
            .map(|property| property.moment())
            .transpose()
    }

    /// `GEO`, where it has one that can be read.
    #[must_use]
    pub fn geo(&self) -> Option<Geo> {
        self.first(PropertyKind::Geo)?.geo().ok()
    }

    /// The `RRULE` properties; more than one is legal but rare.
    pub fn recurrence_rules(&self) -> impl Iterator<Item = Property<'a>> + use<'a> {
        self.all(PropertyKind::RRule)
    }

    /// Whether it repeats: has an RRULE or an RDATE and is not an override.
    #[must_use]
    pub fn is_recurring(&self) -> bool {
        !self.is_override()
            && self
                .properties()
                .any(|found| matches!(found.kind(), PropertyKind::RRule | PropertyKind::RDate))
    }

    /// `ORGANIZER`.
    #[must_use]
    pub fn organizer(&self) -> Option<Person<'a>> {
        self.first(PropertyKind::Organizer).map(Person::new)
    }

    /// The `ATTENDEE`s.
    pub fn attendees(&self) -> impl Iterator<Item = Person<'a>> + use<'a> {
        self.all(PropertyKind::Attendee).map(Person::new)
    }

    /// The VALARMs.
    pub fn alarms(&self) -> impl Iterator<Item = Alarm<'a>> + use<'a> {
        self.components()
            .filter(|inner| inner.kind() == ComponentKind::Alarm)
            .map(Alarm::new)
    }
}

pub(crate) fn capitals(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) || text.trim().len() < text.len() {
        Cow::Owned(text.trim().to_ascii_uppercase())
    } else {
        text
    }
}
