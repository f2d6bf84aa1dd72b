//! What a request is answered.

use std::fmt;

use super::{Factor, Obstacle};
use crate::{BusyType, Interval};

/// Slots, or why there are none and what comes nearest.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The best slots, the best first.
    pub suggestions: Vec<Suggestion>,
    /// Why there are none; empty if there are some.
    pub obstacles: Vec<Obstacle>,
    /// The least bad slots, if there are no good ones.
    pub compromises: Vec<Compromise>,
}

/// A slot that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// When.
    pub interval: Interval,
    /// How good it is, from 0 to 1: the sum of all shares.
    pub score: f64,
    /// What each factor adds.
    pub shares: Vec<Share>,
    /// The room, if one is wanted and free.
    pub room: Option<String>,
    /// Who works outside of their hours for it, within their margins.
    pub outside: Vec<Outside>,
    /// Those whose attendance is optional and who cannot come.
    pub absent: Vec<String>,
    /// What speaks for it and against it, in words.
    pub reasons: Vec<String>,
}

/// What one factor adds to a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The factor.
    pub factor: Factor,
    /// How well the slot does by it, from 0 to 1.
    pub value: f64,
    /// What that adds to the score: the value, times the weight of the factor
    /// in the weights of all that apply.
    pub share: f64,
}

/// Someone who would work outside of their hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Who.
    pub name: String,
    /// For how many minutes, rounded up.
    pub minutes: i64,
    /// The meeting on their clock, as `HH:MM-HH:MM`.
    pub local: String,
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            minutes,
            local,
        } = self;
        write!(
            f,
            "{local} for {name}, {minutes} minutes outside their hours"
        )
    }
}

/// A slot that does not fit but could be made to.
#[derive(Clone, Debug, PartialEq)]
pub struct Compromise {
    /// When.
    pub interval: Interval,
    /// How bad it is, as if in minutes of work outside of one's hours.
    pub cost: i64,
    /// Everything that is wrong with it.
    pub problems: Vec<Problem>,
    /// A room that is free then.
    pub room: Option<String>,
}

/// Something that is wrong with a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A required participant has something else.
    Busy {
        /// Who.
        name: String,
        /// How firmly.
        busy_type: BusyType,
    },
    /// A required participant is free, but not for as long before or after as
    /// buffers and travel need.
    TooTight {
        /// Who.
        name: String,
        /// How many minutes are missing, rounded up.
        minutes: i64,
    },
    /// A required participant does not work then.
    OutOfHours(Outside),
    /// None of the rooms is free.
    NoRoom,
    /// It touches a time that was ruled out.
    Forbidden,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { name, busy_type } => match busy_type {
                BusyType::Tentative => write!(f, "{name} has something tentative"),
                BusyType::Busy => write!(f, "{name} is busy"),
                BusyType::Unavailable => write!(f, "{name} is unavailable"),
            },
            Self::TooTight { name, minutes } => {
                write!(f, "{name} lacks {minutes} minutes before or after")
            }
            Self::OutOfHours(outside) => outside.fmt(f),
            Self::NoRoom => f.write_str("no room is free"),
            Self::Forbidden => f.write_str("the time is ruled out"),
        }
    }
}
