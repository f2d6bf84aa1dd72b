//! Booking a team: all of it at once, or any one of it in turn.

use chrono::{DateTime, TimeDelta, Utc};

use crate::disjoint::slots_within;
use crate::{BusyTimes, Error, Interval, Slot, SlotSet, WorkingHours};

/// Someone who can be booked.
#[derive(Clone, Debug)]
pub struct Host {
    name: String,
    busy: BusyTimes,
    hours: Option<WorkingHours>,
    /// How many bookings they had, and how many they should have relative to
    /// the others.
    booked: u32,
    share: u32,
    last: Option<DateTime<Utc>>,
}

impl Host {
    /// Someone of this name who is busy then, at any hour, not booked yet, and
    /// to be booked as often as the others.
    #[must_use]
    pub fn new(name: impl Into<String>, busy: BusyTimes) -> Self {
        Self {
            name: name.into(),
            busy,
            hours: None,
            booked: 0,
            share: 1,
            last: None,
        }
    }

    /// Sets when they can be booked at all.
    #[must_use]
    pub fn with_hours(mut self, hours: WorkingHours) -> Self {
        self.hours = Some(hours);
        self
    }

    /// Sets how often they were booked before, and when last.
    #[must_use]
    pub fn with_bookings(mut self, count: u32, last: Option<DateTime<Utc>>) -> Self {
        (self.booked, self.last) = (count, last);
        self
    }

    /// Sets how often they are to be booked relative to the others; 1 if not
    /// said, and never less.
    #[must_use]
    pub fn with_share(mut self, share: u32) -> Self {
        self.share = share.max(1);
        self
    }

    /// What they are called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn can(&self, slot: &Interval, open: Option<&[Interval]>) -> bool {
        let works = open.is_none_or(|open| {
            let next = open.partition_point(|open| open.end() <= slot.start());
            let open = open.get(next);
            open.is_some_and(|open| open.start() <= slot.start() && slot.end() <= open.end())
        });
        works && self.busy.touching(slot).next().is_none()
    }
}

/// A slot of a team, and who could take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// When.
    pub interval: Interval,
    /// Those who are free, by their places in the team, whose turn it is first:
    /// who was booked least for their share, then who was booked longest ago,
    /// then as in the team.
    pub hosts: Vec<usize>,
}

/// Some people who can be booked.
///
/// ```
/// use cal_freebusy::{BusyTime, BusyTimes, BusyType, Host, Team};
/// use chrono::Duration;
///
/// let busy = BusyTime::new("20260302T090000Z/PT1H".parse()?, BusyType::Busy);
/// let team = Team::new(vec![
///     Host::new("Ada", [busy].into_iter().collect()),
///     Host::new("Bob", BusyTimes::new()).with_bookings(3, None),
/// ]);
/// let window = "20260302T090000Z/PT2H".parse()?;
/// let hour = Duration::hours(1);
/// assert_eq!(team.collective(&window, hour, hour)?, ["20260302T100000Z/PT1H".parse()?]);
/// let turns: Vec<_> = team.round_robin(&window, hour, hour)?;
/// assert_eq!(turns[0].hosts, [1]); // only Bob is free
/// assert_eq!(turns[1].hosts, [0, 1]); // Ada had fewer
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Team {
    hosts: Vec<Host>,
}

impl Team {
    /// How many slots may be looked at.
    pub const MAX_SLOTS: i64 = 40_000;
    /// How many people a team may have.
    pub const MAX_HOSTS: usize = 1_000;

    /// A team of these people.
    #[must_use]
    pub fn new(hosts: Vec<Host>) -> Self {
        Self { hosts }
    }

    /// The people, in the order in which places count.
    #[must_use]
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The slots at which all of the team are free: one from every `step` after
    /// the start of the window.
    ///
    /// # Errors
    ///
    /// As [`round_robin`](Self::round_robin).
    pub fn collective(
        &self,
        window: &Interval,
        length: TimeDelta,
        step: TimeDelta,
    ) -> Result<Vec<Interval>, Error> {
        let open = self.open(window)?;
        let slots = slots(window, length, step)?;
        let taken = SlotSet::union_of(&self.wholly_taken(window));
        let all_can = |slot: &Interval| {
            let mut hosts = self.hosts.iter().zip(&open);
            !taken.intersects(&Slot::covering(slot))
                && hosts.all(|(host, open)| host.can(slot, open.as_deref()))
        };
        Ok(slots.filter(all_can).collect())
    }

