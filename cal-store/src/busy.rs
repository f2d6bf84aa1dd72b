//! The time that calendars take, kept as they are written.
//!
//! For each object the exact times at which it takes its owner's time are kept
//! beside it, worked out from the bytes that were parsed anyway and stored in
//! the same transaction. They are kept by [pages](BusyPage) of 28 days, so that
//! a question about a week reads what lies around that week, and a change costs
//! the pages of the object that changed. There are no counts to go wrong: what
//! a principal's calendars say together is joined when it is asked for.

mod booking;
mod hold;
mod reckoning;
mod room;
mod shared;
mod slots;
mod times;
mod zone;

use std::ops::Range;
use std::sync::Arc;

use cal_freebusy::Interval;
use chrono::DateTime;

use crate::{CollectionId, ObjectName, Timestamp};

pub use booking::{Booking, DoubleBooking, Keeping, Standing, Taken};
pub use hold::{Hold, HoldToken, NewHold};
pub(crate) use reckoning::{Reckoned, Reckoning};
pub use room::{Beside, DoubleBooked, StandingBooking};
pub(crate) use shared::{SharedPages, opened, sealed};
pub use slots::BusySlots;
pub use times::PageTimes;
pub use zone::defined_zone;

/// Twenty-eight days of UTC, numbered from 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BusyPage(i32);

impl BusyPage {
    /// How long a page is, in seconds.
    pub const SECONDS: i64 = 28 * 86_400;

    /// The page of a number that [`number`](Self::number) gave.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The page that an instant falls into, in seconds since 1970 began.
    #[must_use]
    pub fn containing(seconds: i64) -> Self {
        let number = seconds.div_euclid(Self::SECONDS);
        // Some hundred million years either side of 1970.
        let clamped = number.clamp(i64::from(i32::MIN / 2), i64::from(i32::MAX / 2));
        Self(i32::try_from(clamped).unwrap_or_default())
    }

    /// The first second of it, since 1970 began.
    #[must_use]
    pub fn start(self) -> i64 {
        i64::from(self.0).saturating_mul(Self::SECONDS)
    }

    const fn plus(self, pages: i32) -> Self {
        Self(self.0.saturating_add(pages))
    }
}

/// The pages of which a calendar's times are kept: from at least a year before
/// the instant at which they were worked out to at least three years after it.
///
/// A write that finds less than two years of it left has them worked out anew,
/// so that two years ahead are always known; so does
/// [`Store::advance_busy`](crate::Store::advance_busy), for calendars in which
/// nothing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BusyHorizon {
    first: BusyPage,
    end: BusyPage,
}

impl BusyHorizon {
    const YEAR: i64 = 366 * 86_400;

    /// The horizon of what is worked out at an instant.
    #[must_use]
    pub fn around(at: Timestamp) -> Self {
        let seconds = at.millis().div_euclid(1000);
        let page = |seconds: i64| BusyPage::containing(seconds);
        Self {
            first: page(seconds.saturating_sub(Self::YEAR)),
            end: page(seconds.saturating_add(3 * Self::YEAR)).plus(1),
        }
    }

    /// The horizon from one page up to, and without, another.
    #[must_use]
    pub const fn from_pages(first: BusyPage, end: BusyPage) -> Self {
        Self { first, end }
    }

    /// The first page.
    #[must_use]
    pub const fn first(&self) -> BusyPage {
        self.first
    }

    /// The first page after it.
    #[must_use]
    pub const fn end(&self) -> BusyPage {
        self.end
    }

    /// Its pages, in order.
    pub fn into_pages(self) -> impl Iterator<Item = BusyPage> {
        (self.first.0..self.end.0).map(BusyPage)
    }

    /// The time that is known.
    #[must_use]
    pub fn window(&self) -> Interval {
        let instant = |page: BusyPage| {
            let clamped = DateTime::from_timestamp(page.start(), 0);
            clamped.unwrap_or(DateTime::UNIX_EPOCH)
        };
        Interval::new(instant(self.first), instant(self.end))
    }

    /// Whether two years after an instant are still within it.
    #[must_use]
    pub fn reaches(&self, at: Timestamp) -> bool {
        let seconds = at.millis().div_euclid(1000);
        seconds.saturating_add(2 * Self::YEAR) <= self.end.start()
    }

    /// The pages of it that a window touches.
    #[must_use]
    pub fn pages(&self, window: &Interval) -> Range<BusyPage> {
        let Some(known) = window.intersection(&self.window()) else {
            return self.first..self.first;
        };
        let first = BusyPage::containing(known.start().timestamp());
        let last = BusyPage::containing(known.end().timestamp().saturating_sub(1));
        first..last.plus(1)
    }
}

/// What the times of a calendar were worked out from, besides its objects.
///
/// Times that were worked out on another basis are never mixed with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BusyBasis {
    /// Of the calendar's zone, its owner's addresses, and the zone database.
    pub digest: [u8; 32],
    /// The pages that are kept.
    pub horizon: BusyHorizon,
}

/// When one object takes time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectBusy {
    /// What it was worked out from.
    pub basis: BusyBasis,
    /// The pages in which it takes any, in order.
    pub pages: Vec<PageTimes>,
    /// Of a calendar that may not be busy twice: the other calendars with which
    /// it shares its time, as they were when it was worked out.
    pub beside: Option<Arc<[Beside]>>,
}

/// A question for the times of calendars, all in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusyQuery {
    /// The calendars.
    pub collections: Vec<CollectionId>,
    /// The window.
    pub window: Interval,
    /// What to answer.
    pub wanted: Wanted,
}

/// How much a [`BusyQuery`] asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Everything.
    Times,
    /// Everything but the times.
    Standing,
}

/// What a backend keeps of one calendar for a window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalendarBusy {
    /// What it was worked out from; `None` if nothing is kept of the calendar.
    pub basis: Option<BusyBasis>,
    /// Where its log stands.
    pub sequence: u64,
    /// When it or a member was last changed.
    pub modified: Timestamp,
    /// What is kept of the objects that take time on the pages of the window,
    /// in any order. What ends before the window or starts after it may be left out.
    pub times: Vec<PageTimes>,
    /// The holds that share time with the window, lapsed ones among them.
    pub holds: Vec<Hold>,
}

/// The times of all objects of a calendar, worked out anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltBusy {
    /// The calendar.
    pub collection: CollectionId,
    /// Where its log stood.
    pub sequence: u64,
    /// What they were worked out from.
    pub basis: BusyBasis,
    /// The objects that take time, with the pages in which they do.
    pub objects: Vec<(ObjectName, Vec<PageTimes>)>,
}
