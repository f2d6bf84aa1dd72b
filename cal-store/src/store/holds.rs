//! Times of calendars that are held for a while.

use cal_freebusy::Interval;
use chrono::TimeDelta;

use super::Store;
use super::busy::ATTEMPTS;
#[cfg(doc)]
use crate::BusyHorizon;
use crate::{Cause, CollectionId, Error, Hold, HoldToken, NewHold};

impl Store {
    /// Holds a time of a calendar for a while, if nothing takes it: neither an
    /// object (of an opaque calendar) nor another hold, and of a room nothing in
    /// any of its calendars. It lapses by itself, by
    /// the instants that writers and readers name; [`Put::with_hold`](crate::Put::with_hold)
    /// makes an object of it.
    ///
    /// # Errors
    ///
    /// [`Error::DoubleBooking`]; [`Error::NotFound`] if there is no such calendar;
    /// [`Error::InvalidHold`] as [`Hold::new`], and beyond the [`BusyHorizon`];
    /// [`Error::Limit`] beyond [`Hold::MAX`].
    pub async fn hold(
        &self,
        calendar: CollectionId,
        interval: Interval,
        length: TimeDelta,
        cause: &Cause,
    ) -> Result<Hold, Error> {
        let hold = Hold::new(interval, length, cause.at)?;
        let kind = self.kind(calendar).await.map_err(|error| match error {
            Error::ParentMissing => Error::NotFound,
            other => other,
        })?;
        let reckoning = self.reckoning(calendar, kind, cause.at).await?;
        let mut reckoning = reckoning.ok_or(Error::NotFound)?;
        for _ in 0..ATTEMPTS {
            let basis = reckoning.basis;
            if basis.horizon.window().intersection(&interval) != Some(interval) {
                let reason = "is of a time beyond what is known";
                return Err(Error::InvalidHold { reason });
            }
            let (collection, at) = (calendar, cause.at);
            let new = NewHold {
                collection,
                hold,
                basis,
                beside: reckoning.beside.clone(),
                at,
            };
            match self.backend().place_hold(new).await {
                Err(Error::BusyOutdated { .. }) => {
                    reckoning = self.kept(calendar, cause.at).await?;
                }
                done => return done.map(|()| hold),
            }
        }
        Err(Error::Unavailable)
    }

    /// Ends a hold; answers whether it was in force still.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`].
    pub async fn release_hold(
        &self,
        calendar: CollectionId,
        token: HoldToken,
        cause: &Cause,
    ) -> Result<bool, Error> {
        self.backend().release_hold(calendar, token, cause.at).await
    }
}
