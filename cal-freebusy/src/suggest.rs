//! Find a time: the best slots for some people and a room, why they are good,
//! and what to do when there are none.

mod answer;
mod least_bad;
mod obstacle;
mod participant;
mod preference;
mod prepared;
mod rotation;
mod score;
mod weekly;
mod weights;

use cal_core::ZoneRules;
use chrono::TimeDelta;

pub use self::answer::{Answer, Compromise, Outside, Problem, Share, Suggestion};
pub use self::obstacle::Obstacle;
pub use self::participant::{Attendance, Participant, Room};
pub use self::preference::Preference;
use self::prepared::Prepared;
pub use self::rotation::Turn;
pub use self::weekly::{WeekOfSeries, WeeklyFit};
pub use self::weights::{Factor, Weights};
use crate::wall_clock::WallClock;
use crate::{Error, Interval};

/// What a time is looked for.
///
/// ```
/// use cal_freebusy::{BusyTime, BusyTimes, BusyType, Participant, Request, WorkingHours};
/// use chrono::Duration;
/// use chrono_tz::{America::New_York, Europe::Berlin};
///
/// let nine_to_five = |zone| Ok::<_, cal_freebusy::Error>(
///     WorkingHours::weekdays(zone, "09:00-17:00".parse()?),
/// );
/// let standup = BusyTime::new("20260302T140000Z/PT30M".parse()?, BusyType::Busy);
/// let answer = Request::new("20260302T000000Z/P1D".parse()?, Duration::minutes(60), Berlin)
///     .with(Participant::new("Ada", Berlin, [standup].into_iter().collect())
///         .with_hours(nine_to_five(Berlin)?))
///     .with(Participant::new("Bob", New_York, BusyTimes::new())
///         .with_hours(nine_to_five(New_York)?))
///     .suggest()?;
/// // They share 15:00 to 17:00 in Berlin, and Ada is busy until 15:30.
/// assert_eq!(answer.suggestions[0].interval, "20260302T144500Z/PT1H".parse()?);
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
///
/// A slot is offered only if all whose attendance is required are free for it
/// with their buffers and travel, within their hours or the margins of these,
/// and a room is free if one is needed. Busy times are exact: sets of slots
/// only sort out early what cannot be.
#[derive(Clone, Debug)]
pub struct Request {
    window: Interval,
    length: TimeDelta,
    granularity: TimeDelta,
    zone: ZoneRules,
    participants: Vec<Participant>,
    rooms: Vec<Room>,
    need_of_room: RoomNeed,
    tentative: Tentative,
    forbidden: Vec<Interval>,
    preferences: Vec<Preference>,
    weights: Weights,
    limit: usize,
}

/// Whether a meeting can do without any of its rooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RoomNeed {
    /// It cannot.
    #[default]
    Required,
    /// It can, but that counts against a slot.
    Preferred,
}

/// What a tentative time of a required participant means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tentative {
    /// It is as good as busy.
    #[default]
    Blocks,
    /// It counts against a slot.
    Counts,
}

impl Request {
    /// How many starts may be looked at: a year of quarter hours and some.
    pub const MAX_CANDIDATES: i64 = 40_000;
    /// How many people and rooms a request may have.
    pub const MAX_PEOPLE: usize = 10_000;
    /// How many starts may be looked at for all of them together: five
    /// thousand people for three months of quarter hours.
    pub const MAX_LOOKS: i64 = 50_000_000;

    /// A meeting of `length` somewhere in `window`. `zone` is that of whoever
    /// asks: starts are aligned to its clock, and preferences of the meeting
    /// as a whole are about it.
    #[must_use]
    pub fn new(window: Interval, length: TimeDelta, zone: impl Into<ZoneRules>) -> Self {
        Self {
            window,
            length,
            granularity: TimeDelta::minutes(15),
            zone: zone.into(),
            participants: Vec::new(),
            rooms: Vec::new(),
            need_of_room: RoomNeed::default(),
            tentative: Tentative::default(),
            forbidden: Vec::new(),
            preferences: Vec::new(),
            weights: Weights::default(),
            limit: 5,
        }
    }

    /// Adds a participant.
    #[must_use]
    pub fn with(mut self, participant: Participant) -> Self {
        self.participants.push(participant);
        self
    }

    /// Adds a room; any one of the rooms will do, the first that is free is
    /// taken.
    #[must_use]
    pub fn with_room(mut self, room: Room) -> Self {
        self.rooms.push(room);
        self
    }

    /// Says whether it can do without a room. No matter if there are no rooms.
    #[must_use]
    pub fn with_need_of_room(mut self, need: RoomNeed) -> Self {
        self.need_of_room = need;
        self
    }

    /// Says what a tentative time means.
    #[must_use]
    pub fn with_tentative(mut self, tentative: Tentative) -> Self {
        self.tentative = tentative;
        self
    }

