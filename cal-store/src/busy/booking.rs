//! What a write of an object may do with the time of its calendar.

use cal_freebusy::{BusyType, Interval};

use super::times::{PageTime, PageTimes, seconds};
use super::{Beside, BusyBasis, BusyPage, Hold, NewHold, ObjectBusy};
use crate::{CollectionId, Error, ObjectName, PropertyName, PutObject, Timestamp, Uid};

/// Whether a calendar may be busy twice at one time.
///
/// Those of rooms and other resources may not. Of people those may not that
/// have the [property](Self::property) which says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DoubleBooking {
    /// It may.
    #[default]
    Accepted,
    /// What would make it so is refused, and the first wins.
    Refused,
}

impl DoubleBooking {
    /// The namespace of [`property`](Self::property).
    pub const NAMESPACE: &'static str = "https://github.com/cal-rs/cal/ns/";
    /// The local name of [`property`](Self::property).
    pub const LOCAL: &'static str = "refuse-double-booking";

    /// The property with which a calendar refuses double booking, whatever its value.
    #[must_use]
    pub fn property() -> PropertyName {
        PropertyName::from_stored(Self::NAMESPACE.to_owned(), Self::LOCAL.to_owned())
    }
}

/// What a transaction knows of the calendar in which something is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The calendar.
    pub collection: CollectionId,
    /// The sequence of its log.
    pub sequence: u64,
    /// What its times were worked out from; `None` if none are kept.
    pub basis: Option<BusyBasis>,
    /// Whether it takes its owner's time at all (RFC 6638 9.1).
    pub is_opaque: bool,
    /// Whether it is of a room or resource, or has the property.
    pub is_exclusive: bool,
    /// Whether it is of a room or resource, and shares its time with its other calendars.
    pub is_reserved: bool,
}

/// What becomes of the times of an object that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// None are kept of the calendar.
    None,
    /// They are kept, in place of those that the object had.
    Kept,
    /// They are kept, as the first of the calendar, with their basis.
    First,
}

impl Standing {
    /// Whether the calendar may be busy twice at one time.
    #[must_use]
    pub const fn double_booking(&self) -> DoubleBooking {
        match self.is_opaque && self.is_exclusive {
            true => DoubleBooking::Refused,
            false => DoubleBooking::Accepted,
        }
    }

    /// What becomes of the times of an object that is to be stored: the check
    /// that every backend makes. A calendar begins to keep times with the first
    /// of its changes; one that held something before begins with
    /// [`Backend::set_busy`](crate::Backend::set_busy).
    ///
    /// `others` are the [other calendars](Self::shares_time) with which it shares
    /// its time, each with what its times were worked out from.
    ///
    /// # Errors
    ///
    /// [`Error::BusyOutdated`] if times of another basis are kept, or none
    /// although it matters, of it or of one of the others.
    pub fn keeping(
        &self,
        put: &PutObject,
        others: &[(CollectionId, Option<BusyBasis>)],
    ) -> Result<Keeping, Error> {
        let outdated = Err(Error::BusyOutdated {
            collection: self.collection,
        });
        if self.double_booking() == DoubleBooking::Refused {
            let known = put.busy.as_ref().and_then(|busy| busy.beside.as_deref());
            Beside::check(known, others, self.collection)?;
        }
        match (self.basis, &put.busy) {
            (Some(kept), Some(busy)) if kept == busy.basis => Ok(Keeping::Kept),
            (Some(_), _) => outdated,
            (None, Some(_)) if self.sequence == 0 => Ok(Keeping::First),
            (None, _) if self.double_booking() == DoubleBooking::Refused => outdated,
            (None, _) => Ok(Keeping::None),
        }
    }

    /// Whether what takes time in it is held against the other opaque calendars of
    /// its owner that are not in the trash, and their holds, too.
    #[must_use]
    pub const fn shares_time(&self) -> bool {
        self.is_opaque && self.is_reserved
    }

    /// Whether a hold may be placed on what is kept: the check that every
    /// backend makes. `others` are as in [`keeping`](Self::keeping).
    ///
    /// # Errors
    ///
    /// [`Error::BusyOutdated`] if times of another basis are kept, or none, of it
    /// or of one of the others.
    pub fn holds(
        &self,
        new: &NewHold,
        others: &[(CollectionId, Option<BusyBasis>)],
    ) -> Result<(), Error> {
        if self.shares_time() {
            Beside::check(new.beside.as_deref(), others, self.collection)?;
        }
        match self.basis {
            Some(kept) if kept == new.basis => Ok(()),
            _ => Err(Error::BusyOutdated {
                collection: self.collection,
            }),
        }
    }
}

