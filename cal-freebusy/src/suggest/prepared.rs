//! A request worked out for a window: what is taken, open and liked when.

use std::sync::Arc;

use chrono::TimeDelta;

use super::preference::Liking;
use super::{Participant, Problem, Request, RoomNeed, Tentative};
use crate::disjoint::{covered, gaps, joined, slots_within, touches};
use crate::wall_clock::{WallClock, WallClocks, later};
use crate::{BusyTimes, BusyType, Error, Interval, Slot, SlotSet};

/// How much time on both sides of a meeting makes it a relaxed one, and how
/// near two are to be next to each other.
pub(super) const COMFORT: TimeDelta = TimeDelta::minutes(15);

pub(super) struct Prepared<'r> {
    pub(super) request: &'r Request,
    pub(super) window: Interval,
    pub(super) people: Vec<Person<'r>>,
    /// When each room is taken.
    pub(super) rooms: Vec<Vec<Interval>>,
    pub(super) likings: Vec<Liking<'r>>,
    pub(super) forbidden: Vec<Interval>,
    taken: Taken,
}

pub(super) struct Person<'r> {
    pub(super) who: &'r Participant,
    pub(super) clock: Arc<WallClock>,
    /// What they have, without buffers, of kinds that keep them from coming.
    pub(super) firm: Vec<Interval>,
    /// What they may have.
    pub(super) tentative: Vec<Interval>,
    /// The firm times with the buffers that they need.
    pub(super) blocked: Vec<Interval>,
    /// When they work, and when they might; always if `None`.
    pub(super) hours: Option<Hours>,
    pub(super) likings: Vec<Liking<'r>>,
}

pub(super) struct Hours {
    pub(super) open: Vec<Interval>,
    pub(super) stretched: Vec<Interval>,
}

/// The slots in which a meeting cannot be, and those in which it may not be
/// possible: only the latter need a look at exact times.
#[derive(Default)]
struct Taken {
    wholly: SlotSet,
    partly: SlotSet,
}

impl<'r> Prepared<'r> {
    pub(super) fn new(request: &'r Request, window: &Interval) -> Result<Self, Error> {
        request.check(window, 1)?;
        Self::spanning(request, window)
    }

    /// The same for a window that is not walked start by start.
    pub(super) fn spanning(request: &'r Request, window: &Interval) -> Result<Self, Error> {
        let mut clocks = WallClocks::over(window);
        let clock = clocks.of(&request.zone)?;
        let mut prepared = Self {
            request,
            window: *window,
            people: Vec::with_capacity(request.participants.len()),
            rooms: Vec::with_capacity(request.rooms.len()),
            likings: (request.preferences.iter())
                .map(|preference| preference.within(&clock, window))
                .collect(),
            forbidden: joined(request.forbidden.clone(), window),
            taken: Taken::default(),
        };
        for who in &request.participants {
            let person = Person::new(who, request.tentative, &mut clocks, window)?;
            if who.is_required() {
                prepared.taken.add(&person.blocked);
                if let Some(hours) = &person.hours {
                    prepared.taken.add(&gaps(&hours.stretched, window));
                }
            }
            prepared.people.push(person);
        }
        for room in &request.rooms {
            prepared.rooms.push(within(room.busy.intervals(), window));
        }
        prepared.taken.add(&prepared.forbidden);
        if !request.rooms.is_empty() && request.need_of_room == RoomNeed::Required {
            // Without free slots in any of the rooms there is no need to look.
            let rooms = prepared.rooms.iter();
            let sets = rooms.map(|room| slots_within(room.iter().copied()));
            let sets: Vec<SlotSet> = sets.collect();
            prepared.taken.wholly |= &SlotSet::intersection_of(&sets);
        }
        Ok(prepared)
    }

    /// The required participants.
    pub(super) fn required(&self) -> impl Iterator<Item = &Person<'r>> {
        self.people.iter().filter(|person| person.who.is_required())
    }

    /// Every slot of the window that fits.
    pub(super) fn fitting(&self) -> Vec<Interval> {
        let candidates = self.request.candidates(&self.window);
        candidates.filter(|slot| self.fits(slot)).collect()
    }

    pub(super) fn fits(&self, slot: &Interval) -> bool {
        let slots = Slot::covering(slot);
        if self.taken.wholly.intersects(&slots) {
            return false;
        }
        let people_can = !self.taken.partly.intersects(&slots) || self.people_can(slot);
        people_can && self.has_room(slot)
    }

    pub(super) fn has_room(&self, slot: &Interval) -> bool {
        self.request.rooms.is_empty()
            || self.request.need_of_room == RoomNeed::Preferred
            || self.free_room(slot).is_some()
    }

    /// The name of the first room that is free.
    pub(super) fn free_room(&self, slot: &Interval) -> Option<&'r str> {
        let mut rooms = self.request.rooms.iter().zip(&self.rooms);
        rooms
            .find(|(_, taken)| !touches(taken, slot))
            .map(|(room, _)| room.name.as_str())
    }

    /// Whether it is not ruled out and all who are required can come.
    pub(super) fn people_can(&self, slot: &Interval) -> bool {
        !touches(&self.forbidden, slot) && self.required().all(|person| person.can(slot))
    }

    /// Whether a problem alone does not keep a slot from being offered.
    pub(super) fn is_tolerated(&self, problem: &Problem) -> bool {
        match problem {
            Problem::Busy { busy_type, .. } => {
                *busy_type == BusyType::Tentative && self.request.tentative == Tentative::Counts
            }
            Problem::NoRoom => self.request.need_of_room == RoomNeed::Preferred,
            Problem::OutOfHours(outside) => self
                .required()
                .any(|person| person.who.name == outside.name && person.may_work(&self.window)),
            Problem::TooTight { .. } | Problem::Forbidden => false,
        }
    }
}

