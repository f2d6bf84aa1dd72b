//! VAVAILABILITY (RFC 7953): when someone is usually there.

use std::borrow::Cow;

use super::extent::Extent;
use super::fields::capitals;
use crate::{Component, ComponentKind, Error, Moment, PropertyKind};

super::view! {
    /// Someone's usual hours: one VAVAILABILITY. Within its time all is busy
    /// but what its AVAILABLE parts leave open.
    Availability
}

super::view! {
    /// A time when someone is there, possibly repeating: one AVAILABLE.
    Available
}

impl<'a> Availability<'a> {
    /// The view of a component, if it is a VAVAILABILITY.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == ComponentKind::Availability).then(|| Availability::new(component))
    }

    /// `DTSTART`: from when on it counts; always, if there is none.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn start(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::DtStart)
    }

    /// Until when it counts, exclusively: `DTEND`, or `DTSTART` with
    /// `DURATION`; for good, if there is neither.
    ///
    /// # Errors
    /// If the values it follows from are malformed.
    pub fn end(&self) -> Result<Option<Moment>, Error> {
        if self.first(PropertyKind::DtEnd).is_none() && self.first(PropertyKind::Duration).is_none()
        {
            return Ok(None);
        }
        match self.moment(PropertyKind::DtEnd)? {
            Some(end) => Ok(Some(end)),
            None => Ok(Some(Extent::of(self, PropertyKind::DtEnd)?.end())),
        }
    }

    /// `BUSYTYPE` in capitals, what the rest of its time is; BUSY-UNAVAILABLE
    /// where there is none.
    #[must_use]
    pub fn busy_type(&self) -> Cow<'a, str> {
        self.text(PropertyKind::BusyType)
            .map_or(Cow::Borrowed("BUSY-UNAVAILABLE"), capitals)
    }

    /// Its AVAILABLE parts.
    pub fn available(&self) -> impl Iterator<Item = Available<'a>> + use<'a> {
        let parts = self.components();
        parts
            .filter(|part| part.kind() == ComponentKind::Available)
            .map(Available::new)
    }
}

impl Available<'_> {
    /// Start and length of it, or of its first instance.
    ///
    /// # Errors
    /// If there is no DTSTART or it is malformed.
    pub fn extent(&self) -> Result<Extent, Error> {
        Extent::of(self, PropertyKind::DtEnd)
    }
}
