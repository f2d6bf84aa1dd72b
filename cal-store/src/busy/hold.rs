//! Times that are held for somebody until they lapse.

use std::sync::Arc;

use cal_freebusy::{Holds, Interval};
use chrono::TimeDelta;

use super::Beside;
use crate::id::id;
use crate::{CollectionId, Error, Timestamp};

id! {
    /// What a hold is known by: only who is told it can book or release it.
    HoldToken, "hold token"
}

/// A time of a calendar that is held until it lapses.
///
/// While it is held it counts as busy (tentatively) for everybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// What it is known by.
    pub token: HoldToken,
    /// The time that is held.
    pub interval: Interval,
    /// The instant from which it no longer is.
    pub lapses: Timestamp,
}

impl Hold {
    /// The most holds of one calendar at a time.
    pub const MAX: usize = Holds::MAX;
    /// For how many minutes a time may be held.
    pub const MAX_MINUTES: i64 = Holds::MAX_MINUTES;

    /// Whether it holds at an instant.
    #[must_use]
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        at < self.lapses
    }

    /// Whether a calendar that has so many holds in force may have one more: the
    /// check that every backend makes.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`].
    pub fn check_count(held: usize) -> Result<(), Error> {
        if held < Self::MAX {
            return Ok(());
        }
        Err(Error::Limit {
            what: "holds of one calendar",
            limit: u64::try_from(Self::MAX).unwrap_or(u64::MAX),
        })
    }

    /// A hold of `interval` from an instant on, for as long as `length` says.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHold`] of no time, of a time that is over, or for no time
    /// or more than [`MAX_MINUTES`](Self::MAX_MINUTES).
    pub fn new(interval: Interval, length: TimeDelta, at: Timestamp) -> Result<Self, Error> {
        let invalid = |reason| Error::InvalidHold { reason };
        if interval.is_empty() {
            return Err(invalid("is of a time without length"));
        }
        if Timestamp::from(interval.end()) <= at {
            return Err(invalid("is of a time that is over"));
        }
        if length <= TimeDelta::zero() || length > TimeDelta::minutes(Self::MAX_MINUTES) {
            return Err(invalid("is for no time, or for more than a day"));
        }
        Ok(Self {
            token: HoldToken::random(),
            interval,
            lapses: Timestamp::from_millis(at.millis().saturating_add(length.num_milliseconds())),
        })
    }
}

/// A hold to be placed, if its time is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold {
    /// The calendar.
    pub collection: CollectionId,
    /// The hold.
    pub hold: Hold,
    /// What the times of the calendar must have been worked out from.
    pub basis: super::BusyBasis,
    /// The same of the other calendars with which it shares its time; see
    /// [`ObjectBusy::beside`](super::ObjectBusy::beside).
    pub beside: Option<Arc<[Beside]>>,
    /// The instant at which it is placed.
    pub at: Timestamp,
}
