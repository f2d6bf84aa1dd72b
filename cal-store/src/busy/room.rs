//! The calendars of a room: together they are busy once at a time.

use cal_freebusy::Interval;

use super::BusyBasis;
use crate::{CollectionId, Error, ObjectName, Uid};

/// Another calendar of a room or resource, and what its times were worked out
/// from when something was to take time beside them.
///
/// A room has one time, whichever of its calendars it is booked in: what takes
/// time in one that is opaque (RFC 6638 9.1) is held against all others that are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// The calendar.
    pub collection: CollectionId,
    /// What its times are worked out from.
    pub basis: BusyBasis,
}

impl Beside {
    /// Whether `known` are all `others` that there are, each with the times that
    /// are kept of it; `collection` is the calendar beside which they are.
    pub(super) fn check(
        known: Option<&[Self]>,
        others: &[(CollectionId, Option<BusyBasis>)],
        collection: CollectionId,
    ) -> Result<(), Error> {
        let is_known = |(id, basis): &(CollectionId, Option<BusyBasis>)| {
            let mut known = known.into_iter().flatten();
            known.any(|known| known.collection == *id && Some(known.basis) == *basis)
        };
        match known.is_some() && others.iter().all(is_known) {
            true => Ok(()),
            false => Err(Error::BusyOutdated { collection }),
        }
    }
}

/// Two objects that take the same time of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubleBooked {
    /// The first time that both take.
    pub interval: Interval,
    /// The one that begins earlier there.
    pub first: StandingBooking,
    /// The other.
    pub second: StandingBooking,
}

impl DoubleBooked {
    /// The most that are told of one room.
    pub const MAX: usize = 1_000;
}

/// An object that takes time of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingBooking {
    /// Its calendar.
    pub calendar: CollectionId,
    /// Its name there.
    pub name: ObjectName,
    /// Its UID.
    pub uid: Uid,
}
