//! The queue of jobs in memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::state::State;
use crate::id::random_positive;
use crate::{
    AfterAttempt, Cause, Cursor, Effect, Error, Job, JobCount, JobFilter, JobId, JobKind,
    JobOutcome, JobState, JobWrite, Lease, LeaseRequest, LeasedJob, NewJob, OldLetters, Page,
    PageRequest, Receipt, Record, Timestamp,
};

/// A job, with what only the queue needs to know.
#[derive(Debug, Clone)]
pub(super) struct Task {
    job: Job,
    /// The number of its lease.
    lease: Option<i64>,
    /// Its key was enqueued while it was leased.
    again: Option<Timestamp>,
}

impl Task {
    /// When it can be leased.
    fn due(&self) -> Option<Timestamp> {
        match self.job.state {
            JobState::Waiting(at) | JobState::Leased(at) => Some(at),
            JobState::Dead(_) => None,
        }
    }

    /// When it was given up, if it was.
    fn death(&self) -> Option<(Timestamp, JobId)> {
        match self.job.state {
            JobState::Dead(at) => Some((at, self.job.id)),
            JobState::Waiting(_) | JobState::Leased(_) => None,
        }
    }

    fn is_alive(&self) -> bool {
        self.due().is_some()
    }

    pub(super) fn record(&self) -> Record {
        Record::Job(Box::new(self.job.clone().without_lease()))
    }

    pub(super) fn of(record: &Job) -> Self {
        let (lease, again) = (None, None);
        let job = record.clone();
        Self { job, lease, again }
    }

    /// Its lease, if it has one.
    fn granted(&self) -> Option<GrantedLease> {
        let (until, number) = self.due().zip(self.lease)?;
        let job = self.job.id;
        Some(GrantedLease {
            lease: Lease { job, number },
            until,
            attempts: self.job.attempts,
            again: self.again,
        })
    }

    /// Ends its lease, if it has one.
    fn rest(&mut self, state: JobState) {
        self.job.state = state;
        (self.lease, self.again) = (None, None);
    }

    fn wait_afresh(&mut self, until: Timestamp) {
        self.rest(JobState::Waiting(until));
        (self.job.attempts, self.job.fault) = (0, None);
    }
}

/// A lease, with all that it changes in its job: for a journal.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct GrantedLease {
    lease: Lease,
    until: Timestamp,
    attempts: u32,
    again: Option<Timestamp>,
}

impl State {
    /// The leases of some jobs.
    pub(super) fn granted(&self, jobs: impl IntoIterator<Item = JobId>) -> Vec<GrantedLease> {
        let tasks = jobs.into_iter().filter_map(|id| self.jobs.get(&id));
        tasks.filter_map(Task::granted).collect()
    }

    /// All leases.
    pub(super) fn leases(&self) -> Vec<GrantedLease> {
        self.jobs.values().filter_map(Task::granted).collect()
    }

    /// Grants leases again that were granted before.
    pub(super) fn grant(&mut self, leases: &[GrantedLease]) -> Result<(), Error> {
        for granted in leases {
            let task = self.jobs.get_mut(&granted.lease.job);
            let task = task.ok_or(Error::NotFound)?;
            task.rest(JobState::Leased(granted.until));
            task.lease = Some(granted.lease.number);
            task.job.attempts = granted.attempts;
            task.again = granted.again;
        }
        Ok(())
    }

    pub(super) fn job(&mut self, write: &JobWrite, cause: &Arc<Cause>) -> Result<Receipt, Error> {
        let effect = match write {
            JobWrite::Enqueue(new) => self.enqueue(new, cause.at)?,
            JobWrite::Settle(lease, outcome) => self.settle(*lease, outcome, cause.at)?,
            JobWrite::Revive(id) => self.revive(*id, cause.at)?,
            JobWrite::Remove(id) => {
                self.jobs.remove(id).ok_or(Error::NotFound)?;
                Effect::Deleted
            }
        };
        Ok(Receipt::new(effect, 0))
    }

    fn enqueue(&mut self, new: &NewJob, at: Timestamp) -> Result<Effect, Error> {
        if self.jobs.contains_key(&new.id) {
            return Err(Error::Exists);
        }
        if let Some(there) = self.twin(&new.kind, new.key.as_ref()) {
            if there.lease.is_none() {
                return Ok(Effect::Unchanged);
            }
            let earlier = there
                .again
                .map_or(new.run_after, |it| it.min(new.run_after));
            there.again = Some(earlier);
            return Ok(Effect::Updated);
        }
        let job = Job {
            id: new.id,
            kind: new.kind.clone(),
            key: new.key.clone(),
            payload: new.payload.clone(),
            created: at,
            attempts: 0,
            state: JobState::Waiting(new.run_after),
            fault: None,
        };
        let (lease, again) = (None, None);
        self.jobs.insert(new.id, Task { job, lease, again });
        Ok(Effect::Created)
    }

