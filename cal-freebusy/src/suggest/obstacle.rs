//! Why nothing fits.

use std::fmt;

use super::prepared::{Person, Prepared};
use super::score::names;
use crate::{BusyTime, BusyTimes, BusyType, Interval};

/// Something that leaves no slot to offer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The window has no start from which the meeting would fit in.
    WindowTooShort,
    /// Even with all margins, these people share no working time that is long
    /// enough. Two of them if two alone do not, else all.
    HoursNeverMeet {
        /// Who.
        names: Vec<String>,
    },
    /// Whenever all might work, someone is not free, or the time is ruled out.
    Taken {
        /// How many starts there are within the hours of all.
        starts: usize,
        /// Who is in the way of how many of them, the most first.
        blame: Vec<(String, usize)>,
    },
    /// Whenever all can come, no room is free.
    NoRoom {
        /// How many starts there are at which all can come.
        starts: usize,
    },
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WindowTooShort => f.write_str("the window is shorter than the meeting"),
            Self::HoursNeverMeet { names: people } => {
                let people = names(people.iter().map(String::as_str)).unwrap_or_default();
                write!(
                    f,
                    "the working hours of {people} have no common time long enough"
                )
            }
            Self::Taken { starts, blame } => {
                write!(
                    f,
                    "none of the {starts} starts within everyone's hours is free"
                )?;
                for (place, (name, blocked)) in blame.iter().take(5).enumerate() {
                    let before = if place == 0 { ": " } else { ", " };
                    write!(f, "{before}{name} blocks {blocked}")?;
                }
                Ok(())
            }
            Self::NoRoom { starts } => {
                write!(
                    f,
                    "no room is free at the {starts} starts at which everyone is"
                )
            }
        }
    }
}

/// The obstacles of a request that nothing fits.
pub(super) fn of(prepared: &Prepared<'_>) -> Vec<Obstacle> {
    let candidates = || prepared.request.candidates(&prepared.window);
    if candidates().next().is_none() {
        return vec![Obstacle::WindowTooShort];
    }
    let all_work = |slot: &Interval| prepared.required().all(|person| person.may_work(slot));
    let within_hours: Vec<Interval> = candidates().filter(all_work).collect();
    if within_hours.is_empty() {
        return vec![hours_never_meet(prepared)];
    }
    let free = within_hours.iter().filter(|slot| prepared.people_can(slot));
    let free = free.count();
    if free > 0 {
        return vec![Obstacle::NoRoom { starts: free }];
    }
    let blocked =
        |person: &Person<'_>| within_hours.iter().filter(|slot| !person.can(slot)).count();
    let mut blame: Vec<(String, usize)> = prepared
        .required()
        .map(|person| (person.who.name.clone(), blocked(person)))
        .filter(|(_, blocked)| *blocked > 0)
        .collect();
    blame.sort_by_key(|(_, blocked)| std::cmp::Reverse(*blocked));
    vec![Obstacle::Taken {
        starts: within_hours.len(),
        blame,
    }]
}

/// Two people whose hours alone never meet, or all that have any.
fn hours_never_meet(prepared: &Prepared<'_>) -> Obstacle {
    /// More pairs than of so many people are not looked at.
    const MOST: usize = 60;
    let people: Vec<(&str, BusyTimes)> = prepared
        .required()
        .filter_map(|person| {
            let times = person.hours.as_ref()?.stretched.iter();
            let times = times.map(|open| BusyTime::new(*open, BusyType::Busy));
            Some((person.who.name.as_str(), times.collect()))
        })
        .collect();
    let length = prepared.request.length;
    let meet = |a: &BusyTimes, b: &BusyTimes| {
        let shared = a.intersection(b);
        shared.intervals().any(|shared| shared.length() >= length)
    };
    let candidates = people.iter().take(MOST).enumerate();
    let mut pairs = candidates.flat_map(|(place, one)| {
        let others = people.iter().take(MOST).skip(place + 1);
        others.map(move |other| (one, other))
    });
    let apart = pairs.find(|(one, other)| !meet(&one.1, &other.1));
    let names = match apart {
        Some((one, other)) => vec![one.0, other.0],
        None => people.iter().map(|(name, _)| *name).collect(),
    };
    Obstacle::HoursNeverMeet {
        names: names.into_iter().map(str::to_owned).collect(),
    }
}
