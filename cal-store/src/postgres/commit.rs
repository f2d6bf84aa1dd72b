//! Physical transactions: begun, retried, and known to be committed or not.

use std::sync::Arc;

use deadpool_postgres::{Object as Connection, Pool};

use super::connection::{Fault, Patience, abandon, connection, discard};
use super::lanes::Outcome;
use super::news::Herald;
use super::pipeline::{self, Bounds, Call};
use super::statistics::Statistics;
use super::write::{
    Batch, Plan, Session, enqueued, enqueueing, flush, is_decided_at_once, new_job,
};
use crate::{Cause, Effect, Error, JobKey, NewJob, Receipt, Transaction};

/// Commits on behalf of one lane.
#[derive(Debug)]
pub(super) struct Committer {
    pool: Pool,
    workspace: i64,
    herald: Arc<Herald>,
    statistics: Arc<Statistics>,
    lane: i64,
    /// The number of the transaction tried last.
    number: i64,
}

/// Why a physical transaction has not been seen to be committed.
enum Stop {
    /// It was not committed.
    Undone(Error),
    /// It was not, because what it had to lock has moved meanwhile.
    Outdated,
    /// The connection was lost on the commit; if it was committed, this is
    /// what it has done.
    Unknown(Error, Vec<Outcome>),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Undone(error)
    }
}

/// What a physical transaction came to, if it was committed.
type Attempt = Result<Vec<Outcome>, Stop>;

/// Notes which transaction of a lane is committed, with it.
const MARK: &str = "INSERT INTO lanes (workspace_id, lane_id, committed, touched) \
     VALUES ($1, $2, $3, now()) ON CONFLICT (workspace_id, lane_id) \
     DO UPDATE SET committed = excluded.committed, touched = excluded.touched";

impl Committer {
    pub(super) fn new(
        pool: Pool,
        workspace: i64,
        herald: Arc<Herald>,
        statistics: Arc<Statistics>,
    ) -> Self {
        Self {
            pool,
            workspace,
            herald,
            statistics,
            // Random: lanes of other nodes have others.
            lane: crate::CollectionId::random().into_raw(),
            number: 0,
        }
    }

