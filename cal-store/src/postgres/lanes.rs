//! The lanes on which writes go: each commits what has queued up for it at once.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use deadpool_postgres::Pool;
use tokio::sync::{mpsc, oneshot};

use super::commit::Committer;
use super::news::Herald;
use super::statistics::Statistics;
use super::write::{check_text, is_decided_at_once, is_of_object};
use crate::{AuditChain, Error, LockWrite, Receipt, Transaction, Write};

/// Lanes of a node: writes of different collections that are on the way to
/// the disk at the same time.
pub(super) const LANES: usize = 4;

/// Jobs that may wait in a lane; more callers wait to be let in.
const QUEUE: usize = 1024;

/// Transactions committed together at most: bounds how long a caller waits for others.
const GROUP: usize = 1024;

/// Bytes of bodies committed together, unless a single one is longer.
const GROUP_BYTES: usize = 16 << 20;

pub(super) type Outcome = Result<Vec<Receipt>, Error>;

/// Transactions to commit, each by itself.
struct Job {
    transactions: Vec<Transaction>,
    reply: oneshot::Sender<Vec<Outcome>>,
}

#[derive(Debug)]
pub(super) struct Lanes {
    lanes: Vec<mpsc::Sender<Job>>,
}

impl Lanes {
    /// Starts the lanes, which end when they are dropped and what is queued is done.
    pub(super) fn start(pool: &Pool, workspace: i64, herald: &Arc<Herald>) -> Self {
        let statistics = Statistics::new(pool.clone());
        let lanes = (0..LANES).map(|_| {
            let (jobs, queue) = mpsc::channel(QUEUE);
            let committer = Committer::new(
                pool.clone(),
                workspace,
                Arc::clone(herald),
                Arc::clone(&statistics),
            );
            tokio::spawn(serve(committer, queue));
            jobs
        });
        Self {
            lanes: lanes.collect(),
        }
    }

    pub(super) async fn commit_each(&self, transactions: Vec<Transaction>) -> Vec<Outcome> {
        let count = transactions.len();
        match self.send(transactions).await {
            Ok(outcomes) => outcomes,
            Err(error) => vec![Err(error); count],
        }
    }

    async fn send(&self, transactions: Vec<Transaction>) -> Result<Vec<Outcome>, Error> {
        let Some(first) = transactions.first() else {
            return Ok(Vec::new());
        };
        let lane = self.lane(first).ok_or(Error::Unavailable)?;
        let (reply, answer) = oneshot::channel();
        let job = Job {
            transactions,
            reply,
        };
        lane.send(job).await.map_err(|_| Error::Unavailable)?;
        answer.await.map_err(|_| Error::Unavailable)
    }

    /// What concerns one collection takes one lane, where it is committed
    /// together instead of waiting for its own locks.
    fn lane(&self, transaction: &Transaction) -> Option<&mpsc::Sender<Job>> {
        let mut hasher = DefaultHasher::new();
        transaction.writes.first().map(key).hash(&mut hasher);
        let lanes = u64::try_from(self.lanes.len()).unwrap_or(1).max(1);
        let lane = usize::try_from(hasher.finish() % lanes).unwrap_or(0);
        self.lanes.get(lane)
    }
}

/// The collection or principal that a write is about.
fn key(write: &Write) -> i64 {
    match write {
        Write::CreatePrincipal(new, _) => new.id.into_raw(),
        Write::UpdatePrincipal(id, _)
        | Write::RemovePrincipal(id)
        | Write::SetPassword(id, _)
        | Write::RevokeToken(id, _) => id.into_raw(),
        Write::AddToken(token) => token.principal.into_raw(),
        Write::CreateCollection(new) => new.parent.into_raw(),
        Write::UpdateCollection(id, _) | Write::DeleteCollection(id) => id.into_raw(),
        Write::MoveCollection(to) | Write::RestoreCollection(to) => to.id.into_raw(),
        Write::PutObject(put) => put.collection.into_raw(),
        Write::DeleteObject(delete) => delete.collection.into_raw(),
        Write::UpdateObject(collection, ..) => collection.into_raw(),
        Write::Job(write) => write.job().into_raw(),
        Write::Secret(_) => AuditChain::Store.into_raw(),
        Write::Lock(LockWrite::Place(lock)) => lock.root.collection.into_raw(),
        // Any lane will do.
        Write::Lock(LockWrite::Refresh(..) | LockWrite::Release(_)) => 0,
    }
}

async fn serve(mut committer: Committer, mut queue: mpsc::Receiver<Job>) {
    while let Some(job) = queue.recv().await {
        let mut size = Size::of(&job);
        let mut group = vec![job];
        while size.has_room() {
            let Ok(job) = queue.try_recv() else { break };
            size.add(&job);
            group.push(job);
        }
        answer(&mut committer, group).await;
    }
    committer.end().await;
}

/// Commits a group and answers each caller once its writes are durable.
async fn answer(committer: &mut Committer, group: Vec<Job>) {
    let mut transactions = Vec::new();
    let mut replies = Vec::with_capacity(group.len());
    for job in group {
        replies.push((job.transactions.len(), job.reply));
        transactions.extend(job.transactions);
    }
    let mut outcomes = commit(committer, &transactions).await.into_iter();
    for (count, reply) in replies {
        // The caller may have gone; the writes stand all the same.
        let _ = reply.send(outcomes.by_ref().take(count).collect());
    }
}

/// Commits transactions in order: single writes of objects, with jobs or
/// without, many at a time, all else by itself.
async fn commit(committer: &mut Committer, transactions: &[Transaction]) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(transactions.len());
    let mut left = transactions;
    while let Some(first) = left.first() {
        if let Err(error) = check_text(first) {
            outcomes.push(Err(error));
            left = left.get(1..).unwrap_or_default();
            continue;
        }
        let together = together(left);
        let (now, later) = left.split_at(together);
        outcomes.extend(committer.commit(now).await);
        left = later;
    }
    outcomes
}

/// How many of the next transactions are committed as one: at least one.
fn together(transactions: &[Transaction]) -> usize {
    let mut bytes = 0_usize;
    let fits = |transaction: &&Transaction| {
        bytes = bytes.saturating_add(body_bytes(transaction));
        is_simple(transaction) && bytes <= GROUP_BYTES && check_text(transaction).is_ok()
    };
    transactions.iter().take_while(fits).count().max(1)
}

/// Whether a transaction writes one object at most, which has changed nothing
/// when it is refused, and else enqueues jobs, which never are.
fn is_simple(transaction: &Transaction) -> bool {
    let writes = transaction.writes.iter();
    is_decided_at_once(transaction) && writes.filter(|write| is_of_object(write)).count() <= 1
}

fn body_bytes(transaction: &Transaction) -> usize {
    let writes = transaction.writes.iter();
    let bytes = writes.map(|write| match write {
        Write::PutObject(put) => put.body.len(),
        _ => 0,
    });
    bytes.sum()
}

/// How much is gathered in a group.
struct Size {
    transactions: usize,
    bytes: usize,
}

impl Size {
    fn of(job: &Job) -> Self {
        let mut size = Self {
            transactions: 0,
            bytes: 0,
        };
        size.add(job);
        size
    }

    fn add(&mut self, job: &Job) {
        self.transactions += job.transactions.len();
        let bytes = job.transactions.iter().map(body_bytes).sum();
        self.bytes = self.bytes.saturating_add(bytes);
    }

    fn has_room(&self) -> bool {
        self.transactions < GROUP && self.bytes < GROUP_BYTES
    }
}