    /// The job of this kind and key that is not dead.
    fn twin(&mut self, kind: &JobKind, key: Option<&crate::JobKey>) -> Option<&mut Task> {
        let key = key?;
        let same = |it: &&mut Task| it.job.kind == *kind && it.job.key.as_ref() == Some(key);
        let mut alive = self.jobs.values_mut().filter(|task| task.is_alive());
        alive.find(same)
    }

    fn settle(
        &mut self,
        lease: Lease,
        outcome: &JobOutcome,
        at: Timestamp,
    ) -> Result<Effect, Error> {
        let task = self.leased(lease)?;
        match outcome.after(task.again) {
            AfterAttempt::Gone => {
                self.jobs.remove(&lease.job);
                return Ok(Effect::Deleted);
            }
            AfterAttempt::Afresh(until) => task.wait_afresh(until),
            AfterAttempt::Retry(until, fault) => {
                task.rest(JobState::Waiting(until));
                task.job.fault = Some(fault.to_owned());
            }
            AfterAttempt::Dead(fault) => {
                task.rest(JobState::Dead(at));
                task.job.fault = Some(fault.to_owned());
            }
        }
        Ok(Effect::Updated)
    }

    fn leased(&mut self, lease: Lease) -> Result<&mut Task, Error> {
        let task = self.jobs.get_mut(&lease.job);
        task.filter(|task| task.lease == Some(lease.number))
            .ok_or(Error::LeaseLost)
    }

    fn revive(&mut self, id: JobId, at: Timestamp) -> Result<Effect, Error> {
        let dead = self.jobs.get(&id).filter(|task| !task.is_alive());
        let job = &dead.ok_or(Error::NotFound)?.job;
        let (kind, key) = (job.kind.clone(), job.key.clone());
        if self.twin(&kind, key.as_ref()).is_some() {
            return Err(Error::Exists);
        }
        let task = self.jobs.get_mut(&id).ok_or(Error::NotFound)?;
        task.wait_afresh(at);
        Ok(Effect::Updated)
    }

    pub(super) fn lease_jobs(&mut self, request: &LeaseRequest) -> Vec<LeasedJob> {
        let is_due = |task: &&mut Task| {
            task.job.kind == request.kind && task.due().is_some_and(|due| due <= request.now)
        };
        let mut due: Vec<_> = self.jobs.values_mut().filter(is_due).collect();
        due.sort_by_key(|task| task.due());
        let taken = due.into_iter().take(request.limit);
        taken
            .map(|task| {
                let number = random_positive();
                task.rest(JobState::Leased(request.until));
                task.lease = Some(number);
                task.job.attempts = task.job.attempts.saturating_add(1);
                let job = task.job.clone();
                let lease = Lease {
                    job: job.id,
                    number,
                };
                LeasedJob { job, lease }
            })
            .collect()
    }

    pub(super) fn extend_lease(&mut self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        self.leased(lease)?.job.state = JobState::Leased(until);
        Ok(())
    }

    pub(super) fn next_job(&self, kind: &JobKind) -> Option<Timestamp> {
        let of_kind = self.jobs.values().filter(|task| task.job.kind == *kind);
        of_kind.filter_map(Task::due).min()
    }

    pub(super) fn job_counts(&self) -> Vec<JobCount> {
        let mut counts: BTreeMap<&JobKind, (u64, u64)> = BTreeMap::new();
        for task in self.jobs.values() {
            let (alive, dead) = counts.entry(&task.job.kind).or_default();
            *(if task.is_alive() { alive } else { dead }) += 1;
        }
        let counts = counts.into_iter().map(|(kind, (alive, dead))| JobCount {
            kind: kind.clone(),
            alive,
            dead,
        });
        counts.collect()
    }

    /// Forgets dead letters, without a record of it; answers how many.
    pub(super) fn forget_dead_letters(&mut self, old: OldLetters) -> u64 {
        let mut dead: Vec<_> = self.jobs.values().filter_map(Task::death).collect();
        dead.sort_unstable_by_key(|(at, id)| (Reverse(*at), *id));
        let kept = usize::try_from(old.kept).unwrap_or(usize::MAX);
        let young = dead.partition_point(|(at, _)| *at >= old.before);
        let forgotten = dead.split_off(young.min(kept));
        for (_, id) in &forgotten {
            self.jobs.remove(id);
        }
        u64::try_from(forgotten.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn list_jobs(
        &self,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> Result<Page<Job>, Error> {
        let after = match &page.after {
            Some(cursor) => {
                let id = cursor.as_str().parse::<JobId>();
                Bound::Excluded(id.map_err(|_| Error::InvalidCursor)?)
            }
            None => Bound::Unbounded,
        };
        let passes = |task: &&Task| {
            let kind = filter.kind.as_ref();
            kind.is_none_or(|kind| task.job.kind == *kind) && !(filter.dead && task.is_alive())
        };
        let found = self.jobs.range((after, Bound::Unbounded));
        let found = found.map(|(_, task)| task).filter(passes);
        let found = found.take(page.limit.saturating_add(1));
        let found = found.map(|task| task.job.clone()).collect();
        Ok(Page::cut(found, page.limit, |last: &Job| {
            Cursor::new(last.id.to_string())
        }))
    }
}
