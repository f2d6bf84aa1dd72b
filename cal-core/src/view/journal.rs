//! VJOURNAL (RFC 5545 3.6.3).

use crate::{Component, Error, Moment, PropertyKind};

super::view! {
    /// A journal entry: one VJOURNAL.
    Journal
}

impl<'a> Journal<'a> {
    /// The view of a component, if it is a VJOURNAL.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == crate::ComponentKind::Journal).then(|| Journal::new(component))
    }

    /// `DTSTART`: the day or time it is about.
    ///
    /// # Errors
    /// If it is neither date nor date-time.
    pub fn start(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::DtStart)
    }
}
