//! The one thread that writes, for backends that have one: what has queued up
//! while it wrote is committed together next.

use std::fmt;
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use crate::{Error, Receipt, Transaction};

/// What became of each transaction of a group.
pub(crate) type Results = Vec<Result<Vec<Receipt>, Error>>;

/// What the thread owns and writes to.
pub(crate) trait Committer: Send + 'static {
    /// The name of the thread.
    const THREAD: &'static str;
    /// Jobs that may wait; more callers wait to be let in.
    const QUEUE: usize;
    /// Transactions committed together, or a few more: bounds how long a caller
    /// waits for others.
    const GROUP: usize;

    /// Commits transactions, each by itself; what is answered is durable.
    fn commit_group(&mut self, transactions: &[Transaction]) -> Results;

    /// Nobody writes any more.
    fn close(&mut self) {}
}

type Task<C> = Box<dyn FnOnce(&mut C) + Send>;

enum Job<C> {
    /// Transactions to commit, each by itself.
    Commit(Vec<Transaction>, oneshot::Sender<Results>),
    /// Something else that needs the committer alone.
    Run(Task<C>),
}

/// The way to the thread that writes.
pub(crate) struct Writer<C> {
    jobs: Option<mpsc::Sender<Job<C>>>,
    thread: Option<JoinHandle<()>>,
}

impl<C: Committer> Writer<C> {
    pub(crate) fn start(committer: C) -> Result<Self, Error> {
        let (jobs, queue) = mpsc::channel(C::QUEUE);
        let thread = thread::Builder::new()
            .name(C::THREAD.to_owned())
            .spawn(move || serve(committer, queue))
            .map_err(Error::backend)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(crate) async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error> {
        let results = self.commit_each(vec![transaction]).await;
        let result = results.into_iter().next();
        result.unwrap_or(Err(Error::Unavailable))
    }

    pub(crate) async fn commit_each(&self, transactions: Vec<Transaction>) -> Results {
        let count = transactions.len();
        let (reply, answer) = oneshot::channel();
        let answer = match self.send(Job::Commit(transactions, reply)).await {
            Ok(()) => answer.await.map_err(|_| Error::Unavailable),
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| vec![Err(error); count])
    }

    /// Runs something on the thread, between groups.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut C) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let task = Box::new(move |committer: &mut C| {
            // Nobody listens any more if the caller has gone.
            let _ = reply.send(task(committer));
        });
        self.send(Job::Run(task)).await?;
        answer.await.map_err(|_| Error::Unavailable)?
    }

    async fn send(&self, job: Job<C>) -> Result<(), Error> {
        let jobs = self.jobs.as_ref().ok_or(Error::Unavailable)?;
        jobs.send(job).await.map_err(|_| Error::Unavailable)
    }
}

/// Lets the thread finish what is queued and close what it writes to.
impl<C> Drop for Writer<C> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported by its callers' errors.
            let _ = thread.join();
        }
    }
}

impl<C> fmt::Debug for Writer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

fn serve<C: Committer>(mut committer: C, mut queue: mpsc::Receiver<Job<C>>) {
    let mut waiting = None;
    while let Some(job) = waiting.take().or_else(|| queue.blocking_recv()) {
        match job {
            Job::Run(task) => task(&mut committer),
            Job::Commit(transactions, reply) => {
                let mut group = transactions;
                let mut replies = vec![(group.len(), reply)];
                while group.len() < C::GROUP {
                    match queue.try_recv() {
                        Ok(Job::Commit(more, reply)) => {
                            replies.push((more.len(), reply));
                            group.extend(more);
                        }
                        Ok(other) => {
                            waiting = Some(other);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                let mut results = committer.commit_group(&group).into_iter();
                for (count, reply) in replies {
                    // The caller may have gone; the write stands all the same.
                    let _ = reply.send(results.by_ref().take(count).collect());
                }
            }
        }
    }
    committer.close();
}
