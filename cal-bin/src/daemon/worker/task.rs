//! The kinds of jobs that there are.

use std::time::Duration;

use cal_store::{
    Cause, Error as StoreError, JobKey, JobKind, JobOutcome, NewJob, RetrySchedule, Store,
    Timestamp,
};

use super::prune::Kept;
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
    /// Forgets what is older than it is kept.
    Prune(Kept),
}

impl Task {
    /// What this process does.
    pub(super) fn all(settings: &Settings) -> Vec<Task> {
        let kept = Kept {
            history: settings.retention(),
            dead_letters: settings.dead_letters(),
        };
        let daily = [("busy", Work::Busy), ("prune", Work::Prune(kept))];
        let daily = daily.into_iter().map(|(kind, work)| Task {
            kind: JobKind::from_stored(kind),
            schedule: DAILY,
            work,
        });
        daily.collect()
    }

    /// The job that has to be there always, on however many nodes: its key
    /// lets there be one. It runs at or after an instant.
    pub(super) fn recurring(&self, at: Timestamp) -> Option<NewJob> {
        match self.work {
            Work::Busy | Work::Prune(_) => {
                let key = JobKey::from_stored("daily");
                Some(NewJob::new(self.kind.clone(), "", at).with_key(key))
            }
        }
    }

    /// Does a job.
    pub(super) async fn run(&self, store: &Store, cause: Cause) -> Result<JobOutcome, StoreError> {
        match self.work {
            Work::Busy => busy::run(store, &cause).await?,
            Work::Prune(kept) => prune::run(store, kept, &cause).await?,
        }
        Ok(JobOutcome::Repeat(cause.at.after(DAY)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_history_is_forgotten_where_the_retention_is_for_ever() {
        let history = |days| {
            let tasks = Task::all(&Settings::with_retention(days));
            let kept = tasks.iter().find_map(|task| match task.work {
                Work::Prune(kept) => Some(kept.history),
                Work::Busy => None,
            });
            kept.flatten()
        };
        assert_eq!(history(90), Some(90));
        assert_eq!(history(0), None);
    }
}
