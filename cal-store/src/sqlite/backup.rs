//! Online backup and integrity.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::Sqlite;
use super::connection::{make_private, open_reader, open_writer};
use crate::{Durability, Epoch, Error};

/// Pages copied before writers get a turn.
const STEP: i32 = 1_000;

impl Sqlite {
    /// Copies the store, as it is now, to a new file while it is in use.
    ///
    /// The copy has an epoch of its own: whoever goes on from it refuses the
    /// sync tokens of what came after, instead of missing changes.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if there is a file; [`Error::Backend`].
    pub async fn backup(&self, to: impl AsRef<Path>) -> Result<(), Error> {
        let (from, to) = (self.path().to_owned(), to.as_ref().to_owned());
        let backup = move || backup(&from, &to);
        tokio::task::spawn_blocking(backup)
            .await
            .map_err(Error::backend)?
    }

    /// Checks the whole file and answers what is wrong with it: nothing, if
    /// the list is empty.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if it is too broken to be checked.
    pub async fn check_integrity(&self) -> Result<Vec<String>, Error> {
        self.readers.read(|reader| check(reader.connection)).await
    }
}

fn backup(from: &Path, to: &Path) -> Result<(), Error> {
    if to.try_exists().map_err(Error::backend)? {
        return Err(Error::Exists);
    }
    make_private(to)?;
    let source = open_reader(from)?;
    {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut target = Connection::open_with_flags(to, flags)?;
        // A read transaction holds the snapshot, so that writers cannot make
        // the copy start over.
        source.execute_batch("BEGIN; SELECT count(*) FROM workspaces")?;
        let backup = Backup::new(&source, &mut target)?;
        while backup.step(STEP)? != StepResult::Done {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let copy = open_writer(to, Durability::Full)?;
    let epoch = Epoch::random().into_raw();
    copy.execute("UPDATE workspaces SET epoch = ?1", [epoch])?;
    Ok(())
}

fn check(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut problems = Vec::new();
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    for line in rows {
        problems.push(line?);
    }
    problems.retain(|line| line != "ok");
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    for table in rows {
        problems.push(format!("a row of {} refers to nothing", table?));
    }
    Ok(problems)
}
