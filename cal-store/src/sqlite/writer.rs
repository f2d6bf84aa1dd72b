//! The one thread that writes, with group commit.

use std::cell::RefCell;
use std::fmt;
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::Place;
use super::audit::Heads;
use super::connection::patiently;
use super::words::PendingWords;
use super::write::Session;
use crate::{Error, Receipt, Transaction};

/// Jobs that may wait; more callers wait to be let in.
const QUEUE: usize = 4096;

/// Transactions committed together at most: bounds how long a caller waits for others.
const GROUP: usize = 1024;

type Results = Vec<Result<Vec<Receipt>, Error>>;
type Task = Box<dyn FnOnce(&mut Connection) + Send>;

enum Job {
    /// Transactions to commit, each by itself.
    Commit(Vec<Transaction>, oneshot::Sender<Results>),
    /// Something else that needs the connection alone.
    Run(Task),
}

pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, place: Place) -> Result<Self, Error> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("cal-store-writer".to_owned())
            .spawn(move || serve(connection, &place, queue))
            .map_err(Error::backend)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) async fn commit(&self, transaction: Transaction) -> Result<Vec<Receipt>, Error> {
        let results = self.commit_each(vec![transaction]).await;
        results
            .into_iter()
            .next()
            .unwrap_or(Err(Error::Unavailable))
    }

    pub(super) async fn commit_each(&self, transactions: Vec<Transaction>) -> Results {
        let count = transactions.len();
        let (reply, answer) = oneshot::channel();
        let sent = self.send(Job::Commit(transactions, reply)).await;
        let answer = match sent {
            Ok(()) => answer.await.map_err(|_| Error::Unavailable),
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| vec![Err(error); count])
    }

    /// Runs something on the writing connection, between groups.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let task = Box::new(move |connection: &mut Connection| {
            // Nobody listens any more if the caller has gone.
            let _ = reply.send(task(connection));
        });
        self.send(Job::Run(task)).await?;
        answer.await.map_err(|_| Error::Unavailable)?
    }

    async fn send(&self, job: Job) -> Result<(), Error> {
        let jobs = self.jobs.as_ref().ok_or(Error::Unavailable)?;
        jobs.send(job).await.map_err(|_| Error::Unavailable)
    }
}

/// Lets the thread finish what is queued and close the file.
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

fn serve(mut connection: Connection, place: &Place, mut queue: mpsc::Receiver<Job>) {
    let mut waiting = None;
    while let Some(job) = waiting.take().or_else(|| queue.blocking_recv()) {
        match job {
            Job::Run(task) => task(&mut connection),
            Job::Commit(transactions, reply) => {
                let mut group = vec![(transactions, reply)];
                waiting = gather(&mut group, &mut queue);
                commit_group(&connection, place, group);
            }
        }
    }
    // The planner's statistics are refreshed where the tables have outgrown them.
    if let Err(error) = connection.execute_batch("PRAGMA optimize") {
        tracing::debug!(%error, "could not refresh statistics");
    }
}

/// Takes what has queued up; answers the first job that cannot be in the group.
fn gather(
    group: &mut Vec<(Vec<Transaction>, oneshot::Sender<Results>)>,
    queue: &mut mpsc::Receiver<Job>,
) -> Option<Job> {
    let mut count: usize = group
        .iter()
        .map(|(transactions, _)| transactions.len())
        .sum();
    while count < GROUP {
        match queue.try_recv() {
            Ok(Job::Commit(transactions, reply)) => {
                count += transactions.len();
                group.push((transactions, reply));
            }
            Ok(other) => return Some(other),
            Err(_) => return None,
        }
    }
    None
}

/// Commits a group and answers each caller once that is durable.
fn commit_group(
    connection: &Connection,
    place: &Place,
    group: Vec<(Vec<Transaction>, oneshot::Sender<Results>)>,
) {
    let mut answers = Vec::with_capacity(group.len());
    let mut replies = Vec::with_capacity(group.len());
    let begun = patiently(|| connection.prepare_cached("BEGIN IMMEDIATE")?.execute([]));
    let mut failure = begun.err();
    let (heads, words) = (RefCell::default(), RefCell::default());
    for (transactions, reply) in group {
        let mut results = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            let result = match &failure {
                Some(error) => Err(error.clone()),
                None => {
                    let attempted = attempt(connection, place, &transaction, (&heads, &words));
                    attempted.unwrap_or_else(|lost| {
                        failure = Some(lost.0.clone());
                        Err(lost.0)
                    })
                }
            };
            results.push(result);
        }
        answers.push(results);
        replies.push(reply);
    }
    let failure = failure.or_else(|| heads.borrow().write(connection, place).err());
    let failure = failure.or_else(|| words.borrow().write(connection).err());
    let failure = match failure {
        None => commit(connection).err(),
        Some(error) => {
            abandon(connection);
            Some(error)
        }
    };
    for (reply, mut results) in replies.into_iter().zip(answers) {
        if let Some(error) = &failure {
            results
                .iter_mut()
                .for_each(|result| *result = Err(error.clone()));
        }
        // The caller may have gone; the write stands all the same.
        let _ = reply.send(results);
    }
}

