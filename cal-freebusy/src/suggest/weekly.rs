//! A series: the weekly slot that works best for the next weeks.

use chrono::TimeDelta;

use super::prepared::Prepared;
use super::{Request, score};
use crate::disjoint::touches;
use crate::wall_clock::{self, WallClock, utc};
use crate::{Error, Interval};

/// A slot that is the same every week on the clock of whoever asks.
#[derive(Clone, Debug, PartialEq)]
pub struct WeeklyFit {
    /// Week by week, the first in the window of the request.
    pub weeks: Vec<WeekOfSeries>,
    /// In how many of the weeks it does not fit.
    pub clashes: usize,
    /// The mean score of the weeks in which it fits, from 0 to 1.
    pub score: f64,
}

/// One week of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekOfSeries {
    /// When it would be.
    pub interval: Interval,
    /// Who cannot come, because they are busy or do not work then.
    pub clashing: Vec<String>,
    /// Whether a room is free, or none is needed.
    pub has_room: bool,
}

impl WeekOfSeries {
    /// Whether it fits.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.clashing.is_empty() && self.has_room
    }
}

impl Request {
    /// How many weeks a series may be looked at.
    pub const MAX_WEEKS: u16 = 260;

    /// The weekly slots with the fewest clashes in the next `weeks` weeks, of
    /// those the best by score; as many as the request has as its limit, none
    /// of which overlap in their first week.
    ///
    /// The window of the request is that of the first meeting; busy times are
    /// needed for all the weeks. Each week is at the same time on the clock of
    /// whoever asks, so where the clocks of others change on other days the
    /// series moves for them, and may leave their hours.
    ///
    /// # Errors
    ///
    /// As [`suggest`](Self::suggest); [`Error::Request`] also for more than
    /// [`MAX_WEEKS`](Self::MAX_WEEKS) weeks.
    pub fn weekly(&self, weeks: u16) -> Result<Vec<WeeklyFit>, Error> {
        let all = self.weeks_ahead(weeks)?;
        self.check(&self.window, weeks)?;
        let clock = WallClock::over(&self.zone, &all)?;
        let prepared = Prepared::spanning(self, &all)?;
        let mut fits: Vec<(usize, f64, Interval)> = self
            .candidates(&self.window)
            .map(|first| {
                let (mut clashes, mut sum, mut fitting) = (0, 0.0, 0_u32);
                for slot in (0..weeks).map(|week| later(&clock, &first, week)) {
                    if prepared.fits(&slot) {
                        sum += score::of(&prepared, &slot);
                        fitting += 1;
                    } else {
                        clashes += 1;
                    }
                }
                (clashes, sum / f64::from(fitting.max(1)), first)
            })
            .collect();
        fits.sort_by(|a, b| {
            (a.0.cmp(&b.0))
                .then(b.1.total_cmp(&a.1))
                .then(a.2.cmp(&b.2))
        });
        let mut best: Vec<Interval> = Vec::new();
        let mut told = Vec::new();
        for (clashes, score, first) in fits {
            if told.len() >= self.limit {
                break;
            }
            if best.iter().any(|better| better.overlaps(&first)) {
                continue;
            }
            best.push(first);
            let slots = (0..weeks).map(|week| later(&clock, &first, week));
            told.push(WeeklyFit {
                weeks: slots.map(|slot| week(&prepared, slot)).collect(),
                clashes,
                score,
            });
        }
        Ok(told)
    }

    /// The window from the first week to the last.
    pub(super) fn weeks_ahead(&self, weeks: u16) -> Result<Interval, Error> {
        if weeks > Self::MAX_WEEKS {
            return Err(Error::Request {
                reason: "a series is looked at for five years at most",
            });
        }
        let ahead = TimeDelta::weeks(i64::from(weeks.saturating_sub(1))) + TimeDelta::days(1);
        Ok(Interval::new(
            self.window.start(),
            wall_clock::later(self.window.end(), ahead),
        ))
    }
}

fn week(prepared: &Prepared<'_>, slot: Interval) -> WeekOfSeries {
    let clashing = prepared.required().filter(|person| !person.can(&slot));
    let ruled_out = touches(&prepared.forbidden, &slot);
    WeekOfSeries {
        clashing: clashing.map(|person| person.who.name.clone()).collect(),
        has_room: prepared.has_room(&slot) && !ruled_out,
        interval: slot,
    }
}

/// The same time on the clock some weeks later.
pub(super) fn later(clock: &WallClock, first: &Interval, weeks: u16) -> Interval {
    let week = TimeDelta::weeks(i64::from(weeks)).num_seconds();
    let local = clock.to_local(first.start().timestamp()) + week;
    let start = utc(clock.to_utc(local));
    Interval::new(start, wall_clock::later(start, first.length()))
}
