//! The pool of connections that read, on blocking threads.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::Place;
use super::connection::open_reader;
use crate::{Epoch, Error};

/// Connections that read at the same time; more callers wait their turn.
const CONNECTIONS: usize = 8;

#[derive(Debug)]
pub(super) struct Readers {
    pool: Arc<Pool>,
    turns: Arc<Semaphore>,
}

#[derive(Debug)]
struct Pool {
    place: Place,
    idle: Mutex<Vec<Connection>>,
}

/// One connection in the middle of a read, which sees one snapshot.
pub(super) struct Reader<'c> {
    pub(super) connection: &'c Connection,
    pub(super) workspace: i64,
    pub(super) epoch: Epoch,
}

impl Readers {
    pub(super) fn new(place: Place) -> Self {
        let idle = Mutex::default();
        Self {
            pool: Arc::new(Pool { place, idle }),
            turns: Arc::new(Semaphore::new(CONNECTIONS)),
        }
    }

    /// Runs a read in a transaction of its own, off the async threads.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turns = Arc::clone(&self.turns);
        let turn = turns.acquire_owned().await.map_err(Error::backend)?;
        let pool = Arc::clone(&self.pool);
        let blocking = tokio::task::spawn_blocking(move || {
            let result = pool.read(read);
            drop(turn);
            result
        });
        blocking.await.map_err(Error::backend)?
    }
}

impl Pool {
    fn read<T>(&self, read: impl FnOnce(&Reader<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open_reader(&self.place.path)?,
        };
        // All statements of a read see one snapshot.
        connection.prepare_cached("BEGIN")?.execute([])?;
        let result = read(&Reader {
            connection: &connection,
            workspace: self.place.workspace,
            epoch: self.place.epoch,
        });
        // A connection that cannot end its transaction is not used again.
        if connection.prepare_cached("COMMIT")?.execute([]).is_ok() {
            self.idle().push(connection);
        }
        result
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
