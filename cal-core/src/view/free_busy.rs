//! VFREEBUSY (RFC 5545 3.6.4).

use std::borrow::Cow;

use super::fields::capitals;
use crate::{Component, Error, Moment, Period, PropertyKind};

super::view! {
    /// Busy time: one VFREEBUSY.
    FreeBusy
}

impl<'a> FreeBusy<'a> {
    /// The view of a component, if it is a VFREEBUSY.
    #[must_use]
    pub fn of(component: Component<'a>) -> Option<Self> {
        (component.kind() == crate::ComponentKind::FreeBusy).then(|| FreeBusy::new(component))
    }

    /// `DTSTART`: from when on it tells.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn start(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::DtStart)
    }

    /// `DTEND`: until when it tells, exclusively.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn end(&self) -> Result<Option<Moment>, Error> {
        self.moment(PropertyKind::DtEnd)
    }

    /// The `FREEBUSY` periods with their `FBTYPE` in capitals, BUSY where there is none.
    ///
    /// # Errors
    /// If a period is malformed.
    pub fn periods(&self) -> Result<Vec<(Cow<'a, str>, Period)>, Error> {
        let mut all = Vec::new();
        for property in self.all(PropertyKind::FreeBusy) {
            let kind = property
                .parameter("FBTYPE")
                .map_or(Cow::Borrowed("BUSY"), capitals);
            all.extend(
                property
                    .periods()?
                    .into_iter()
                    .map(|period| (kind.clone(), period)),
            );
        }
        Ok(all)
    }
}