    /// The slots at which at least one of the team is free, with those who are.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] if the length is not positive, the step shorter than
    /// a minute, or there are more than [`MAX_SLOTS`](Self::MAX_SLOTS) slots or
    /// [`MAX_HOSTS`](Self::MAX_HOSTS) people;
    /// [`Error::WindowTooLong`] for a window of more than ten years.
    pub fn round_robin(
        &self,
        window: &Interval,
        length: TimeDelta,
        step: TimeDelta,
    ) -> Result<Vec<Offer>, Error> {
        let open = self.open(window)?;
        let slots = slots(window, length, step)?;
        let turns = self.turns();
        let taken = self.wholly_taken(window);
        let offers = slots.filter_map(|slot| {
            let covering = Slot::covering(&slot);
            let hosts: Vec<usize> = turns
                .iter()
                .copied()
                .filter(|place| {
                    let blocked = taken.get(*place);
                    !blocked.is_some_and(|blocked| blocked.intersects(&covering))
                })
                .filter(|place| {
                    let open = open.get(*place).and_then(Option::as_deref);
                    let host = self.hosts.get(*place);
                    host.is_some_and(|host| host.can(&slot, open))
                })
                .collect();
            (!hosts.is_empty()).then_some(Offer {
                interval: slot,
                hosts,
            })
        });
        Ok(offers.collect())
    }

    /// Notes that someone was booked, so that it is the turn of others.
    pub fn book(&mut self, place: usize, slot: &Interval) {
        if let Some(host) = self.hosts.get_mut(place) {
            host.booked = host.booked.saturating_add(1);
            host.last = host.last.max(Some(slot.start()));
        }
    }

    /// The places of the team, whose turn it is first.
    fn turns(&self) -> Vec<usize> {
        let mut turns: Vec<(usize, &Host)> = self.hosts.iter().enumerate().collect();
        // Bookings for each share are compared without division.
        turns.sort_by(|(_, a), (_, b)| {
            let load = |own: &Host, other: &Host| u64::from(own.booked) * u64::from(other.share);
            load(a, b).cmp(&load(b, a)).then(a.last.cmp(&b.last))
        });
        turns.into_iter().map(|(place, _)| place).collect()
    }

    fn open(&self, window: &Interval) -> Result<Vec<Option<Vec<Interval>>>, Error> {
        if self.hosts.len() > Self::MAX_HOSTS {
            return Err(Error::Request {
                reason: "the team has too many people",
            });
        }
        let hours = self.hosts.iter().map(|host| host.hours.as_ref());
        hours
            .map(|hours| hours.map(|hours| hours.open(window)).transpose())
            .collect()
    }

    /// For each of the team the slots that they have nothing left of.
    fn wholly_taken(&self, window: &Interval) -> Vec<SlotSet> {
        let hosts = self.hosts.iter();
        hosts
            .map(|host| slots_within(host.busy.within(window).intervals()))
            .collect()
    }
}

fn slots(
    window: &Interval,
    length: TimeDelta,
    step: TimeDelta,
) -> Result<impl Iterator<Item = Interval> + use<>, Error> {
    let refused = |reason| Err(Error::Request { reason });
    if length <= TimeDelta::zero() {
        return refused("a meeting lasts for more than no time");
    }
    if step < TimeDelta::minutes(1) {
        return refused("slots are a minute or more apart");
    }
    if window.length().num_seconds() / step.num_seconds() > Team::MAX_SLOTS {
        return refused("the window has too many slots: shorten it or set them further apart");
    }
    let (end, start) = (window.end(), window.start());
    let starts = std::iter::successors(Some(start), move |at| at.checked_add_signed(step));
    Ok(starts
        .map_while(move |at| Some(Interval::new(at, at.checked_add_signed(length)?)))
        .take_while(move |slot| slot.end() <= end))
}
