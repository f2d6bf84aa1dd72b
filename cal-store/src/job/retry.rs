//! When what failed is tried again.

use std::time::Duration;

use super::{Job, JobOutcome};
use crate::Timestamp;

/// How often a kind of job is tried, and how long it waits between attempts:
/// each time twice as long as before.
///
/// ```
/// # use std::time::Duration;
/// use cal_store::RetrySchedule;
///
/// let schedule = RetrySchedule {
///     first: Duration::from_secs(10),
///     longest: Duration::from_secs(3_600),
///     attempts: 8,
/// };
/// assert_eq!(schedule.pause(1, 1.0), Some(Duration::from_secs(10)));
/// assert_eq!(schedule.pause(3, 0.0), Some(Duration::from_secs(20)));
/// assert_eq!(schedule.pause(8, 0.5), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetrySchedule {
    /// The longest pause after the first attempt.
    pub first: Duration,
    /// The longest pause after any.
    pub longest: Duration,
    /// The attempts after which a job is given up.
    pub attempts: u32,
}

impl RetrySchedule {
    /// The pause after so many attempts, between half of what the schedule says
    /// and all of it; none if there was the last. `draw` is a number from 0 to
    /// 1 that the caller has drawn, so that many that failed together do not
    /// come back together.
    #[must_use]
    pub fn pause(&self, attempts: u32, draw: f64) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let doublings = attempts.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        let whole = self.first.saturating_mul(factor).min(self.longest);
        let draw = if draw.is_finite() {
            draw.clamp(0.0, 1.0)
        } else {
            1.0
        };
        Some(whole.mul_f64(0.5 + draw / 2.0))
    }

    /// What comes of an attempt at a job that failed: another one later, or
    /// none. It may also be asked before an attempt, of a job whose workers
    /// have died too often to tell.
    #[must_use]
    pub fn failed(
        &self,
        job: &Job,
        now: Timestamp,
        draw: f64,
        fault: impl Into<String>,
    ) -> JobOutcome {
        let fault = fault.into();
        match self.pause(job.attempts, draw) {
            Some(pause) => JobOutcome::Retry {
                at: now.after(pause),
                fault,
            },
            None => JobOutcome::Dead { fault },
        }
    }
}
