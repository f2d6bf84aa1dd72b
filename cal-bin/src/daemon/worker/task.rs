//! The kinds of jobs that there are.

use std::time::Duration;

use cal_store::{
    Cause, Error as StoreError, JobKey, JobKind, JobOutcome, NewJob, RetrySchedule, Store,
    Timestamp,
};

use super::prune;
use crate::config::Settings;

/// What is done for one kind of jobs, and when again if it fails.
pub(super) struct Task {
    pub(super) kind: JobKind,
    pub(super) schedule: RetrySchedule,
    work: Work,
}

enum Work {
    /// Forgets what is older than so many days.
    Prune { days: u32 },
}

impl Task {
    /// What this process does.
    pub(super) fn all(settings: &Settings) -> Vec<Task> {
        let mut all = Vec::new();
        if let Some(days) = settings.retention() {
            all.push(Task {
                kind: JobKind::from_stored("prune"),
                schedule: RetrySchedule {
                    first: Duration::from_secs(60),
                    longest: Duration::from_secs(6 * 3_600),
                    attempts: 12,
                },
                work: Work::Prune { days },
            });
        }
        all
    }

    /// The job that has to be there always, on however many nodes: its key
    /// lets there be one.
    pub(super) fn recurring(&self, now: Timestamp) -> Option<NewJob> {
        match self.work {
            Work::Prune { .. } => {
                let key = JobKey::from_stored("daily");
                Some(NewJob::new(self.kind.clone(), "", now).with_key(key))
            }
        }
    }

    /// Does a job.
    pub(super) async fn run(&self, store: &Store, cause: Cause) -> Result<JobOutcome, StoreError> {
        match self.work {
            Work::Prune { days } => prune::run(store, days, &cause).await,
        }
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
        assert_eq!(kinds(90), ["prune"]);
        assert_eq!(kinds(0), Vec::<String>::new());
    }
}