/// The whole group is lost, for this reason: nothing of it may be committed.
struct Lost(Error);

/// What one transaction of a group came to.
type Attempt = Result<Result<Vec<Receipt>, Error>, Lost>;

/// Does one transaction under a savepoint, so that its failure is its own.
fn attempt(
    connection: &Connection,
    place: &Place,
    transaction: &Transaction,
    (heads, words): (&RefCell<Heads>, &RefCell<PendingWords>),
) -> Attempt {
    if let Err(error) = execute(connection, "SAVEPOINT one") {
        return Ok(Err(error));
    }
    let session = Session::new(connection, place, transaction, heads, words);
    let receipts = transaction.writes.iter().map(|write| session.write(write));
    let closed = close(connection, receipts.collect());
    match closed {
        Ok(Ok(_)) => {
            heads.borrow_mut().keep();
            words.borrow_mut().keep();
        }
        Ok(Err(_)) | Err(_) => {
            heads.borrow_mut().take_back();
            words.borrow_mut().take_back();
        }
    }
    closed
}

/// Ends the savepoint. Where that fails, nobody knows what a commit would keep;
/// and after some faults (a full disk) SQLite has rolled everything back by
/// itself, so that there is no savepoint left to end.
fn close(connection: &Connection, receipts: Result<Vec<Receipt>, Error>) -> Attempt {
    let closed = match &receipts {
        Ok(_) => execute(connection, "RELEASE one"),
        Err(_) => {
            execute(connection, "ROLLBACK TO one").and_then(|()| execute(connection, "RELEASE one"))
        }
    };
    match (receipts, closed) {
        (receipts, Ok(())) => Ok(receipts),
        // The first fault tells more.
        (Err(error), Err(_)) | (Ok(_), Err(error)) => Err(Lost(error)),
    }
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Takes a lost group back. If even that fails, the transaction stays open and
/// no other can begin: every later write is an error, none is half there.
fn abandon(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        tracing::error!(%error, "could not take back a group of writes");
    }
}

fn commit(connection: &Connection) -> Result<(), Error> {
    let committed = patiently(|| connection.prepare_cached("COMMIT")?.execute([]));
    if let Err(error) = committed {
        if !connection.is_autocommit() {
            connection.prepare_cached("ROLLBACK")?.execute([])?;
        }
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Effect;

    fn begun() -> Result<Connection, Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch("CREATE TABLE t (n INTEGER); BEGIN IMMEDIATE")?;
        Ok(connection)
    }

    fn rows(connection: &Connection) -> Result<i64, Error> {
        Ok(connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?)
    }

    #[test]
    fn a_write_whose_savepoint_cannot_be_released_is_never_acknowledged() -> Result<(), Error> {
        let connection = begun()?;
        connection.execute_batch("INSERT INTO t VALUES (1)")?;
        let done = Ok(vec![Receipt::new(Effect::Created, 1)]);
        assert!(close(&connection, done).is_err(), "there is no savepoint");
        abandon(&connection);
        assert_eq!(rows(&connection)?, 0);
        Ok(())
    }

    #[test]
    fn a_write_that_cannot_be_taken_back_alone_is_taken_back_with_the_group() -> Result<(), Error> {
        let connection = begun()?;
        connection.execute_batch("INSERT INTO t VALUES (1)")?;
        assert!(close(&connection, Err(Error::NotFound)).is_err());
        abandon(&connection);
        assert!(connection.is_autocommit());
        assert_eq!(rows(&connection)?, 0);
        Ok(())
    }

    #[test]
    fn a_write_that_fails_is_taken_back_alone() -> Result<(), Error> {
        let connection = begun()?;
        connection.execute_batch("INSERT INTO t VALUES (1); SAVEPOINT one; DELETE FROM t")?;
        assert!(matches!(
            close(&connection, Err(Error::NotFound)),
            Ok(Err(Error::NotFound))
        ));
        commit(&connection)?;
        assert_eq!(rows(&connection)?, 1);
        Ok(())
    }
}
