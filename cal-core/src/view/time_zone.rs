//! VTIMEZONE (RFC 5545 3.6.5): the block as text has it, not yet a zone.

use std::borrow::Cow;

use crate::{Component, ComponentKind, Error, Moment, PropertyKind, UtcOffset};

super::view! {
    /// A time zone definition: one VTIMEZONE.
    TimeZoneBlock
}

super::view! {
    /// One STANDARD or DAYLIGHT part of a VTIMEZONE.
    Observance
}

impl<'a> TimeZoneBlock<'a> {
    /// The view of a component, if it is a VTIMEZONE.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == ComponentKind::TimeZone).then(|| TimeZoneBlock::new(component))
    }

    /// `TZID`.
    #[must_use]
    pub fn tzid(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::TzId)
    }

    /// Its STANDARD and DAYLIGHT parts.
    pub fn observances(&self) -> impl Iterator<Item = Observance<'a>> + use<'a> {
        self.components()
            .filter(|part| {
                matches!(
                    part.kind(),
                    ComponentKind::Standard | ComponentKind::Daylight
                )
            })
            .map(Observance::new)
    }
}

impl<'a> Observance<'a> {
    /// Whether it is a DAYLIGHT part.
    #[must_use]
    pub fn is_daylight(&self) -> bool {
        self.kind() == ComponentKind::Daylight
    }

    /// `DTSTART`: when it first comes into force, in local time before the change.
    ///
    /// # Errors
    /// If there is none or it is malformed.
    pub fn start(&self) -> Result<Moment, Error> {
        self.required(PropertyKind::DtStart)?.moment()
    }

    /// `TZOFFSETFROM`: the offset before the change.
    ///
    /// # Errors
    /// If there is none or it is malformed.
    pub fn offset_from(&self) -> Result<UtcOffset, Error> {
        self.required(PropertyKind::TzOffsetFrom)?.utc_offset()
    }

    /// `TZOFFSETTO`: the offset that comes into force.
    ///
    /// # Errors
    /// If there is none or it is malformed.
    pub fn offset_to(&self) -> Result<UtcOffset, Error> {
        self.required(PropertyKind::TzOffsetTo)?.utc_offset()
    }

    /// `TZNAME`.
    #[must_use]
    pub fn zone_name(&self) -> Option<Cow<'a, str>> {
        self.text(PropertyKind::TzName)
    }
}
