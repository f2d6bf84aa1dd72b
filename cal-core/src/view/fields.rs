//! Questions that events, to-dos and journal entries have in common (RFC 5545
//! 3.8, RFC 7986 5, RFC 9073 6, RFC 9253 8).

use std::borrow::Cow;

use super::{
    Alarm, Attachment, Conference, Link, NeededResource, Participant, Person, Place, Relation,
};
use crate::{Component, ComponentKind, Error, Geo, Moment, Property, PropertyKind, RequestStatus};

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
        self.inner(ComponentKind::Alarm).map(Alarm::new)
    }

    /// The PARTICIPANTs (RFC 9073).
    pub fn participants(&self) -> impl Iterator<Item = Participant<'a>> + use<'a> {
        self.inner(ComponentKind::Participant).map(Participant::new)
    }

    /// The VLOCATIONs (RFC 9073).
    pub fn places(&self) -> impl Iterator<Item = Place<'a>> + use<'a> {
        self.inner(ComponentKind::Location).map(Place::new)
    }

    /// The VRESOURCEs (RFC 9073).
    pub fn needed_resources(&self) -> impl Iterator<Item = NeededResource<'a>> + use<'a> {
        self.inner(ComponentKind::Resource).map(NeededResource::new)
    }

    fn inner(&self, kind: ComponentKind) -> impl Iterator<Item = Component<'a>> + use<'a> {
        self.components().filter(move |inner| inner.kind() == kind)
    }

    /// The `ATTACH`ments.
    pub fn attachments(&self) -> impl Iterator<Item = Attachment<'a>> + use<'a> {
        self.all(PropertyKind::Attach).map(Attachment::new)
    }

    /// The `IMAGE`s (RFC 7986).
    pub fn images(&self) -> impl Iterator<Item = Attachment<'a>> + use<'a> {
        self.all(PropertyKind::Image).map(Attachment::new)
    }

    /// The `CONFERENCE`s (RFC 7986).
    pub fn conferences(&self) -> impl Iterator<Item = Conference<'a>> + use<'a> {
        self.all(PropertyKind::Conference).map(Conference::new)
    }

    /// What it is `RELATED-TO`.
    pub fn relations(&self) -> impl Iterator<Item = Relation<'a>> + use<'a> {
        self.all(PropertyKind::RelatedTo).map(Relation::new)
    }

    /// The `LINK`s (RFC 9253).
    pub fn links(&self) -> impl Iterator<Item = Link<'a>> + use<'a> {
        self.all(PropertyKind::Link).map(Link::new)
    }

    /// The `CONCEPT`s (RFC 9253): categories of a formal scheme, as URIs.
    pub fn concepts(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.all(PropertyKind::Concept)
            .map(|property| property.raw_value())
    }

    /// The `COMMENT`s, unescaped.
    pub fn comments(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.all(PropertyKind::Comment)
            .map(|property| property.text())
    }

    /// The `CONTACT`s, unescaped.
    pub fn contacts(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.all(PropertyKind::Contact)
            .map(|property| property.text())
    }

    /// All `RESOURCES`, unescaped, of one or several properties.
    #[must_use]
    pub fn resources(&self) -> Vec<String> {
        self.all(PropertyKind::Resources)
            .flat_map(|property| property.texts())
            .collect()
    }

    /// The `STYLED-DESCRIPTION`s (RFC 9073): the description with markup.
    pub fn styled_descriptions(&self) -> impl Iterator<Item = Property<'a>> + use<'a> {
        self.all(PropertyKind::StyledDescription)
    }

    /// The `REQUEST-STATUS`es: how a scheduling request went.
    ///
    /// # Errors
    /// If one does not begin with a status code.
    pub fn request_statuses(&self) -> Result<Vec<RequestStatus>, Error> {
        self.all(PropertyKind::RequestStatus)
            .map(|property| property.request_status())
            .collect()
    }
}

pub(crate) fn capitals(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) || text.trim().len() < text.len() {
        Cow::Owned(text.trim().to_ascii_uppercase())
    } else {
        text
    }
}
