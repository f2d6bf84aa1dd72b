//! Changing the queue of jobs.

use rusqlite::params;

use super::Session;
use crate::{
    AfterAttempt, Effect, Error, JobId, JobKey, JobOutcome, JobWrite, Lease, NewJob, Receipt,
    Timestamp,
};

/// The job of a kind and key that is not dead.
const TWIN: &str = "SELECT job_id, lease FROM jobs \
     WHERE workspace_id = ?1 AND kind = ?2 AND dedup_key = ?3 AND dead_at IS NULL";

impl Session<'_> {
    pub(super) fn job(&self, write: &JobWrite) -> Result<Receipt, Error> {
        let effect = match write {
            JobWrite::Enqueue(new) => self.enqueue(new)?,
            JobWrite::Settle(lease, outcome) => self.settle(*lease, outcome)?,
            JobWrite::Revive(id) => self.revive(*id)?,
            JobWrite::Remove(id) => self.remove(*id)?,
        };
        Ok(Receipt::new(effect, 0))
    }

    fn enqueue(&self, new: &NewJob) -> Result<Effect, Error> {
        const TAKEN: &str = "SELECT 1 FROM jobs WHERE job_id = ?1";
        const AGAIN: &str = "UPDATE jobs SET again = min(coalesce(again, ?2), ?2) \
             WHERE job_id = ?1";
        const ENQUEUE: &str = "INSERT INTO jobs (job_id, workspace_id, kind, dedup_key, payload, \
             created, due, attempts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)";
        let (id, workspace) = (new.id.into_raw(), self.place.workspace);
        if self.exists(TAKEN, [id])? {
            return Err(Error::Exists);
        }
        let key = new.key.as_ref().map(JobKey::as_str);
        let twin = self.row(TWIN, (workspace, new.kind.as_str(), key), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?))
        })?;
        match twin {
            Some((_, None)) => Ok(Effect::Unchanged),
            Some((twin, Some(_))) => {
                self.execute(AGAIN, (twin, new.run_after.millis()))?;
                Ok(Effect::Updated)
            }
            None => {
                let row = params![
                    id,
                    workspace,
                    new.kind.as_str(),
                    key,
                    &*new.payload,
                    self.at(),
                    new.run_after.millis(),
                ];
                self.execute(ENQUEUE, row)?;
                Ok(Effect::Created)
            }
        }
    }

    fn settle(&self, lease: Lease, outcome: &JobOutcome) -> Result<Effect, Error> {
        const LEASED: &str = "SELECT again FROM jobs WHERE job_id = ?1 AND lease = ?2";
        const AFRESH: &str = "UPDATE jobs SET due = ?2, attempts = 0, lease = NULL, \
             again = NULL, fault = NULL WHERE job_id = ?1";
        const RETRY: &str = "UPDATE jobs SET due = ?2, fault = ?3, lease = NULL, again = NULL \
             WHERE job_id = ?1";
        const DEAD: &str = "UPDATE jobs SET dead_at = ?2, fault = ?3, lease = NULL, again = NULL \
             WHERE job_id = ?1";
        let id = lease.job.into_raw();
        let again: Option<Option<i64>> = self.row(LEASED, (id, lease.number), |row| row.get(0))?;
        let again = again.ok_or(Error::LeaseLost)?;
        match outcome.after(again.map(Timestamp::from_millis)) {
            AfterAttempt::Gone => return self.remove(lease.job),
            AfterAttempt::Afresh(due) => self.execute(AFRESH, (id, due.millis()))?,
            AfterAttempt::Retry(due, fault) => self.execute(RETRY, (id, due.millis(), fault))?,
            AfterAttempt::Dead(fault) => self.execute(DEAD, (id, self.at(), fault))?,
        };
        Ok(Effect::Updated)
    }

    fn revive(&self, id: JobId) -> Result<Effect, Error> {
        const DEAD: &str = "SELECT kind, dedup_key FROM jobs \
             WHERE job_id = ?1 AND dead_at IS NOT NULL";
        const REVIVE: &str = "UPDATE jobs SET due = ?2, attempts = 0, fault = NULL, \
             dead_at = NULL WHERE job_id = ?1";
        let id = id.into_raw();
        let dead: Option<(String, Option<String>)> =
            self.row(DEAD, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (kind, key) = dead.ok_or(Error::NotFound)?;
        if self.exists(TWIN, (self.place.workspace, kind, key))? {
            return Err(Error::Exists);
        }
        self.execute(REVIVE, (id, self.at()))?;
        Ok(Effect::Updated)
    }

    fn remove(&self, id: JobId) -> Result<Effect, Error> {
        const REMOVE: &str = "DELETE FROM jobs WHERE job_id = ?1";
        match self.execute(REMOVE, [id.into_raw()])? {
            0 => Err(Error::NotFound),
            _ => Ok(Effect::Deleted),
        }
    }
}
