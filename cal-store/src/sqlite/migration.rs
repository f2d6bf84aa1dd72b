//! From nothing, or from an older schema, to the one this program knows.

use std::thread;
use std::time::Duration;

use refinery::{Migration, Runner};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::connection::patiently;
use crate::{Epoch, Error};

/// Every migration that was ever released, oldest first. None is ever changed.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "V1__initial",
        include_str!("../../migrations/sqlite/V1__initial.sql"),
    ),
    (
        "V2__history",
        include_str!("../../migrations/sqlite/V2__history.sql"),
    ),
    (
        "V3__index",
        include_str!("../../migrations/sqlite/V3__index.sql"),
    ),
    (
        "V4__jobs_and_secrets",
        include_str!("../../migrations/sqlite/V4__jobs_and_secrets.sql"),
    ),
    (
        "V5__busy",
        include_str!("../../migrations/sqlite/V5__busy.sql"),
    ),
    (
        "V6__locks",
        include_str!("../../migrations/sqlite/V6__locks.sql"),
    ),
    (
        "V7__dead_letters",
        include_str!("../../migrations/sqlite/V7__dead_letters.sql"),
    ),
];

/// Attempts when other processes migrate the same file at the same time.
const ATTEMPTS: u32 = 50;

/// Brings the schema up to date.
pub(super) fn run(connection: &mut Connection) -> Result<(), Error> {
    let supported = newest()?;
    let mut attempt = 0;
    loop {
        let found = applied(connection)?;
        if found > supported {
            return Err(Error::NewerSchema { found, supported });
        }
        if found == supported {
            return Ok(());
        }
        if found == 0 {
            check_empty(connection)?;
        }
        // All at once, with what the history says of it: a process that is
        // killed meanwhile leaves the file as it was.
        match runner()?.set_grouped(true).run(connection) {
            Ok(_) => return Ok(()),
            // Another process may have been faster; then there is less to do the next time.
            Err(_) if attempt < ATTEMPTS => thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(Error::backend(error)),
        }
        attempt += 1;
    }
}

fn runner() -> Result<Runner, Error> {
    Ok(Runner::new(&migrations()?))
}

fn migrations() -> Result<Vec<Migration>, Error> {
    let migrations = MIGRATIONS.iter();
    let migrations = migrations.map(|(name, sql)| Migration::unapplied(name, sql));
    migrations.collect::<Result<_, _>>().map_err(Error::backend)
}

/// The version that the last migration leads to.
fn newest() -> Result<i64, Error> {
    let versions = migrations()?.into_iter().map(|it| i64::from(it.version()));
    Ok(versions.max().unwrap_or_default())
}

/// The version of the last migration that was applied; 0 of an empty file.
fn applied(connection: &Connection) -> Result<i64, Error> {
    const HISTORY: &str = "refinery_schema_history";
    patiently(|| {
        if !connection.table_exists(None, HISTORY)? {
            return Ok(0);
        }
        let newest = format!("SELECT coalesce(max(version), 0) FROM {HISTORY}");
        connection.query_row(&newest, [], |row| row.get(0))
    })
}

/// Refuses a file with tables that no migration is known to have made: they were
/// made by half, by a program older than those that make all at once, or they
/// are another program's. Where nothing was made whole nothing was kept.
fn check_empty(connection: &Connection) -> Result<(), Error> {
    const TABLES: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' \
         AND name NOT LIKE 'sqlite_%' AND name <> 'refinery_schema_history')";
    const OURS: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'workspaces')";
    let ask = |sql| patiently(|| connection.query_row(sql, [], |row| row.get::<_, bool>(0)));
    // In this order: another process that makes them makes both at once.
    if !ask(TABLES)? || applied(connection)? > 0 {
        return Ok(());
    }
    Err(match ask(OURS)? {
        true => Error::HalfMade,
        false => Error::Foreign,
    })
}

/// The one workspace of the store and its epoch, made if the store is new.
pub(super) fn workspace(connection: &mut Connection) -> Result<(i64, Epoch), Error> {
    const READ: &str = "SELECT workspace_id, epoch FROM workspaces ORDER BY workspace_id";
    const MAKE: &str = "INSERT INTO workspaces (workspace_id, epoch) VALUES (1, ?1)";
    let read = |connection: &Connection| {
        connection
            .query_row(READ, [], |row| {
                Ok((row.get(0)?, Epoch::from_raw(row.get(1)?)))
            })
            .optional()
    };
    if let Some(found) = patiently(|| read(connection))? {
        return Ok(found);
    }
    patiently(|| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = match read(&transaction)? {
            Some(found) => found,
            None => {
                let epoch = Epoch::random();
                transaction.execute(MAKE, params![epoch.into_raw()])?;
                (1, epoch)
            }
        };
        transaction.commit()?;
        Ok(found)
    })
}
