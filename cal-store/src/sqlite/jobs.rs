//! Leasing jobs, and reading the queue.

use rusqlite::{Connection, Row, params};

use super::Place;
use super::connection::patiently;
use super::readers::Reader;
use super::row::{bytes, natural, one_more, text};
use crate::id::random_positive;
use crate::{
    Cursor, Error, Job, JobCount, JobFilter, JobId, JobKey, JobKind, JobState, Lease, LeaseRequest,
    LeasedJob, Page, PageRequest, Timestamp,
};

/// The columns that [`job`] reads, in its order.
const JOB: &str = "job_id, kind, dedup_key, payload, created, attempts, fault, due, lease, dead_at";

/// Leases jobs, in a transaction of one statement.
pub(super) fn lease(
    connection: &Connection,
    place: &Place,
    request: &LeaseRequest,
) -> Result<Vec<LeasedJob>, Error> {
    let lease = format!(
        "UPDATE jobs SET lease = ?4, due = ?5, attempts = attempts + 1, again = NULL \
         WHERE job_id IN (SELECT job_id FROM jobs WHERE workspace_id = ?1 AND kind = ?2 \
         AND dead_at IS NULL AND due <= ?3 ORDER BY due LIMIT ?6) RETURNING {JOB}"
    );
    let number = random_positive();
    patiently(|| {
        let mut statement = connection.prepare_cached(&lease)?;
        let leased = statement.query_map(
            params![
                place.workspace,
                request.kind.as_str(),
                request.now.millis(),
                number,
                request.until.millis(),
                i64::try_from(request.limit).unwrap_or(i64::MAX),
            ],
            |row| {
                let job = job(row)?;
                let lease = Lease {
                    job: job.id,
                    number,
                };
                Ok(LeasedJob { job, lease })
            },
        )?;
        leased.collect()
    })
}

/// Lets a lease run until another instant.
pub(super) fn extend(connection: &Connection, lease: Lease, until: Timestamp) -> Result<(), Error> {
    const EXTEND: &str = "UPDATE jobs SET due = ?3 WHERE job_id = ?1 AND lease = ?2";
    let row = (lease.job.into_raw(), lease.number, until.millis());
    match patiently(|| connection.prepare_cached(EXTEND)?.execute(row))? {
        0 => Err(Error::LeaseLost),
        _ => Ok(()),
    }
}

impl Reader<'_> {
    pub(super) fn next_job(&self, kind: &JobKind) -> Result<Option<Timestamp>, Error> {
        const NEXT: &str = "SELECT min(due) FROM jobs \
             WHERE workspace_id = ?1 AND kind = ?2 AND dead_at IS NULL";
        let next: Option<Option<i64>> =
            self.row(NEXT, (self.workspace, kind.as_str()), |row| row.get(0))?;
        Ok(next.flatten().map(Timestamp::from_millis))
    }

    pub(super) fn job_counts(&self) -> Result<Vec<JobCount>, Error> {
        const COUNTS: &str = "SELECT kind, count(*) - count(dead_at), count(dead_at) \
             FROM jobs WHERE workspace_id = ?1 GROUP BY kind ORDER BY kind";
        self.rows(COUNTS, [self.workspace], |row| {
            Ok(JobCount {
                kind: text(row, 0, JobKind::from_stored)?,
                alive: natural(row, 1)?,
                dead: natural(row, 2)?,
            })
        })
    }

    pub(super) fn jobs(&self, filter: &JobFilter, page: &PageRequest) -> Result<Page<Job>, Error> {
        let jobs = format!(
            "SELECT {JOB} FROM jobs WHERE workspace_id = ?1 AND job_id > ?2 \
             AND (?3 IS NULL OR kind = ?3) AND (NOT ?4 OR dead_at IS NOT NULL) \
             ORDER BY job_id LIMIT ?5"
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
        let key = (self.workspace, after, kind, filter.dead, limit);
        let found = self.rows(&jobs, key, job)?;
        Ok(Page::cut(found, page.limit, |last: &Job| {
            Cursor::new(last.id.to_string())
        }))
    }
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let key: Option<String> = row.get(2)?;
    let due = Timestamp::from_millis(row.get(7)?);
    let lease: Option<i64> = row.get(8)?;
    let dead: Option<i64> = row.get(9)?;
    Ok(Job {
        id: JobId::from_raw(row.get(0)?),
        kind: text(row, 1, JobKind::from_stored)?,
        key: key.map(|key| JobKey::from_stored(&key)),
        payload: bytes(row, 3)?,
        created: Timestamp::from_millis(row.get(4)?),
        attempts: row.get(5)?,
        fault: row.get(6)?,
        state: match (dead, lease) {
            (Some(at), _) => JobState::Dead(Timestamp::from_millis(at)),
            (None, Some(_)) => JobState::Leased(due),
            (None, None) => JobState::Waiting(due),
        },
    })
}
