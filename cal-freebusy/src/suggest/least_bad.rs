//! When nothing fits: the slots that come nearest, and what is wrong with them.
//!
//! A minute outside of someone's hours costs one, and up to one more for whoever
//! had the most of them before; a missing minute of buffer costs one. Other
//! problems cost as much as so many minutes: something tentative 60, no room
//! 120 (15 if one is only preferred), something firm 480, being unavailable
//! 960. Of two slots that cost the same the one that is less bad for whoever
//! has it worst comes first, then the one that is nearer to everyone's hours:
//! what is all out of hours costs the same at six as at midnight.

use std::collections::BinaryHeap;

use chrono::TimeDelta;

use super::prepared::{Person, Prepared};
use super::score::{minutes, outside};
use super::{Compromise, Problem, RoomNeed};
use crate::disjoint::touches;
use crate::{BusyType, Interval};

/// How many compromises are told.
const TOLD: usize = 3;

/// The least bad slots, the best first; no two of them overlap, and none
/// touches a time that is ruled out.
pub(super) fn of(prepared: &Prepared<'_>) -> Vec<Compromise> {
    let request = prepared.request;
    // A slot that is told rules out those that overlap it: as many as start
    // less than its length before or after it. Any that is told is among so
    // many of the best, and what is worse need not be looked at to the end.
    let near = request.length.num_seconds() / request.granularity.num_seconds().max(1) + 1;
    let enough = TOLD * usize::try_from(near.saturating_mul(2)).unwrap_or(usize::MAX / TOLD);
    let mut best: BinaryHeap<(Cost, Interval)> = BinaryHeap::new();
    for slot in request.candidates(&prepared.window) {
        let is_full = best.len() >= enough;
        let worst = best.peek().filter(|_| is_full);
        let most = worst.map_or(i64::MAX, |(worst, _)| worst.sum);
        if let Some(cost) = cost(prepared, &slot, most) {
            best.push((cost, slot));
            if is_full {
                best.pop();
            }
        }
    }
    let mut compromises: Vec<Compromise> = Vec::new();
    for (cost, slot) in best.into_sorted_vec() {
        if compromises.len() == TOLD {
            break;
        }
        if !compromises
            .iter()
            .any(|better| better.interval.overlaps(&slot))
        {
            compromises.push(Compromise {
                interval: slot,
                cost: cost.sum,
                problems: problems(prepared, &slot),
                room: prepared.free_room(&slot).map(str::to_owned),
            });
        }
    }
    compromises
}

/// Everything that is wrong with a slot.
pub(super) fn problems(prepared: &Prepared<'_>, slot: &Interval) -> Vec<Problem> {
    let mut problems = Vec::new();
    if touches(&prepared.forbidden, slot) {
        problems.push(Problem::Forbidden);
    }
    for person in prepared.required() {
        let name = || person.who.name.clone();
        if let Some(busy_type) = busy(person, slot) {
            problems.push(Problem::Busy {
                name: name(),
                busy_type,
            });
        }
        if let missing @ 1.. = missing_minutes(person, slot) {
            problems.push(Problem::TooTight {
                name: name(),
                minutes: missing,
            });
        }
        problems.extend(outside(person, slot).map(Problem::OutOfHours));
    }
    if !prepared.request.rooms.is_empty() && prepared.free_room(slot).is_none() {
        problems.push(Problem::NoRoom);
    }
    problems
}

/// How bad a slot is, the least bad first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    sum: i64,
    /// What it costs the one for whom it is worst.
    worst: i64,
    /// How many minutes it reaches beyond hours, for all who have any.
    beyond: i64,
}

/// The cost of a slot; `None` if it is ruled out or costs more than `most`.
fn cost(prepared: &Prepared<'_>, slot: &Interval, most: i64) -> Option<Cost> {
    if touches(&prepared.forbidden, slot) {
        return None;
    }
    let burdens = prepared.required().map(|person| person.who.burden);
    let heaviest = burdens.max().unwrap_or_default();
    let mut cost = Cost::default();
    for person in prepared.required() {
        let outside = minutes(person.outside(slot));
        let fair = match heaviest.num_minutes() {
            0 => 0,
            heaviest => outside * person.who.burden.num_minutes() / heaviest,
        };
        let taken = match busy(person, slot) {
            Some(BusyType::Unavailable) => 960,
            Some(BusyType::Busy) => 480,
            Some(BusyType::Tentative) => 60,
            None => 0,
        };
        let own = outside + fair + taken + missing_minutes(person, slot);
        cost.sum += own;
        cost.worst = cost.worst.max(own);
        if cost.sum > most {
            return None;
        }
        if outside > 0 {
            cost.beyond += minutes(person.beyond_hours(slot));
        }
    }
    if !prepared.request.rooms.is_empty() && prepared.free_room(slot).is_none() {
        cost.sum += match prepared.request.need_of_room {
            RoomNeed::Required => 120,
            RoomNeed::Preferred => 15,
        };
    }
    (cost.sum <= most).then_some(cost)
}

/// How firmly someone is taken at any time of a slot.
fn busy(person: &Person<'_>, slot: &Interval) -> Option<BusyType> {
    person
        .who
        .busy
        .touching(slot)
        .map(|time| time.busy_type)
        .max()
}

/// How many minutes of buffer and travel are missing around a slot; none where
/// someone cannot come in the first place. Something tentative that counts
/// against a slot leaves them needed all the same.
fn missing_minutes(person: &Person<'_>, slot: &Interval) -> i64 {
    if touches(&person.firm, slot) {
        return 0;
    }
    let (before, after) = person.who.needs();
    let (free_before, free_after) = person.gaps_around(slot);
    let none = TimeDelta::zero();
    let missing = |needed: TimeDelta, free: TimeDelta| minutes((needed - free).max(none));
    missing(before, free_before.min(before)) + missing(after, free_after.min(after))
}
