//! The queue of jobs.

use super::{Store, only};
use crate::{
    Cause, Effect, Error, Job, JobCount, JobFilter, JobId, JobKind, JobOutcome, JobWrite, Lease,
    LeaseRequest, LeasedJob, NewJob, OldLetters, Page, PageRequest, Timestamp, Write,
};

/// Bytes of a fault that are kept.
const FAULT_BYTES: usize = 1024;

impl Store {
    /// Enqueues a job; see [`Edit::Enqueue`](crate::Edit::Enqueue) for one that
    /// is caused by other writes.
    ///
    /// A job with a key that waits already stays as it is
    /// ([`Unchanged`](Effect::Unchanged)). One that somebody is doing will run
    /// again afterwards ([`Updated`](Effect::Updated)), for it may have read
    /// what there was before this.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] for a payload beyond the limit; [`Error::Limit`] where
    /// there are as many jobs as there may be, of its kind or
    /// [in all](crate::Limits::jobs).
    pub async fn enqueue(&self, job: NewJob, cause: &Cause) -> Result<Effect, Error> {
        let write = self.prepare_job(job)?;
        Ok(only(self.commit(vec![write], cause).await?)?.effect)
    }

    /// Leases jobs of a kind that are due. Whoever gets one does it, and then
    /// [settles](Self::settle_job) it before the lease runs out, or
    /// [extends](Self::extend_lease) the lease.
    ///
    /// A job is done at least once: it comes back when its worker dies, and so
    /// it does when the worker only takes too long. Its
    /// [`attempts`](Job::attempts) tell how often it was leased, this time
    /// included.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`].
    pub async fn lease_jobs(&self, request: LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        let limit = request.limit.min(self.inner.limits.page_items);
        let request = LeaseRequest { limit, ..request };
        self.backend().lease_jobs(request).await
    }

    /// Lets a lease run until another instant.
    ///
    /// # Errors
    ///
    /// [`Error::LeaseLost`] if another has leased the job since.
    pub async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        self.backend().extend_lease(lease, until).await
    }

    /// Says what came of an attempt. See
    /// [`Edit::Settle`](crate::Edit::Settle) for one whose work is written to
    /// this store.
    ///
    /// # Errors
    ///
    /// [`Error::LeaseLost`] if another has leased the job since.
    pub async fn settle_job(
        &self,
        lease: Lease,
        outcome: JobOutcome,
        cause: &Cause,
    ) -> Result<(), Error> {
        let write = settlement(lease, outcome);
        self.commit(vec![write], cause).await.map(drop)
    }

    /// The earliest instant at which a job of a kind is or will be due: until
    /// then there is nothing to do unless [`Subject::Jobs`](crate::Subject::Jobs)
    /// is published.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        self.backend().next_job(kind).await
    }

    /// The jobs that pass a filter, in a stable order.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCursor`].
    pub async fn jobs(&self, filter: JobFilter, page: PageRequest) -> Result<Page<Job>, Error> {
        self.backend().jobs(filter, self.bounded(page)).await
    }

    /// Takes a dead letter back: it is due at once, as if it had never been
    /// tried.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such dead letter; [`Error::Exists`]
    /// if a job of its kind and key has come in its place.
    pub async fn revive_job(&self, id: JobId, cause: &Cause) -> Result<(), Error> {
        let write = Write::Job(JobWrite::Revive(id));
        self.commit(vec![write], cause).await.map(drop)
    }

    /// Removes a job, wherever it stands. Who does it now goes on, and has
    /// nothing to settle.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub async fn remove_job(&self, id: JobId, cause: &Cause) -> Result<(), Error> {
        let write = Write::Job(JobWrite::Remove(id));
        self.commit(vec![write], cause).await.map(drop)
    }

    /// How many jobs there are of each kind that has any.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        self.backend().job_counts().await
    }

    /// Forgets the dead letters that were given up before an instant, and of the
    /// others all but [the latest](crate::Limits::dead_letters); answers how many.
    /// That is [recorded](Self::prunings).
    ///
    /// # Errors
    ///
    /// [`Error::Backend`]; then none is forgotten.
    pub async fn prune_dead_letters(&self, before: Timestamp, cause: &Cause) -> Result<u64, Error> {
        let kept = self.inner.limits.dead_letters;
        let old = OldLetters { before, kept };
        let forgotten = self.backend().prune_dead_letters(old, cause).await?;
        self.inner.jobs.make_room();
        Ok(forgotten)
    }

    /// A job that may be enqueued.
    pub(super) fn prepare_job(&self, job: NewJob) -> Result<Write, Error> {
        let size = u64::try_from(job.payload.len()).unwrap_or(u64::MAX);
        let limit = self.inner.limits.job_bytes;
        if size > limit {
            return Err(Error::TooLarge { size, limit });
        }
        Ok(Write::Job(JobWrite::Enqueue(job)))
    }
}

/// The end of an attempt, with no more of a fault than is kept.
pub(super) fn settlement(lease: Lease, outcome: JobOutcome) -> Write {
    let outcome = match outcome {
        JobOutcome::Retry { at, fault } => JobOutcome::Retry {
            at,
            fault: bounded(&fault),
        },
        JobOutcome::Dead { fault } => JobOutcome::Dead {
            fault: bounded(&fault),
        },
        JobOutcome::Done | JobOutcome::Repeat(_) => outcome,
    };
    Write::Job(JobWrite::Settle(lease, outcome))
}

/// The beginning of a text from anywhere, without what some databases cannot keep.
fn bounded(fault: &str) -> String {
    let mut kept = String::new();
    for character in fault.chars() {
        if kept.len() + character.len_utf8() > FAULT_BYTES {
            break;
        }
        kept.push(if character == '\0' {
            '\u{fffd}'
        } else {
            character
        });
    }
    kept
}
