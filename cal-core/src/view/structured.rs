//! PARTICIPANT, VLOCATION and VRESOURCE (RFC 9073 7): what ATTENDEE, LOCATION
//! and RESOURCES say, with room for more.

use std::borrow::Cow;

use super::fields::capitals;
use crate::{Component, ComponentKind, PropertyKind};

super::view! {
    /// Someone or something with a part in an event, be it a person who is
    /// invited or a speaker, a sponsor, a performer who is not: one PARTICIPANT.
    Participant
}

super::view! {
    /// A place: one VLOCATION.
    Place
}

super::view! {
    /// A thing that is needed, such as a room or a projector: one VRESOURCE.
    NeededResource
}

impl<'a> Participant<'a> {
    /// The view of a component, if it is a PARTICIPANT.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == ComponentKind::Participant).then(|| Participant::new(component))
    }

    /// `PARTICIPANT-TYPE` in capitals: ACTIVE, SPONSOR, SPEAKER…
    #[must_use]
    pub fn participant_type(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::ParticipantType).map(capitals)
    }

    /// `CALENDAR-ADDRESS`, a URI; an ATTENDEE of the same address is the same
    /// participant.
    #[must_use]
    pub fn calendar_address(&self) -> Option<Cow<'a, str>> {
        self.first(PropertyKind::CalendarAddress)
            .map(|property| property.raw_value())
    }
}

impl<'a> Place<'a> {
    /// The view of a component, if it is a VLOCATION.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == ComponentKind::Location).then(|| Place::new(component))
    }

    /// `NAME`, unescaped.
    #[must_use]
    pub fn title(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Name)
    }

    /// `LOCATION-TYPE`: what sort of place it is, by the registry of RFC 4589.
    #[must_use]
    pub fn location_types(&self) -> Vec<String> {
        self.all(PropertyKind::LocationType)
            .flat_map(|property| property.texts())
            .collect()
    }
}

impl<'a> NeededResource<'a> {
    /// The view of a component, if it is a VRESOURCE.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == ComponentKind::Resource).then(|| NeededResource::new(component))
    }

    /// `NAME`, unescaped.
    #[must_use]
    pub fn title(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::Name)
    }

    /// `RESOURCE-TYPE` in capitals: ROOM, PROJECTOR…
    #[must_use]
    pub fn resource_type(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::ResourceType).map(capitals)
    }
}
