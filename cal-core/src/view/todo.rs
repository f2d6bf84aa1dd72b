//! VTODO (RFC 5545 3.6.2).

use super::extent::Extent;
use crate::{Component, Error, Moment, PropertyKind};

super::view! {
    /// A to-do: one VTODO.
    Todo
}

impl<'a> Todo<'a> {
    /// The view of a component, if it is a VTODO.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == crate::ComponentKind::Todo).then(|| Todo::new(component))
    }

    /// `DTSTART`.
    ///
    /// # Errors
    /// If it is neither date nor date-time.
    pub fn start(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::DtStart)
    }

    /// When it is due: `DUE`, or `DTSTART` with `DURATION`.
    ///
    /// # Errors
    /// If the values it follows from are malformed.
    pub fn due(&self) -> Result<Option<Moment>, Error> {
        if let Some(due) = self.moment(PropertyKind::Due)? {
            return Ok(Some(due));
        }
        if self.first(PropertyKind::Duration).is_none() || self.start()?.is_none() {
            return Ok(None);
        }
        Ok(Some(self.extent()?.end()))
    }

    /// Start and length, where it has a start.
    ///
    /// # Errors
    /// If there is no DTSTART or it is malformed.
    pub fn extent(&self) -> Result<Extent, Error> {
        Extent::of(self, PropertyKind::Due)
    }

    /// `COMPLETED`.
    ///
    /// # Errors
    /// If it is not a date-time.
    pub fn completed(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::Completed)
    }

    /// `PERCENT-COMPLETE`, 0 to 100.
    #[must_use]
    pub fn percent_complete(&self) -> Option<i32> {
        let percent = self.first(PropertyKind::PercentComplete)?.integer().ok()?;
        Some(percent.clamp(0, 100))
    }
}
