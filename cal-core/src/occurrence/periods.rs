//! The instances of a series that an RDATE with a period adds: each lasts as
//! long as its period says (RFC 5545 3.8.5.2).
//!
//! They are looked up one by one. Were they walked with the others, one long
//! period would make every rule begin its walk as far before the window.

use std::ops::Bound;
use std::sync::Arc;

use cal_rrule::{RecurrenceSet, Source};
use chrono::NaiveDateTime;

use super::Occurrence;
use super::series::Master;
use crate::Window;

/// The periods of a master that are on in the window, by start, but not those
/// that are excluded or replaced.
pub(super) fn within<'a>(master: &Arc<Master<'a>>, window: &Window) -> Vec<Occurrence<'a>> {
    let Some(set) = &master.set else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (index, added) in master.added.iter().enumerate() {
        let Some(plan) = &added.plan else { continue };
        if master.is_replaced(added.key) {
            continue;
        }
        let local = plan.local_of(added.key);
        let placed = if plan.is_wall() {
            plan.place(local)
        } else {
            plan.place_at(local, added.key)
        };
        let overlaps = window.overlaps(placed.start.and_utc(), placed.end.and_utc());
        if overlaps && is_instance(set, added.key, index) {
            found.push(Occurrence::new(plan, placed, local));
        }
    }
    found.sort_by_key(|occurrence| occurrence.placed.start);
    found
}

/// Whether it is this RDATE that gives the instance with the key: not if it is
/// excluded or if another names the same. Where the set cannot be worked out
/// the walk along its rules says so.
fn is_instance(set: &RecurrenceSet, key: NaiveDateTime, rdate: usize) -> bool {
    let only = (Bound::Included(key), Bound::Included(key));
    match set.within(only).next() {
        Some(Ok(instance)) => instance.source() == Source::Rdate(rdate),
        Some(Err(_)) | None => false,
    }
}
