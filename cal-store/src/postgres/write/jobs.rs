//! Changing the queue of jobs.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::Session;
use crate::postgres::pipeline::{self, Bounds, Call, Value};
use crate::postgres::row::optional;
use crate::{
    AfterAttempt, Cause, Effect, Error, JobId, JobKey, JobOutcome, JobWrite, Lease, NewJob,
    Receipt, Timestamp,
};

/// Enqueues a job.
///
/// A write also where the job waits already: nobody leases it until this
/// transaction has ended, and so whoever does it sees what was written with this.
pub(in crate::postgres) fn enqueueing<'j>(
    workspace: i64,
    new: &'j NewJob,
    cause: &Cause,
) -> Call<'j> {
    const ENQUEUE: &str = "INSERT INTO jobs (workspace_id, job_id, kind, dedup_key, payload, \
         created, due, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) \
         ON CONFLICT (workspace_id, kind, dedup_key) WHERE dead_at IS NULL \
         DO UPDATE SET again = CASE WHEN jobs.lease IS NOT NULL \
         THEN least(jobs.again, excluded.due) END \
         RETURNING job_id, lease IS NOT NULL";
    let values: Vec<Value<'j>> = vec![
        Box::new(workspace),
        Box::new(new.id.into_raw()),
        Box::new(new.kind.as_str()),
        Box::new(new.key.as_ref().map(JobKey::as_str)),
        Box::new(&*new.payload),
        Box::new(cause.at.millis()),
        Box::new(new.run_after.millis()),
    ];
    Call::new(ENQUEUE, values)
}

/// What [`enqueueing`] has done, from the rows that it answered.
pub(in crate::postgres) fn enqueued(
    rows: Option<&Vec<Row>>,
    new: &NewJob,
) -> Result<Effect, Error> {
    let row = rows.and_then(|rows| rows.first());
    let row = row.ok_or_else(|| Error::backend("a job was not enqueued"))?;
    let (there, leased): (i64, bool) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match leased {
        true => Effect::Updated,
        false if there == new.id.into_raw() => Effect::Created,
        false => Effect::Unchanged,
    })
}

impl Session<'_> {
    pub(super) async fn job(&self, write: &JobWrite) -> Result<Receipt, Error> {
        let effect = match write {
            JobWrite::Enqueue(new) => self.enqueue(new).await?,
            JobWrite::Settle(lease, outcome) => self.settle(*lease, outcome).await?,
            JobWrite::Revive(id) => self.revive(*id).await?,
            JobWrite::Remove(id) => self.remove(*id).await?,
        };
        Ok(Receipt::new(effect, 0))
    }

    async fn enqueue(&self, new: &NewJob) -> Result<Effect, Error> {
        let call = enqueueing(self.workspace, new, self.cause());
        let answers = pipeline::run(self.connection, Bounds::Within, &[call]).await?;
        enqueued(answers.first(), new)
    }

    async fn settle(&self, lease: Lease, outcome: &JobOutcome) -> Result<Effect, Error> {
        const LEASED: &str = "SELECT again FROM jobs \
             WHERE workspace_id = $1 AND job_id = $2 AND lease = $3 FOR UPDATE";
        const AFRESH: &str = "UPDATE jobs SET due = $3, attempts = 0, lease = NULL, \
             again = NULL, fault = NULL WHERE workspace_id = $1 AND job_id = $2";
        const RETRY: &str = "UPDATE jobs SET due = $3, fault = $4, lease = NULL, again = NULL \
             WHERE workspace_id = $1 AND job_id = $2";
        const DEAD: &str = "UPDATE jobs SET dead_at = $3, fault = $4, lease = NULL, \
             again = NULL WHERE workspace_id = $1 AND job_id = $2";
        let (workspace, id) = (&self.workspace, &lease.job.into_raw());
        let leased = self.row(LEASED, &[workspace, id, &lease.number]).await?;
        let again = optional(&leased.ok_or(Error::LeaseLost)?, 0, Timestamp::from_millis)?;
        match outcome.after(again) {
            AfterAttempt::Gone => return self.remove(lease.job).await,
            AfterAttempt::Afresh(due) => {
                self.execute(AFRESH, &[workspace, id, &due.millis()])
                    .await?
            }
            AfterAttempt::Retry(due, fault) => {
                let row: [&(dyn ToSql + Sync); 4] = [workspace, id, &due.millis(), &fault];
                self.execute(RETRY, &row).await?
            }
            AfterAttempt::Dead(fault) => {
                let row: [&(dyn ToSql + Sync); 4] = [workspace, id, &self.at(), &fault];
                self.execute(DEAD, &row).await?
            }
        };
        Ok(Effect::Updated)
    }

    async fn revive(&self, id: JobId) -> Result<Effect, Error> {
        // Where another has the key, the unique index refuses this.
        const REVIVE: &str = "UPDATE jobs SET due = $3, attempts = 0, fault = NULL, \
             dead_at = NULL WHERE workspace_id = $1 AND job_id = $2 AND dead_at IS NOT NULL";
        let row: [&(dyn ToSql + Sync); 3] = [&self.workspace, &id.into_raw(), &self.at()];
        match self.execute(REVIVE, &row).await? {
            0 => Err(Error::NotFound),
            _ => Ok(Effect::Updated),
        }
    }

    async fn remove(&self, id: JobId) -> Result<Effect, Error> {
        const REMOVE: &str = "DELETE FROM jobs WHERE workspace_id = $1 AND job_id = $2";
        let key: [&(dyn ToSql + Sync); 2] = [&self.workspace, &id.into_raw()];
        match self.execute(REMOVE, &key).await? {
            0 => Err(Error::NotFound),
            _ => Ok(Effect::Deleted),
        }
    }
}
