//! The threads that read, each on a connection of its own.
//!
//! Reads that wait are done one after the other in one snapshot, if that is
//! taken after all of them were asked for: what SQLite does to begin and end a
//! read costs as much as the read of one object.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use super::Place;
use super::connection::open_reader;
use crate::{Epoch, Error};

/// Connections that read at the same time.
const CONNECTIONS: usize = 8;

/// Reads that may wait; more callers wait to be let in.
const QUEUE: usize = 4096;

/// Reads of one snapshot at most: an old one keeps SQLite from reusing its log.
const GROUP: usize = 256;

/// A read, or the reason why there can be none.
type Job = Box<dyn FnOnce(Result<&Reader<'_>, Error>) + Send>;

/// One connection in the middle of a read, which sees one snapshot.
pub(super) struct Reader<'c> {
    pub(super) connection: &'c Connection,
    pub(super) workspace: i64,
    pub(super) epoch: Epoch,
}

pub(super) struct Readers {
    desk: Arc<Desk>,
    turns: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(place: Place) -> Self {
        Self {
            desk: Arc::new(Desk {
                place,
                line: Mutex::default(),
                called: Condvar::new(),
            }),
            turns: Arc::new(Semaphore::new(QUEUE)),
        }
    }

    /// Makes a read in one snapshot, off the async threads.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turns = Arc::clone(&self.turns);
        let turn = turns.acquire_owned().await.map_err(Error::backend)?;
        let (reply, answer) = oneshot::channel();
        self.desk.ask(Box::new(move |reader| {
            let _turn = turn;
            if !reply.is_closed() {
                // The caller may go meanwhile.
                let _ = reply.send(reader.and_then(read));
            }
        }));
        answer.await.map_err(|_| Error::Unavailable)?
    }
}

/// Waits for the threads to close the file.
impl Drop for Readers {
    fn drop(&mut self) {
        let mut line = self.desk.line();
        line.closed = true;
        let threads = std::mem::take(&mut line.threads);
        drop(line);
        self.desk.called.notify_all();
        for thread in threads {
            // A panic of a thread has been reported by its caller's error.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

/// Where callers and threads meet.
struct Desk {
    place: Place,
    line: Mutex<Line>,
    called: Condvar,
}

/// The reads that wait, and the threads.
#[derive(Default)]
struct Line {
    waiting: VecDeque<Job>,
    /// How many reads were ever asked for.
    asked: u64,
    threads: Vec<JoinHandle<()>>,
    /// How many of them have not ended.
    alive: usize,
    idle: usize,
    /// Whether a thread is on its way: only one is called at a time, and most
    /// often it can do what comes until it is there.
    calling: bool,
    closed: bool,
}

impl Line {
    /// The number of the read that has waited longest.
    fn first(&self) -> u64 {
        self.asked - self.waiting.len() as u64
    }
}

impl Desk {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(self: &Arc<Self>, job: Job) {
        let mut line = self.line();
        line.waiting.push_back(job);
        line.asked += 1;
        let failed = self.call(line);
        // Dropped without the lock, which tells the callers.
        drop(failed);
    }

    /// Has another thread come if there is something to do. Answers what is
    /// not going to be done because no thread can be had.
    fn call(self: &Arc<Self>, mut line: MutexGuard<'_, Line>) -> VecDeque<Job> {
        if line.calling || line.waiting.is_empty() {
            return VecDeque::new();
        }
        if line.idle > 0 {
            line.calling = true;
            self.called.notify_one();
        } else if line.alive < CONNECTIONS && !line.closed {
            let desk = Arc::clone(self);
            let thread = thread::Builder::new().name("cal-store-reader".to_owned());
            match thread.spawn(move || desk.serve()) {
                Ok(thread) => {
                    line.calling = true;
                    line.alive += 1;
                    line.threads.retain(|thread| !thread.is_finished());
                    line.threads.push(thread);
                }
                Err(error) => {
                    tracing::warn!(%error, "no thread to read with");
                    if line.alive == 0 {
                        return std::mem::take(&mut line.waiting);
                    }
                }
            }
        }
        VecDeque::new()
    }

    /// The life of a thread.
    fn serve(self: Arc<Self>) {
        let _presence = Presence(&self);
        self.line().calling = false;
        let mut connection = None;
        while let Some((job, asked)) = self.wait() {
            connection = self.read(connection, job, asked);
        }
    }

    /// The next read, and how many had been asked for by then; nothing when
    /// the store is closed.
    fn wait(self: &Arc<Self>) -> Option<(Job, u64)> {
        let mut line = self.line();
        loop {
            if let Some(job) = line.waiting.pop_front() {
                let asked = line.asked;
                drop(self.call(line));
                return Some((job, asked));
            }
            if line.closed {
                return None;
            }
            line.idle += 1;
            line = self
                .called
                .wait(line)
                .unwrap_or_else(PoisonError::into_inner);
            line.idle -= 1;
            line.calling = false;
        }
    }

    /// The next read, if it is one of the first `asked`.
    fn another(self: &Arc<Self>, asked: u64) -> Option<Job> {
        let mut line = self.line();
        if line.first() >= asked {
            return None;
        }
        let job = line.waiting.pop_front();
        drop(self.call(line));
        job
    }

    /// Makes this read and others of the first `asked` in one snapshot.
    /// Answers the connection if it can be used again.
    fn read(
        self: &Arc<Self>,
        connection: Option<Connection>,
        job: Job,
        asked: u64,
    ) -> Option<Connection> {
        let connection = match connection {
            Some(connection) => Ok(connection),
            None => open_reader(&self.place.path),
        };
        let begun = connection.and_then(|connection| {
            execute(&connection, "BEGIN")?;
            Ok(connection)
        });
        let connection = match begun {
            Ok(connection) => connection,
            Err(error) => {
                job(Err(error));
                return None;
            }
        };
        let reader = Reader {
            connection: &connection,
            workspace: self.place.workspace,
            epoch: self.place.epoch,
        };
        job(Ok(&reader));
        for _ in 1..GROUP {
            let Some(job) = self.another(asked) else {
                break;
            };
            job(Ok(&reader));
        }
        // A connection that cannot end its transaction is not used again.
        execute(&connection, "COMMIT").is_ok().then_some(connection)
    }
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// A thread that is there, until it ends in whatever manner.
struct Presence<'d>(&'d Arc<Desk>);

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        let mut line = self.0.line();
        line.alive -= 1;
        // Others do what it has left behind.
        drop(self.0.call(line));
    }
}
