//! Connections and their settings.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::Durability;
use crate::Error;

/// How long SQLite itself waits for a lock before we look after it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a writer waits for other processes before it gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Statements kept prepared on each connection: more than there are.
const STATEMENTS: usize = 128;

/// Opens the connection that writes.
pub(super) fn open_writer(path: &Path, durability: Durability) -> Result<Connection, Error> {
    make_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(Error::backend("the file or its folder is read-only"));
    }
    prepare(&connection)?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Process => "NORMAL",
    };
    // Two processes that open a new file at once contend for the switch to
    // WAL, for which SQLite does not always wait by itself.
    patiently(|| connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())))?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -8_000)?;
    // What a savepoint would restore is then not written to a file on the way.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Pages that change often are then copied back to the file less often.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    Ok(connection)
}

/// Makes the file if there is none, for its owner alone: it holds people's
/// appointments and the hashes of their passwords. SQLite gives the files that
/// it puts beside it the same rights.
pub(super) fn make_private(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(Error::backend(error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -2_000)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Plans must not depend on the values that are bound: without this, SQLite
    // may compile a prepared statement again for each new value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Repeats what another process may be in the way of, until patience ends.
pub(super) fn patiently<T>(mut attempt: impl FnMut() -> rusqlite::Result<T>) -> Result<T, Error> {
    let start = Instant::now();
    loop {
        match attempt() {
            Err(error) if is_busy(&error) && start.elapsed() < PATIENCE => {
                tracing::debug!(waited = ?start.elapsed(), "another process holds the store");
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) if is_busy(&error) => return Err(Error::Unavailable),
            done => return done.map_err(Error::from),
        }
    }
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        if is_busy(&error) {
            return Self::Unavailable;
        }
        Self::backend(error)
    }
}
