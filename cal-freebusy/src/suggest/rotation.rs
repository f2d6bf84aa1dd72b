//! A fair series: each week its own slot, so that late calls go round.

use chrono::TimeDelta;

use super::weekly::later;
use super::{Outside, Problem, Request};
use crate::wall_clock::WallClock;
use crate::{Error, Interval};

/// The slot of one week of a rotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// When.
    pub interval: Interval,
    /// Whose turn it is to work outside of their hours.
    pub outside: Vec<Outside>,
    /// What else is wrong with it; empty where a slot fits.
    pub problems: Vec<Problem>,
}

impl Request {
    /// The best slot of each of the next `weeks` weeks. What it costs someone
    /// outside of their hours is added to their burden, so that others have
    /// their turn in the weeks after. A week in which nothing fits has the
    /// least bad slot, or none at all if everything is ruled out.
    ///
    /// The window of the request is that of the first week; busy times are
    /// needed for all of them.
    ///
    /// # Errors
    ///
    /// As [`weekly`](Self::weekly).
    pub fn rotation(&self, weeks: u16) -> Result<Vec<Option<Turn>>, Error> {
        let all = self.weeks_ahead(weeks)?;
        self.check(&self.window, weeks)?;
        let clock = WallClock::over(&self.zone, &all)?;
        let mut request = self.clone();
        request.limit = 1;
        let mut turns = Vec::new();
        for week in 0..weeks {
            request.window = later(&clock, &self.window, week);
            let answer = request.suggest()?;
            let fitting = answer.suggestions.into_iter().next().map(|best| Turn {
                interval: best.interval,
                outside: best.outside,
                problems: Vec::new(),
            });
            let turn = fitting.or_else(|| {
                let least_bad = answer.compromises.into_iter().next()?;
                Some(turn_of(least_bad.interval, least_bad.problems))
            });
            for outside in turn.iter().flat_map(|turn| &turn.outside) {
                let people = request.participants.iter_mut();
                for person in people.filter(|person| person.name == outside.name) {
                    person.burden += TimeDelta::minutes(outside.minutes);
                }
            }
            turns.push(turn);
        }
        Ok(turns)
    }
}

fn turn_of(interval: Interval, all: Vec<Problem>) -> Turn {
    let (mut outside, mut problems) = (Vec::new(), Vec::new());
    for problem in all {
        match problem {
            Problem::OutOfHours(one) => outside.push(one),
            other => problems.push(other),
        }
    }
    Turn {
        interval,
        outside,
        problems,
    }
}
