//! Rooms that are booked twice all the same: found, and told with both bookings.

use std::collections::HashSet;

use bytes::Bytes;
use cal_freebusy::Interval;

use super::Store;
use crate::busy::Reckoning;
use crate::calendar_object::Reckonable;
use crate::{
    BusyHorizon, BusyPage, BusySlots, CollectionId, DoubleBooked, Error, ObjectName, PageRequest,
    Principal, PrincipalId, Span, SpanQuery, StandingBooking, Timestamp,
};

/// Objects that are read at a time.
const BATCH: usize = 500;

/// An object that takes time, and when.
struct Taking {
    booking: StandingBooking,
    times: Vec<Interval>,
}

impl Store {
    /// What takes the same time of a room or resource from an instant to the
    /// [`BusyHorizon`]: each pair of objects once, with the first time that both
    /// take, in order of time and at most [`DoubleBooked::MAX`] of them. Nothing
    /// of people, who may be booked twice.
    ///
    /// No write books a room twice as far as all is known. What was not compared
    /// then may meet later: two series without an end beyond the horizon of that
    /// day, a calendar that was made opaque, restored from the trash or moved to a
    /// room, an owner who became one, dates and floating times in another zone.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such principal.
    pub async fn double_bookings(
        &self,
        principal: PrincipalId,
        at: Timestamp,
    ) -> Result<Vec<DoubleBooked>, Error> {
        let owner = self.owner(principal).await?.ok_or(Error::NotFound)?;
        if !owner.kind.is_reserved() {
            return Ok(Vec::new());
        }
        let calendars = self.opaque_calendars_of(owner.id).await?;
        let Some(start) = at.to_date_time() else {
            return Ok(Vec::new());
        };
        let ahead = Interval::new(start, BusyHorizon::around(at).window().end());
        let kept = self.kept_busy(&owner, &calendars, &ahead, at).await?;
        let times = kept.iter().flat_map(|kept| &kept.times);
        let times = times.flat_map(crate::PageTimes::busy_times);
        if !shares_time(times.map(|time| time.interval).collect()) {
            return Ok(Vec::new());
        }
        let known = *BusySlots::of(&kept, &ahead, at).known();
        let mut taking = Vec::new();
        for calendar in &calendars {
            let zone = calendar.details.time_zone.as_deref();
            self.add_taking((&owner, zone), calendar.id, known, &mut taking)
                .await?;
        }
        self.inner.workers.run(move || pairs(&taking)).await
    }

    /// Adds the objects of a calendar that take time in a window.
    async fn add_taking(
        &self,
        (owner, zone): (&Principal, Option<&str>),
        calendar: CollectionId,
        window: Interval,
        taking: &mut Vec<Taking>,
    ) -> Result<(), Error> {
        let span = Span::new(
            Timestamp::from(window.start()),
            Timestamp::from(window.end()),
        );
        let mut page = PageRequest::first(BATCH);
        loop {
            let query = SpanQuery::new(calendar, span);
            let found = match self.overlapping(query, page).await {
                // It was deleted meanwhile.
                Err(Error::NotFound) => return Ok(()),
                found => found?,
            };
            let horizon =
                BusyHorizon::from_pages(BusyPage::from_number(0), BusyPage::from_number(0));
            let reckoning = Reckoning::new(zone, &owner.emails, horizon);
            let objects = found.items;
            let work = move || {
                let objects = objects.into_iter();
                let objects = objects.filter_map(|object| {
                    let place = (calendar, object.entry.name);
                    taking_of(place, &object.body, &reckoning, &window)
                });
                objects.collect::<Vec<_>>()
            };
            taking.extend(self.inner.workers.run(work).await?);
            match found.next {
                Some(next) => page = PageRequest::after(next, BATCH),
                None => return Ok(()),
            }
        }
    }
}

fn taking_of(
    (calendar, name): (CollectionId, ObjectName),
    body: &Bytes,
    reckoning: &Reckoning,
    window: &Interval,
) -> Option<Taking> {
    let object = Reckonable::read(body).ok()?;
    let pages = object.within(reckoning, window).pages;
    let times = pages.iter().flat_map(crate::PageTimes::busy_times);
    let uid = object.index.uid.clone();
    Some(Taking {
        times: times.map(|time| time.interval).collect(),
        booking: StandingBooking {
            calendar,
            name,
            uid,
        },
    })
}

/// Whether any two of some times overlap.
fn shares_time(mut times: Vec<Interval>) -> bool {
    times.sort_unstable_by_key(Interval::start);
    let mut times = times.into_iter();
    let mut last = times.next();
    times.any(|time| {
        let overlaps = last.is_some_and(|last| time.start() < last.end());
        last = Some(time);
        overlaps
    })
}

/// Each two objects that take the same time, once, in order of time.
fn pairs(taking: &[Taking]) -> Vec<DoubleBooked> {
    let mut times: Vec<(Interval, usize)> = Vec::new();
    for (number, object) in taking.iter().enumerate() {
        times.extend(object.times.iter().map(|time| (*time, number)));
    }
    times.sort_unstable_by_key(|(time, number)| (time.start(), *number));
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut open: Vec<(Interval, usize)> = Vec::new();
    for (time, number) in times {
        open.retain(|(earlier, _)| earlier.end() > time.start());
        for (earlier, other) in &open {
            let pair = (number.min(*other), number.max(*other));
            let (Some(first), Some(second), Some(interval)) = (
                taking.get(*other),
                taking.get(number),
                earlier.intersection(&time),
            ) else {
                continue;
            };
            if number == *other || interval.is_empty() || !seen.insert(pair) {
                continue;
            }
            found.push(DoubleBooked {
                interval,
                first: first.booking.clone(),
                second: second.booking.clone(),
            });
            if found.len() >= DoubleBooked::MAX {
                return found;
            }
        }
        open.push((time, number));
    }
    found
}