/// What takes a time that something else is to take.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// When it does.
    pub interval: Interval,
    /// The object and its calendar; `None` for a hold.
    pub by: Option<(CollectionId, ObjectName)>,
}

impl Taken {
    /// The refusal for it; `holder` is the UID of the object.
    #[must_use]
    pub fn refusal(&self, holder: Option<Uid>) -> Error {
        Error::DoubleBooking {
            holder,
            start: Timestamp::from(self.interval.start()),
            end: Timestamp::from(self.interval.end()),
        }
    }
}

/// Times that are to be taken, held against all that is taken already: exact
/// times, and not slots.
#[derive(Debug)]
pub struct Booking<'b> {
    pages: &'b [PageTimes],
    taken: Option<Taken>,
}

impl<'b> Booking<'b> {
    /// Of the times of an object.
    #[must_use]
    pub fn new(busy: &'b ObjectBusy) -> Self {
        Self::of_pages(&busy.pages)
    }

    /// Of times by page, such as those of a [hold](NewHold::pages).
    #[must_use]
    pub const fn of_pages(pages: &'b [PageTimes]) -> Self {
        Self { pages, taken: None }
    }

    /// The pages to look at, each with the first and the last second of it that
    /// matter: what ends before the one or starts after the other cannot be in the way.
    pub fn pages(&self) -> impl Iterator<Item = (BusyPage, i64, i64)> {
        self.pages
            .iter()
            .map(|times| (times.page(), times.starts(), times.ends()))
    }

    /// Holds them against a page of what another object takes, given by its
    /// calendar and name.
    pub fn beside(&mut self, (collection, name): (CollectionId, &ObjectName), times: &PageTimes) {
        let own = self
            .pages
            .binary_search_by_key(&times.page(), PageTimes::page);
        let Some(own) = own.ok().and_then(|place| self.pages.get(place)) else {
            return;
        };
        if own.starts() >= times.ends() || times.starts() >= own.ends() {
            return;
        }
        let mut ours = own.iter().filter(takes).peekable();
        for theirs in times.iter().filter(takes) {
            while ours.next_if(|ours| ours.end <= theirs.start).is_some() {}
            match ours.peek() {
                Some(ours) if ours.start < theirs.end => {
                    self.found(Taken {
                        interval: theirs.interval(),
                        by: Some((collection, name.clone())),
                    });
                    return;
                }
                Some(_) => {}
                None => return,
            }
        }
    }

    /// Holds them against a hold that is in force.
    pub fn beside_hold(&mut self, hold: &Hold) {
        let (start, end) = seconds(&hold.interval);
        let in_the_way = |time: PageTime| takes(&time) && time.start < end && start < time.end;
        let mut pages = self.pages.iter().filter(|own| own.touches(&hold.interval));
        if pages.any(|own| own.iter().any(in_the_way)) {
            self.found(Taken {
                interval: hold.interval,
                by: None,
            });
        }
    }

    /// The first that is in the way, in order of time.
    #[must_use]
    pub fn taken(self) -> Option<Taken> {
        self.taken
    }

    fn found(&mut self, taken: Taken) {
        if self.taken.as_ref().is_none_or(|first| taken < *first) {
            self.taken = Some(taken);
        }
    }
}

/// Whether a time is taken and not only beyond usual hours.
fn takes(time: &PageTime) -> bool {
    time.kind.is_some()
}

impl NewHold {
    /// The time that is to be held, by page.
    #[must_use]
    pub fn pages(&self) -> Vec<PageTimes> {
        PageTimes::cut([(self.hold.interval, Some(BusyType::Tentative))])
    }
}

impl PutObject {
    /// The hold that a put turns into an object, among those of its calendar:
    /// the check that every backend makes.
    ///
    /// # Errors
    ///
    /// [`Error::HoldLapsed`] if it names one that is not there, or no longer in force.
    pub fn held<'h>(
        &self,
        holds: impl IntoIterator<Item = &'h Hold>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let Some(token) = self.hold else {
            return Ok(());
        };
        let mut holds = holds.into_iter();
        match holds.any(|hold| hold.token == token && hold.is_in_force(at)) {
            true => Ok(()),
            false => Err(Error::HoldLapsed),
        }
    }
}