    /// Commits one transaction, or many of single writes of objects, with jobs
    /// or without, as one.
    pub(super) async fn commit(&mut self, transactions: &[Transaction]) -> Vec<Outcome> {
        let error = match self.persist(transactions).await {
            Ok(outcomes) => return outcomes,
            Err(error) => error,
        };
        if transactions.len() < 2 || !matches!(error, Error::Backend(_)) {
            return vec![Err(error); transactions.len()];
        }
        // What one of them does to the database must not take others down.
        tracing::warn!(%error, "a group of writes failed, each is tried alone");
        let mut outcomes = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            let alone = self.persist(std::slice::from_ref(transaction)).await;
            outcomes.push(alone.map_or_else(Err, first));
        }
        outcomes
    }

    /// Tries until it is done, cannot be done, or patience ends.
    async fn persist(&mut self, transactions: &[Transaction]) -> Result<Vec<Outcome>, Error> {
        let mut patience = Patience::new();
        loop {
            self.number += 1;
            let attempt = match transactions {
                [one] if !is_decided_at_once(one) => self.alone(one).await,
                many => self.together(many).await,
            };
            let stop = match attempt {
                Ok(outcomes) => {
                    self.herald.tell(transactions, &outcomes);
                    self.statistics.count(outcomes.len());
                    return Ok(outcomes);
                }
                Err(Stop::Unknown(error, outcomes)) => {
                    tracing::warn!(%error, "the connection was lost during a commit");
                    if self.was_committed(&mut patience).await? {
                        self.herald.tell(transactions, &outcomes);
                        return Ok(outcomes);
                    }
                    Stop::Undone(error)
                }
                Err(stop) => stop,
            };
            if let Stop::Undone(error) = stop {
                match Fault::of(&error) {
                    Fault::Away | Fault::Contention => {
                        tracing::debug!(%error, "a write is tried again");
                    }
                    Fault::Duplicate | Fault::Other => return Err(error),
                }
            }
            if !patience.again().await {
                return Err(Error::Unavailable);
            }
        }
    }

    /// Commits writes of objects, decided here from what one round trip has
    /// loaded and stored by a second one, with the jobs that are enqueued beside.
    async fn together(&self, transactions: &[Transaction]) -> Attempt {
        let connection = connection(&self.pool).await?;
        let writes = transactions.iter().flat_map(|each| &each.writes);
        let loaded = match Plan::of(self.workspace, writes).begin(&connection).await {
            Ok(loaded) => loaded,
            Err(error) => {
                abandon(connection).await;
                return Err(error.into());
            }
        };
        let mut batch = Batch::new(loaded);
        let outcomes: Vec<_> = transactions
            .iter()
            .map(|each| {
                batch.check_unmoved(each)?;
                let writes = each.writes.iter();
                let receipts = writes.map(|write| match new_job(write) {
                    // What it is is known when it is stored.
                    Some(_) => Ok(Receipt::new(Effect::Created, 0)),
                    None => batch.write(write, each),
                });
                receipts.collect::<Outcome>()
            })
            .collect();
        let jobs = Enqueued::of(transactions, &outcomes);
        // Of several writes in one transaction some may have been decided
        // before one was refused.
        if (batch.is_unchanged() && jobs.is_empty()) || matches!(&*outcomes, [Err(_)]) {
            abandon(connection).await;
            return Ok(outcomes);
        }
        match flush(self.workspace, &batch) {
            Ok(calls) => self.finish(connection, (calls, jobs), outcomes).await,
            Err(error) => {
                abandon(connection).await;
                Err(error.into())
            }
        }
    }

    /// Commits any transaction, write by write.
    async fn alone(&self, transaction: &Transaction) -> Attempt {
        let connection = connection(&self.pool).await?;
        let session = Session::new(&connection, self.workspace, transaction);
        let written = match begin(&connection, &session).await {
            Ok(true) => session.write_all().await,
            Ok(false) => {
                abandon(connection).await;
                return Err(Stop::Outdated);
            }
            Err(error) => Err(error),
        };
        match written {
            Ok(receipts) => {
                let nothing = (Vec::new(), Vec::new());
                self.finish(connection, nothing, vec![Ok(receipts)]).await
            }
            Err(error) => {
                abandon(connection).await;
                refused(error).map(|error| vec![Err(error)])
            }
        }
    }

    /// Stores what is left and commits.
    async fn finish<'c>(
        &'c self,
        connection: Connection,
        (mut calls, jobs): (Vec<Call<'c>>, Vec<Enqueued<'c>>),
        mut outcomes: Vec<Outcome>,
    ) -> Attempt {
        let first_job = calls.len();
        let enqueue = |job: &Enqueued<'c>| enqueueing(self.workspace, job.new, job.cause);
        calls.extend(jobs.iter().map(enqueue));
        let mark = (self.workspace, self.lane, self.number);
        calls.push(Call::new(
            MARK,
            vec![Box::new(mark.0), Box::new(mark.1), Box::new(mark.2)],
        ));
        match pipeline::run(&connection, Bounds::Commit, &calls).await {
            Ok(answers) => {
                for (place, job) in (first_job..).zip(&jobs) {
                    // It is committed, whatever cannot be read of the answer.
                    if let Ok(effect) = enqueued(answers.get(place), job.new) {
                        job.settle(&mut outcomes, effect);
                    }
                }
                Ok(outcomes)
            }
            Err(error) if Fault::of(&error) == Fault::Away => {
                discard(connection);
                Err(Stop::Unknown(error, outcomes))
            }
            Err(error) => {
                abandon(connection).await;
                Err(error.into())
            }
        }
    }

    /// Whether the transaction tried last was committed, after all.
    async fn was_committed(&self, patience: &mut Patience) -> Result<bool, Error> {
        loop {
            match self.last_committed().await {
                Ok(number) => return Ok(number == self.number),
                Err(error) => {
                    tracing::debug!(%error, "cannot tell yet what was committed");
                    if !patience.again().await {
                        return Err(Error::OutcomeUnknown);
                    }
                }
            }
        }
    }

    async fn last_committed(&self) -> Result<i64, Error> {
        // A write: it waits for a transaction of ours that is still about to end.
        const LAST: &str = "INSERT INTO lanes (workspace_id, lane_id, committed, touched) \
             VALUES ($1, $2, 0, now()) ON CONFLICT (workspace_id, lane_id) \
             DO UPDATE SET touched = excluded.touched RETURNING committed";
        let connection = connection(&self.pool).await?;
        let statement = connection.prepare_cached(LAST).await?;
        let key: [&(dyn tokio_postgres::types::ToSql + Sync); 2] = [&self.workspace, &self.lane];
        let row = connection.query_one(&statement, &key).await?;
        Ok(row.try_get(0)?)
    }

    /// Removes the mark of the lane, and those that others have left behind.
    pub(super) async fn end(self) {
        const REMOVE: &str = "DELETE FROM lanes WHERE workspace_id = $1 \
             AND (lane_id = $2 OR touched < now() - interval '1 day')";
        let removed = async {
            let connection = connection(&self.pool).await?;
            let key: [&(dyn tokio_postgres::types::ToSql + Sync); 2] =
                [&self.workspace, &self.lane];
            Ok::<_, Error>(connection.execute(REMOVE, &key).await?)
        };
        if let Err(error) = removed.await {
            tracing::debug!(%error, "a lane has left its mark");
        }
    }
}