impl<'r> Person<'r> {
    fn new(
        who: &'r Participant,
        rule: Tentative,
        clocks: &mut WallClocks,
        window: &Interval,
    ) -> Result<Self, Error> {
        let clock = clocks.of(&who.zone)?;
        let (before, after) = who.needs();
        // What lies just outside of the window may still be too near.
        let near = Interval::new(
            later(window.start(), -(before + COMFORT)),
            later(window.end(), after + COMFORT),
        );
        let busy = who.busy.within(&near);
        let is_firm = |kind| kind != BusyType::Tentative || rule == Tentative::Blocks;
        let firm = of_kinds(&busy, is_firm);
        let blocked = firm
            .iter()
            .map(|busy| Interval::new(later(busy.start(), -after), later(busy.end(), before)))
            .collect();
        let hours = match &who.hours {
            Some(hours) => {
                let clock = clocks.of(hours.zone())?;
                let none = (TimeDelta::zero(), TimeDelta::zero());
                Some(Hours {
                    open: hours.on_clock(&clock, window, none),
                    stretched: hours.on_clock(&clock, window, hours.margins()),
                })
            }
            None => None,
        };
        Ok(Self {
            who,
            tentative: of_kinds(&busy, |kind| kind == BusyType::Tentative),
            blocked: joined(blocked, &near),
            firm,
            hours,
            likings: (who.preferences.iter())
                .map(|preference| preference.within(&clock, window))
                .collect(),
            clock,
        })
    }

    pub(super) fn can(&self, slot: &Interval) -> bool {
        !touches(&self.blocked, slot) && self.may_work(slot)
    }

    /// Whether the slot is within their hours and the margins of these.
    pub(super) fn may_work(&self, slot: &Interval) -> bool {
        (self.hours.as_ref()).is_none_or(|hours| covered(&hours.stretched, slot) == slot.length())
    }

    /// How long of the slot is outside of their hours.
    pub(super) fn outside(&self, slot: &Interval) -> TimeDelta {
        let hours = self.hours.as_ref();
        hours.map_or(TimeDelta::zero(), |hours| {
            slot.length() - covered(&hours.open, slot)
        })
    }

    /// How far a slot reaches beyond the hours that are nearest to it; no way if
    /// they have none.
    pub(super) fn beyond_hours(&self, slot: &Interval) -> TimeDelta {
        let open = self.hours.as_ref().map_or(&[][..], |hours| &hours.open);
        let next = open.partition_point(|open| open.end() <= slot.start());
        let near = open.iter().skip(next.saturating_sub(1)).take(2);
        let beyond = near.map(|open| {
            let (early, late) = (open.start() - slot.start(), slot.end() - open.end());
            early.max(late)
        });
        beyond.min().unwrap_or_default().max(TimeDelta::zero())
    }

    /// How long they are free just before and just after a slot, as far as
    /// matters here.
    pub(super) fn gaps_around(&self, slot: &Interval) -> (TimeDelta, TimeDelta) {
        let next = self.firm.partition_point(|busy| busy.end() <= slot.start());
        let ended = next.checked_sub(1).and_then(|before| self.firm.get(before));
        let far = TimeDelta::days(1);
        let before = ended.map_or(far, |busy| slot.start() - busy.end());
        let after = self
            .firm
            .get(next)
            .map_or(far, |busy| busy.start() - slot.end());
        (before, after.max(TimeDelta::zero()))
    }
}

impl Taken {
    fn add(&mut self, intervals: &[Interval]) {
        self.wholly |= &slots_within(intervals.iter().copied());
        for interval in intervals {
            self.partly.insert_interval(interval);
        }
    }
}

fn of_kinds(busy: &BusyTimes, wanted: impl Fn(BusyType) -> bool) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = Vec::new();
    for time in busy.iter().filter(|time| wanted(time.busy_type)) {
        match intervals.last_mut() {
            Some(last) if last.end() == time.interval.start() => {
                *last = Interval::new(last.start(), time.interval.end());
            }
            _ => intervals.push(time.interval),
        }
    }
    intervals
}

fn within(intervals: impl Iterator<Item = Interval>, window: &Interval) -> Vec<Interval> {
    intervals
        .filter_map(|interval| interval.intersection(window))
        .collect()
}
