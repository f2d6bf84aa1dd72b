//! Work in the background: jobs of the store, leased one after the other.
//!
//! Each kind of job has a loop of its own. It sleeps until a job is due, be it
//! because the clock says so or because one was enqueued in the meantime.

mod busy;
mod prune;
mod task;

use std::time::Duration;

use cal_store::{
    Cause, Changes, Error as StoreError, JobOutcome, Lease, LeaseRequest, LeasedJob, Store,
    Subject, Timestamp, Via,
};
use chrono::Utc;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::task::{DAY, Task};
use crate::config::Settings;
use crate::error::with_causes;

/// How long a lease lasts. Who works longer extends it in time.
const LEASE: Duration = Duration::from_secs(60);

/// How often a lease is extended.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// The longest sleep: what another process enqueues in a file is heard of by
/// nobody.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// The shortest, where a job is due that another is just taking.
const SHORTEST_SLEEP: Duration = Duration::from_millis(250);

/// Works until it is asked to stop.
pub(super) struct Worker {
    stop: watch::Sender<()>,
    loops: Vec<JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start(store: &Store, settings: &Settings) -> Worker {
        let (stop, stopped) = watch::channel(());
        let loops = Task::all(settings).into_iter().map(|task| {
            let beat = Loop {
                changes: store.subscribe(),
                store: store.clone(),
                task,
                stopped: stopped.clone(),
            };
            tokio::spawn(beat.run())
        });
        Worker {
            stop,
            loops: loops.collect(),
        }
    }

    /// Takes no other job, and waits for those in hand as long as this. What is
    /// cut off comes back when its lease has run out.
    pub(super) async fn stop(self, patience: Duration) {
        drop(self.stop);
        let done = async {
            for each in self.loops {
                // A loop that has panicked has been reported by the runtime.
                let _ = each.await;
            }
        };
        if tokio::time::timeout(patience, done).await.is_err() {
            tracing::warn!("jobs were cut off that took longer than the time to stop");
        }
    }
}

/// The jobs of one kind.
struct Loop {
    store: Store,
    task: Task,
    /// From before the first look at the queue, so that no news is missed.
    changes: Changes,
    stopped: watch::Receiver<()>,
}

impl Loop {
    async fn run(mut self) {
        while !self.is_stopped() && !self.prepare(now()).await {
            self.sleep(LONGEST_SLEEP).await;
        }
        while !self.is_stopped() {
            match self.lease().await {
                Ok(Some(leased)) => self.attempt(leased).await,
                Ok(None) => {
                    let pause = self.pause().await;
                    self.sleep(pause).await;
                }
                Err(error) => {
                    tracing::warn!(kind = %self.task.kind, %error, "jobs cannot be leased");
                    self.sleep(LONGEST_SLEEP).await;
                }
            }
        }
    }

    fn is_stopped(&self) -> bool {
        // The sender says nothing and is dropped.
        self.stopped.has_changed().is_err()
    }

    /// Enqueues what has to be there, to run from an instant on; whether that has worked.
    async fn prepare(&self, at: Timestamp) -> bool {
        let Some(job) = self.task.recurring(at) else {
            return true;
        };
        match self.store.enqueue(job, &cause()).await {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(kind = %self.task.kind, %error, "a job cannot be enqueued");
                false
            }
        }
    }

    async fn lease(&self) -> Result<Option<LeasedJob>, StoreError> {
        let now = now();
        let request = LeaseRequest {
            kind: self.task.kind.clone(),
            now,
            until: now.after(LEASE),
            limit: 1,
        };
        Ok(self.store.lease_jobs(request).await?.pop())
    }

    async fn attempt(&self, LeasedJob { job, lease }: LeasedJob) {
        let (id, kind, attempts) = (job.id, &self.task.kind, job.attempts);
        let schedule = &self.task.schedule;
        // One attempt more than there may be: the workers of the others died.
        let outcome = if attempts > schedule.attempts {
            schedule.failed(&job, now(), 0.0, "its workers died in the middle of it")
        } else {
            let work = self.task.run(&self.store, cause());
            match self.while_leased(lease, work).await {
                Ok(outcome) => outcome,
                Err(error) => schedule.failed(&job, now(), rand::random(), with_causes(&error)),
            }
        };
        match &outcome {
            JobOutcome::Done | JobOutcome::Repeat(_) => tracing::info!(%kind, %id, "job done"),
            JobOutcome::Retry { fault, .. } => {
                tracing::warn!(%kind, %id, attempts, fault, "job failed, and is tried again");
            }
            JobOutcome::Dead { fault } => {
                tracing::error!(%kind, %id, attempts, fault, "job given up, see `cal jobs`");
            }
        }
        if let Err(error) = self.store.settle_job(lease, outcome, &cause()).await {
            tracing::warn!(%kind, %id, %error, "what became of a job could not be noted");
        }
    }

    /// Extends the lease again and again until the work is done.
    async fn while_leased(
        &self,
        lease: Lease,
        work: impl Future<Output = Result<JobOutcome, StoreError>>,
    ) -> Result<JobOutcome, StoreError> {
        tokio::pin!(work);
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                () = tokio::time::sleep(HEARTBEAT) => {
                    // Not waited for: the work may be in its way.
                    let store = self.store.clone();
                    tokio::spawn(async move {
                        let extended = store.extend_lease(lease, now().after(LEASE)).await;
                        if let Err(error) = extended {
                            tracing::debug!(id = %lease.job, %error, "a lease is not extended");
                        }
                    });
                }
            }
        }
    }

    /// How long there is nothing to do. What has to be there always is there again.
    async fn pause(&self) -> Duration {
        let next = match self.store.next_job(&self.task.kind).await {
            Ok(Some(next)) => next,
            Ok(None) => {
                // Given up, or dropped by hand: that is not for ever.
                self.prepare(now().after(DAY)).await;
                return LONGEST_SLEEP;
            }
            Err(error) => {
                tracing::debug!(%error, "the next job is not known");
                return LONGEST_SLEEP;
            }
        };
        let millis = next.millis().saturating_sub(now().millis());
        let pause = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
        pause.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)
    }

    /// Sleeps so long, or until jobs are enqueued or the process is to stop.
    async fn sleep(&mut self, pause: Duration) {
        let Loop {
            changes, stopped, ..
        } = self;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = hear_of_jobs(changes) => {}
            _ = stopped.changed() => {}
        }
    }
}

async fn hear_of_jobs(changes: &mut Changes) {
    loop {
        match changes.recv().await {
            Ok(change) if matches!(change.subject, Subject::Jobs | Subject::Everything) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The store is here, and so is its channel.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn now() -> Timestamp {
    Timestamp::from(Utc::now())
}

fn cause() -> Cause {
    Cause::new(Via::System, now())
}
