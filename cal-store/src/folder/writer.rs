//! The one thread that writes, with group commit.

use std::fmt;
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use super::desk::Desk;
use crate::{Error, Receipt, Transaction};

/// Jobs that may wait; more callers wait to be let in.
const QUEUE: usize = 1024;

/// Transactions committed together at most: bounds how long a caller waits for others.
const GROUP: usize = 256;

type Results = Vec<Result<Vec<Receipt>, Error>>;
type Task = Box<dyn FnOnce(&mut Desk) + Send>;

enum Job {
    /// Transactions to commit, each by itself.
    Commit(Vec<Transaction>, oneshot::Sender<Results>),
    /// Something else that needs the desk alone.
    Run(Task),
}

pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(desk: Desk) -> Result<Self, Error> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("cal-store-folder".to_owned())
            .spawn(move || serve(desk, queue))
            .map_err(Error::backend)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) async fn commit_each(&self, transactions: Vec<Transaction>) -> Results {
        let count = transactions.len();
        let (reply, answer) = oneshot::channel();
        let answer = match self.send(Job::Commit(transactions, reply)).await {
            Ok(()) => answer.await.map_err(|_| Error::Unavailable),
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| vec![Err(error); count])
    }

    /// Runs something at the desk, between groups.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Desk) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let task = Box::new(move |desk: &mut Desk| {
            // Nobody listens any more if the caller has gone.
            let _ = reply.send(task(desk));
        });
        self.send(Job::Run(task)).await?;
        answer.await.map_err(|_| Error::Unavailable)?
    }

    async fn send(&self, job: Job) -> Result<(), Error> {
        let jobs = self.jobs.as_ref().ok_or(Error::Unavailable)?;
        jobs.send(job).await.map_err(|_| Error::Unavailable)
    }
}

/// Lets the thread finish what is queued and give up the lock.
impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported by its callers' errors.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

fn serve(mut desk: Desk, mut queue: mpsc::Receiver<Job>) {
    let mut waiting = None;
    while let Some(job) = waiting.take().or_else(|| queue.blocking_recv()) {
        match job {
            Job::Run(task) => task(&mut desk),
            Job::Commit(transactions, reply) => {
                let mut group = transactions;
                let mut replies = vec![(group.len(), reply)];
                while group.len() < GROUP {
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
                let mut results = desk.commit(&group).into_iter();
                for (count, reply) in replies {
                    // The caller may have gone; the write stands all the same.
                    let _ = reply.send(results.by_ref().take(count).collect());
                }
            }
        }
    }
}
