//! What the writing thread does with the file: a group of transactions in one
//! of SQLite's, each under a savepoint.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use rusqlite::Connection;

use super::Place;
use super::audit::Heads;
use super::busy;
use super::connection::patiently;
use super::words::PendingWords;
use super::write::Session;
use crate::group_commit::{Committer, Results};
use crate::{Error, Receipt, Transaction};

/// The connection that writes.
pub(super) struct WritingConnection {
    connection: Connection,
    place: Place,
}

impl WritingConnection {
    pub(super) fn new(connection: Connection, place: Place) -> Self {
        Self { connection, place }
    }
}

impl Deref for WritingConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for WritingConnection {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Committer for WritingConnection {
    const THREAD: &'static str = "cal-store-writer";
    const QUEUE: usize = 4096;
    const GROUP: usize = 1024;

    fn commit_group(&mut self, transactions: &[Transaction]) -> Results {
        let (connection, place) = (&self.connection, &self.place);
        let begun = patiently(|| connection.prepare_cached("BEGIN IMMEDIATE")?.execute([]));
        let mut failure = begun.err();
        let (heads, words) = (RefCell::default(), RefCell::default());
        let mut results = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            let result = match &failure {
                Some(error) => Err(error.clone()),
                None => {
                    let attempted = attempt(connection, place, transaction, (&heads, &words));
                    attempted.unwrap_or_else(|lost| {
                        failure = Some(lost.0.clone());
                        Err(lost.0)
                    })
                }
            };
            results.push(result);
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
        match failure {
            None => results,
            Some(error) => vec![Err(error); transactions.len()],
        }
    }

    /// Refreshes the planner's statistics where the tables have outgrown them.
    fn close(&mut self) {
        if let Err(error) = self.connection.execute_batch("PRAGMA optimize") {
            tracing::debug!(%error, "could not refresh statistics");
        }
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
    let unmoved = busy::check_unmoved(connection, transaction);
    let closed = close(connection, unmoved.and_then(|()| receipts.collect()));
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
