//! The bounds of the queue of jobs.
//!
//! Counting a queue takes longer the longer it is, so it is not counted for each
//! job: what this process enqueues is added to the last count, until that comes
//! near a bound or is old. Of one process the bounds are exact; many over the same
//! data can go beyond them by what they enqueue between two counts.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Store;
use crate::{Error, JobCount, JobKind, JobWrite, Limits, Write};

/// Jobs that are enqueued on one count.
const STALE: u64 = 1_000;

/// How long a queue that was full counts as full unless a job of this process ends.
const FULL: Duration = Duration::from_secs(1);

/// What is known of the queue.
#[derive(Debug, Default)]
pub(super) struct JobTally(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    counted: Instant,
    /// Enqueued since.
    since: u64,
    /// Whether jobs of this process have ended since.
    has_room: bool,
    alive: HashMap<JobKind, u64>,
    all: u64,
}

impl Known {
    fn of(counts: Vec<JobCount>) -> Self {
        let sum = |count: &JobCount| count.alive.saturating_add(count.dead);
        let all = counts.iter().map(sum);
        Self {
            counted: Instant::now(),
            since: 0,
            has_room: false,
            all: all.fold(0, u64::saturating_add),
            alive: counts.into_iter().map(|it| (it.kind, it.alive)).collect(),
        }
    }

    fn check(&self, kind: &JobKind, limits: &Limits) -> Result<(), Error> {
        if self
            .alive
            .get(kind)
            .is_some_and(|alive| *alive >= limits.jobs_of_kind)
        {
            return Err(Error::Limit {
                what: "jobs of one kind",
                limit: limits.jobs_of_kind,
            });
        }
        if self.all >= limits.jobs {
            return Err(Error::Limit {
                what: "jobs, with those that were given up",
                limit: limits.jobs,
            });
        }
        Ok(())
    }

    const fn is_exact(&self) -> bool {
        self.since == 0 && !self.has_room
    }

    fn add(&mut self, kind: &JobKind) {
        self.since += 1;
        self.all += 1;
        *self.alive.entry(kind.clone()).or_default() += 1;
    }
}

impl JobTally {
    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Jobs have ended, or will have in a moment.
    pub(super) fn make_room(&self) {
        if let Some(known) = &mut *self.known() {
            known.has_room = true;
        }
    }
}

impl Store {
    /// Refuses writes that enqueue more jobs than there may be.
    pub(super) async fn check_jobs(&self, writes: &[Write]) -> Result<(), Error> {
        for write in writes {
            match write {
                Write::Job(JobWrite::Enqueue(new)) => self.check_job(&new.kind).await?,
                // What ends makes room.
                Write::Job(JobWrite::Settle(..) | JobWrite::Remove(_)) => {
                    self.inner.jobs.make_room();
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn check_job(&self, kind: &JobKind) -> Result<(), Error> {
        let limits = &self.inner.limits;
        if let Some(known) = &mut *self.inner.jobs.known() {
            let checked = known.check(kind, limits);
            let is_fresh = known.since < STALE;
            match checked {
                Ok(()) if is_fresh => {
                    known.add(kind);
                    return Ok(());
                }
                Err(full) if known.is_exact() && known.counted.elapsed() < FULL => {
                    return Err(full);
                }
                Ok(()) | Err(_) => {}
            }
        }
        let mut counted = Known::of(self.backend().job_counts().await?);
        let checked = counted.check(kind, limits);
        if checked.is_ok() {
            counted.add(kind);
        }
        *self.inner.jobs.known() = Some(counted);
        checked
    }
}