async fn begin(connection: &Connection, session: &Session<'_>) -> Result<bool, Error> {
    connection
        .batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        .await?;
    session.lock_homes().await
}

/// A job that a transaction enqueues, and where its receipt goes.
struct Enqueued<'t> {
    new: &'t NewJob,
    cause: &'t Cause,
    transaction: usize,
    write: usize,
}

impl<'t> Enqueued<'t> {
    /// The jobs of all transactions that are not refused, by their keys: lanes
    /// and nodes that enqueue the same wait for each other in one order.
    fn of(transactions: &'t [Transaction], outcomes: &[Outcome]) -> Vec<Self> {
        let done = transactions.iter().zip(outcomes).enumerate();
        let done = done.filter(|(_, (_, outcome))| outcome.is_ok());
        let jobs = done.flat_map(|(transaction, (each, _))| {
            let writes = each.writes.iter().enumerate();
            writes.filter_map(move |(write, it)| {
                Some(Self {
                    new: new_job(it)?,
                    cause: &each.cause,
                    transaction,
                    write,
                })
            })
        });
        let mut jobs: Vec<_> = jobs.collect();
        jobs.sort_by_key(|job| {
            let key = job.new.key.as_ref().map(JobKey::as_str);
            (job.new.kind.as_str(), key)
        });
        jobs
    }

    fn settle(&self, outcomes: &mut [Outcome], effect: Effect) {
        let outcome = outcomes.get_mut(self.transaction);
        let receipts = outcome.and_then(|outcome| outcome.as_mut().ok());
        if let Some(receipt) = receipts.and_then(|receipts| receipts.get_mut(self.write)) {
            receipt.effect = effect;
        }
    }
}

/// What was refused because of what is there, and not for a fault.
fn refused(error: Error) -> Result<Error, Stop> {
    match Fault::of(&error) {
        // Another has been faster with the name, address or hash.
        Fault::Duplicate => Ok(Error::Exists),
        _ if matches!(error, Error::Backend(_) | Error::Unavailable) => Err(error.into()),
        _ => Ok(error),
    }
}

fn first(outcomes: Vec<Outcome>) -> Outcome {
    let missing = || Err(Error::backend("a transaction without an outcome"));
    outcomes.into_iter().next().unwrap_or_else(missing)
}
