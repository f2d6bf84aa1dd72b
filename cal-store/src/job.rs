//! Jobs: work that outlives the request, or the process, that asked for it.

mod retry;

use std::fmt;

use bytes::Bytes;

use crate::{JobId, JobKey, JobKind, Timestamp};

pub use retry::RetrySchedule;

/// A job to be done later, by whoever [leases](crate::Store::lease_jobs) it.
///
/// ```
/// use cal_store::{JobKey, JobKind, NewJob, Timestamp};
///
/// let now = Timestamp::from_millis(1_790_000_000_000);
/// let job = NewJob::new(JobKind::new("push")?, "calendar 7", now)
///     .with_key(JobKey::new("calendar 7")?);
/// # Ok::<(), cal_store::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NewJob {
    /// Its identity.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// By which it is told from others of its kind: while a job that is not
    /// dead has this key, no second one is made.
    pub key: Option<JobKey>,
    /// What whoever does it needs to know, in their own words.
    #[serde(with = "crate::form::body")]
    pub payload: Bytes,
    /// Not before this instant.
    pub run_after: Timestamp,
}

impl NewJob {
    /// A job without a key.
    #[must_use]
    pub fn new(kind: JobKind, payload: impl Into<Bytes>, run_after: Timestamp) -> Self {
        Self {
            id: JobId::random(),
            kind,
            key: None,
            payload: payload.into(),
            run_after,
        }
    }

    /// One of which there is to be no second.
    #[must_use]
    pub fn with_key(mut self, key: JobKey) -> Self {
        self.key = Some(key);
        self
    }
}

/// Hides the payload: it may hold what is not for a log.
impl fmt::Debug for NewJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewJob")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("key", &self.key)
            .field("run_after", &self.run_after)
            .finish_non_exhaustive()
    }
}

/// A job as it is kept.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Job {
    /// Its identity.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// The key by which it is the only one of its kind.
    pub key: Option<JobKey>,
    /// What whoever does it needs to know.
    #[serde(with = "crate::form::body")]
    pub payload: Bytes,
    /// When it was enqueued.
    pub created: Timestamp,
    /// How often it was leased since it was enqueued, repeated or taken back
    /// from the dead letters.
    pub attempts: u32,
    /// Whether it waits, is being done, or was given up.
    pub state: JobState,
    /// Why the last attempt failed, if it did.
    pub fault: Option<String>,
}

/// Hides the payload: it may hold what is not for a log.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("key", &self.key)
            .field("attempts", &self.attempts)
            .field("state", &self.state)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

impl JobState {
    /// The columns of a job without a lease: when it is due, and when it was
    /// given up, if it was.
    pub(crate) const fn columns(self) -> (Timestamp, Option<Timestamp>) {
        match self {
            Self::Waiting(due) | Self::Leased(due) => (due, None),
            Self::Dead(at) => (at, Some(at)),
        }
    }
}

impl Job {
    /// The job as it is for whoever does not have it: one that is leased waits
    /// until the lease runs out.
    pub(crate) fn without_lease(mut self) -> Self {
        if let JobState::Leased(until) = self.state {
            self.state = JobState::Waiting(until);
        }
        self
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum JobState {
    /// It waits, at least until this instant.
    Waiting(Timestamp),
    /// Somebody does it; at this instant the lease runs out and it waits again.
    Leased(Timestamp),
    /// It was given up at this instant: a dead letter.
    Dead(Timestamp),
}

/// Which jobs are wanted, by what they are and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// Jobs of this kind.
    pub kind: JobKind,
    /// Those that wait until this instant or an earlier one.
    pub now: Timestamp,
    /// The instant at which whoever leases them counts as gone.
    pub until: Timestamp,
    /// At most this many.
    pub limit: usize,
}

/// The right to do a job: whoever shows it has the job, until it runs out and
/// another takes the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// Drawn for this lease, by whoever grants it.
    pub number: i64,
}

/// A job with the right to do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedJob {
    /// The job.
    pub job: Job,
    /// Shown to prolong the lease or to end it.
    pub lease: Lease,
}

/// What came of an attempt at a job.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum JobOutcome {
    /// It is done, and gone.
    Done,
    /// It is done, and due again at this instant.
    Repeat(Timestamp),
    /// It failed, and is to be tried again.
    Retry {
        /// Not before this instant.
        at: Timestamp,
        /// Why it failed.
        fault: String,
    },
    /// It failed and is given up: a dead letter.
    Dead {
        /// Why it failed.
        fault: String,
    },
}

/// What becomes of a job after an attempt: what a backend has to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterAttempt<'o> {
    /// It is removed.
    Gone,
    /// It waits until an instant, as if it had never been tried.
    Afresh(Timestamp),
    /// It waits until an instant; its attempts count on.
    Retry(Timestamp, &'o str),
    /// It is a dead letter.
    Dead(&'o str),
}

impl JobOutcome {
    /// What becomes of the job, if it was to run `again`, not before that
    /// instant, because its key was enqueued while somebody did it.
    #[must_use]
    pub fn after(&self, again: Option<Timestamp>) -> AfterAttempt<'_> {
        match (self, again) {
            (Self::Done, None) => AfterAttempt::Gone,
            // Whoever gives up on what was asked for anew has not tried that.
            (Self::Done | Self::Dead { .. }, Some(again)) => AfterAttempt::Afresh(again),
            (Self::Repeat(at), again) => {
                AfterAttempt::Afresh(again.map_or(*at, |again| again.min(*at)))
            }
            (Self::Retry { at, fault }, _) => AfterAttempt::Retry(*at, fault),
            (Self::Dead { fault }, None) => AfterAttempt::Dead(fault),
        }
    }
}

/// A change of the queue, in the same transaction as what causes it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum JobWrite {
    /// Enqueues a job.
    Enqueue(NewJob),
    /// Ends an attempt.
    Settle(Lease, JobOutcome),
    /// Takes a dead letter back: it waits as if it had never been tried.
    Revive(JobId),
    /// Removes a job, wherever it stands.
    Remove(JobId),
}

impl JobWrite {
    /// The job that it is about.
    #[must_use]
    pub const fn job(&self) -> JobId {
        match self {
            Self::Enqueue(new) => new.id,
            Self::Settle(lease, _) => lease.job,
            Self::Revive(id) | Self::Remove(id) => *id,
        }
    }
}

/// How many jobs of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: JobKind,
    /// Those that wait or are being done.
    pub alive: u64,
    /// Those that were given up.
    pub dead: u64,
}

/// Which dead letters are forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OldLetters {
    /// Those that were given up before this instant.
    pub before: Timestamp,
    /// Of the others, those that were given up before so many later ones.
    pub kept: u64,
}

/// Which jobs are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobFilter {
    /// Of this kind only.
    pub kind: Option<JobKind>,
    /// Dead letters only.
    pub dead: bool,
}
