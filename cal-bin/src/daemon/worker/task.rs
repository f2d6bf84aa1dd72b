//! The kinds of jobs that there are.

use std::time::Duration;

use cal_store::{
    Cause, Error as StoreError, JobKey, JobKind, JobOutcome, NewJob, RetrySchedule, Store,
    Timestamp,
};

use super::{busy, prune};
use crate::config::Settings;

/// From one run of a daily job to the next.
pub(super) const DAY: Duration = Duration::from_secs(24 * 3_600);

/// When a daily job is tried again that has failed.
const DAILY: RetrySchedule = RetrySchedule {
    first: Duration::from_secs(60),
    longest: Duration::from_secs(6 * 3_600),
    attempts: 12,
};

/// What is done for one kind of jobs, and when again if it fails.
pub(super) struct Task {
    pub(super) kind: JobKind,
    pub(super) schedule: RetrySchedule,
    work: Work,
}

enum Work {
    /// Keeps known when calendars take time.
    Busy,
    /// Forgets what is older than so many days.
    Prune { days: u32 },
}

impl Task {
    /// What this process does.
    pub(super) fn all(settings: &Settings) -> Vec<Task> {
        let mut all = vec![Task {
            kind: JobKind::from_stored("busy"),
            schedule: DAILY,
            work: Work::Busy,
        }];
        if let Some(days) = settings.retention() {
            all.push(Task {
                kind: JobKind::from_stored("prune"),
                schedule: DAILY,
                work: Work::Prune { days },
            });
        }
        all
    }

    /// The job that has to be there always, on however many nodes: its key
    /// lets there be one. It runs at or after an instant.
    pub(super) fn recurring(&self, at: Timestamp) -> Option<NewJob> {
        match self.work {
            Work::Busy | Work::Prune { .. } => {
                let key = JobKey::from_stored("daily");
                Some(NewJob::new(self.kind.clone(), "", at).with_key(key))
            }
        }
    }

    /// Does a job.
    pub(super) async fn run(&self, store: &Store, cause: Cause) -> Result<JobOutcome, StoreError> {
        match self.work {
            Work::Busy => busy::run(store, &cause).await?,
            Work::Prune { days } => prune::run(store, days, &cause).await?,
        }
        Ok(JobOutcome::Repeat(cause.at.after(DAY)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_forgotten_where_the_retention_is_for_ever() {
        let kinds = |days| {
            let tasks = Task::all(&Settings::with_retention(days));
            let kinds = tasks.iter().map(|task| task.kind.to_string());
            kinds.collect::<Vec<_>>()
        };
        assert_eq!(kinds(90), ["busy", "prune"]);
        assert_eq!(kinds(0), ["busy"]);
    }
}
