//! Leasing jobs, and reading the queue.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::read::Reader;
use super::row::{bytes, natural, one_more, optional};
use crate::id::random_positive;
use crate::{
    Cursor, Error, Job, JobCount, JobFilter, JobId, JobKey, JobKind, JobState, Lease, LeaseRequest,
    LeasedJob, Page, PageRequest, Timestamp,
};

/// The columns that [`job`] reads, in its order.
macro_rules! with_job_columns {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " j.job_id, j.kind, j.dedup_key, j.payload, j.created, j.attempts, j.fault, j.due, \
             j.lease, j.dead_at ",
            $after
        )
    };
}

impl Reader {
    /// Leases jobs, in a transaction of one statement. What others are about to
    /// lease, or to enqueue again, is skipped.
    pub(super) async fn lease_jobs(&self, request: &LeaseRequest) -> Result<Vec<LeasedJob>, Error> {
        // Materialized, so that the rows are chosen once and no more than asked for.
        const LEASE: &str = with_job_columns!(
            "WITH due AS MATERIALIZED (SELECT job_id FROM jobs WHERE workspace_id = $1 \
             AND kind = $2 AND dead_at IS NULL AND due <= $3 ORDER BY due LIMIT $6 \
             FOR UPDATE SKIP LOCKED) \
             UPDATE jobs j SET lease = $4, due = $5, attempts = j.attempts + 1, again = NULL \
             FROM due WHERE j.workspace_id = $1 AND j.job_id = due.job_id RETURNING",
            ""
        );
        let number = random_positive();
        let limit = i64::try_from(request.limit).unwrap_or(i64::MAX);
        let values: [&(dyn ToSql + Sync); 6] = [
            &self.workspace,
            &request.kind.as_str(),
            &request.now.millis(),
            &number,
            &request.until.millis(),
            &limit,
        ];
        let leased = self.rows(LEASE, &values).await?;
        let leased = leased.iter().map(|row| {
            let job = job(row)?;
            let lease = Lease {
                job: job.id,
                number,
            };
            Ok(LeasedJob { job, lease })
        });
        leased.collect()
    }

    pub(super) async fn extend_lease(&self, lease: Lease, until: Timestamp) -> Result<(), Error> {
        const EXTEND: &str = "UPDATE jobs SET due = $4 \
             WHERE workspace_id = $1 AND job_id = $2 AND lease = $3 RETURNING 1";
        let values: [&(dyn ToSql + Sync); 4] = [
            &self.workspace,
            &lease.job.into_raw(),
            &lease.number,
            &until.millis(),
        ];
        let extended = self.row(EXTEND, &values).await?;
        extended.map(drop).ok_or(Error::LeaseLost)
    }

    pub(super) async fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        const NEXT: &str = "SELECT min(due) FROM jobs \
             WHERE workspace_id = $1 AND kind = $2 AND dead_at IS NULL";
        let next = self.row(NEXT, &[&self.workspace, &kind.as_str()]).await?;
        next.map_or(Ok(None), |row| optional(&row, 0, Timestamp::from_millis))
    }

    pub(super) async fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        const COUNTS: &str = "SELECT kind, count(*) - count(dead_at), count(dead_at) \
             FROM jobs WHERE workspace_id = $1 GROUP BY kind ORDER BY kind";
        let counts = self.rows(COUNTS, &[&self.workspace]).await?;
        let counts = counts.iter().map(|row| {
            Ok(JobCount {
                kind: JobKind::from_stored(row.try_get(0)?),
                alive: natural(row, 1)?,
                dead: natural(row, 2)?,
            })
        });
        counts.collect()
    }

    pub(super) async fn jobs(
        &self,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> Result<Page<Job>, Error> {
        const JOBS: &str = with_job_columns!(
            "SELECT",
            "FROM jobs j WHERE j.workspace_id = $1 AND j.job_id > $2 \
             AND ($3::text IS NULL OR j.kind = $3) AND (NOT $4 OR j.dead_at IS NOT NULL) \
             ORDER BY j.job_id LIMIT $5"
        );
        let after = match &page.after {
            Some(cursor) => {
                let id = cursor.as_str().parse::<JobId>();
                id.map_err(|_| Error::InvalidCursor)?.into_raw()
            }
            None => 0,
        };
        let kind = filter.kind.as_ref().map(JobKind::as_str);
        let limit = one_more(page.limit);
        let values: [&(dyn ToSql + Sync); 5] =
            [&self.workspace, &after, &kind, &filter.dead, &limit];
        let found = self.rows(JOBS, &values).await?;
        let found = found.iter().map(job).collect::<Result<_, _>>()?;
        Ok(Page::cut(found, page.limit, |last: &Job| {
            Cursor::new(last.id.to_string())
        }))
    }
}

fn job(row: &Row) -> Result<Job, Error> {
    let due = Timestamp::from_millis(row.try_get(7)?);
    let lease: Option<i64> = row.try_get(8)?;
    let attempts: i64 = row.try_get(5)?;
    Ok(Job {
        id: JobId::from_raw(row.try_get(0)?),
        kind: JobKind::from_stored(row.try_get(1)?),
        key: optional(row, 2, JobKey::from_stored)?,
        payload: bytes(row, 3)?,
        created: Timestamp::from_millis(row.try_get(4)?),
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        fault: row.try_get(6)?,
        state: match (optional(row, 9, Timestamp::from_millis)?, lease) {
            (Some(at), _) => JobState::Dead(at),
            (None, Some(_)) => JobState::Leased(due),
            (None, None) => JobState::Waiting(due),
        },
    })
}