    /// Sets how far apart starts are: a quarter of an hour if not said.
    #[must_use]
    pub fn with_granularity(mut self, granularity: TimeDelta) -> Self {
        self.granularity = granularity;
        self
    }

    /// Adds a time that the meeting must not touch, whatever anybody says.
    #[must_use]
    pub fn without(mut self, forbidden: Interval) -> Self {
        self.forbidden.push(forbidden);
        self
    }

    /// Adds a preference of the meeting as a whole.
    #[must_use]
    pub fn with_preference(mut self, preference: Preference) -> Self {
        self.preferences.push(preference);
        self
    }

    /// Sets how much each factor counts.
    #[must_use]
    pub fn with_weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// Sets how many slots are wanted: five if not said.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The best slots, the best first. No two of them overlap: of slots that
    /// do, the better one is told.
    ///
    /// When nothing fits, the answer says why and what comes nearest.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] if the length or the granularity is not positive,
    /// there are more than [`MAX_PEOPLE`](Self::MAX_PEOPLE) people and rooms,
    /// more than [`MAX_CANDIDATES`](Self::MAX_CANDIDATES) starts, or more than
    /// [`MAX_LOOKS`](Self::MAX_LOOKS) of both together; [`Error::WindowTooLong`] for a window of more than ten years.
    pub fn suggest(&self) -> Result<Answer, Error> {
        let prepared = Prepared::new(self, &self.window)?;
        let fitting = prepared.fitting();
        if fitting.is_empty() {
            return Ok(Answer {
                suggestions: Vec::new(),
                obstacles: obstacle::of(&prepared),
                compromises: least_bad::of(&prepared),
            });
        }
        let mut scored: Vec<(f64, Interval)> = fitting
            .into_iter()
            .map(|slot| (score::of(&prepared, &slot), slot))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for (_, slot) in scored {
            if suggestions.len() >= self.limit {
                break;
            }
            if !suggestions.iter().any(|best| best.interval.overlaps(&slot)) {
                suggestions.push(score::explained(&prepared, &slot));
            }
        }
        Ok(Answer {
            suggestions,
            obstacles: Vec::new(),
            compromises: Vec::new(),
        })
    }

    /// Why `slot` is not offered: all that stands in its way. Nothing does if
    /// the list is empty.
    ///
    /// # Errors
    ///
    /// As [`suggest`](Self::suggest).
    pub fn why_not(&self, slot: &Interval) -> Result<Vec<Problem>, Error> {
        let prepared = Prepared::new(self, slot)?;
        let mut problems = least_bad::problems(&prepared, slot);
        problems.retain(|problem| !prepared.is_tolerated(problem));
        Ok(problems)
    }

    /// The starts to look at within a window.
    fn candidates(&self, window: &Interval) -> impl Iterator<Item = Interval> + use<> {
        let step = self.granularity.num_seconds().max(1);
        let (length, window) = (self.length, *window);
        let first = WallClock::over(&self.zone, &Interval::new(window.start(), window.start()))
            .map_or(0, |clock| clock.to_local(window.start().timestamp()));
        // A window that starts within a second starts in earnest with the next.
        let within = i64::from(window.start().timestamp_subsec_nanos() > 0);
        let ahead = (-(first + within)).rem_euclid(step) + within;
        let start = crate::wall_clock::utc(window.start().timestamp() + ahead);
        let starts = std::iter::successors(Some(start), move |start| {
            start.checked_add_signed(TimeDelta::seconds(step))
        });
        starts
            .map_while(move |start| Some(Interval::new(start, start.checked_add_signed(length)?)))
            .take_while(move |slot| slot.end() <= window.end())
    }

    /// Refuses what cannot be asked of a window, looked at so many times.
    fn check(&self, window: &Interval, times: u16) -> Result<(), Error> {
        let refused = |reason| Err(Error::Request { reason });
        if self.length <= TimeDelta::zero() || self.length > TimeDelta::days(366) {
            return refused("a meeting lasts for more than no time and less than a year");
        }
        if self.granularity < TimeDelta::minutes(1) {
            return refused("starts are a minute or more apart");
        }
        if self.participants.len() + self.rooms.len() > Self::MAX_PEOPLE {
            return refused("there are too many people and rooms");
        }
        let candidates = window.length().num_seconds() / self.granularity.num_seconds();
        if candidates > Self::MAX_CANDIDATES {
            return refused("the window has too many starts: shorten it or set them further apart");
        }
        let people = i64::try_from(self.participants.len() + self.rooms.len()).unwrap_or(i64::MAX);
        let looks = candidates.saturating_mul(people.saturating_mul(i64::from(times)));
        if looks > Self::MAX_LOOKS {
            return refused("there are too many starts for so many people: shorten the window");
        }
        Ok(())
    }
}
